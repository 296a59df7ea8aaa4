"""What a programme lacks before it is opened, and what of it keeps it from being opened."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.costs import RateRule
from app.domain.programmes import ApprovalStep, ApprovingBody, DocumentAsked, DocumentCondition, ProgrammeTerms
from app.domain.values.errors import RuleBroken
from app.services.programmes.readiness import Opening, readiness, refuse_unready

D = Decimal
TODAY = date(2026, 11, 30)
READY = ProgrammeTerms(
    opens_on=date(2026, 10, 1),
    closes_on=date(2027, 9, 30),
    envelope=D(100),
    ceiling=D(10),
    longest_term=48,
    annual_rate=D("0.03"),
    rates=(RateRule(1, 12, 1, D("0.02")), RateRule(13, None, 1, D("0.025"))),
    approval_levels=(ApprovalStep(D(5), ApprovingBody.SUBCOMMITTEE), ApprovalStep(None, ApprovingBody.BOARD)),
    documents=(DocumentAsked("application", True),),
)


def lacking(key: str = "normal-2571", **values: Any) -> list[tuple[str, bool]]:
    points = readiness(Opening(key, replace(READY, **values), TODAY))
    return [(str(point.lacks), point.stops) for point in points if point.lacks is not None]


def test_a_whole_programme_lacks_nothing() -> None:
    assert lacking() == []
    refuse_unready(Opening("normal-2571", READY, TODAY))


@pytest.mark.parametrize(
    ("values", "said", "stops"),
    [
        ({"key": "Test 2571!"}, "Test 2571!", True),
        ({"key": "-2571"}, "-2571", True),
        ({"closes_on": date(2026, 11, 29)}, "last day is over", True),
        ({"approval_levels": ()}, "10.00", True),
        ({"approval_levels": (ApprovalStep(D(9), ApprovingBody.BOARD),)}, "10.00", True),
        ({"documents": ()}, "No document", False),
        ({"documents": (DocumentAsked("plan", False),)}, "No document", False),
        ({"rates": (RateRule(1, 12, 1, D("0.02")), RateRule(13, 60, 1, D("0.02")))}, "13–60", True),
        ({"rates": (RateRule(1, None, 49, D("0.02")),)}, "month 49", True),
        ({"rates": (RateRule(7, 36, 1, D("0.02")),)}, "1–6, 37–48", False),
        ({"amount_unit": D(1)}, "rounded to 1.00 baht", True),  # 10 baht in 48 months
        ({"ceiling": D(101)}, "above the envelope", True),
    ],
)
def test_what_is_missing_is_said(values: dict[str, Any], said: str, stops: bool) -> None:
    ((told, stopping),) = lacking(**values)

    assert said in told
    assert stopping is stops


def test_a_condition_that_means_nothing_is_said() -> None:
    idle = DocumentAsked("guarantee", False, DocumentCondition.SAVINGS)

    assert [stops for told, stops in lacking(documents=(*READY.documents, idle)) if "guarantee" in told] == [True]


def test_the_last_day_is_a_day() -> None:
    assert lacking(closes_on=TODAY) == []


def test_everything_that_stops_is_told_together() -> None:
    with pytest.raises(RuleBroken) as refused:
        refuse_unready(Opening("A B", replace(READY, approval_levels=(), documents=()), TODAY))

    assert len(refused.value.every()) == 2
