"""From a place among a programme's terms, as a refusal names it, to the field of the form that has it."""

from dataclasses import fields

from app.domain.programmes import ProgrammeTerms
from app.models.programmes import COLUMN_OF_TERM

TERMS = frozenset(field.name for field in fields(ProgrammeTerms))
# Terms that the programme's form has under another name.
RENAMED = {**COLUMN_OF_TERM, "kinds": "savings_may_apply"}


def field_of_programme(place: str) -> str:
    """The field of the programme's own form; what is no field there is said above the form."""
    return RENAMED.get(place, place)


def field_of_part(part: str, place: str) -> str:
    """The field of the form of one of the programme's parts, such as ``rates``; empty for what is not the part's own.

    A rate has a longest term and so has the programme: a bare ``longest_term`` is the programme's.
    """
    first, _dot, rest = place.partition(".")
    if first == part:
        return rest.partition(".")[2]
    return "" if first in TERMS else place
