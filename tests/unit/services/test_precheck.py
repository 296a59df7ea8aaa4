"""The first look: what the eight answers claim, what they leave untold, and that the rules are the programme's own."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.cooperatives import CooperativeKind
from app.domain.criteria import CriterionKind
from app.domain.programmes import Criterion, OnLendingRule, ProgrammeTerms, Severity
from app.services.eligibility.prechecks import Answers, AskedKind, precheck

TODAY = date(2028, 2, 29)
BLOCK = Severity.BLOCK
TERMS = ProgrammeTerms(
    opens_on=date(2027, 10, 1),
    closes_on=date(2028, 9, 30),
    envelope=Decimal(80_000_000),
    ceiling=Decimal(10_000_000),
    longest_term=60,
    annual_rate=Decimal("0.03"),
    member_loan_cap=Decimal(100_000),
    on_lending_rule=OnLendingRule.ABSOLUTE_CAP,
    on_lending_figure=Decimal("0.05"),
    kinds=(CooperativeKind.SAVINGS,),
    provinces=("TH-20",),
    criteria=(
        Criterion(CriterionKind.YEARS_REGISTERED, BLOCK, Decimal(2)),
        Criterion(CriterionKind.BOARD_SIZE, BLOCK, Decimal(5)),
        Criterion(CriterionKind.NO_ARREARS, BLOCK),
        Criterion(CriterionKind.PROFIT_YEARS, Severity.WARN, Decimal(2), Decimal(3)),
    ),
)
GOOD = Answers(
    kind=AskedKind.SAVINGS, province="TH-20", amount=Decimal(1_000_000), months=60, beneficiaries=10,
    years=2, guarantors=5, arrears=Decimal(0),
)  # fmt: skip
PLENTY = Decimal(80_000_000)


@pytest.mark.parametrize(
    ("change", "stopped_by"),
    [
        ({}, None),
        ({"kind": AskedKind.CREDIT_UNION}, CriterionKind.ELIGIBLE_KIND.label),
        ({"kind": AskedKind.OTHER}, CriterionKind.ELIGIBLE_KIND.label),
        ({"province": "TH-10"}, CriterionKind.ELIGIBLE_PLACE.label),
        ({"amount": Decimal("10000000.01"), "beneficiaries": 200}, "Amount within the programme's ceiling"),
        ({"months": 61}, "Term within the programme's longest"),
        ({"years": 1}, CriterionKind.YEARS_REGISTERED.label),
        ({"guarantors": 4}, CriterionKind.BOARD_SIZE.label),
        ({"guarantors": 0}, CriterionKind.BOARD_SIZE.label),
        ({"arrears": Decimal("0.01")}, CriterionKind.NO_ARREARS.label),
    ],
)
def test_each_answer_is_held_to_the_programmes_own_figure(change: dict[str, Any], stopped_by: str | None) -> None:
    outcome = precheck(replace(GOOD, **change), TERMS, PLENTY, TODAY)

    assert [line.label for line in outcome.stops] == ([stopped_by] if stopped_by else [])
    assert all(line.refusal is not None for line in outcome.stops)


def test_what_is_not_known_is_untold_and_stops_nobody() -> None:
    outcome = precheck(replace(GOOD, years=None, guarantors=None, arrears=None), TERMS, PLENTY, TODAY)

    kinds = CriterionKind
    asked = {kinds.YEARS_REGISTERED, kinds.BOARD_SIZE, kinds.NO_ARREARS, kinds.PROFIT_YEARS, kinds.ON_LENDING_RATE}
    assert outcome.stops == ()
    assert {kind.label for kind in asked} <= {line.label for line in outcome.untold}


def test_what_only_warns_is_weighed_and_a_waiting_list_takes_who_comes_late() -> None:
    crowded = precheck(replace(GOOD, beneficiaries=9), TERMS, PLENTY, TODAY)
    late = precheck(GOOD, TERMS, Decimal(999_999), TODAY)
    waiting = precheck(GOOD, replace(TERMS, waiting_list=True), Decimal(999_999), TODAY)

    assert [line.label for line in crowded.looked_at] == [CriterionKind.MEMBER_LOANS.label]
    assert [line.label for line in late.stops] == ["Money left in the programme"]
    assert waiting.waits
    assert waiting.stops == ()
