"""Who types wrong passwords waits longer each time, and never for ever."""

from datetime import timedelta

import pytest

from app.domain.values.waiting import waiting_time

LONGEST = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10_000, 15)]
)
def test_the_wait_doubles_up_to_the_longest(failures: int, minutes: int) -> None:
    assert waiting_time(failures, free=5, longest=LONGEST) == timedelta(minutes=minutes)


def test_the_longest_wait_is_the_longest_also_when_it_is_short() -> None:
    assert waiting_time(5, free=5, longest=timedelta(seconds=30)) == timedelta(seconds=30)
