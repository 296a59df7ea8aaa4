"""Every rule on a loan: just allowed, just refused, and all of them judged together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.cooperatives import CooperativeKind
from app.domain.criteria import RULES as CRITERIA
from app.domain.criteria import Borrower, CriterionKind
from app.domain.eligibility import Line, judge
from app.domain.errors import RuleBroken
from app.domain.fixed_rules import FIXED, refusal_by
from app.domain.loan_checks import LoanFacts
from app.domain.programmes import Criterion, Severity

GOOD = LoanFacts(
    today=date(2026, 11, 16),
    programme_open=True,
    opens_on=date(2026, 10, 1),
    closes_on=date(2027, 9, 30),
    amount=Decimal(5_000_000),
    months=24,
    ceiling=Decimal(10_000_000),
    longest_term=60,
    envelope_left=Decimal(80_000_000),
    borrowing_ceiling=Decimal(20_000_000),
    fiscal_year=2570,
    beneficiaries=100,
    members=1000,
    member_rate=Decimal("0.05"),
    highest_member_rate=Decimal("0.05"),
    member_rate_ruled=True,
    member_loan_cap=Decimal(100_000),
)


def broken_rules(facts: LoanFacts) -> tuple[RuleBroken, ...]:
    return tuple(refusal for rule in FIXED if (refusal := refusal_by(rule, facts)) is not None)


def line(label: str, **values: Any) -> Line | None:
    borrower = Borrower(kind=CooperativeKind.SAVINGS, amount=GOOD.amount, today=GOOD.today)
    return next((each for each in judge(replace(GOOD, **values), borrower, ()) if each.label == label), None)


# What is just within each limit.
ALLOWED: list[dict[str, Any]] = [
    {},
    {"today": date(2026, 10, 1)},
    {"today": date(2027, 9, 30)},
    {"amount": Decimal(10_000_000), "member_loan_cap": None},
    {"amount": Decimal(10_000_000)},
    {"held_elsewhere": Decimal(5_000_000)},
    {"months": 60},
    {"envelope_left": Decimal(5_000_000)},
    {"borrowing_ceiling": Decimal(5_000_000)},
    {"borrowing_ceiling": None},
    {"beneficiaries": 1000},
    {"beneficiaries": 5000, "members": 0},  # nobody has counted the members yet
    {"member_rate": Decimal("0.15"), "highest_member_rate": None},
    {"member_rate": Decimal("0.15"), "highest_member_rate": None, "member_rate_ruled": False},
    {"envelope_left": Decimal(0), "may_wait": True},
    {"beneficiaries": 50},
]

# What is just beyond, and the figures the message must name.
REFUSED: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({"cooperative_active": False}, "suspended or closed", ()),
    ({"programme_open": False}, "does not take applications", ()),
    ({"today": date(2026, 9, 30)}, "does not take applications", ()),
    ({"today": date(2027, 10, 1)}, "does not take applications", ()),
    (
        {"amount": Decimal("10000000.01"), "member_loan_cap": None},
        "programme's ceiling",
        ("10,000,000.01", "10,000,000.00"),
    ),
    ({"held_elsewhere": Decimal("5000000.01")}, "other applications", ("5,000,000.01", "at most 4,999,999.99")),
    ({"months": 61}, "longer than the programme's", ("61", "60")),
    ({"envelope_left": Decimal("4999999.99")}, "baht left", ("4,999,999.99", "5,000,000.00")),
    ({"envelope_left": Decimal(-1)}, "has 0.00 baht left", ("5,000,000.00",)),
    ({"borrowing_ceiling": Decimal("4999999.99")}, "borrowing ceiling", ("5,000,000.00", "4,999,999.99", "2570")),
    ({"borrowing_ceiling": Decimal(0)}, "borrowing ceiling", ("0.00",)),
    ({"beneficiaries": 1001}, "number of members", ("1,001", "1,000")),
    ({"kind_may_apply": False}, "kind of cooperative", ()),
    ({"place_may_apply": False}, "province", ()),
    ({"member_rate": Decimal("0.0501")}, "rate to members", ("5.01", "5.00")),
    ({"member_rate": Decimal("0.050001")}, "rate to members", ("5.0001", "5.00")),
    ({"beneficiaries": 49}, "may borrow", ("49 members", "4,900,000.00", "100,000.00", "5,000,000.00")),
]


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_within_every_limit_is_allowed(values: dict[str, Any]) -> None:
    assert broken_rules(replace(GOOD, **values)) == ()


@pytest.mark.parametrize(("values", "said", "figures"), REFUSED)
def test_what_is_beyond_one_limit_breaks_one_rule(values: dict[str, Any], said: str, figures: tuple[str, ...]) -> None:
    (refusal,) = broken_rules(replace(GOOD, **values))

    assert said in str(refusal)
    assert all(figure in str(refusal) for figure in figures)


def test_every_rule_is_judged_and_none_hides_another() -> None:
    worst = replace(
        GOOD,
        cooperative_active=False,
        programme_open=False,
        amount=Decimal(11_000_000),
        months=61,
        envelope_left=Decimal(1),
        borrowing_ceiling=Decimal(1),
        beneficiaries=11,
        members=10,
        kind_may_apply=False,
        place_may_apply=False,
        member_rate=Decimal("0.06"),
    )

    # The income of each member is for the cooperative to check: nothing here refuses it.
    assert len(broken_rules(worst)) == len(FIXED) - 1


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("Rate to members", {"highest_member_rate": None}),
        ("Amount within the cooperative's own borrowing ceiling", {"borrowing_ceiling": None}),
        ("Members who benefit", {"members": 0}),
        ("Income of each member who borrows", {"member_income_cap": Decimal(35_000)}),
    ],
)
def test_what_is_not_known_is_neither_met_nor_refused(label: str, values: dict[str, Any]) -> None:
    found = line(label, **values)

    assert found is not None
    assert (found.met, found.refusal) == (None, None)


def test_a_rule_of_members_is_shown_only_where_the_programme_has_it() -> None:
    assert line("Loan of each member", member_loan_cap=None) is None
    assert line("Income of each member who borrows") is None


def test_a_loan_above_the_cap_of_its_members_warns_the_officer_and_stops_nobody() -> None:
    found = line("Loan of each member", beneficiaries=49)

    assert found is not None
    assert (found.severity, found.blocks, found.unmet) == (Severity.WARN, False, True)


def test_every_line_says_where_its_limit_comes_from() -> None:
    borrower = Borrower(kind=CooperativeKind.SAVINGS, amount=GOOD.amount, today=GOOD.today)
    sources = {str(each.source) for each in judge(replace(GOOD, terms_source="ประกาศ 1/2570"), borrower, ())}

    assert sources == {"Register of cooperatives", "Terms of the programme: ประกาศ 1/2570"}


def test_each_kind_of_criterion_is_judged_once() -> None:
    of_terms = {rule.kind for rule in FIXED if rule.kind is not None}

    assert of_terms | set(CRITERIA) == set(CriterionKind)
    assert not of_terms & set(CRITERIA)


def test_a_programme_says_what_breaking_a_rule_of_its_terms_means() -> None:
    borrower = Borrower(kind=CooperativeKind.SAVINGS, amount=GOOD.amount, today=GOOD.today)
    criterion = Criterion(CriterionKind.ON_LENDING_RATE, Severity.WARN, source="มติ 3/2570")
    facts = replace(GOOD, member_rate=Decimal("0.06"))

    (judged,) = (each for each in judge(facts, borrower, [criterion]) if each.label == criterion.kind.label)

    assert (judged.met, judged.severity, judged.blocks, judged.assumed) == (False, Severity.WARN, False, True)
    assert str(judged.source) == "Source: มติ 3/2570"
