"""A programme's terms: which rates a loan has, who decides, what members may pay; and as plain values and back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.costs import RateRule
from app.domain.criteria import CriterionKind
from app.domain.programme_file import DoesNotFit, from_plain, to_plain
from app.domain.programmes import (
    ApprovalStep,
    ApprovingBody,
    Criterion,
    DocumentAsked,
    DocumentCondition,
    OnLendingRule,
    ProgrammeTerms,
    Severity,
)
from app.domain.schedule import RateStep
from app.domain.values.errors import RuleBroken
from app.domain.values.money import LARGEST_AMOUNT

D = Decimal
TERMS = ProgrammeTerms(
    opens_on=date(2026, 10, 1),
    closes_on=date(2027, 9, 30),
    envelope=D(80_000_000),
    ceiling=D(30_000_000),
    longest_term=60,
    annual_rate=D("0.03"),
)
BUCKETS = (RateRule(1, 12, 1, D("0.0275")), RateRule(13, 60, 1, D("0.03")))
STEPS = (RateRule(1, None, 1, D("0.005")), RateRule(1, None, 13, D("0.01")), RateRule(1, None, 25, D("0.015")))


@pytest.mark.parametrize(("months", "rate"), [(1, "0.0275"), (12, "0.0275"), (13, "0.03"), (60, "0.03")])
def test_the_rate_follows_the_term(months: int, rate: str) -> None:
    assert replace(TERMS, rates=BUCKETS).rate_steps(months, first_time=True) == (RateStep(1, D(rate)),)


def test_without_a_step_the_programme_s_own_rate_holds() -> None:
    assert TERMS.rate_steps(24, first_time=False) == (RateStep(1, D("0.03")),)


@pytest.mark.parametrize(
    "rates",
    [
        (),
        BUCKETS,
        STEPS,
        (RateRule(5, 7, 3, D("0.07")), RateRule(6, 6, 6, D("0.08")), RateRule(8, 200, 61, D("0.09"))),
        (RateRule(1, 59, 1, D("0.04")), RateRule(60, 60, 60, D("0.01"))),
        (RateRule(61, None, 1, D("0.09")), RateRule(2, 30, 31, D("0.08"))),
        (RateRule(2, None, 1, D("0.04")),),
        (RateRule(1, 10, 1, D("0.09")), RateRule(12, None, 1, D("0.08"))),
    ],
)
def test_the_lowest_and_highest_rate_are_those_of_all_terms(rates: tuple[RateRule, ...]) -> None:
    terms = replace(TERMS, rates=rates, free_months=3)

    found = {step.annual_rate for months in range(1, 61) for step in terms.rate_steps(months, first_time=False)}
    assert terms.rate_bounds() == (min(found), max(found))


def test_interest_free_months_hold_for_a_first_loan_only() -> None:
    terms = replace(TERMS, rates=STEPS, free_months=3)

    assert terms.rate_steps(24, first_time=False) == (RateStep(1, D("0.005")), RateStep(13, D("0.01")))
    assert terms.rate_steps(24, first_time=True) == (
        RateStep(1, D(0)),
        RateStep(4, D("0.005")),
        RateStep(13, D("0.01")),
    )


def test_the_rate_after_interest_free_months_is_that_of_the_month_they_end_before() -> None:
    fourth = replace(TERMS, rates=(RateRule(1, None, 4, D("0.01")), RateRule(1, None, 5, D("0.02"))), free_months=3)
    fifth = replace(TERMS, rates=(RateRule(1, None, 5, D("0.02")),), free_months=3)

    free = RateStep(1, D(0))
    assert fourth.rate_steps(12, first_time=True) == (free, RateStep(4, D("0.01")), RateStep(5, D("0.02")))
    assert fifth.rate_steps(12, first_time=True) == (free, RateStep(4, D("0.03")), RateStep(5, D("0.02")))


def test_interest_free_months_swallow_steps_within_them() -> None:
    terms = replace(TERMS, rates=(RateRule(1, None, 1, D("0.01")), RateRule(1, None, 3, D("0.02"))), free_months=3)

    assert terms.rate_steps(12, first_time=True) == (RateStep(1, D(0)), RateStep(4, D("0.02")))
    assert terms.rate_steps(3, first_time=True) == (RateStep(1, D(0)),)


@pytest.mark.parametrize(
    ("rule", "figure", "ordinary", "highest"),
    [
        (OnLendingRule.ABSOLUTE_CAP, "0.05", None, "0.05"),
        (OnLendingRule.DISCOUNT_FROM_ORDINARY, "0.0175", "0.065", "0.0475"),
        (OnLendingRule.DISCOUNT_FROM_ORDINARY, "0.0225", "0.065", "0.0425"),
        (OnLendingRule.DISCOUNT_FROM_ORDINARY, "0.0225", "0.02", "0"),
    ],
)
def test_members_pay_at_most(rule: OnLendingRule, figure: str, ordinary: str | None, highest: str) -> None:
    terms = replace(TERMS, on_lending_rule=rule, on_lending_figure=D(figure))

    assert terms.highest_member_rate(D(ordinary) if ordinary else None) == D(highest)


def test_without_an_ordinary_rate_a_discount_cannot_be_checked() -> None:
    terms = replace(TERMS, on_lending_rule=OnLendingRule.DISCOUNT_FROM_ORDINARY, on_lending_figure=D("0.0175"))

    assert terms.highest_member_rate(None) is None
    assert TERMS.highest_member_rate(D("0.065")) is None
    assert replace(TERMS, on_lending_figure=D("0.05")).highest_member_rate(D("0.065")) is None


def test_the_lowest_level_that_reaches_the_amount_decides() -> None:
    levels = (ApprovalStep(None, ApprovingBody.BOARD), ApprovalStep(D(5_000_000), ApprovingBody.SUBCOMMITTEE))
    terms = replace(TERMS, approval_levels=levels)

    assert terms.decided_by(D(5_000_000)) is ApprovingBody.SUBCOMMITTEE
    assert terms.decided_by(D("5000000.01")) is ApprovingBody.BOARD
    assert TERMS.decided_by(D(1)) is None


def test_levels_may_be_written_in_any_order() -> None:
    levels = (ApprovalStep(D(9_000_000), ApprovingBody.BOARD), ApprovalStep(D(5_000_000), ApprovingBody.SUBCOMMITTEE))

    assert replace(TERMS, approval_levels=levels).decided_by(D(1)) is ApprovingBody.SUBCOMMITTEE


LEVELS = (ApprovalStep(None, ApprovingBody.BOARD), ApprovalStep(None, ApprovingBody.SUBCOMMITTEE))
DEBT_WITHOUT_FIGURES = Criterion(CriterionKind.DEBT_TO_CAPITAL, Severity.WARN)
PROFIT = Criterion(CriterionKind.PROFIT_YEARS, Severity.WARN, D(2), D(3))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"closes_on": date(2026, 9, 30)}, "closes_on"),
        ({"opens_on": date(2569, 10, 1)}, "opens_on"),
        ({"opens_on": date(1989, 12, 31)}, "opens_on"),
        ({"closes_on": date(2201, 1, 1)}, "closes_on"),
        ({"ceiling": D(0)}, "ceiling"),
        ({"envelope": D(0)}, "envelope"),
        ({"ceiling": D(80_000_001)}, "ceiling"),
        ({"member_income_cap": D("0.005")}, "member_income_cap"),
        ({"amount_unit": D(0)}, "amount_unit"),
        ({"interest_unit": D(0)}, "interest_unit"),
        ({"annual_rate": D(3)}, "annual_rate"),
        ({"annual_rate": D(1)}, "annual_rate"),
        ({"annual_rate": D("0.0275001")}, "annual_rate"),
        ({"rates": (*BUCKETS, RateRule(61, None, 1, D("1.5")))}, "rates.2.annual_rate"),
        ({"rates": (RateRule(1, 12, 361, D(0)),)}, "rates.0.from_month"),
        ({"rates": (RateRule(13, 12, 1, D(0)),)}, "rates.0.longest_term"),
        ({"rates": (RateRule(1, 12, 1, D(0)), RateRule(12, None, 1, D(0)))}, "rates.1.from_month"),
        ({"rates": (RateRule(12, 24, 1, D(0)), RateRule(1, 12, 1, D(0)))}, "rates.1.from_month"),
        ({"longest_term": 361}, "longest_term"),
        ({"longest_term": 0}, "longest_term"),
        ({"free_months": 61}, "free_months"),
        ({"on_lending_rule": OnLendingRule.ABSOLUTE_CAP}, "on_lending_rule"),
        ({"on_lending_figure": D("0.05")}, "on_lending_figure"),
        ({"approval_levels": LEVELS}, "approval_levels.1.up_to"),
        ({"approval_levels": (ApprovalStep(D(-1), ApprovingBody.BOARD),)}, "approval_levels.0.up_to"),
        ({"kinds": ()}, "kinds"),
        ({"criteria": (DEBT_WITHOUT_FIGURES,)}, "criteria.0.figure"),
        ({"criteria": (PROFIT, PROFIT)}, "criteria.1.kind"),
    ],
)
def test_terms_that_contradict_themselves_are_refused_at_their_place(changes: dict[str, Any], place: str) -> None:
    TERMS.refuse_odd()

    with pytest.raises(RuleBroken) as refused:
        replace(TERMS, **changes).refuse_odd()

    assert refused.value.field == place


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_on": TERMS.opens_on},
        {"opens_on": date(1990, 1, 1)},
        {"closes_on": date(2200, 12, 31)},
        {"envelope": D(1), "ceiling": D("0.01")},
        {"ceiling": D(80_000_000)},
        {"member_income_cap": D(0)},
        {"member_income_cap": LARGEST_AMOUNT},
        {"rates": STEPS},
        {"rates": (RateRule(12, 12, 1, D(0)),)},
        {"rates": (RateRule(13, 24, 1, D(0)), RateRule(1, 12, 1, D(0)))},
        {"longest_term": 1},
        {"longest_term": 360},
        {"free_months": 60},
    ],
)
def test_terms_that_are_just_possible_are_taken(changes: dict[str, Any]) -> None:
    replace(TERMS, **changes).refuse_odd()


@pytest.mark.parametrize(
    "changes",
    [
        {"ceiling": D("9" * 50)},
        {"annual_rate": D("9" * 50)},
        {"annual_rate": D("0." + "1" * 20 + "9" * 30)},
        {"longest_term": int("9" * 50)},
    ],
)
def test_a_figure_far_too_long_is_named_by_its_first_forty_characters(changes: dict[str, Any]) -> None:
    (figure,) = changes.values()

    with pytest.raises(RuleBroken) as refused:
        replace(TERMS, **changes).refuse_odd()

    assert refused.value.values["found"] == str(figure)[:40]


FULL = replace(
    TERMS,
    rates=BUCKETS,
    provinces=("TH-20", "TH-21"),
    approval_levels=(ApprovalStep(D(5_000_000), ApprovingBody.SUBCOMMITTEE),),
    criteria=(Criterion(CriterionKind.DEBT_TO_CAPITAL, Severity.BLOCK, D("1.5"), D(5), False, "TG:35730"),),
    documents=(DocumentAsked("certificate", True, DocumentCondition.NEW_BORROWER),),
    on_lending_rule=OnLendingRule.ABSOLUTE_CAP,
    on_lending_figure=D("0.05"),
)


def test_terms_come_back_from_plain_values_as_they_went() -> None:
    assert from_plain(to_plain(FULL)) == FULL


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"ceiling": "a lot"}, ("ceiling",)),
        ({"ceiling": 0.5}, ("ceiling",)),
        ({"ceiling": "NaN"}, ("ceiling",)),
        ({"longest_term": "60"}, ("longest_term",)),
        ({"longest_term": True}, ("longest_term",)),
        ({"opens_on": "2026-02-30"}, ("opens_on",)),
        ({"day_count": "act_364"}, ("day_count",)),
        ({"waiting_list": "yes"}, ("waiting_list",)),
        ({"rates": {}}, ("rates",)),
        ({"rates": [5]}, ("rates", 0)),
        ({"rates": [{"shortest_term": 1}]}, ("rates", 0, "longest_term")),
        ({"rate": "0.03"}, ("rate",)),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_to_it(changes: dict[str, Any], path: tuple[Any, ...]) -> None:
    with pytest.raises(DoesNotFit) as refusal:
        from_plain({**to_plain(TERMS), **changes})

    assert refusal.value.path == path


def test_what_does_not_fit_is_named_by_the_way_to_it() -> None:
    with pytest.raises(DoesNotFit, match=r"^rates\.0 must be names with values\.$"):
        from_plain({**to_plain(TERMS), "rates": [5]})
    with pytest.raises(DoesNotFit, match=r"^– must be names with values\.$"):
        from_plain(5)


def test_a_long_value_is_named_by_its_beginning() -> None:
    with pytest.raises(DoesNotFit) as refusal:
        from_plain({**to_plain(TERMS), "ceiling": "x" * 100})

    assert refusal.value.values["found"] == "x" * 60


def test_plain_values_that_contradict_themselves_are_refused_like_terms() -> None:
    with pytest.raises(RuleBroken) as refusal:
        from_plain({**to_plain(TERMS), "closes_on": "2026-09-30"})

    assert refusal.value.field == "closes_on"


@pytest.mark.parametrize(("months", "grace"), [(24, 6), (7, 6), (6, 5), (1, 0)])
def test_instalments_without_principal_leave_one_with_it(months: int, grace: int) -> None:
    terms = replace(TERMS, grace_months=6)

    loan = terms.loan_terms(
        D(1_000_000), months, paid_out_on=date(2026, 11, 30), first_due_on=date(2026, 12, 31), first_time=False
    )

    assert loan.principal_grace == grace
