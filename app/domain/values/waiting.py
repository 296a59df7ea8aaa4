"""How long whoever typed wrong passwords waits: longer each time, and never for ever."""

from datetime import timedelta

FIRST = timedelta(minutes=1)


def waiting_time(failures: int, *, free: int, longest: timedelta) -> timedelta:
    """How long to wait after the last of some wrong passwords: not at all after fewer than ``free``, then a minute, and
    twice as long after each further one, up to ``longest``.
    """
    over = failures - free
    return timedelta() if over < 0 else min(FIRST * 2 ** min(over, 16), longest)
