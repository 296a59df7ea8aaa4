"""How long a file is kept after its application ended."""

from datetime import date

import pytest

from app.domain.papers import kept_until


@pytest.mark.parametrize(
    ("ended", "years", "last_day"),
    [
        (date(2026, 11, 16), 10, date(2036, 11, 16)),
        (date(2026, 11, 16), 0, date(2026, 11, 16)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2028, 2, 29), 1, date(2029, 3, 1)),
        (date(2026, 11, 16), 9000, date.max),
    ],
)
def test_a_file_is_kept_to_the_same_day_of_a_later_year(ended: date, years: int, last_day: date) -> None:
    assert kept_until(ended, years) == last_day


def test_the_last_year_there_is_has_days_like_any_other() -> None:
    assert kept_until(date(9998, 5, 5), 1) == date(9999, 5, 5)
