"""The table of kept figures: which rows each counts, by what, and what of them it sums.

The triggers of the database write the same of a single row (migration 0016); a test replays histories against both.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

from app.domain.states import GRANTED
from app.models.applications import LoanApplication
from app.models.envelopes import EnvelopeEntry
from app.models.figures import EVERY, UNDECIDED
from app.models.types import Money

_NOTHING = literal_column("0", Integer)
_NO_MONEY = literal_column("0", Money())
_ONE = literal_column("1", Integer)
_EVERY = literal_column(str(EVERY), Integer)
_PLAIN = ((True, True),)


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """One kept figure.

    Args:
        name: its name in the tables and in what a check prints.
        rows: the table whose rows are counted.
        counted: which of them are.
        kind: what sort of row it is, such as the state of an application.
        placed: whether it is kept for each province and office, where its cooperative is now.
        each: whether it tells of how many cooperatives the rows are, each counted once.
        groupings: by which of (year, programme) it is summed; what it is not summed by is ``EVERY`` there. Sums of
            several years follow from those of each, but a cooperative may be counted in several of them.
    """

    name: str
    rows: Table
    counted: ColumnElement[bool]
    kind: ColumnElement[str]
    programme_id: ColumnElement[int] = _EVERY
    year: ColumnElement[int] = _EVERY
    baht: ColumnElement[Any] = _NO_MONEY
    members: ColumnElement[int] = _NOTHING
    placed: bool = False
    each: bool = False
    groupings: tuple[tuple[bool, bool], ...] = _PLAIN

    def contributions(self) -> Select[Any]:
        """What each counted row adds, as a statement over the rows as they stand."""
        return select(
            self.rows.c.cooperative_id.label("cooperative_id"),
            self.kind.label("kind"),
            self.programme_id.label("programme_id"),
            self.year.label("year"),
            _ONE.label("number"),
            self.baht.label("baht"),
            self.members.label("members"),
        ).where(self.counted)


_application: Table = LoanApplication.__table__
_entry: Table = EnvelopeEntry.__table__
_sent = _application.c.submitted_at.is_not(None)
# Written out, so that PostgreSQL knows the index of granted loans by it.
_GRANTED: BindParameter[Any] = bindparam("granted", sorted(GRANTED), expanding=True, literal_execute=True)

# How many applications that were sent are in each state.
APPLICATIONS = KeptFigure("applications", _application, counted=_sent, kind=_application.c.status, placed=True)
# What was granted, and to how many cooperatives: the dashboard's volume.
LOANS = KeptFigure(
    "loans",
    _application,
    counted=_sent & _application.c.status.in_(_GRANTED),
    kind=_application.c.status,
    programme_id=_application.c.programme_id,
    year=func.coalesce(_application.c.decided_fiscal_year, literal_column(str(UNDECIDED), Integer)),
    baht=func.coalesce(_application.c.amount_approved, _NO_MONEY),
    members=_application.c.beneficiaries,
    placed=True,
    each=True,
    groupings=((True, True), (True, False), (False, True), (False, False)),
)
# What each envelope's entries come to, by their kind.
ENVELOPES = KeptFigure(
    "envelopes",
    _entry,
    counted=true(),
    kind=_entry.c.kind,
    programme_id=_entry.c.programme_id,
    baht=_entry.c.amount,
)
FIGURES = (APPLICATIONS, LOANS, ENVELOPES)
