"""How far a person reads: the values that scope.py turns into criteria."""

from dataclasses import dataclass
from enum import Enum, auto


class Reach(Enum):
    """Which cooperatives' rows; of ``OFFICE`` and ``SENT`` without applications that were never sent."""

    NOTHING = auto()
    COOPERATIVE = auto()
    OFFICE = auto()
    AGENDA = auto()
    APPROVED = auto()
    REGISTERS = auto()
    SENT = auto()
    ALL = auto()


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows one request reads, and whether it may write them at all."""

    reach: Reach
    user_id: int | None = None
    cooperative_id: int | None = None
    office_id: int | None = None
    may_write: bool = False


NOTHING = Scope(Reach.NOTHING)
EVERYTHING = Scope(Reach.ALL, may_write=True)
