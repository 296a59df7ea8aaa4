"""Accounting years: their ends, which was closed last, what may not be recorded; offices' provinces and board terms."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.cooperatives import (
    Board,
    BoardChange,
    Guarantor,
    board_changes,
    board_mark,
    check_arrears,
    check_year_end,
    last_closed_year,
    pack_board,
    refuse_backward_term,
    refuse_foreign_office,
    refuse_future_year,
    unpack_board,
    year_end,
)
from app.domain.values.errors import RuleBroken

RAYONG, CHONBURI = SimpleNamespace(both_names="Rayong"), SimpleNamespace(both_names="Chon Buri")


@pytest.mark.parametrize(
    ("today", "day", "month", "year"),
    [
        (date(2026, 3, 30), 31, 3, 2568),
        (date(2026, 3, 31), 31, 3, 2569),
        (date(2026, 12, 30), 31, 12, 2568),
        (date(2026, 12, 30), None, None, 2568),
        (date(2026, 12, 31), None, None, 2569),
        # 29 February is the last day in other years, too.
        (date(2026, 2, 28), 29, 2, 2568),
        (date(2026, 3, 1), 29, 2, 2569),
    ],
)
def test_last_closed_accounting_year(today: date, day: int | None, month: int | None, year: int) -> None:
    assert last_closed_year(today, day, month) == year


@pytest.mark.parametrize(
    ("year", "day", "month", "last"),
    [
        (2569, 31, 3, date(2026, 3, 31)),
        (2568, 29, 2, date(2025, 2, 28)),
        (2567, 29, 2, date(2024, 2, 29)),
        (2569, None, None, date(2026, 12, 31)),
        (2569, None, 6, date(2026, 6, 30)),
    ],
)
def test_last_day_of_an_accounting_year(year: int, day: int | None, month: int | None, last: date) -> None:
    assert year_end(year, day, month) == last


@pytest.mark.parametrize(
    ("day", "month", "last"),
    [
        (31, 3, 2569),  # ends on this very day
        (1, 4, 2568),  # ends tomorrow
        # Not known when it ends: the running year may have ended.
        (None, None, 2569),
        (1, None, 2569),
        (None, 4, 2569),
    ],
)
def test_figures_are_recorded_up_to_the_last_year_that_has_ended(day: int | None, month: int | None, last: int) -> None:
    today = date(2026, 3, 31)

    refuse_future_year(last, today, day, month)
    with pytest.raises(RuleBroken, match=f"year {last + 1} has not ended yet. The last one that has ended is {last}"):
        refuse_future_year(last + 1, today, day, month)


def test_what_is_overdue_has_its_day_and_the_day_an_amount() -> None:
    check_arrears(None, None)
    check_arrears(Decimal(0), date(2026, 3, 31))

    with pytest.raises(RuleBroken) as without_day:
        check_arrears(Decimal(0), None)
    with pytest.raises(RuleBroken) as without_amount:
        check_arrears(None, date(2026, 3, 31))
    assert (without_day.value.field, without_amount.value.field) == ("arrears_on", "fund_arrears")


@pytest.mark.parametrize(("day", "month"), [(29, 2), (30, 4), (31, 12), (31, None), (None, 2)])
def test_an_accounting_year_ends_on_a_day_of_its_month(day: int | None, month: int | None) -> None:
    check_year_end(day, month)


@pytest.mark.parametrize(("day", "month"), [(30, 2), (31, 4)])
def test_an_accounting_year_does_not_end_on_a_day_that_its_month_lacks(day: int, month: int) -> None:
    with pytest.raises(RuleBroken, match=f"no day {day}"):
        check_year_end(day, month)


@pytest.mark.parametrize("served", [[CHONBURI], [RAYONG, CHONBURI], []], ids=["its own", "one of two", "central"])
def test_office_takes_cooperatives_of_its_provinces_and_the_central_division_all(served: list[SimpleNamespace]) -> None:
    refuse_foreign_office(SimpleNamespace(both_names="Office", provinces=served), CHONBURI)


def test_office_of_another_province_is_refused_by_name() -> None:
    with pytest.raises(RuleBroken) as refusal:
        refuse_foreign_office(SimpleNamespace(both_names="Office of Rayong", provinces=[RAYONG]), CHONBURI)

    assert refusal.value.values == {"office": "Office of Rayong", "province": "Chon Buri"}


def test_board_term_of_one_day_is_taken_and_one_that_ends_before_it_starts_is_not() -> None:
    refuse_backward_term(date(2026, 3, 1), date(2026, 3, 1))

    with pytest.raises(RuleBroken):
        refuse_backward_term(date(2026, 3, 1), date(2026, 2, 28))


def guarantor(key: int, name: str, position: str = "กรรมการ", ends: date = date(2028, 1, 14)) -> Guarantor:
    return Guarantor(key, name, position, date(2026, 1, 15), ends)


CHAIR, MANAGER, TREASURER = guarantor(1, "ก", "ประธาน"), guarantor(2, "ข", "ผู้จัดการ"), guarantor(3, "ค")


@pytest.mark.parametrize("board", [(), (CHAIR, MANAGER, guarantor(9, 'ง "จ" → \n'))])
def test_a_packed_board_comes_back_as_it_was(board: Board) -> None:
    assert unpack_board(pack_board(board)) == board
    assert board_mark(board) != board_mark((*board, TREASURER))


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        ((CHAIR, MANAGER), []),
        ((MANAGER, CHAIR), []),
        ((MANAGER,), [(CHAIR, None)]),
        ((CHAIR, MANAGER, TREASURER), [(None, TREASURER)]),
        ((guarantor(1, "ก", "กรรมการ"), MANAGER), [(CHAIR, guarantor(1, "ก", "กรรมการ"))]),
        # Taken out and put in again: the same person, and what differs of that person.
        ((MANAGER, guarantor(7, "ก", "ประธาน")), []),
        ((MANAGER, guarantor(7, "ก", "รองประธาน")), [(CHAIR, guarantor(7, "ก", "รองประธาน"))]),
        # Another name in the same row is a change, and not that of a namesake who came.
        ((guarantor(1, "ค", "ประธาน"), MANAGER), [(CHAIR, guarantor(1, "ค", "ประธาน"))]),
        ((), [(CHAIR, None), (MANAGER, None)]),
    ],
)
def test_changes_of_a_board_tell_who_came_left_and_changed(now: Board, changes: list[tuple[Any, Any]]) -> None:
    assert board_changes((CHAIR, MANAGER), now) == tuple(BoardChange(*each) for each in changes)
