"""Every demonstration application: those written down in applications.csv, and generated ones of past years."""

import csv
from datetime import date, timedelta
from pathlib import Path

from app.demo import programmes
from app.demo.loan_rows import Application, rate_for_members, working_day
from app.demo.past_loans import generated
from app.demo.terms import million, news

ROWS = Path(__file__).with_name("applications.csv")

RESOLVED = frozenset({"approved", "rejected", "deferred"})
PREPARATION = timedelta(days=9)
CONSIDERATION = timedelta(days=42)


def _submitted_on(row: dict[str, str], moved_on: date) -> date | None:
    """Return the day written down; for loans known only by their decision, some six weeks earlier."""
    if row["status"] == "draft":
        return None
    if row["submitted_on"]:
        return date.fromisoformat(row["submitted_on"])
    programme = programmes.BY_KEY[row["programme"]]
    guess = min(working_day(moved_on - CONSIDERATION), programme.closes_on)
    return max(guess, programme.opens_on)


def _application(row: dict[str, str]) -> Application:
    programme = programmes.BY_KEY[row["programme"]]
    moved_on = date.fromisoformat(row["moved_on"])
    submitted_on = _submitted_on(row, moved_on)
    return Application(
        key=row["key"],
        programme=programme.key,
        cooperative=row["cooperative"],
        amount_asked=million(row["asked_millions"]),
        amount_approved=million(row["approved_millions"]) if row["approved_millions"] else None,
        months=int(row["months"]),
        purpose_th=row["purpose_th"] or programme.purpose_th,
        beneficiaries=int(row["people"]),
        member_rate=rate_for_members(programme.key, row["cooperative"]),
        started_on=max(programme.opens_on, (submitted_on or moved_on) - PREPARATION),
        submitted_on=submitted_on,
        decided_on=moved_on if row["status"] in RESOLVED else None,
        moved_on=moved_on,
        status=row["status"],
        reason_th=row["reason_th"] or None,
        origin=row["origin"],
        note_th=row["note_th"],
        source=news(*map(int, row["news"].split())),
    )


def _written() -> tuple[Application, ...]:
    with ROWS.open(encoding="utf-8", newline="") as lines:
        return tuple(_application(row) for row in csv.DictReader(lines))


APPLICATIONS = (*_written(), *generated())
BY_KEY = {application.key: application for application in APPLICATIONS}
