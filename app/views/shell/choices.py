"""What forms and filters of several subjects let people choose from, in the reader's language."""

from functools import cache
from typing import Any

from sqlalchemy import Select, Text, cast

from app.domain.values.calendar import BUDDHIST_ERA
from app.models.places import Office, Province
from app.models.programmes import LoanProgramme
from app.security.acting import acting
from app.security.reach import Reach
from app.ui.language import in_english
from app.views.shell.list_arguments import offered

Offered = Select[tuple[str, str, int]]


def provinces() -> Offered:
    """The provinces whose rows the person can see at all, in the order of their language: an office's, or all."""
    person = acting()
    return _provinces(in_english(), person.office_id if person.scope.reach is Reach.OFFICE else None)


@cache
def _provinces(english: bool, office_id: int | None) -> Offered:
    found = offered(Province.id, _name(Province, english), Province.name_en if english else Province.name_sort)
    return found if office_id is None else found.where(Province.offices.any(Office.id == office_id))


def programmes() -> Offered:
    """All programmes that the person may see, newest first."""
    return _programmes(in_english())


@cache
def _programmes(english: bool) -> Offered:
    return offered(LoanProgramme.id, _name(LoanProgramme, english), LoanProgramme.opens_on.desc())


def _name(model: Any, english: bool) -> Any:
    return getattr(model, model.name_column(english=english))


def years(found: Select[Any]) -> Offered:
    """The Buddhist years of a statement, newest first."""
    return _years(found, in_english())


@cache
def _years(found: Select[Any], english: bool) -> Offered:
    year = found.subquery().c[0]
    return offered(year, cast(year - BUDDHIST_ERA if english else year, Text), year.desc())
