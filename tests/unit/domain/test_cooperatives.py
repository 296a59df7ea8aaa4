"""Which accounting year of a cooperative was closed last."""

from datetime import date

import pytest

from app.domain.cooperatives import last_closed_year


@pytest.mark.parametrize(
    ("today", "day", "month", "year"),
    [
        (date(2026, 3, 30), 31, 3, 2568),
        (date(2026, 3, 31), 31, 3, 2569),
        (date(2026, 12, 30), 31, 12, 2568),
        (date(2026, 12, 31), None, None, 2569),
        # 29 February is the last day in other years, too.
        (date(2026, 2, 28), 29, 2, 2568),
        (date(2026, 3, 1), 29, 2, 2569),
    ],
)
def test_last_closed_accounting_year(today: date, day: int | None, month: int | None, year: int) -> None:
    assert last_closed_year(today, day, month) == year
