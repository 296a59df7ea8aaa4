"""Who judges papers, in which states, and what an acceptance must not overlook."""

from datetime import date

import pytest

from app.domain.examination import check_in_date, check_may_examine, check_request, may_examine
from app.domain.papers import Verdict
from app.domain.roles import COOPERATIVE, Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken

ME, SOMEBODY = 7, 8
JUDGES = {Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER}
STATES = {State.RECEIVED, State.IN_REVIEW, State.RECOMMENDED}
DAY = date(2026, 11, 16)


@pytest.mark.parametrize("state", State)
def test_papers_are_judged_while_somebody_may_ask_for_others(state: State) -> None:
    assert {role for role in Role if may_examine(state, {role})} == (JUDGES if state in STATES else set())


@pytest.mark.parametrize("role", sorted(set(Role) - JUDGES))
def test_nobody_else_judges(role: Role) -> None:
    with pytest.raises(RuleBroken, match="Your role"):
        check_may_examine(State.IN_REVIEW, {role}, ME, ())


@pytest.mark.parametrize("state", sorted(set(State) - STATES))
def test_nothing_is_judged_that_the_office_does_not_check(state: State) -> None:
    with pytest.raises(RuleBroken, match="while the office or the fund checks"):
        check_may_examine(state, {Role.PROVINCIAL_OFFICER}, ME, ())


def test_who_belongs_to_the_cooperative_does_not_judge_its_papers() -> None:
    check_may_examine(State.IN_REVIEW, {Role.PROVINCIAL_OFFICER}, ME, {SOMEBODY})
    with pytest.raises(RuleBroken, match="act for this cooperative"):
        check_may_examine(State.IN_REVIEW, {Role.PROVINCIAL_OFFICER}, ME, {ME})
    assert not COOPERATIVE & JUDGES


def test_a_paper_out_of_date_is_not_accepted() -> None:
    check_in_date(Verdict.ACCEPTED, DAY, DAY, "")
    check_in_date(Verdict.ACCEPTED, None, DAY, "")
    check_in_date(Verdict.EXPIRED, date(2026, 9, 30), DAY, "")
    with pytest.raises(RuleBroken, match="until 30 Sep only") as refusal:
        check_in_date(Verdict.ACCEPTED, date(2026, 9, 30), DAY, "30 Sep")
    assert refusal.value.field == "issued_on"


def test_who_asks_for_a_paper_says_what_is_needed() -> None:
    check_request("งบการเงิน", "ขอฉบับที่ลงนามแล้ว")
    with pytest.raises(RuleBroken, match="what is needed of “งบการเงิน”"):
        check_request("งบการเงิน", "  ")
