"""The demonstration's applications reproduce what was published, and break none of the fund's own rules."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.demo import cooperatives, loans, past_loans, programmes
from app.demo.loan_rows import Application, working_day
from app.demo.terms import million
from app.domain.states import HOLDS_MONEY, State
from app.domain.values.calendar import fiscal_year

TODAY = date(2026, 11, 22)
ALL = loans.APPLICATIONS
APPROVED = tuple(each for each in ALL if each.status == State.APPROVED)
# A cooperative may prepare, send or take back an application on any day; the fund moves one on working days.
LOOKED_AT = frozenset(State) - {State.DRAFT, State.SUBMITTED, State.WITHDRAWN, State.EXPIRED}


def baht(applications: Iterable[Application]) -> Decimal:
    return sum((each.amount_approved or Decimal(0) for each in applications), Decimal(0))


def distinct(applications: Iterable[Application]) -> int:
    return len({each.cooperative for each in applications})


def people_in(applications: Iterable[Application]) -> int:
    return sum(each.beneficiaries for each in applications)


def decided(first: date, last: date) -> list[Application]:
    return [each for each in APPROVED if each.decided_on and first <= each.decided_on <= last]


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


# Published figures


def test_fiscal_year_2566_has_ten_cooperatives_not_eleven() -> None:
    year = [each for each in APPROVED if each.decided_on and fiscal_year(each.decided_on) == 2566]

    # 25 + 4 + 100 = 129 million; 3 + 1 + 7 = 11 loans; one cooperative borrowed twice.
    assert (distinct(year), len(year), baht(year)) == (10, 11, Decimal(129_000_000))
    assert people_in(year) == 5187


@pytest.mark.parametrize(
    ("key", "borrowers", "amount"), [("normal-2566", 3, 25), ("covid-2566", 1, 4), ("top-up-2566", 7, 100)]
)
def test_fiscal_year_2566_by_programme(key: str, borrowers: int, amount: int) -> None:
    lent = [each for each in APPROVED if each.programme == key]

    assert (distinct(lent), len(lent), baht(lent)) == (borrowers, borrowers, million(str(amount)))


def test_first_five_months_of_fiscal_year_2562() -> None:
    lent = decided(date(2018, 10, 1), date(2019, 2, 28))

    assert (distinct(lent), baht(lent), people_in(lent)) == (5, Decimal(34_500_000), 1705)


def test_first_half_of_fiscal_year_2567() -> None:
    lent = decided(date(2023, 10, 1), date(2024, 3, 31))

    assert (distinct(lent), baht(lent)) == (2, Decimal(5_800_000))


def test_increase_between_april_and_june_2567() -> None:
    lent = decided(date(2024, 4, 14), date(2024, 6, 20))

    # 2,743.05 - 2,669.27 million; 280,821 - 269,478 people
    assert (distinct(lent), baht(lent), people_in(lent)) == (5, Decimal(73_780_000), 11_343)


@pytest.mark.parametrize(
    ("cooperative", "day", "amount"),
    [
        ("liteon-electronics", date(2018, 2, 19), 5_620_000),
        ("thasae-staff", date(2018, 2, 19), 7_000_000),
        ("edt-latkrabang", date(2018, 8, 10), 10_000_000),
        ("royal-orchid", date(2020, 1, 23), 3_000_000),
        ("royal-orchid", date(2020, 7, 16), 3_000_000),
        ("securicor", date(2021, 5, 17), 10_000_000),
    ],
)
def test_loan_named_in_the_news(cooperative: str, day: date, amount: int) -> None:
    found = [each for each in APPROVED if (each.cooperative, each.decided_on) == (cooperative, day)]

    assert [each.amount_approved for each in found] == [amount]
    assert all(each.origin == "published" and each.source for each in found)


def test_real_cooperatives_have_no_invented_loans() -> None:
    invented = {each.cooperative for each in ALL if each.origin != "published"}

    assert not any(cooperatives.BY_KEY[key].named_in_public for key in invented)


# Applications


def test_application_keys_are_unique_and_generation_repeats_itself() -> None:
    assert not repeated(each.key for each in ALL)
    assert past_loans.generated() == past_loans.generated()


@pytest.mark.parametrize("application", ALL, ids=lambda each: each.key)
def test_application_keeps_to_its_programme(application: Application) -> None:
    programme = programmes.BY_KEY[application.programme]
    came_in = application.submitted_on or application.moved_on

    assert programme.status != "draft"
    assert programme.opens_on <= application.started_on <= came_in <= programme.closes_on
    assert 0 < (application.amount_approved or 1) <= application.amount_asked <= programme.ceiling
    assert 0 < application.months <= programme.longest_term_months
    if programme.member_loan_cap is not None:
        assert application.amount_asked <= application.beneficiaries * programme.member_loan_cap


@pytest.mark.parametrize("application", ALL, ids=lambda each: each.key)
def test_application_is_within_the_cooperatives_means(application: Application) -> None:
    cooperative = cooperatives.BY_KEY[application.cooperative]
    programme = programmes.BY_KEY[application.programme]

    assert application.amount_asked <= cooperative.annual_borrowing_ceiling
    assert 0 < application.beneficiaries <= cooperative.members
    assert programme.annual_rate <= application.member_rate <= cooperative.ordinary_rate
    if programme.member_rate_cap is not None:
        assert application.member_rate <= programme.member_rate_cap
    if programme.member_rate_discount is not None:
        assert application.member_rate <= cooperative.ordinary_rate - programme.member_rate_discount


@pytest.mark.parametrize("application", ALL, ids=lambda each: each.key)
def test_application_tells_a_possible_story(application: Application) -> None:
    state = State(application.status)

    assert (application.amount_approved is not None) == (state is State.APPROVED)
    assert (application.submitted_on is None) == (state is State.DRAFT)
    assert (application.decided_on is not None) == (state in {State.APPROVED, State.REJECTED, State.DEFERRED})
    assert (application.submitted_on or application.started_on) <= application.moved_on < TODAY
    assert state not in LOOKED_AT or application.moved_on == working_day(application.moved_on)
    if state in {State.RETURNED, State.REJECTED, State.DEFERRED, State.WITHDRAWN, State.EXPIRED}:
        assert application.reason_th


def test_reduced_amounts_are_explained() -> None:
    reduced = [each for each in APPROVED if each.amount_approved != each.amount_asked]

    assert reduced
    assert all(each.reason_th for each in reduced)


@pytest.mark.parametrize("key", programmes.BY_KEY)
def test_no_envelope_is_overdrawn(key: str) -> None:
    held = [each for each in ALL if each.programme == key and each.status in HOLDS_MONEY]
    lent = [each for each in APPROVED if each.programme == key]

    assert baht(lent) + sum(each.amount_asked for each in held) <= programmes.BY_KEY[key].envelope


def test_a_cooperative_has_at_most_one_application_under_way() -> None:
    over = {State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED}

    assert not repeated(each.cooperative for each in ALL if each.status not in over)


def test_map_shows_at_least_18_provinces_altogether_and_in_the_last_full_year() -> None:
    def provinces(applications: Iterable[Application]) -> set[str]:
        return {cooperatives.BY_KEY[each.cooperative].province for each in applications}

    assert len(provinces(APPROVED)) >= 18
    assert len(provinces(decided(date(2025, 10, 1), date(2026, 9, 30)))) >= 18


def test_open_fiscal_year_has_every_state_to_look_at() -> None:
    year = [each for each in ALL if each.key.startswith("open-")]

    assert len(year) == 25
    assert {each.status for each in year} == {state.value for state in State} - {"approved", "expired"}
    assert {"TH-20", "TH-13"} <= {cooperatives.BY_KEY[each.cooperative].office for each in year}


def test_first_demonstration_cooperative_has_one_loan_behind_it_and_one_application_under_review() -> None:
    own = [each for each in ALL if each.cooperative == "chonburi-1"]

    assert sorted(each.status for each in own) == ["approved", "in_review"]


def test_approved_loans_cover_every_fiscal_year() -> None:
    years = {fiscal_year(each.decided_on) for each in APPROVED if each.decided_on}

    assert years == set(range(2561, 2571))


def test_decisions_follow_submission_within_reason() -> None:
    waits = [each.decided_on - each.submitted_on for each in APPROVED if each.decided_on and each.submitted_on]

    assert all(timedelta(days=7) <= wait <= timedelta(days=150) for wait in waits)
