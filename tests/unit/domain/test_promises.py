"""The office's clock: working days after the submission, standing still while the application is away."""

from datetime import date, timedelta

import pytest

from app.domain.promises import Away, Clock, clock_of, never_due_before, times_away
from app.domain.states import State
from app.domain.values.workdays import Calendar

S = State
# November 2026: the 2nd is a Monday. Made-up holidays on Wednesday the 11th and Friday the 20th.
CALENDAR = Calendar(frozenset({date(2026, 11, 11), date(2026, 11, 20)}), frozenset({2569}))


def november(day: int) -> date:
    return date(2026, 11, day)


def away(left: int, back: int | None) -> Away:
    return Away(november(left), november(back) if back else None)


@pytest.mark.parametrize(
    ("times", "due"),
    [
        # 3, 4, 5, 6 and 9: the fifth working day after Monday the 2nd.
        ([], 9),
        # Away from the 4th to the 6th: 5 and 6 do not count, 3, 4, 9, 10, 12 do; the 11th is a holiday.
        ([away(4, 6)], 12),
        # Answered the same day: nothing was lost.
        ([away(4, 4)], 9),
        # Over a weekend, Friday to Sunday: no working day was lost.
        ([away(6, 8)], 9),
        # Returned on the holiday, back on Friday the 13th: counted are 3, 4, 5, 6, 9 already.
        ([away(11, 13)], 9),
        # Returned on Saturday the 7th, answered on the holiday: 9 and 10 are lost, the fifth day is the 12th.
        ([away(7, 11)], 12),
        # Twice: 4 and then 6 and 9 are lost. 3, 5, 10, 12, 13.
        ([away(3, 4), away(5, 9)], 13),
        # Back on the eve of a holiday: the 19th is lost, the 20th is closed. 3, 4, 5, 6, then 23.
        ([away(6, 19)], 23),
    ],
)
def test_day_the_check_is_due(times: list[Away], due: int) -> None:
    assert clock_of(november(2), 5, times, CALENDAR) == Clock(due=november(due))


@pytest.mark.parametrize(
    ("times", "stopped", "left"),
    [
        ([away(2, None)], 2, 5),
        # 3 and 4 are used, of the day of the return, too.
        ([away(4, None)], 4, 3),
        # 3 is used before the first question; 6 and 9 after it.
        ([away(3, 5), away(9, None)], 9, 2),
    ],
)
def test_clock_stands_still_while_the_application_is_away(times: list[Away], stopped: int, left: int) -> None:
    assert clock_of(november(2), 5, times, CALENDAR) == Clock(stopped_on=november(stopped), left=left)


def test_clock_tells_through_which_years_it_counted_without_a_list() -> None:
    # From Friday the 30th of October 2026 twice: once within the year, once to Thursday the 7th of January 2027.
    first = date(2026, 10, 30)

    assert clock_of(first, 5, [], CALENDAR).without_list == ()
    assert clock_of(date(2026, 12, 31), 5, [], CALENDAR) == Clock(due=date(2027, 1, 7), without_list=(2570,))
    asked_next_year = [Away(date(2027, 1, 1), None)]
    assert clock_of(date(2026, 12, 28), 5, asked_next_year, CALENDAR).without_list == (2570,)


def test_question_after_the_promised_day_changes_nothing() -> None:
    assert clock_of(november(2), 5, [away(12, None)], CALENDAR) == Clock(due=november(9))


@pytest.mark.parametrize(
    ("moves", "times"),
    [
        ([(S.SUBMITTED, 2), (S.RECEIVED, 3), (S.IN_REVIEW, 3)], []),
        ([(S.SUBMITTED, 2), (S.IN_REVIEW, 3), (S.RETURNED, 4)], [away(4, None)]),
        (
            [(S.SUBMITTED, 2), (S.RETURNED, 4), (S.IN_REVIEW, 6), (S.RETURNED, 9), (S.IN_REVIEW, 9)],
            [away(4, 6), away(9, 9)],
        ),
        # The time at the fund is no time of the office either, nor is the question the fund asks.
        ([(S.SUBMITTED, 2), (S.RECOMMENDED, 5), (S.RETURNED, 9), (S.IN_REVIEW, 12)], [away(5, 12)]),
    ],
)
def test_times_away_follow_the_moves(moves: list[tuple[State, int]], times: list[Away]) -> None:
    assert times_away((state, november(day)) for state, day in moves) == times


@pytest.mark.parametrize("promised", [1, 2, 5, 9])
def test_what_is_sent_later_is_never_due_before(promised: int) -> None:
    for day in range(9, 31):
        first = never_due_before(november(day), promised, CALENDAR)

        sent = [first - timedelta(days=1), first]
        due = [clock_of(each, promised, [], CALENDAR).due for each in sent]
        assert [each is not None and each >= november(day) for each in due] == [False, True]
