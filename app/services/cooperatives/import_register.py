"""Imports cooperatives from the rows of a file: judges every row first, then stores all, the good ones, or nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.cooperatives import refuse_foreign_office
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.values.thai import search_key
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.places import Office, Province
from app.services.cooperatives.import_columns import EXAMPLE, PAIRS, REGISTER, offices_in_use
from app.services.cooperatives.office_change import tell_offices
from app.services.imports.files import SourceRow
from app.services.imports.reports import JudgedRow, Report, RowState, Storing
from app.services.imports.sheets import refuse_doubles, unknown_headings

KEY = "registration_no"
UNIQUE = tuple(column.name for column in REGISTER.columns if column.unique)
ROWS_AT_ONCE = 500  # names in one question to the database

EXAMPLE_ROW = N_("This is an example row of the template. Delete the row.")
TWICE_IN_FILE = N_("Rows %(rows)s have the same value. Keep one of them, or correct the others.")
USED_BY_OTHER = N_("%(name)s, registration number %(number)s, already has this number. Compare it with the paper.")
WHICH_OFFICE = N_("%(province)s has %(count)s offices. Write which one, for example %(example)s.")
NO_OFFICE_THERE = N_("No office serves %(province)s. Write the responsible office, for example %(example)s.")
NO_HEADING = N_("No column is headed “%(heading)s”. Put the template's headings into the first row of the first sheet.")


@dataclass(slots=True)
class CooperativeRow(JudgedRow):
    """A row of the file, with the number that decides which cooperative it is about."""

    @property
    def about(self) -> str:
        return str(self.values.get(KEY, ""))


# ---- judging


def judge(rows: Sequence[SourceRow], today: date) -> Report[CooperativeRow]:
    """Compare every row with the rules, the other rows and the register.

    A registration number that the register has means that cooperative. Its empty cells change nothing.

    Raises:
        RuleBroken: the headings cannot be understood.
    """
    found = REGISTER.find(rows)
    refuse_doubles(rows, found)
    lacking = REGISTER.lacking(found)
    if KEY in lacking:
        raise RuleBroken(NO_HEADING, heading=REGISTER.headings([KEY])[0])
    offices = offices_in_use()
    judged = REGISTER.read(rows, found, CooperativeRow, today)
    _find_existing(judged)
    for row in judged:
        _check_row(row, offices)
    _refuse_repeated(judged)
    _refuse_used(judged)
    for row in judged:
        row.compare(row.existing, row.values)
        row.name = str(row.values.get("name") or row.existing or "")
    return Report(judged, unknown_headings(rows, found), lacking, sum(row.hidden for row in rows))


def _find_existing(rows: Iterable[CooperativeRow]) -> None:
    """Join rows to the register by registration number, however its spaces and digits are written."""
    register = db.session.execute(select(Cooperative.registration_no, Cooperative.id))
    ids = {_number_key(number): key for number, key in register}
    wanted = {row.number: ids.get(_number_key(row.about), 0) for row in rows}
    found = {own.id: own for own in _in_parts(Cooperative.id, list(filter(None, wanted.values())))}
    for row in rows:
        own = found.get(wanted[row.number])
        if own is not None:
            row.existing = own
            row.values[KEY] = own.registration_no


def _number_key(number: str) -> str:
    return search_key(number).replace(" ", "")


def _in_parts(column: Any, values: Sequence[Any]) -> Iterable[Cooperative]:
    for start in range(0, len(values), ROWS_AT_ONCE):
        yield from db.session.scalars(select(Cooperative).where(column.in_(values[start : start + ROWS_AT_ONCE])))


def _check_row(row: CooperativeRow, offices: Sequence[Office]) -> None:
    wrong = row.wrong
    if row.about.startswith(EXAMPLE):
        row.refuse(KEY, EXAMPLE_ROW)
    row.require([column for column in REGISTER.needed if row.existing is None or column.name == KEY])
    _settle_places(row, offices, wrong)
    _check_pairs(row)


def _settle_places(row: CooperativeRow, offices: Sequence[Office], wrong: set[str]) -> None:
    """Turn province and office into their keys; a province with one office needs no word about it."""
    province: Province | None = row.values.pop("province", None)
    office: Office | None = row.values.pop("office", None)
    own = row.existing
    moved = province is not None and (own is None or own.province_id != province.id)
    if province is not None:
        row.values["province_id"] = province.id
    elif own is not None and "province" not in wrong:
        province = own.province
    if office is None and moved and province is not None and "office" not in wrong:
        office = _only_office(row, province, offices)
    if office is None:
        return
    if province is not None:
        row.check("office", refuse_foreign_office, office, province)
    row.values["office_id"] = office.id


def _only_office(row: CooperativeRow, province: Province, offices: Sequence[Office]) -> Office | None:
    there = [office for office in province.offices if office.active]
    if len(there) == 1:
        return there[0]
    if there:
        row.refuse("office", WHICH_OFFICE, province=province.both_names, count=len(there), example=there[0].short_name)
    else:
        anywhere = next((office.short_name for office in offices if not office.provinces), "")
        row.refuse("office", NO_OFFICE_THERE, province=province.both_names, example=anywhere)
    return None


def _check_pairs(row: CooperativeRow) -> None:
    wrong = row.wrong
    for rule, names in PAIRS:
        if not wrong.intersection(names):
            one, other = (row.values.get(name, getattr(row.existing, name, None)) for name in names)
            row.check(names[0], rule, one, other)


def _refuse_repeated(rows: Iterable[CooperativeRow]) -> None:
    """Refuse every row of a pair: which one is right is not ours to guess."""
    for name in UNIQUE:
        by_value: dict[str, list[CooperativeRow]] = defaultdict(list)
        for row in rows:
            if row.values.get(name):
                by_value[_number_key(row.values[name])].append(row)
        for same in by_value.values():
            if len(same) > 1:
                numbers = ", ".join(str(row.number) for row in same)
                for row in same:
                    row.refuse(name, TWICE_IN_FILE, rows=numbers)


def _refuse_used(rows: Iterable[CooperativeRow]) -> None:
    """Refuse a code or tax number that another cooperative has in the register."""
    for name in UNIQUE[1:]:
        column = getattr(Cooperative, name)
        values = [row.values[name] for row in rows if row.values.get(name)]
        holders = {getattr(own, name): own for own in _in_parts(column, values)}
        for row in rows:
            holder = holders.get(row.values.get(name, ""))
            if holder is not None and holder is not row.existing:
                row.refuse(name, USED_BY_OTHER, name=holder.name, number=holder.registration_no)


# ---- storing


def store(report: Report[CooperativeRow], storing: Storing) -> None:
    """Add and change cooperatives as judged; the caller commits.

    Raises:
        RuleBroken: not everything is good, and not enough for how it is to be stored. Nothing is stored.
    """
    report.refuse_unfit(good_only=storing.good_only)
    new = [(row, Cooperative(**row.values)) for row in report.in_state(RowState.NEW)]
    changed = report.in_state(RowState.CHANGED)
    before = [(row.existing, row.existing.office_id) for row in changed]
    for row in changed:
        for name, value in row.changes.items():
            setattr(row.existing, name, value)
    db.session.add_all(own for _row, own in new)
    db.session.flush()
    tell_offices(before, storing.at)
    for row, own in new:
        row.stored_id = own.id
    report.note_stored(Cooperative, storing)
