"""The kinds of cooperatives the fund lends to, as its rules name them, and the boards that guarantee its loans."""

import hashlib
import json
import zlib
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from app.domain.roles import Role
from app.domain.steps import Event
from app.domain.values.calendar import BUDDHIST_ERA, to_be
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_, Name

LEAP_YEAR = 2000


class Place(Protocol):
    """A province."""

    @property
    def both_names(self) -> Name: ...


class Serving(Protocol):
    """An office and the provinces it serves."""

    @property
    def both_names(self) -> Name: ...
    @property
    def provinces(self) -> Sequence[object]: ...


class CooperativeKind(LabelledEnum):
    """The two kinds the fund lends to."""

    SAVINGS = "savings", N_("Savings cooperative")
    CREDIT_UNION = "credit_union", N_("Credit-union cooperative")


class ControlClass(LabelledEnum):
    """Quality of internal control as the Cooperative Auditing Department grades it, best first.

    Source: general knowledge, not confirmed; a programme's criterion that uses it says so.
    """

    VERY_GOOD = "1", N_("Very good")
    GOOD = "2", N_("Good")
    FAIR = "3", N_("Fair")
    POOR = "4", N_("Needs improvement")


def last_closed_year(today: date, day: int | None, month: int | None) -> int:
    """The last accounting year (B.E., of the year it ended in) that has ended by ``today``.

    ``day`` and ``month`` are the accounting year's last; an unknown one is taken to be the calendar year's.
    """
    ended = (month or 12, day or 31) <= (today.month, today.day)
    return to_be(today.year) - (0 if ended else 1)


def year_end(year: int, day: int | None, month: int | None) -> date:
    """The last day of an accounting year (B.E., of the year it ends in); unknown ends are the calendar year's."""
    common, of = year - BUDDHIST_ERA, month or 12
    return date(common, of, min(day or 31, monthrange(common, of)[1]))


def refuse_future_year(year: int, today: date, day: int | None, month: int | None) -> None:
    """Raise ``RuleBroken`` for figures of an accounting year that has not ended yet; ``day`` and ``month`` end it.

    While the register does not say when it ends, any year up to the running one may have ended.
    """
    last_closed = last_closed_year(today, day, month) if day and month else to_be(today.year)
    if year > last_closed:
        raise RuleBroken(
            N_("The accounting year %(year)s has not ended yet. The last one that has ended is %(last)s."),
            year=year,
            last=last_closed,
        ).at("year")


def check_arrears(amount: Decimal | None, day: date | None) -> None:
    """Raise ``RuleBroken`` for an amount overdue with the fund without the day it was read, or a day without one."""
    if (amount is None) != (day is None):
        raise RuleBroken(
            N_("Write both how much is overdue with the fund (0 for nothing) and the day of that amount, or neither.")
        ).at("arrears_on" if day is None else "fund_arrears")


def check_year_end(day: int | None, month: int | None) -> None:
    """Raise ``RuleBroken`` unless the accounting year's last day is one of its month; 29 February is."""
    if day and month and day > monthrange(LEAP_YEAR, month)[1]:
        raise RuleBroken(N_("This month has no day %(day)s. Correct the day or the month."), day=day)


def refuse_foreign_office(office: Serving, province: Place) -> None:
    """Raise ``RuleBroken`` unless the office serves the province; the central division serves none and takes all."""
    if office.provinces and province not in office.provinces:
        raise RuleBroken(
            N_("%(office)s does not serve %(province)s. Choose the office of that province, or the central division."),
            office=office.both_names,
            province=province.both_names,
        )


def refuse_backward_term(starts_on: date, ends_on: date) -> None:
    """Raise ``RuleBroken`` for a board term that ends before it starts."""
    if ends_on < starts_on:
        raise RuleBroken(N_("The term ends before it starts. Correct one of the two dates."))


@dataclass(frozen=True, slots=True)
class Guarantor:
    """One of an operating board, or the manager, as registered at one moment; ``key`` is the register's row."""

    key: int
    full_name: str
    position: str
    term_starts_on: date
    term_ends_on: date


