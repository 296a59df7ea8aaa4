"""Yearly figures of cooperatives from an Excel or CSV file: all rows are stored, or none, with a report by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired

from app.domain.cooperatives import ControlClass, refuse_future_year
from app.domain.errors import RuleBroken
from app.domain.money import LARGEST_AMOUNT
from app.domain.text import N_
from app.domain.thai import normalise
from app.extensions import db
from app.models.audit import AuditKind
from app.models.base import labels_of
from app.models.cooperatives import Cooperative, FinancialYear
from app.security.audit import record
from app.services.cooperatives.import_cells import in_every_language, match_key
from app.services.cooperatives.import_file import Cell, SourceRow
from app.ui.fields import BahtField, WholeNumberField
from app.ui.labels import explain

FIGURES = ("year", "members", "share_capital", "reserve", "debts", "profit")
REGISTRATION = "registration_no"
OPTIONAL = "control_class"
LABELS = {REGISTRATION: labels_of(Cooperative)[REGISTRATION], **labels_of(FinancialYear)}
COLUMNS = (REGISTRATION, *FIGURES, OPTIONAL)


def label_of(column: str) -> str:
    """The heading of a column in the reader's language."""
    return gettext(LABELS[column])


class YearFields(Form):
    """The screen's own fields, so that a file and a screen understand the same."""

    year = WholeNumberField(validators=[InputRequired()], minimum=2500, maximum=2700)
    members = WholeNumberField(validators=[InputRequired()])
    share_capital = BahtField(validators=[InputRequired()])
    reserve = BahtField(validators=[InputRequired()])
    debts = BahtField(validators=[InputRequired()])
    profit = BahtField(validators=[InputRequired()], minimum=-LARGEST_AMOUNT)


@dataclass(slots=True)
class YearRow:
    """One row of the file: what it is about, and what has to be corrected as (column, words)."""

    number: int
    name: str
    problems: list[tuple[str, str]]
    values: dict[str, object]


def judge_years(rows: Sequence[SourceRow], today: date) -> list[YearRow]:
    """Judge every row; none hides another's problems.

    Raises:
        RuleBroken: a column is missing from the headings.
    """
    names = {word: column for column in COLUMNS for word in map(match_key, in_every_language(LABELS[column]))}
    headings = {names.get(match_key(heading)) for heading, _cell in rows[0].cells}
    missing = [label_of(column) for column in COLUMNS if column not in headings and column != OPTIONAL]
    if missing:
        raise RuleBroken(N_("The file lacks these columns: %(names)s. Add them."), names=", ".join(missing))
    cooperatives = _cooperatives()
    judged: list[YearRow] = []
    seen: set[tuple[int, object]] = set()
    for row in rows:
        cells = {names[key]: cell for heading, cell in row.cells if (key := match_key(heading)) in names}
        judged.append(_judged(row.number, cells, cooperatives, seen, today))
    return judged


def store_years(rows: Sequence[YearRow], file_name: str) -> None:
    """Add or change the yearly figures of good rows, and note the import. The caller commits."""
    found = None
    for row in rows:
        key = {name: row.values[name] for name in ("cooperative_id", "year")}
        found = db.session.scalar(select(FinancialYear).filter_by(**key))
        if found is None:
            found = FinancialYear(**key)
            db.session.add(found)
        for name in (*FIGURES[1:], OPTIONAL):
            setattr(found, name, row.values[name])
        db.session.flush()
    if found is not None:
        record(AuditKind.IMPORTED, found, summary=f"{file_name}: {len(rows)}")


@dataclass(frozen=True, slots=True)
class _Known:
    """A cooperative of the register, with the last day and month of its accounting years."""

    id: int
    name: str
    year_end: tuple[int | None, int | None]


def _cooperatives() -> dict[str, _Known]:
    """Cooperatives the person may see, by registration number as it is compared."""
    columns = (Cooperative.registration_no, Cooperative.id, Cooperative.name)
    rows = db.session.execute(select(*columns, Cooperative.year_end_day, Cooperative.year_end_month))
    return {match_key(number): _Known(key, name, (day, month)) for number, key, name, day, month in rows}


def _judged(
    number: int,
    cells: dict[str, Cell],
    cooperatives: dict[str, _Known],
    seen: set[tuple[int, object]],
    today: date,
) -> YearRow:
    form = YearFields(MultiDict({name: _text(cells.get(name)) for name in FIGURES}))
    form.validate()
    problems = [(label_of(field.name), str(error)) for field in form for error in field.errors]
    values: dict[str, object] = dict(form.data)
    known = cooperatives.get(match_key(_text(cells.get(REGISTRATION))))
    if known is None:
        words = gettext("No cooperative has this registration number. Correct it, or add the cooperative first.")
        problems.append((label_of(REGISTRATION), words))
    else:
        values["cooperative_id"] = known.id
        if isinstance(values["year"], int):
            problems += _not_ended(values["year"], today, known)
        if (known.id, values["year"]) in seen:
            problems.append((label_of("year"), gettext("This year stands in the file twice. Remove one row.")))
        seen.add((known.id, values["year"]))
    try:
        values[OPTIONAL] = _class(_text(cells.get(OPTIONAL)))
    except RuleBroken as refusal:
        problems.append((label_of(OPTIONAL), explain(refusal)))
    return YearRow(number, known.name if known else "–", problems, values)


def _not_ended(year: int, today: date, known: _Known) -> list[tuple[str, str]]:
    try:
        refuse_future_year(year, today, *known.year_end)
    except RuleBroken as refusal:
        return [(label_of("year"), explain(refusal))]
    return []


def _class(text: str) -> str | None:
    if not text:
        return None
    for member in ControlClass:
        if match_key(text) in {member.value, *map(match_key, in_every_language(member.label))}:
            return member.value
    raise RuleBroken(N_("A class is a number from 1 (very good) to 4 (needs improvement)."))


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return "" if cell is None else normalise(str(cell))
