"""Every rule on a loan: just allowed, just refused, and all of them judged together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.cooperatives import CooperativeKind
from app.domain.criteria import RULES as CRITERIA
from app.domain.criteria import Borrower, CriterionKind, YearFigures
from app.domain.eligibility import Line, judge
from app.domain.fixed_rules import FIXED, refusal_by
from app.domain.loan_checks import LoanFacts, per_cent
from app.domain.programmes import Criterion, Severity
from app.domain.values.errors import RuleBroken
from app.domain.values.text import Words

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
    {"envelope_left": Decimal(-1), "already_reserved": Decimal(5_000_000)},
    {"beneficiaries": 50},
    {"beneficiaries": 1, "members": 1, "member_loan_cap": None},
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
    ({"held_elsewhere": Decimal(11_000_000)}, "reach its ceiling", ("11,000,000.00", "10,000,000.00")),
    ({"held_elsewhere": Decimal(10_000_000)}, "reach its ceiling", ("10,000,000.00",)),
    ({"months": 61}, "longer than the programme's", ("61", "60")),
    ({"envelope_left": Decimal("4999999.99")}, "baht left", ("4,999,999.99", "5,000,000.00")),
    ({"envelope_left": Decimal(-1)}, "more are held", ("1.00 baht",)),
    ({"envelope_left": Decimal(0), "already_reserved": Decimal("4999999.99")}, "baht left", ("has 4,999,999.99",)),
    ({"borrowing_ceiling": Decimal("4999999.99")}, "borrowing ceiling", ("5,000,000.00", "4,999,999.99", "2570")),
    ({"borrowing_ceiling": Decimal(0)}, "borrowing ceiling", ("0.00",)),
    ({"beneficiaries": 1001}, "number of members", ("1,001", "1,000")),
    ({"kind_may_apply": False}, "kind of cooperative", ()),
    ({"place_may_apply": False}, "province", ()),
    ({"member_rate": Decimal("0.0501")}, "rate to members", ("5.01", "5.00")),
    ({"member_rate": Decimal("0.050001")}, "rate to members", ("5.0001", "5.00")),
    ({"purpose_written": False}, "what the members use the money for", ()),
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
        purpose_written=False,
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


@pytest.mark.parametrize(
    ("met", "severity", "unmet", "blocks"),
    [
        (False, Severity.BLOCK, True, True),
        (False, Severity.WARN, True, False),
        (False, Severity.PASS, False, False),
        *((met, severity, False, False) for met in (True, None) for severity in Severity),
    ],
)
def test_only_a_broken_rule_counts_as_unmet_and_only_a_strict_one_stops(
    met: bool | None, severity: Severity, unmet: bool, blocks: bool
) -> None:
    judged = Line("", Words(""), Words(""), met, severity)

    assert (judged.unmet, judged.blocks) == (unmet, blocks)


# What the check sheet shows of a good application: found, and allowed.
SHEET = {
    "The cooperative is active in the register": ("Yes", "Yes"),
    "The programme takes applications today": ("Yes", "Yes"),
    "Kind of cooperative": ("Yes", "Yes"),
    "Province of the cooperative": ("Yes", "Yes"),
    "Amount within the programme's ceiling": ("5,000,000.00 baht", "10,000,000.00 baht"),
    "Term within the programme's longest": ("24 months", "60 months"),
    "Money left in the programme": ("5,000,000.00 baht", "80,000,000.00 baht"),
    "Amount within the cooperative's own borrowing ceiling": ("5,000,000.00 baht", "20,000,000.00 baht"),
    "Rate to members": ("5.00 per cent a year", "5.00 per cent a year"),
    "Members who benefit": ("100 persons", "1,000 persons"),
    "Loan of each member": ("50,000.00 baht for each member on average", "100,000.00 baht"),
}


def test_the_check_sheet_shows_what_was_found_beside_what_is_allowed() -> None:
    borrower = Borrower(kind=CooperativeKind.SAVINGS, amount=GOOD.amount, today=GOOD.today)
    judged = judge(GOOD, borrower, ())

    assert {each.label: (str(each.found), str(each.limit)) for each in judged} == SHEET
    assert {each.met for each in judged} == {True}


@pytest.mark.parametrize(
    ("label", "values", "found", "limit"),
    [
        ("The cooperative is active in the register", {"cooperative_active": False}, "No", "Yes"),
        ("The programme takes applications today", {"programme_open": False}, "No", "Yes"),
        ("The programme takes applications today", {"today": date(2026, 9, 30)}, "No", "Yes"),
        ("The programme takes applications today", {"today": date(2026, 10, 1)}, "Yes", "Yes"),
        ("The programme takes applications today", {"today": date(2027, 9, 30)}, "Yes", "Yes"),
        ("The programme takes applications today", {"today": date(2027, 10, 1)}, "No", "Yes"),
        (
            "Amount within the programme's ceiling",
            {"held_elsewhere": Decimal(1_000_000)},
            "6,000,000.00 baht",
            "10,000,000.00 baht",
        ),
        ("Money left in the programme", {"envelope_left": Decimal("0.50")}, "5,000,000.00 baht", "0.50 baht"),
        ("Money left in the programme", {"envelope_left": Decimal(-1)}, "5,000,000.00 baht", "-1.00 baht"),
        ("Amount within the cooperative's own borrowing ceiling", {"borrowing_ceiling": None}, "5,000,000.00 baht",
         "not recorded"),
        ("Rate to members", {"highest_member_rate": None}, "5.00 per cent a year",
         "the ordinary-loan rate is not recorded"),
        ("Rate to members", {"highest_member_rate": None, "member_rate_ruled": False}, "5.00 per cent a year",
         "no limit"),
        ("Members who benefit", {"members": 0}, "100 persons", "not recorded"),
        ("Loan of each member", {"beneficiaries": 0}, "5,000,000.00 baht for each member on average",
         "100,000.00 baht"),
        ("Income of each member who borrows", {"member_income_cap": Decimal(35_000)},
         "the cooperative checks it at each loan", "at most 35,000.00 baht a month"),
        ("Income of each member who borrows", {"member_income_cap": Decimal(0)},
         "the cooperative checks it at each loan", "at most 0.00 baht a month"),
    ],
)  # fmt: skip
def test_the_check_sheet_follows_the_facts(label: str, values: dict[str, Any], found: str, limit: str) -> None:
    judged = line(label, **values)

    assert judged is not None
    assert (str(judged.found), str(judged.limit)) == (found, limit)


def test_one_member_is_judged_as_many_are() -> None:
    judged = line("Members who benefit", beneficiaries=1, members=1)

    assert judged is not None
    assert judged.met is True


def test_terms_without_a_notification_are_named_by_their_version() -> None:
    label = "Term within the programme's longest"

    assert [str(judged.source) for version in (0, 3) if (judged := line(label, terms_version=version))] == [
        "Terms of the programme",
        "Terms of the programme, version 3",
    ]


# Capital and reserve are 46 million; a savings cooperative may owe 1.5 times of it, a credit union 5 times.
@pytest.mark.parametrize(
    ("kind", "most"), [(CooperativeKind.SAVINGS, 69_000_000), (CooperativeKind.CREDIT_UNION, 230_000_000)]
)
@pytest.mark.parametrize(("beyond", "met"), [("0.00", True), ("0.01", False)])
def test_a_criterion_is_judged_by_its_own_figures(kind: CooperativeKind, most: int, beyond: str, met: bool) -> None:
    year = YearFigures(2568, Decimal(40_000_000), Decimal(6_000_000), Decimal(0), Decimal(1))
    borrower = Borrower(kind=kind, amount=most + Decimal(beyond), today=GOOD.today, years=(year,))
    criterion = Criterion(CriterionKind.DEBT_TO_CAPITAL, Severity.BLOCK, Decimal("1.5"), Decimal(5))

    (judged,) = (each for each in judge(GOOD, borrower, [criterion]) if each.label == criterion.kind.label)

    assert (judged.met, judged.blocks, judged.refusal is None) == (met, not met, met)
    assert str(judged.limit) == f"{most:,}.00 baht"


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [("0.05", "5.00"), ("0.025", "2.50"), ("0.0275", "2.75"), ("0.00125", "0.125"), ("0.050001", "5.0001")],
)
def test_a_rate_has_two_decimals_or_as_many_more_as_it_needs(fraction: str, shown: str) -> None:
    assert per_cent(Decimal(fraction)) == shown