Board = tuple[Guarantor, ...]


def pack_board(board: Board) -> bytes:
    """A board as the database keeps it with what was sent."""
    return zlib.compress(_plain(board).encode())


def unpack_board(content: bytes) -> Board:
    """The board that was packed."""
    plain: list[list[str]] = json.loads(zlib.decompress(content))
    return tuple(
        Guarantor(int(key), name, position, date.fromisoformat(starts), date.fromisoformat(ends))
        for key, name, position, starts, ends in plain
    )


def board_mark(board: Board) -> str:
    """A short text that differs between boards that differ, for a form to carry what its reader saw."""
    return hashlib.sha256(_plain(board).encode()).hexdigest()[:32]


def _plain(board: Board) -> str:
    return json.dumps([[str(value) for value in astuple(each)] for each in board], ensure_ascii=False)


class BoardAct(LabelledEnum):
    """What somebody wants to do to a board."""

    ADD = "add", N_("Add a board member")
    CHANGE = "change", N_("Change a board member")
    REMOVE = "remove", N_("Take a board member out")


class BoardOutcome(LabelledEnum):
    """What became of a change of the board that waited for the signatory."""

    AGREED = "agreed", N_("The signatory consented")
    DECLINED = "declined", N_("The signatory did not consent")
    TAKEN_BACK = "taken_back", N_("Taken back by who typed it")
    REPLACED = "replaced", N_("Replaced by a later one")


@dataclass(frozen=True, slots=True)
class BoardChange:
    """What became of one guarantor between two boards: nothing ``before`` who came, nothing ``now`` who left."""

    before: Guarantor | None
    now: Guarantor | None

    @property
    def guarantor(self) -> Guarantor:
        """Whom it is about, as known last."""
        known = self.now or self.before
        if known is None:
            raise ValueError("a change is about somebody")
        return known

    @property
    def keys(self) -> frozenset[int]:
        """The register's rows it is about: somebody taken out and put in again has two."""
        return frozenset(each.key for each in (self.before, self.now) if each is not None)


def board_changes(sent: Board, now: Board) -> tuple[BoardChange, ...]:
    """Who changed, left or came since a board was sent, in the order of the boards.

    A person is known by the register's row, and by name when that row is gone: taken out and put in again as before
    is no change.
    """
    here = {each.key: each for each in now}
    pairs = [(each, here.pop(each.key, None)) for each in sent]
    found = []
    for before, same in pairs:
        named = same or next((each for each in here.values() if each.full_name == before.full_name), None)
        if named is not None:
            here.pop(named.key, None)
        if named is None or replace(named, key=before.key) != before:
            found.append(BoardChange(before, named))
    return (*found, *(BoardChange(None, each) for each in here.values()))


# What happens to a cooperative in the register, and who is told.
OFFICE_CHANGED = Event(
    name="office_changed",
    done=N_("Another office is responsible for a cooperative now"),
    tells=frozenset({Role.PROVINCIAL_OFFICER}),
    next_for_staff=N_(
        "Its applications have moved with it. The office before and the office now agree on what is under way."
    ),
)
_CHANGES = "BoardChangesView.waiting"
BOARD_WAITS = Event(
    name="board_waits",
    done=N_("A change of the operating board waits for your consent: it guarantees a granted loan"),
    tells=frozenset({Role.SIGNATORY}),
    leads_to=_CHANGES,
)
BOARD_AGREED = Event(
    name="board_agreed",
    done=N_("The signatory consented to the change of the operating board that you typed"),
    leads_to=_CHANGES,
)
BOARD_DECLINED = Event(
    name="board_declined",
    done=N_("The signatory did not consent to the change of the operating board that you typed: it stays as it was"),
    leads_to=_CHANGES,
)
_EVENTS = (OFFICE_CHANGED, BOARD_WAITS, BOARD_AGREED, BOARD_DECLINED)
EVENTS: dict[str, Event] = {event.name: event for event in _EVENTS}
