"""One page of a list: the rows beside a key, how many there are in all, and where among them it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from app.views.shell import keyset
from app.views.shell.keyset import END, FIRST, LAST, Found, Key, Order, Place, counted, counted_beside


@dataclass(frozen=True, slots=True)
class Position:
    """Which rows a page shows, counted from 1, or from the end of a list too long to count.

    ``about``: rows in between may have come or gone since the way here was counted.
    """

    first: int
    last: int
    from_end: bool = False
    about: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and where its links lead.

    ``capped`` says that there are more rows than ``count``; a link that leads nowhere is missing.
    """

    rows: list[Any]
    count: int
    capped: bool
    position: Position
    first: Place | None = None
    earlier: Place | None = None
    later: Place | None = None
    last: Place | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows that were read beside a place, with their keys, in the order of the list; ``more`` lie beyond them.

    ``beside`` are the rows on the side the place is counted from, where they were counted.
    """

    rows: list[Any]
    keys: list[Key]
    more: bool
    count: int
    beside: int | None

    @property
    def capped(self) -> bool:
        return self.count > keyset.COUNT_CAP


def figures_of(found: Found, order: Order, place: Place, size: int) -> Sequence[ColumnElement[int]]:
    """What is counted for a page: all rows, and when the way is short enough those on the side it began from."""
    key = place.after or place.before
    if key is None or key is END or _way(place, size) > keyset.COUNT_CAP:
        return [counted(found).label("counted")]
    from_end = place.number < 0
    including = from_end == (place.before is not None)
    beside = counted_beside(found, order, key, later=from_end, including=including)
    return [counted(found).label("counted"), beside.label("beside")]


def instead_of(place: Place, read: Stretch, size: int) -> Place | None:
    """Another place to show: the first page when a way back ends within it, the last one when nothing is so far."""
    beyond = place.before is None and (place.after is not None or place.number > 0)
    if beyond and not read.rows:
        return LAST
    return FIRST if place.before not in (None, END) and not read.more and len(read.rows) < size else None


def page_of(place: Place, read: Stretch, size: int) -> Page:
    """The page with its position and its links."""
    back = place.before is not None
    before = read.more if back else place.after is not None or place.number > 0
    behind = place.before is not END if back else read.more
    shown = bool(read.rows)
    pages = max(-(-read.count // size), 1)
    return Page(
        rows=read.rows,
        count=min(read.count, keyset.COUNT_CAP),
        capped=read.capped,
        position=_position(place, read, size),
        first=FIRST if before else None,
        earlier=_earlier(place, read, pages) if before else None,
        later=Place(_next(place.number), after=read.keys[-1]) if behind and shown else None,
        last=(LAST if read.capped else Place(pages - 1)) if behind and shown else None,
    )


def _earlier(place: Place, read: Stretch, pages: int) -> Place:
    if not read.rows:
        return Place(min(place.number, pages) - 1)
    return Place(place.number - 1 if place.number else 0, before=read.keys[0])


def _next(number: int) -> int:
    return number if number == -1 else number + 1


def _position(place: Place, read: Stretch, size: int) -> Position:
    shown = len(read.rows)
    ahead, behind = _ahead(place, read, size), _behind(place, read)
    if ahead is None and behind is not None and not read.capped:
        ahead = read.count - behind - shown
    if ahead is not None:
        return Position(ahead + 1, ahead + shown)
    if behind is not None:
        return Position(behind + 1, behind + shown, from_end=True)
    way = _way(place, size) if read.capped else min(_way(place, size), read.count - shown)
    return Position(way + 1, way + shown, from_end=place.number < 0, about=True)


def _way(place: Place, size: int) -> int:
    """How many rows lie on the way here, as the link counted them: from the first, or back from the last."""
    return (-place.number - 1 if place.number < 0 else place.number) * size


def _ahead(place: Place, read: Stretch, size: int) -> int | None:
    """The rows before the page, where they are known."""
    if place.after is None and place.before is None:
        return place.number * size
    if place.before is not None and not read.more:
        return 0
    if place.number < 0 or read.beside is None or read.beside > keyset.COUNT_CAP:
        return None
    return read.beside if place.before is None else read.beside - len(read.rows)


def _behind(place: Place, read: Stretch) -> int | None:
    """The rows behind the page, where they are known."""
    if place.before is END:
        return 0
    if place.number >= 0 or read.beside is None or read.beside > keyset.COUNT_CAP:
        return None
    return read.beside if place.before is not None else read.beside - len(read.rows)
