"""Every kind of criterion: just met, just not met, and not to be told while nothing is recorded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.cooperatives import ControlClass, CooperativeKind
from app.domain.criteria import RULES, Borrower, CriterionKind, YearFigures
from app.domain.programme_ranges import refuse_odd_figures
from app.domain.values.errors import RuleBroken

K, D = CriterionKind, Decimal
YEAR = YearFigures(2568, D(40_000_000), D(6_000_000), D(10_000_000), D(1), ControlClass.FAIR)
GOOD = Borrower(
    kind=CooperativeKind.SAVINGS,
    amount=D(5_000_000),
    today=date(2026, 11, 16),
    registered_on=date(2020, 1, 1),
    borrowing_ceiling=D(15_000_000),
    years=(YEAR, replace(YEAR, year=2567), replace(YEAR, year=2566, profit=D(-1))),
    terms_end=(date(2026, 11, 16), date(2027, 1, 1), date(2026, 11, 15)),
    arrears=D(0),
)
FIGURES = {
    K.YEARS_REGISTERED: (D(1), D(0)),
    K.CEILING_WITH_DEBTS: (D(0), D(0)),
    K.DEBT_TO_CAPITAL: (D("1.5"), D(5)),
    K.PROFIT_YEARS: (D(2), D(3)),
    K.CONTROL_CLASS: (D(3), D(0)),
    K.BOARD_SIZE: (D(2), D(0)),
    K.NO_ARREARS: (D(0), D(0)),
    K.DOCUMENTS: (D(0), D(0)),
    K.ONE_APPLICATION: (D(0), D(0)),
}
# Savings: 1.5 * 46 million = 69 million, less 10 million of debts: 59 million fit. Credit union: 5 * 46 = 230, 220 fit.
MET: list[tuple[CriterionKind, dict[str, Any]]] = [
    *((kind, {}) for kind in RULES),
    (K.DEBT_TO_CAPITAL, {"amount": D(59_000_000)}),
    (K.DEBT_TO_CAPITAL, {"amount": D(220_000_000), "kind": CooperativeKind.CREDIT_UNION}),
    (K.CEILING_WITH_DEBTS, {"amount": D(5_000_000)}),
    (K.CEILING_WITH_DEBTS, {"amount": D(4_000_000), "on_the_way": D(1_000_000)}),
    (K.YEARS_REGISTERED, {"registered_on": date(2025, 11, 16)}),
    (K.YEARS_REGISTERED, {"registered_on": date(2024, 2, 29), "today": date(2025, 2, 28)}),
    (K.DEBT_TO_CAPITAL, {"last_closed": 2569}),
    (K.CONTROL_CLASS, {"last_closed": 2568, "years": (replace(YEAR, control_class=None), replace(YEAR, year=2567))}),
]
LOSSES = tuple(replace(YEAR, year=2568 - ago, profit=D(profit)) for ago, profit in enumerate((1, 0, -1)))
NOT_MET: list[tuple[CriterionKind, dict[str, Any], str]] = [
    (K.YEARS_REGISTERED, {"registered_on": date(2025, 11, 17)}, "for 1 years"),
    (K.CEILING_WITH_DEBTS, {"amount": D("5000000.01")}, "15,000,000.01 baht"),
    (K.CEILING_WITH_DEBTS, {"on_the_way": D("0.01")}, "15,000,000.01 baht"),
    (K.DEBT_TO_CAPITAL, {"on_the_way": D("54000000.01")}, "69,000,000.01 baht"),
    (K.DEBT_TO_CAPITAL, {"amount": D("59000000.01")}, "69,000,000.00 baht"),
    (K.DEBT_TO_CAPITAL, {"amount": D("220000000.01"), "kind": CooperativeKind.CREDIT_UNION}, "230,000,000.00 baht"),
    (
        K.PROFIT_YEARS,
        {"years": LOSSES},
        "2 of the last 3",
    ),
    (
        K.PROFIT_YEARS,  # the profit of the fourth year is too long ago
        {"years": tuple(replace(YEAR, year=2568 - ago, profit=D(profit)) for ago, profit in enumerate((1, -1, -1, 1)))},
        "2 of the last 3",
    ),
    (K.CONTROL_CLASS, {"years": (replace(YEAR, control_class=ControlClass.POOR),)}, "internal control"),
    (K.BOARD_SIZE, {"terms_end": (date(2027, 1, 1), date(2026, 11, 15))}, "1 guarantors"),
    (K.NO_ARREARS, {"arrears": D("0.01")}, "0.01 baht"),
    (K.DOCUMENTS, {"missing_documents": 2}, "2 required documents"),
    (K.ONE_APPLICATION, {"other_applications": 1}, "Another application"),
]
UNTOLD: list[tuple[CriterionKind, dict[str, Any]]] = [
    (K.YEARS_REGISTERED, {"registered_on": None}),
    (K.CEILING_WITH_DEBTS, {"borrowing_ceiling": None}),
    (K.CEILING_WITH_DEBTS, {"years": ()}),
    (K.DEBT_TO_CAPITAL, {"years": ()}),
    (K.PROFIT_YEARS, {"years": (YEAR,)}),
    (K.PROFIT_YEARS, {"years": (replace(YEAR, profit=D(-1)),)}),  # the two years not recorded may be the two asked for
    (K.PROFIT_YEARS, {"years": (YEAR, replace(YEAR, year=2560), replace(YEAR, year=2559))}),  # years far apart
    (K.PROFIT_YEARS, {"last_closed": 2570}),
    (K.DEBT_TO_CAPITAL, {"last_closed": 2570}),
    (K.CEILING_WITH_DEBTS, {"last_closed": 2570}),
    (K.CONTROL_CLASS, {"last_closed": 2570}),
    (K.BOARD_SIZE, {"terms_end": ()}),
    (K.CONTROL_CLASS, {"years": (replace(YEAR, control_class=None),)}),
    (K.NO_ARREARS, {"arrears": None}),
]


@pytest.mark.parametrize(("kind", "values"), MET)
def test_what_is_just_within_is_met(kind: CriterionKind, values: dict[str, Any]) -> None:
    assert RULES[kind].judge(replace(GOOD, **values), *FIGURES[kind]).met is True


@pytest.mark.parametrize(("kind", "values", "said"), NOT_MET)
def test_what_is_just_beyond_is_not_met_and_says_why(kind: CriterionKind, values: dict[str, Any], said: str) -> None:
    finding = RULES[kind].judge(replace(GOOD, **values), *FIGURES[kind])

    assert finding.met is False
    assert said in str(finding.refusal)


@pytest.mark.parametrize(("kind", "values"), UNTOLD)
def test_what_is_not_recorded_is_neither(kind: CriterionKind, values: dict[str, Any]) -> None:
    assert RULES[kind].judge(replace(GOOD, **values), *FIGURES[kind]).met is None


def test_every_kind_is_tried_here() -> None:
    assert set(RULES) == {kind for kind, _values, _said in NOT_MET}


@pytest.mark.parametrize(
    ("kind", "figure", "second"),
    [
        (K.DEBT_TO_CAPITAL, D(1), None),
        (K.YEARS_REGISTERED, None, None),
        (K.YEARS_REGISTERED, D(-1), None),
        (K.DEBT_TO_CAPITAL, D(1), D(-1)),
        (K.CONTROL_CLASS, D(0), None),
        (K.CONTROL_CLASS, D(5), None),
        (K.PROFIT_YEARS, D(3), D(2)),
    ],
)
def test_odd_figures_are_refused(kind: CriterionKind, figure: Decimal | None, second: Decimal | None) -> None:
    with pytest.raises(RuleBroken):
        refuse_odd_figures(kind, figure, second)


# How many figures each kind needs, and those a new criterion begins with: assumptions, which no source confirms.
NEEDED: dict[CriterionKind, tuple[int, tuple[str, ...]]] = {
    K.YEARS_REGISTERED: (1, ("1",)),
    K.CEILING_WITH_DEBTS: (0, ()),
    K.DEBT_TO_CAPITAL: (2, ("1.5", "5")),
    K.PROFIT_YEARS: (2, ("2", "3")),
    K.CONTROL_CLASS: (1, ("3",)),
    K.BOARD_SIZE: (1, ("5",)),
    K.NO_ARREARS: (0, ()),
    K.DOCUMENTS: (0, ()),
    K.ONE_APPLICATION: (0, ()),
    K.OWN_CEILING: (0, ()),  # its figure is the register's
}


@pytest.mark.parametrize("kind", NEEDED)
def test_a_kind_takes_the_figures_it_needs_and_not_one_less(kind: CriterionKind) -> None:
    number, usual = NEEDED[kind]
    figures = [D(figure) for figure in usual] + [None] * (2 - number)

    refuse_odd_figures(kind, figures[0], figures[1])
    assert kind not in RULES or RULES[kind].usual == tuple(D(figure) for figure in usual)
    if number:
        figures[number - 1] = None
        with pytest.raises(RuleBroken, match="needs a figure") as refused:
            refuse_odd_figures(kind, figures[0], figures[1])
        assert refused.value.field == ("figure", "second_figure")[number - 1]
        assert refused.value.values == {"name": RULES[kind].figures[number - 1]}


@pytest.mark.parametrize(
    ("kind", "figure", "second"),
    [
        *((K.CONTROL_CLASS, D(control), None) for control in (1, 2, 3, 4)),
        (K.YEARS_REGISTERED, D(0), None),
        (K.PROFIT_YEARS, D(3), D(3)),
    ],
)
def test_figures_that_are_just_possible_are_taken(kind: CriterionKind, figure: Decimal, second: Decimal | None) -> None:
    refuse_odd_figures(kind, figure, second)


# Today is 16 November 2026.
@pytest.mark.parametrize(
    ("kind", "values", "found", "limit"),
    [
        (K.YEARS_REGISTERED, {"registered_on": date(2020, 12, 1)}, "5 years 11 months", "at least 1 years"),
        (K.YEARS_REGISTERED, {"registered_on": date(2020, 1, 20)}, "6 years 9 months", "at least 1 years"),
        (K.YEARS_REGISTERED, {"registered_on": date(2026, 11, 16)}, "0 years 0 months", "at least 1 years"),
        (K.YEARS_REGISTERED, {"registered_on": date(2027, 1, 1)}, "0 years 0 months", "at least 1 years"),
        (K.CEILING_WITH_DEBTS, {}, "15,000,000.00 baht", "15,000,000.00 baht"),
        (K.CEILING_WITH_DEBTS, {"borrowing_ceiling": None}, "15,000,000.00 baht", "not recorded"),
        (K.DEBT_TO_CAPITAL, {"last_closed": 2570}, "last recorded for the year 2568", "1.5 times capital and reserve"),
        (K.PROFIT_YEARS, {"years": (YEAR,)}, "1 of 1 years", "2 of 3 years"),
        (K.PROFIT_YEARS, {"years": ()}, "not recorded", "2 of 3 years"),
        (K.CONTROL_CLASS, {"years": (replace(YEAR, control_class=None),)}, "not recorded", "Fair"),
        (K.CONTROL_CLASS, {"last_closed": 2570}, "last recorded for the year 2568", "Fair"),
    ],
)
def test_what_was_found_and_what_is_allowed_stand_side_by_side(
    kind: CriterionKind, values: dict[str, Any], found: str, limit: str
) -> None:
    finding = RULES[kind].judge(replace(GOOD, **values), *FIGURES[kind])

    assert (str(finding.found), str(finding.limit)) == (found, limit)
