"""Copies of programmes: a new draft with all terms and parts, for next year's notification."""

from sqlalchemy import inspect, select

from app.extensions import db
from app.models.programmes import (
    ApprovalLevel,
    LoanProgramme,
    ProgrammeCriterion,
    ProgrammeDocument,
    ProgrammeRate,
    ProgrammeStatus,
)

# What a copy does not take over: its own id and key, and what belongs to the old notification alone.
OWN = frozenset({"id", "key", "version", "search_text", "name_sort", "status", "notification_no", "notification_date"})
PARTS = (
    ("rates", ProgrammeRate),
    ("approval_levels", ApprovalLevel),
    ("criteria", ProgrammeCriterion),
    ("documents", ProgrammeDocument),
)
LONGEST_KEY = 40


def copied(programme: LoanProgramme) -> LoanProgramme:
    """Add a draft with the programme's terms, provinces and parts; the key gets the next free ending."""
    row = LoanProgramme(key=_free_key(programme.key), status=ProgrammeStatus.DRAFT, **_columns(programme, OWN))
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


def _free_key(key: str) -> str:
    taken = set(db.session.scalars(select(LoanProgramme.key).where(LoanProgramme.key.startswith(key[:30]))))
    number = 2
    while (wanted := f"{key[: LONGEST_KEY - 5]}-{number}") in taken:
        number += 1
    return wanted
