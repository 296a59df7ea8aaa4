"""Recommendation, agenda and resolutions: who decides, on what, and what is kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask_appbuilder.security.sqla.models import User

from app.domain.roles import Role
from app.domain.states import Outcome, State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.people import Membership
from app.security.scope import scoped
from app.services.applications.moves import move
from tests import make
from tests.integration.applications.people import LATER, People, applied, make_move

pytestmark = pytest.mark.usefixtures("all_rows")


def test_application_goes_from_the_office_to_the_agenda(people: People) -> None:
    row = applied(people, State.SUBMITTED)

    make_move(row, people.officer, "receive")
    make_move(row, people.officer, "review")
    make_move(row, people.officer, "recommend", reason="เห็นควรให้กู้")
    make_move(row, people.fund, "put_forward", reason="วิเคราะห์แล้ว")

    assert row.state is State.ON_AGENDA
    assert [each.actor_role for each in row.changes[1:]] == [*["provincial_officer"] * 3, "fund_officer"]


def test_officer_of_another_office_does_not_find_it(people: People) -> None:
    row = applied(people, State.SUBMITTED)
    stranger = make.person(Role.PROVINCIAL_OFFICER, place=make.PATHUM_THANI)
    db.session.commit()

    with pytest.raises(LookupError):
        make_move(row, stranger, "receive")


def test_committee_does_not_find_what_is_not_on_the_agenda(people: People) -> None:
    row = applied(people, State.RECOMMENDED)

    with pytest.raises(LookupError):
        make_move(row, people.committee, "approve", amount=Decimal(1))


def test_lower_amount_is_approved(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    make_move(row, people.committee, "approve", amount=Decimal("3500000.50"), meeting_no="12/2569")

    assert row.decision is not None
    assert row.state is State.APPROVED
    assert row.amount_approved == row.decision.amount == Decimal("3500000.50")
    assert row.decision.meeting_no == "12/2569"
    assert row.decision.recorded_by_id == people.committee.id
    # 19 November 2569 lies in fiscal year 2570.
    assert (row.decided_on, row.decided_fiscal_year) == (date(2026, 11, 19), 2570)


def test_amount_above_the_one_asked_is_refused(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(RuleBroken, match=r"5,000,000\.01 baht, is above the 5,000,000\.00"):
        make_move(row, people.committee, "approve", amount=Decimal("5000000.01"))

    assert row.decisions == []


def test_refusal_needs_a_reason_and_has_no_amount(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(RuleBroken, match="Write: Reason"):
        make_move(row, people.committee, "reject", reason=" ")
    make_move(row, people.committee, "reject", reason="เงินไม่พอ", amount=Decimal(1))

    assert row.decision is not None
    assert (row.decision.outcome, row.decision.amount, row.amount_approved) == (Outcome.REJECTED, None, None)


def test_deferred_application_is_decided_later(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    make_move(row, people.committee, "defer", reason="ขอข้อมูลเพิ่ม")
    assert (row.state, row.decided_on, row.decided_fiscal_year) == (State.DEFERRED, None, None)
    make_move(row, people.fund, "put_forward")
    make_move(row, people.committee, "approve", amount=Decimal(1_000_000), at=LATER + timedelta(days=30))

    assert row.state is State.APPROVED
    assert [each.outcome for each in row.decisions] == [Outcome.DEFERRED, Outcome.APPROVED]


@pytest.mark.parametrize("name", ["approve", "reject", "defer"])
def test_who_recommended_cannot_decide(people: People, name: str) -> None:
    both = make.person(Role.PROVINCIAL_OFFICER, Role.COMMITTEE)
    people.officer = both
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(RuleBroken, match="You worked on this application yourself"):
        make_move(row, both, name, reason="เหตุผล", amount=Decimal(1))


def test_who_recommended_cannot_put_forward(people: People) -> None:
    both = make.person(Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER)
    people.officer = both
    row = applied(people, State.RECOMMENDED)

    with pytest.raises(RuleBroken, match="You gave the opinion"):
        make_move(row, both, "put_forward")


# Every way onto the cooperative's side of an application: what makes the person an applicant.
SIDES: dict[str, Callable[[LoanApplication, User], object]] = {
    "created": lambda row, user: setattr(row, "created_by", user),
    "changed": lambda row, user: db.session.add(
        AuditEvent(
            kind=AuditKind.CHANGED,
            entity="loan_application",
            entity_id=row.id,
            cooperative_id=row.cooperative_id,
            actor_id=user.id,
        )
    ),
    "attached": lambda row, user: setattr(make.document(row), "uploaded_by", user),
    "removed": lambda row, user: setattr(make.document(row), "removed_by_id", user.id),
    "member": lambda row, user: db.session.add(
        Membership(user=user, cooperative=row.cooperative, role=Role.PREPARER.value, active=True)
    ),
}


WORK = {
    "receive": (State.SUBMITTED, Role.PROVINCIAL_OFFICER),
    "review": (State.RECEIVED, Role.PROVINCIAL_OFFICER),
    "return": (State.IN_REVIEW, Role.PROVINCIAL_OFFICER),
    "recommend": (State.IN_REVIEW, Role.PROVINCIAL_OFFICER),
    "put_forward": (State.RECOMMENDED, Role.FUND_OFFICER),
    "approve": (State.ON_AGENDA, Role.COMMITTEE),
    "reject": (State.ON_AGENDA, Role.COMMITTEE),
    "defer": (State.ON_AGENDA, Role.COMMITTEE),
}


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("side", SIDES)
def test_who_prepared_the_application_does_not_work_on_it_for_the_fund(people: People, name: str, side: str) -> None:
    state, role = WORK[name]
    row = applied(people, state)
    both = make.person(role)
    staff = make.acting_as(both)
    SIDES[side](row, both)
    db.session.commit()

    with scoped(staff.scope), pytest.raises(RuleBroken, match="act for this cooperative"):
        move(row.id, make.wish(row, name, reason="เหตุผล", amount=Decimal(1)), staff, LATER)


def test_signatory_of_then_is_no_officer_of_the_same_application_now(people: People) -> None:
    changed_sides = make.person(Role.PROVINCIAL_OFFICER)
    people.signatory, signatory = changed_sides, people.signatory
    cooperative = db.session.get_one(make.Cooperative, make.acting_as(signatory).cooperative_id)
    row = make.application(State.SUBMITTED, of=cooperative, by=people.by_role)
    db.session.commit()

    with pytest.raises(RuleBroken, match="act for this cooperative"):
        make_move(row, changed_sides, "receive")


def test_former_member_who_touched_nothing_works_on_it(people: People) -> None:
    row = applied(people, State.SUBMITTED)
    former = make.person(Role.PROVINCIAL_OFFICER)
    db.session.add(Membership(user=former, cooperative=row.cooperative, role=Role.PREPARER.value, active=False))
    db.session.commit()

    make_move(row, former, "receive")

    assert row.state is State.RECEIVED


def test_administrator_with_a_vote_decides_on_nothing_outside_the_agenda(people: People) -> None:
    admin = make.person(Role.ADMINISTRATOR)
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(LookupError):
        make_move(row, admin, "approve", amount=Decimal(1))


@pytest.mark.parametrize(
    ("decided_on", "said"),
    [
        (date(2026, 11, 20), "20.พ.ย..2569, lies in the future"),  # the day after it is recorded
        (date(2026, 11, 15), "15.พ.ย..2569, lies before 16.พ.ย..2569"),  # the day before it was put on the agenda
    ],
)
def test_resolution_in_the_future_or_before_the_agenda_is_refused(people: People, decided_on: date, said: str) -> None:
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(RuleBroken, match=said) as refusal:
        make_move(row, people.committee, "approve", amount=Decimal(1), decided_on=decided_on)

    assert refusal.value.field == "decided_on"


def test_deferred_application_is_not_decided_before_it_was_put_forward_again(people: People) -> None:
    row = applied(people, State.DEFERRED)
    make_move(row, people.fund, "put_forward", at=LATER)

    with pytest.raises(RuleBroken, match="lies before 19"):
        make_move(row, people.committee, "approve", amount=Decimal(1), decided_on=date(2026, 11, 18))


@pytest.mark.parametrize("name", make.DECIDING)
def test_resolution_without_a_meeting_is_refused(people: People, name: str) -> None:
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(RuleBroken, match="Write: Meeting number"):
        make_move(row, people.committee, name, amount=Decimal(1), meeting_no=" ")

    assert row.decisions == []


def test_approval_for_less_without_a_reason_is_refused(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    with pytest.raises(RuleBroken, match="Write the reason"):
        make_move(row, people.committee, "approve", amount=Decimal(4_999_999), reason="")
    make_move(row, people.committee, "approve", amount=Decimal(5_000_000), reason="")

    assert row.state is State.APPROVED


@pytest.mark.parametrize("decided_on", [date(2026, 11, 16), date(2026, 11, 19)])
def test_resolution_between_the_agenda_and_today_is_recorded(people: People, decided_on: date) -> None:
    row = applied(people, State.ON_AGENDA)

    make_move(row, people.committee, "approve", amount=Decimal(1), decided_on=decided_on)

    assert row.decided_on == decided_on


def test_today_is_bangkoks_day(people: People) -> None:
    row = applied(people, State.ON_AGENDA)
    # 18:00 UTC on the 19th is one o'clock on the 20th in Bangkok.
    night = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)

    make_move(row, people.committee, "approve", amount=Decimal(1), at=night)

    assert row.decided_on == date(2026, 11, 20)
