"""Yearly figures of cooperatives from an Excel or CSV file: all rows are stored, or none, with a report by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select

from app.domain.cooperatives import ControlClass, refuse_future_year
from app.domain.values.errors import RuleBroken
from app.domain.values.money import LARGEST_AMOUNT
from app.domain.values.text import N_
from app.extensions import db
from app.models.audit import AuditKind
from app.models.cooperatives import Cooperative, FinancialYear
from app.security.audit import record
from app.services.cooperatives.import_columns import NO_ROWS
from app.services.imports.columns import column_of
from app.services.imports.files import SourceRow
from app.services.imports.readers import choice, reference, typed
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


@dataclass(slots=True)
class YearRow(Row):
    """A row of the file: the year it would add, or what it changes of one that is recorded."""

    existing: FinancialYear | None = None
    changes: dict[str, Any] = field(default_factory=dict)  # values that differ from those of ``existing``

    @property
    def name(self) -> str:
        """The cooperative's and the year, as far as they are known."""
        name = self.values[KEY].name if KEY in self.values else ""
        return f"{name} {self.values['year']}" if name and "year" in self.values else name


@dataclass(frozen=True, slots=True)
class YearReport:
    """The judgement about a file; nothing is stored yet."""

    rows: list[YearRow]
    unknown_headings: list[str]
    hidden: int  # rows of the file that Excel does not show

    @property
    def refused(self) -> list[YearRow]:
        return [row for row in self.rows if row.problems]

    @property
    def changed(self) -> list[YearRow]:
        return [row for row in self.rows if row.existing is not None and row.changes]


def judge_years(rows: Sequence[SourceRow], today: date) -> YearReport:
    """Judge every row; none hides another's problems. An empty cell, or a column that is not there, changes nothing.

    Raises:
        RuleBroken: a column is missing from the headings, or stands there twice.
    """
    found = YEARS.find(rows)
    refuse_doubles(rows, found)
    if lacking := YEARS.lacking(found):
        raise RuleBroken(LACKING, names=", ".join(YEARS.headings(lacking)))
    judged = YEARS.read(rows, found, YearRow, today)
    seen: set[tuple[int, int]] = set()
    for row in judged:
        row.require(YEARS.needed)
        if KEY in row.values and "year" in row.values:
            _check_year(row, seen, today)
    _find_existing(judged)
    return YearReport(judged, unknown_headings(rows, found), sum(row.hidden for row in rows))


def _check_year(row: Row, seen: set[tuple[int, int]], today: date) -> None:
    own, year = row.values[KEY], row.values["year"]
    row.check("year", refuse_future_year, year, today, own.year_end_day, own.year_end_month)
    if (own.id, year) in seen:
        row.refuse("year", TWICE)
    seen.add((own.id, year))


def _find_existing(rows: Sequence[YearRow]) -> None:
    known = [row for row in rows if KEY in row.values and "year" in row.values]
    owners = sorted({row.values[KEY].id for row in known})
    stored: dict[tuple[int, int], FinancialYear] = {}
    for start in range(0, len(owners), ROWS_AT_ONCE):
        of_these = select(FinancialYear).where(FinancialYear.cooperative_id.in_(owners[start : start + ROWS_AT_ONCE]))
        stored |= {(each.cooperative_id, each.year): each for each in db.session.scalars(of_these)}
    for row in known:
        row.existing = stored.get((row.values[KEY].id, row.values["year"]))
        if row.existing is not None:
            given = {name: value for name, value in row.values.items() if name not in (KEY, "year")}
            row.changes = {name: value for name, value in given.items() if getattr(row.existing, name) != value}


def store_years(report: YearReport, file_name: str) -> None:
    """Add or change the yearly figures of good rows, and note the import. The caller commits."""
    stored = None
    for row in report.rows:
        stored = row.existing
        if stored is None:
            stored = FinancialYear(cooperative_id=row.values[KEY].id, year=row.values["year"])
            db.session.add(stored)
        for column in YEARS.columns[2:]:
            if column.name in row.values:
                setattr(stored, column.name, row.values[column.name])
        db.session.flush()
    if stored is not None:
        record(AuditKind.IMPORTED, stored, summary=f"{file_name}: {len(report.rows)}")
