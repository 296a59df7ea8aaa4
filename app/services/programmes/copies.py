"""Copies of programmes: a new draft with the terms of an earlier one, moved to the next year's notification."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sqlalchemy import inspect, or_, select

from app.extensions import db
from app.models.programmes import (
    ApprovalLevel,
    LoanProgramme,
    ProgrammeCriterion,
    ProgrammeDocument,
    ProgrammeStatus,
)

# What a copy does not take over: its own id and names, and what belongs to the old notification alone. Rates are
# notified anew each year, and a step of last year would hold in the place of the rate that is typed.
OWN = frozenset(
    {
        "id", "key", "name", "name_en", "version", "search_text", "name_sort", "status", "notification_no",
        "notification_date", "opens_on", "closes_on", "rate_note",
    }
)  # fmt: skip
PARTS = (
    ("approval_levels", ApprovalLevel),
    ("criteria", ProgrammeCriterion),
    ("documents", ProgrammeDocument),
)
YEAR = re.compile(r"(?<!\d)2[4-6]\d\d(?!\d)")
EITHER_YEAR = re.compile(r"(?<!\d)2[04-6]\d\d(?!\d)")  # English names have the Gregorian one
LONGEST_KEY, LONGEST_NAME = 40, 300


@dataclass(frozen=True, slots=True)
class _Names:
    key: str
    name: str
    name_en: str


def copied(programme: LoanProgramme) -> LoanProgramme:
    """Add a draft with the programme's terms, provinces and parts, for the first year after it that has none.

    Names and key get that year where they have one, otherwise a number; the window moves along. Rate steps and the
    rate's note stay behind.
    """
    names, years = _free_names(programme)
    row = LoanProgramme(
        key=names.key,
        name=names.name,
        name_en=names.name_en,
        opens_on=_later(programme.opens_on, years),
        closes_on=_later(programme.closes_on, years),
        status=ProgrammeStatus.DRAFT,
        **_columns(programme, OWN),
    )
    row.provinces = list(programme.provinces)
    for name, model in PARTS:
        skipped = frozenset({"id", "programme_id", "version"})
        setattr(row, name, [model(**_columns(part, skipped)) for part in getattr(programme, name)])
    db.session.add(row)
    db.session.flush()
    return row


def _columns(row: object, skipped: frozenset[str]) -> dict[str, object]:
    keys = [attribute.key for attribute in inspect(type(row)).column_attrs if attribute.key not in skipped]
    return {key: getattr(row, key) for key in keys}


def _free_names(programme: LoanProgramme) -> tuple[_Names, int]:
    """Names that no programme has, and by how many years they are later."""
    years = 1
    while _taken(names := _names_later(programme, years)):
        years += 1
    return names, years


def _names_later(programme: LoanProgramme, years: int) -> _Names:
    ending = f" ({years + 1})"
    texts = ((programme.name, YEAR), (programme.name_en, EITHER_YEAR))
    name, name_en = (_moved(text, years, form) or text[: LONGEST_NAME - len(ending)] + ending for text, form in texts)
    key = _moved(programme.key, years) or f"{programme.key[: LONGEST_KEY - 5]}-{years + 1}"
    return _Names(key, name, name_en)


def _moved(text: str, years: int, form: re.Pattern[str] = YEAR) -> str:
    """The text with every year of this form so many years later; empty when it has none."""
    moved = form.sub(lambda found: str(int(found[0]) + years), text)
    return moved if moved != text else ""


def _later(day: date, years: int) -> date:
    last = monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def _taken(names: _Names) -> bool:
    same = or_(LoanProgramme.key == names.key, LoanProgramme.name == names.name, LoanProgramme.name_en == names.name_en)
    return db.session.scalar(select(LoanProgramme.id).where(same).limit(1)) is not None
