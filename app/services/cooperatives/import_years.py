"""Yearly figures of cooperatives from an Excel or CSV file, with a report by row."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from app.domain.cooperatives import ControlClass, refuse_future_year
from app.domain.values.errors import RuleBroken
from app.domain.values.money import LARGEST_AMOUNT
from app.domain.values.text import N_
from app.extensions import db
from app.models.cooperatives import Cooperative, FinancialYear
from app.services.cooperatives.import_columns import NO_ROWS
from app.services.imports.columns import column_of
from app.services.imports.files import SourceRow
from app.services.imports.readers import choice, reference, typed
from app.services.imports.reports import JudgedRow, Report, RowState, Storing
from app.services.imports.sheets import Row, Sheet, refuse_doubles, unknown_headings
from app.ui.fields import BahtField

KEY = "registration_no"
ROWS_AT_ONCE = 500  # cooperatives in one question to the database
NO_COOPERATIVE = N_("No cooperative has this registration number. Correct it, or add the cooperative first.")
WRONG_CLASS = N_("A class is a number from 1 (very good) to 4 (needs improvement).")
MISSING = N_("This field is required.")
TWICE = N_("This year stands in the file twice. Remove one row.")
LACKING = N_("The file lacks these columns: %(names)s. Add them.")


def _cooperatives() -> Iterable[object]:
    """Cooperatives the person may see, with the last day and month of their accounting years."""
    columns = (Cooperative.registration_no, Cooperative.id, Cooperative.name)
    return db.session.execute(select(*columns, Cooperative.year_end_day, Cooperative.year_end_month))


_COOPERATIVE = reference(_cooperatives, KEY, refusal=NO_COOPERATIVE)
_of = partial(column_of, FinancialYear)

YEARS = Sheet(
    title=N_("Financial years"),
    no_rows=NO_ROWS,
    columns=(
        column_of(Cooperative, KEY, reader=_COOPERATIVE, missing=NO_COOPERATIVE),
        _of("year", missing=MISSING),
        _of("members", missing=MISSING),
        _of("share_capital", missing=MISSING),
        _of("reserve", missing=MISSING),
        _of("debts", missing=MISSING),
        _of("profit", reader=typed(BahtField, minimum=-LARGEST_AMOUNT), missing=MISSING),
        _of("control_class", reader=choice(ControlClass, refusal=WRONG_CLASS)),
    ),
)


def judge(rows: Sequence[SourceRow], today: date) -> Report[JudgedRow]:
    """Judge every row; none hides another's problems. An empty cell, or a column that is not there, changes nothing.

    Raises:
        RuleBroken: a column is missing from the headings, or stands there twice.
    """
    found = YEARS.find(rows)
    refuse_doubles(rows, found)
    if lacking := YEARS.lacking(found):
        raise RuleBroken(LACKING, names=", ".join(YEARS.headings(lacking)))
    judged = YEARS.read(rows, found, JudgedRow, today)
    seen: set[tuple[int, int]] = set()
    for row in judged:
        row.require(YEARS.needed)
        if KEY in row.values and "year" in row.values:
            _check_year(row, seen, today)
            row.name = f"{row.values[KEY].name} {row.values['year']}"
        elif KEY in row.values:
            row.name = row.values[KEY].name
    _find_existing(judged)
    return Report(judged, unknown_headings(rows, found), lacking, sum(row.hidden for row in rows))


def _check_year(row: Row, seen: set[tuple[int, int]], today: date) -> None:
    own, year = row.values[KEY], row.values["year"]
    row.check("year", refuse_future_year, year, today, own.year_end_day, own.year_end_month)
    if (own.id, year) in seen:
        row.refuse("year", TWICE)
    seen.add((own.id, year))


def _find_existing(rows: Sequence[JudgedRow]) -> None:
    known = [row for row in rows if KEY in row.values and "year" in row.values]
    owners = sorted({row.values[KEY].id for row in known})
    stored: dict[tuple[int, int], FinancialYear] = {}
    for start in range(0, len(owners), ROWS_AT_ONCE):
        of_these = select(FinancialYear).where(FinancialYear.cooperative_id.in_(owners[start : start + ROWS_AT_ONCE]))
        stored |= {(each.cooperative_id, each.year): each for each in db.session.scalars(of_these)}
    for row in known:
        row.compare(stored.get((row.values[KEY].id, row.values["year"])), _figures(row))


def _figures(row: JudgedRow) -> dict[str, Any]:
    """What a row says of its year."""
    return {name: value for name, value in row.values.items() if name not in (KEY, "year")}


def store(report: Report[JudgedRow], storing: Storing) -> None:
    """Add or change yearly figures as judged; the caller commits.

    Raises:
        RuleBroken: not everything is good, and not enough for how it is to be stored. Nothing is stored.
    """
    report.refuse_unfit(good_only=storing.good_only)
    for row in report.in_state(RowState.CHANGED):
        for name, value in row.changes.items():
            setattr(row.existing, name, value)
    for row in report.in_state(RowState.NEW):
        own = FinancialYear(cooperative_id=row.values[KEY].id, year=row.values["year"], **_figures(row))
        db.session.add(own)
        db.session.flush()
        row.stored_id = own.id
    report.note_stored(FinancialYear, storing)
