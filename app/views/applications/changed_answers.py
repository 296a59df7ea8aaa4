"""Changed answers in words: label, before and after, as people read them."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from app.extensions import db
from app.models.applications import LoanApplication
from app.models.base import labels_of
from app.models.programmes import LoanProgramme
from app.services.applications.changed_answers import ChangedAnswer
from app.ui.formatting import baht, count, percent
from app.ui.labels import NOTHING
from app.ui.naming import named

# How an answer reads; text stays as it is.
READS: dict[str, Callable[[str], str]] = {
    "amount_asked": lambda text: baht(Decimal(text)),
    "months": lambda text: count(int(text)),
    "beneficiaries": lambda text: count(int(text)),
    "member_rate": lambda text: percent(Decimal(text)),
}


def answer_in_words(name: str, value: Any) -> str:
    """An answer of the form as people read it."""
    if value in (None, ""):
        return NOTHING
    match name:
        case "programme":
            programme = db.session.get(LoanProgramme, value)
            return named(programme) if programme is not None else NOTHING
        case "amount":
            return baht(value)
        case "member_rate":
            return percent(value)
        case "months" | "beneficiaries":
            return count(value)
    return str(value)


def changes_in_words(changes: Iterable[ChangedAnswer]) -> list[tuple[str, str, str]]:
    """(label, before, after) of each changed answer."""
    labels = labels_of(LoanApplication)
    return [
        (gettext(labels[change.column]), read(change.before), read(change.after))
        for change in changes
        for read in [READS.get(change.column, str)]
    ]
