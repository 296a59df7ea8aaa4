"""The judgement about an imported file: what each row would store, and whether that may be stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from flask_appbuilder import Model

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.audit import AuditKind
from app.security.audit import record
from app.services.imports.sheets import Row

NOT_ALL_GOOD = N_("Nothing was stored: %(refused)s of %(count)s rows have to be corrected.")
UNKNOWN_HEADINGS = N_("Nothing was stored: some headings are not known. Correct them, or delete those columns.")
NOTHING_GOOD = N_("Nothing was stored: no row is good.")


class RowState(LabelledEnum):
    """What an import does with a row."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changes the register")
    UNCHANGED = "unchanged", N_("Already in the register like this")
    REFUSED = "refused", N_("To be corrected")


@dataclass(slots=True)
class JudgedRow(Row):
    """A row of the file: what it would store, or what is wrong with it, by column."""

    name: str = ""  # of the record it is about, as far as it is known
    existing: Any = None  # the record that is there already
    changes: dict[str, Any] = field(default_factory=dict)  # values that differ from those of ``existing``
    stored_id: int | None = None  # of the record, once there is one

    @property
    def about(self) -> str:
        """What stands beside the name, such as its number."""
        return ""

    @property
    def state(self) -> RowState:
        if self.problems:
            return RowState.REFUSED
        if self.existing is None:
            return RowState.NEW
        return RowState.CHANGED if self.changes else RowState.UNCHANGED

    def compare(self, existing: Model | None, given: Mapping[str, Any]) -> None:
        """Join the row to the record that is there already, if there is one, and note what it would change of it."""
        self.existing = existing
        if existing is not None:
            self.stored_id = existing.id
            self.changes = {name: value for name, value in given.items() if getattr(existing, name) != value}


JudgedT = TypeVar("JudgedT", bound=JudgedRow)


@dataclass(frozen=True, slots=True)
class Storing:
    """How a judged file is stored.

    ``good_only``: the good rows of a file that is not all good. ``note`` says where the values come from.
    """

    file_name: str
    at: datetime
    good_only: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report(Generic[JudgedT]):
    """The judgement about a file; nothing is stored yet."""

    rows: list[JudgedT]
    unknown_headings: list[str]
    missing_columns: list[str]  # that new records need
    hidden: int = 0  # rows of the file that Excel does not show

    def in_state(self, state: RowState) -> list[JudgedT]:
        return [row for row in self.rows if row.state is state]

    def count(self, state: RowState) -> int:
        return len(self.in_state(state))

    @property
    def refused(self) -> list[JudgedT]:
        return self.in_state(RowState.REFUSED)

    @property
    def good(self) -> list[JudgedT]:
        return [row for row in self.rows if not row.problems]

    def refuse_unfit(self, *, good_only: bool) -> None:
        """Raise ``RuleBroken`` unless everything is good, or ``good_only`` was chosen and something is."""
        refused = self.count(RowState.REFUSED)
        if not good_only and refused:
            raise RuleBroken(NOT_ALL_GOOD, refused=f"{refused:,}", count=f"{len(self.rows):,}")
        if not good_only and self.unknown_headings:
            raise RuleBroken(UNKNOWN_HEADINGS)
        if refused == len(self.rows):
            raise RuleBroken(NOTHING_GOOD)

    def note_stored(self, model: type[Model], storing: Storing) -> None:
        """Record that rows of the file were stored; each row's own event beside it follows from the flush."""
        counts = {state.value: self.count(state) for state in RowState}
        if not counts[RowState.NEW] and not counts[RowState.CHANGED]:
            return
        summary = " – ".join(filter(None, (storing.file_name, storing.note)))
        after = {"file": storing.file_name, "note": storing.note, **counts}
        record(AuditKind.IMPORTED, _Register(model.__tablename__), summary=summary, after=after)


@dataclass(frozen=True, slots=True)
class _Register:
    """A register as a whole, for an event that is about no single record of it."""

    __tablename__: str
    id: None = None
