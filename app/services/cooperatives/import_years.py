"""Yearly figures of cooperatives from an Excel or CSV file: all rows are stored, or none, with a report by row."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

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
from app.services.imports.sheets import Row, Sheet
from app.ui.fields import BahtField

KEY = "registration_no"
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


def judge_years(rows: Sequence[SourceRow], today: date) -> list[Row]:
    """Judge every row; none hides another's problems.

    Raises:
        RuleBroken: a column is missing from the headings.
    """
    found = YEARS.find(rows)
    if lacking := YEARS.lacking(found):
        raise RuleBroken(LACKING, names=", ".join(YEARS.headings(lacking)))
    judged = YEARS.read(rows, found, Row, today)
    seen: set[tuple[int, int]] = set()
    for row in judged:
        row.require(YEARS.needed)
        if KEY in row.values and "year" in row.values:
            _check_year(row, seen, today)
    return judged


def _check_year(row: Row, seen: set[tuple[int, int]], today: date) -> None:
    own, year = row.values[KEY], row.values["year"]
    row.check("year", refuse_future_year, year, today, own.year_end_day, own.year_end_month)
    if (own.id, year) in seen:
        row.refuse("year", TWICE)
    seen.add((own.id, year))


def store_years(rows: Sequence[Row], file_name: str) -> None:
    """Add or change the yearly figures of good rows, and note the import. The caller commits."""
    stored = None
    for row in rows:
        key = {"cooperative_id": row.values[KEY].id, "year": row.values["year"]}
        stored = db.session.scalar(select(FinancialYear).filter_by(**key))
        if stored is None:
            stored = FinancialYear(**key)
            db.session.add(stored)
        for column in YEARS.columns[2:]:
            setattr(stored, column.name, row.values.get(column.name))
        db.session.flush()
    if stored is not None:
        record(AuditKind.IMPORTED, stored, summary=f"{file_name}: {len(rows)}")
