"""Every rule on a loan: just allowed, just refused, and all of them judged together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.eligibility import RULES, LoanFacts, broken_rules

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
)

# What is just within each limit.
ALLOWED: list[dict[str, Any]] = [
    {},
    {"today": date(2026, 10, 1)},
    {"today": date(2027, 9, 30)},
    {"amount": Decimal(10_000_000)},
    {"months": 60},
    {"envelope_left": Decimal(5_000_000)},
    {"borrowing_ceiling": Decimal(5_000_000)},
    {"borrowing_ceiling": None},
    {"beneficiaries": 1000},
    {"beneficiaries": 5000, "members": 0},  # nobody has counted the members yet
    {"member_rate": Decimal("0.15"), "highest_member_rate": None},
    {"envelope_left": Decimal(0), "may_wait": True},
]

# What is just beyond, and the figures the message must name.
REFUSED: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({"cooperative_active": False}, "suspended or closed", ()),
    ({"programme_open": False}, "does not take applications", ()),
    ({"today": date(2026, 9, 30)}, "does not take applications", ()),
    ({"today": date(2027, 10, 1)}, "does not take applications", ()),
    ({"amount": Decimal("10000000.01")}, "programme's ceiling", ("10,000,000.01", "10,000,000.00")),
    ({"months": 61}, "longer than the programme's", ("61", "60")),
    ({"envelope_left": Decimal("4999999.99")}, "baht left", ("4,999,999.99", "5,000,000.00")),
    ({"envelope_left": Decimal(-1)}, "has 0.00 baht left", ("5,000,000.00",)),
    ({"borrowing_ceiling": Decimal("4999999.99")}, "borrowing ceiling", ("5,000,000.00", "4,999,999.99", "2570")),
    ({"borrowing_ceiling": Decimal(0)}, "borrowing ceiling", ("0.00",)),
    ({"beneficiaries": 1001}, "number of members", ("1,001", "1,000")),
    ({"kind_may_apply": False}, "kind of cooperative", ()),
    ({"place_may_apply": False}, "province", ()),
    ({"member_rate": Decimal("0.0501")}, "rate to members", ("5.01", "5.00")),
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
        beneficiaries=1001,
        kind_may_apply=False,
        place_may_apply=False,
        member_rate=Decimal("0.06"),
    )

    assert len(broken_rules(worst)) == len(RULES)


def test_every_rule_is_tried_here() -> None:
    assert len({said for _values, said, _figures in REFUSED if said != "has 0.00 baht left"}) == len(RULES)
