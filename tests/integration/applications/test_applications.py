"""An application from the first answer to the resolution, as the services make it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from app.domain.errors import RuleBroken
from app.domain.roles import COOPERATIVE, Role
from app.domain.states import Outcome, State
from app.domain.workflow import MOVES
from app.extensions import db
from app.models.applications import Decision, LoanApplication, RunningNumber, StatusChange
from app.models.audit import AuditEvent, AuditKind
from app.models.notices import Notice, OutboxMail
from app.models.people import Membership
from app.models.transaction import writing
from app.security.scope import OutOfScope, scoped
from app.services.applications.changed_answers import ChangedAnswer, changed_at_answers
from app.services.applications.drafts import FormUsed, change, problems_of, start
from app.services.applications.effects import MoveRequest
from app.services.applications.moves import MovedOn, move
from app.services.documents.checklist import checklist, missing_papers
from app.services.jobs.due_work import run_due_work
from app.ui.clock import today
from tests import make

LATER = make.AT + timedelta(days=3)
HISTORY = (StatusChange, AuditEvent, Notice, OutboxMail)


@dataclass
class People:
    """One person in each role an application meets, at the cooperative's own office."""

    signatory: User
    preparer: User
    officer: User
    fund: User
    committee: User

    @property
    def by_role(self) -> dict[Role, User]:
        return {
            Role.SIGNATORY: self.signatory,
            Role.PREPARER: self.preparer,
            Role.PROVINCIAL_OFFICER: self.officer,
            Role.FUND_OFFICER: self.fund,
            Role.COMMITTEE: self.committee,
        }


@pytest.fixture(autouse=True)
def all_rows(app: Flask) -> Iterator[None]:
    with make.rows(app):
        yield
        db.session.rollback()


@pytest.fixture
def people() -> People:
    cooperative = make.cooperative()
    return People(
        make.person(Role.SIGNATORY, of=cooperative),
        make.person(Role.PREPARER, of=cooperative),
        make.person(Role.PROVINCIAL_OFFICER),
        make.person(Role.FUND_OFFICER),
        make.person(Role.COMMITTEE),
    )


def applied(people: People, state: State = State.DRAFT, **values: Any) -> LoanApplication:
    cooperative = make.acting_as(people.signatory).cooperative_id
    row = make.application(state, of=db.session.get_one(make.Cooperative, cooperative), by=people.by_role, **values)
    db.session.commit()
    return row


def make_move(row: LoanApplication, user: User, name: str, *, at: datetime = LATER, **values: Any) -> LoanApplication:
    said = {"meeting_no": "12/2569", "reason": "เหตุผล"} if name in make.DECIDING else {}
    request = MoveRequest(**{"name": name, "version": row.version, **said, **values})
    with make.acting(user) as person:
        return move(row.id, request, person, at)


def counts() -> dict[str, int]:
    return {model.__tablename__: db.session.scalar(select(func.count(model.id))) or 0 for model in HISTORY}


# Starting and changing


def test_draft_holds_the_answers_and_no_number(people: People) -> None:
    answers = make.answers(make.programme(), amount_asked=Decimal("1234567.89"))

    with make.acting(people.preparer) as person:
        row = start(person, answers, "key-1", make.AT)
        db.session.flush()

    assert row.state is State.DRAFT
    assert row.number is None
    assert row.amount_asked == Decimal("1234567.89")
    assert row.member_rate == Decimal("0.0475")
    assert row.created_by_id == people.preparer.id
    assert row.cooperative_id == person.cooperative_id


def test_same_request_key_gives_the_same_draft(people: People) -> None:
    answers = make.answers(make.programme())

    with make.acting(people.preparer) as person:
        first = start(person, answers, "key-1", make.AT)
        again = start(person, answers, "key-1", LATER)
        other = start(person, answers, "key-2", LATER)

    assert again is first
    assert other is not first
    assert db.session.scalar(select(func.count(LoanApplication.id))) == 2


def test_same_request_key_with_other_answers_is_not_dropped_in_silence(people: People) -> None:
    programme = make.programme()

    with make.acting(people.preparer) as person:
        first = start(person, make.answers(programme), "key-1", make.AT)
        with pytest.raises(FormUsed) as refusal:
            start(person, make.answers(programme, months=36), "key-1", LATER)

    assert refusal.value.application_id == first.id
    assert first.months == 24


def test_request_key_of_another_cooperative_is_its_own(people: People) -> None:
    answers = make.answers(make.programme())
    stranger = make.person(Role.PREPARER, of=make.cooperative())

    with make.acting(people.preparer) as person:
        mine = start(person, answers, "key-1", make.AT)
    with make.acting(stranger) as person:
        theirs = start(person, answers, "key-1", make.AT)

    assert mine.id != theirs.id
    assert mine.cooperative_id != theirs.cooperative_id


def test_change_is_kept_with_what_stood_before(people: People) -> None:
    row = applied(people)
    before = row.amount_asked

    with make.acting(people.preparer):
        change(row, make.answers(row.programme, amount_asked=Decimal(7_000_000)), make.AT)
        db.session.flush()

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.CHANGED)).one()
    assert row.amount_asked == 7_000_000
    assert event.before == {"amount_asked": str(before)}
    assert Decimal(event.after["amount_asked"]) == 7_000_000


def test_saving_the_same_answers_is_no_event(people: People) -> None:
    row = applied(people)

    change(row, make.answers(row.programme), make.AT)
    db.session.flush()

    assert db.session.scalar(select(func.count()).where(AuditEvent.kind == AuditKind.CHANGED)) == 0


@pytest.mark.parametrize("state", [state for state in State if state not in {State.DRAFT, State.RETURNED}])
def test_sent_application_is_not_changed(people: People, state: State) -> None:
    row = applied(people, state)

    with pytest.raises(RuleBroken, match="can no longer be changed"):
        change(row, make.answers(row.programme, months=12), make.AT)


def test_returned_application_keeps_its_programme(people: People) -> None:
    row = applied(people, State.RETURNED)

    with pytest.raises(RuleBroken, match="programme of a submitted application cannot be changed"):
        change(row, make.answers(make.programme()), make.AT)


def test_another_cooperatives_application_is_not_found(people: People) -> None:
    row = applied(people)
    stranger = make.person(Role.SIGNATORY, of=make.cooperative())
    db.session.commit()

    with pytest.raises(LookupError):
        make_move(row, stranger, "withdraw")


def test_writing_for_another_cooperative_is_out_of_scope(people: People) -> None:
    row = applied(people)
    stranger = make.person(Role.SIGNATORY, of=make.cooperative())
    db.session.commit()

    with make.acting(stranger):
        row.months = 12

        with pytest.raises(OutOfScope):
            db.session.flush()


# What is missing


def test_everything_that_is_missing_is_listed_and_blocks(people: People) -> None:
    programme = make.programme(required=2, optional=1, ceiling=Decimal(4_000_000), longest_term_months=12)
    row = applied(people, under=programme, complete=False)
    papers = [asked.document_type.name for asked in programme.documents]

    said = [str(problem) for problem in problems_of(row, make.AT.date())]

    assert len(said) == 4
    assert "5,000,000.00 baht, is above the programme's ceiling of 4,000,000.00" in said[0]
    assert "24 months is longer than the programme's 12" in said[1]
    assert said[2:] == [f"Still missing: {name}. Attach it." for name in papers[:2]]
    with pytest.raises(RuleBroken, match="above the programme's ceiling"):
        make_move(row, people.signatory, "submit")


def test_removed_file_is_missing_again(people: People) -> None:
    row = applied(people)
    paper = make.document(row)
    db.session.flush()
    assert missing_papers(row, today()) == []

    for file in checklist(row, today())[0].files:
        file.removed_at = LATER
    db.session.flush()

    assert paper.removed_at == LATER
    assert [each.id for each in missing_papers(row, today())] == [paper.document_type_id]


def test_money_held_by_others_counts_against_the_envelope(people: People) -> None:
    programme = make.programme(envelope=Decimal(12_000_000), ceiling=Decimal(12_000_000))
    # Of 12 million, 5 are approved and 5 wait; a draft and a refusal hold nothing, so 2 are left for the 5 asked.
    for state in (State.APPROVED, State.IN_REVIEW, State.DRAFT, State.REJECTED, State.WITHDRAWN):
        make.application(state, under=programme)
    row = applied(people, under=programme)

    (problem,) = problems_of(row, make.AT.date())

    assert "has 2,000,000.00 baht left, less than the 5,000,000.00 baht asked" in str(problem)


def test_own_ceiling_of_another_year_does_not_count(people: People) -> None:
    row = applied(people)
    row.cooperative.borrowing_ceiling, row.cooperative.ceiling_fiscal_year = Decimal(1), 2569

    assert problems_of(row, date(2026, 10, 1)) == ()
    assert len(problems_of(row, date(2026, 9, 30))) == 1


# Submitting


def test_submission_gives_a_number_and_a_moment(people: People) -> None:
    row = applied(people)

    make_move(row, people.signatory, "submit")

    assert row.state is State.SUBMITTED
    assert row.number == "คก.0001/2570"
    assert row.submitted_at == LATER


@pytest.mark.parametrize(
    ("at", "number"),
    [
        # 23:59 on 30 September 2569 in Bangkok is 16:59 UTC; a minute later it is 1 October, fiscal year 2570.
        (datetime(2026, 9, 30, 16, 59, tzinfo=UTC), "คก.0001/2569"),
        (datetime(2026, 9, 30, 17, 0, tzinfo=UTC), "คก.0001/2570"),
        (datetime(2027, 9, 30, 16, 59, 59, tzinfo=UTC), "คก.0001/2570"),
    ],
)
def test_number_belongs_to_the_fiscal_year_in_bangkok(people: People, at: datetime, number: str) -> None:
    row = applied(people, at=at - timedelta(days=2))

    make_move(row, people.signatory, "submit", at=at)

    assert row.number == number


def test_numbers_go_on_within_a_year(people: People) -> None:
    drafts = [applied(people) for _each in range(3)]

    numbers = [make_move(row, people.signatory, "submit").number for row in drafts]

    assert numbers == ["คก.0001/2570", "คก.0002/2570", "คก.0003/2570"]


def test_refused_submission_uses_no_number(people: People) -> None:
    bad = applied(people, complete=False)
    good = applied(people)

    with pytest.raises(RuleBroken):
        make_move(bad, people.signatory, "submit")
    db.session.rollback()

    assert make_move(good, people.signatory, "submit").number == "คก.0001/2570"


def test_preparer_does_not_submit(people: People) -> None:
    row = applied(people)

    with pytest.raises(RuleBroken, match="Your role may not do this"):
        make_move(row, people.preparer, "submit")


def test_name_of_the_cooperative_is_kept_as_it_was_on_submission(people: People) -> None:
    row = applied(people)
    row.cooperative.name = "สหกรณ์ชื่อใหม่ จำกัด"
    db.session.commit()

    make_move(row, people.signatory, "submit")
    row.cooperative.name = "สหกรณ์ชื่อใหม่กว่า จำกัด"
    db.session.flush()

    assert row.cooperative_name == "สหกรณ์ชื่อใหม่ จำกัด"


def test_submitting_twice_is_one_move_and_says_who_was_first(people: People) -> None:
    row = applied(people)
    request = make.wish(row, "submit")
    with make.acting(people.signatory) as person:
        move(row.id, request, person, LATER)
        db.session.commit()

        with pytest.raises(MovedOn) as refusal:
            move(row.id, request, person, LATER)

    # 03:00 UTC is 10:00 in Bangkok.
    assert refusal.value.values["who"] == people.signatory.get_full_name()
    assert refusal.value.values["when"] == "10:00"
    assert [each.move for each in row.changes] == ["submit"]


def test_move_on_an_old_version_is_refused(people: People) -> None:
    row = applied(people, State.SUBMITTED)

    with pytest.raises(MovedOn):
        make_move(row, people.officer, "receive", version=row.version - 1)

    assert row.state is State.SUBMITTED


def test_draft_changed_meanwhile_is_not_submitted_unread(people: People) -> None:
    row = applied(people)
    seen = row.version
    change(row, make.answers(row.programme, amount_asked=Decimal(9_000_000)), make.AT)
    db.session.commit()

    with pytest.raises(MovedOn, match="changed while you had it open"):
        make_move(row, people.signatory, "submit", version=seen)


def test_unknown_move_is_not_found(people: People) -> None:
    with pytest.raises(LookupError):
        make_move(applied(people), people.signatory, "delete")


# Asking for documents, and the answer


def test_requested_paper_is_missing_until_a_newer_file_is_attached(people: People) -> None:
    row = applied(people, State.IN_REVIEW)
    asked = row.programme.documents[0].document_type
    assert missing_papers(row, today()) == []

    make_move(row, people.officer, "return", reason="ฉบับนี้อ่านไม่ออก", asked={asked.id: "ขอฉบับที่อ่านออก"})
    db.session.flush()
    assert [each.id for each in missing_papers(row, today())] == [asked.id]
    assert checklist(row, today())[0].requested

    make.document(row, asked, at=LATER + timedelta(hours=1))
    assert missing_papers(row, today()) == []


def test_answer_waits_for_the_requested_paper(people: People) -> None:
    row = applied(people, State.IN_REVIEW)
    asked = row.programme.documents[0].document_type
    make_move(row, people.officer, "return", reason="ขอฉบับล่าสุด", asked={asked.id: "ขอฉบับล่าสุด"})
    db.session.commit()

    with pytest.raises(RuleBroken, match=f"Still missing: {asked.name}"):
        make_move(row, people.preparer, "answer")
    make.document(row, asked, at=LATER + timedelta(hours=1))
    make_move(row, people.preparer, "answer", at=LATER + timedelta(hours=2))

    assert row.state is State.IN_REVIEW
    assert [request.answered_at for request in row.requests] == [LATER + timedelta(hours=2)]
    assert not checklist(row, today())[0].requested


def test_optional_paper_asked_for_becomes_required(people: People) -> None:
    programme = make.programme(required=0, optional=1)
    row = applied(people, State.IN_REVIEW, under=programme)

    asked = {programme.documents[0].document_type_id: "ขอฉบับล่าสุด"}
    make_move(row, people.officer, "return", reason="ขอเอกสาร", asked=asked)

    assert len(missing_papers(row, today())) == 1


def test_document_the_programme_does_not_know_is_not_asked_for(people: People) -> None:
    row = applied(people, State.IN_REVIEW)

    with pytest.raises(RuleBroken, match="from the programme's list"):
        make_move(row, people.officer, "return", reason="ขอเอกสาร", asked={make.document_type().id: "ขอ"})


def test_answer_is_taken_after_the_programme_closed(people: People) -> None:
    programme = make.programme(closes_on=date(2026, 11, 17))
    row = applied(people, State.RETURNED, under=programme)

    make_move(row, people.signatory, "answer", at=LATER)

    assert row.state is State.IN_REVIEW


def returned_and_changed(people: People, **values: Any) -> LoanApplication:
    """A returned application whose answers its preparer changed, one after the other."""
    row = applied(people, State.IN_REVIEW)
    make_move(row, people.officer, "return", reason="ขอให้ตรวจสอบวงเงิน")
    db.session.commit()
    for name, value in values.items():
        with make.acting(people.preparer):
            change(row, make.answers(row.programme, **{name: value}), LATER)
            db.session.commit()
    return row


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount_asked", Decimal(6_000_000)),
        ("months", 36),
        ("purpose", "ให้สมาชิกปลดหนี้บัตรเครดิต"),
        ("beneficiaries", 90),
        ("member_rate", Decimal("0.05")),
    ],
)
def test_changed_answers_are_sent_by_the_signatory_alone(people: People, name: str, value: Any) -> None:
    row = returned_and_changed(people, **{name: value})

    with pytest.raises(RuleBroken, match="a signatory has to send them"):
        make_move(row, people.preparer, "answer")
    make_move(row, people.signatory, "answer")

    assert row.state is State.IN_REVIEW
    (change_told,) = changed_at_answers(row)[row.changes[-1].id]
    assert change_told.column == name


def test_preparer_sends_documents_and_what_was_changed_back(people: People) -> None:
    row = returned_and_changed(people, months=36)
    with make.acting(people.preparer):
        change(row, make.answers(row.programme), LATER)
        db.session.commit()
    make.document(row)

    make_move(row, people.preparer, "answer")

    assert row.state is State.IN_REVIEW
    assert changed_at_answers(row)[row.changes[-1].id] == ()


def test_each_answer_tells_its_own_changes(people: People) -> None:
    row = returned_and_changed(people, months=36)
    make_move(row, people.signatory, "answer")
    first = row.changes[-1].id
    make_move(row, people.officer, "return", reason="อีกครั้ง")
    with make.acting(people.preparer):
        change(row, make.answers(row.programme, months=36, beneficiaries=90), LATER)
        db.session.commit()
    make_move(row, people.signatory, "answer")

    told = changed_at_answers(row)

    assert told == {
        first: (ChangedAnswer("months", "24", "36"),),
        row.changes[-1].id: (ChangedAnswer("beneficiaries", "100", "90"),),
    }


def test_number_and_submission_stay_after_an_answer(people: People) -> None:
    row = applied(people, State.RETURNED)
    number, submitted_at = row.number, row.submitted_at

    make_move(row, people.signatory, "answer")

    assert (row.number, row.submitted_at) == (number, submitted_at)


# Recommending, the agenda, resolutions


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
        (date(2026, 11, 20), "20 พ.ย. 2569, lies in the future"),  # the day after it is recorded
        (date(2026, 11, 15), "15 พ.ย. 2569, lies before 16 พ.ย. 2569"),  # the day before it was put on the agenda
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


# Ending otherwise


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.ON_AGENDA, State.DEFERRED])
def test_signatory_withdraws_before_the_decision(people: People, state: State) -> None:
    row = applied(people, state)

    make_move(row, people.signatory, "withdraw", reason="ได้เงินจากที่อื่น")

    assert row.state is State.WITHDRAWN
    assert row.changes[-1].reason == "ได้เงินจากที่อื่น"


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED])
def test_finished_application_is_not_withdrawn(people: People, state: State) -> None:
    row = applied(people, state)

    with pytest.raises(RuleBroken, match="has moved on"):
        make_move(row, people.signatory, "withdraw")


@pytest.mark.parametrize(("state", "ends"), [(State.DRAFT, State.EXPIRED), (State.RETURNED, State.EXPIRED)])
def test_unanswered_application_expires(people: People, state: State, ends: State) -> None:
    row = applied(people, state)
    # The last move of a returned one came three hours after its beginning.
    last = make.AT + timedelta(hours=3)

    on_the_day = run_due_work(make.AT + timedelta(days=90))
    after = run_due_work(last + timedelta(days=90, minutes=1))

    db.session.refresh(row)
    assert (on_the_day["expired"], after["expired"]) == (0, 1)
    assert row.state is ends
    assert (row.changes[-1].actor_id, row.changes[-1].actor_role) == (None, "system")


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.ON_AGENDA, State.DEFERRED])
def test_what_waits_for_the_office_does_not_expire(people: People, state: State) -> None:
    row = applied(people, state)

    done = run_due_work(make.AT + timedelta(days=400))

    db.session.refresh(row)
    assert done["expired"] == 0
    assert row.state is state


# What every move leaves behind


def origin_of(name: str) -> State:
    """An origin of the move that one path leads to, the one nearest to the draft."""
    return min(MOVES[name].origins, key=lambda state: len(make.path_to(state)))


def make_any(row: LoanApplication, people: People, name: str) -> None:
    if name == "expire":
        run_due_work(LATER + timedelta(days=365))
        return
    maker = next(people.by_role[role] for role in sorted(MOVES[name].roles))
    make_move(row, maker, name, reason="เหตุผล", amount=Decimal(1_000_000))


@pytest.mark.parametrize("name", MOVES)
def test_move_leaves_its_history_an_event_notices_and_mails(people: People, name: str) -> None:
    row = applied(people, origin_of(name))
    before = counts()

    make_any(row, people, name)
    db.session.commit()

    after = counts()
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    told = set(db.session.scalars(select(Notice.user_id).where(Notice.move == name)))
    assert after["status_change"] == before["status_change"] + 1
    assert after["audit_event"] == before["audit_event"] + 1
    assert (event.kind, event.entity, event.entity_id) == (AuditKind.MOVED, "loan_application", row.id)
    assert event.after["status"] == MOVES[name].target == row.status
    # What never reached the offices is not told to them.
    concerned = MOVES[name].tells if row.submitted_at is not None else MOVES[name].tells & COOPERATIVE
    assert told == {people.by_role[role].id for role in concerned if role in people.by_role}
    assert after["outbox_mail"] - before["outbox_mail"] == len(told)


@pytest.mark.parametrize("name", [name for name in MOVES if name != "expire"])
def test_rolled_back_move_leaves_nothing(people: People, name: str) -> None:
    row = applied(people, origin_of(name))
    state, before = row.state, counts()
    decided = db.session.scalar(select(func.count(Decision.id)))
    numbers = db.session.scalars(select(RunningNumber.last)).all()
    db.session.commit()

    with writing():
        make_any(row, people, name)
        db.session.rollback()

    assert counts() == before
    assert db.session.get_one(LoanApplication, row.id).state is state
    assert db.session.scalar(select(func.count(Decision.id))) == decided
    assert db.session.scalars(select(RunningNumber.last)).all() == numbers


def test_notice_reaches_only_the_office_and_the_cooperative_concerned(people: People) -> None:
    strangers = {
        make.person(Role.SIGNATORY, of=make.cooperative()).id,
        make.person(Role.PROVINCIAL_OFFICER, place=make.PATHUM_THANI).id,
    }
    row = applied(people)

    make_move(row, people.signatory, "submit")

    told = set(db.session.scalars(select(Notice.user_id)))
    assert told == {people.signatory.id, people.preparer.id, people.officer.id}
    assert not told & strangers


def test_person_switched_off_is_not_told(people: People) -> None:
    people.preparer.active = False
    row = applied(people)

    make_move(row, people.signatory, "submit")

    assert people.preparer.id not in set(db.session.scalars(select(Notice.user_id)))


def test_mail_names_number_state_and_reason(people: People, app: Flask) -> None:
    row = applied(people, State.IN_REVIEW)

    make_move(row, people.officer, "return", reason="ขอรายงานการประชุมฉบับล่าสุด")

    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == people.signatory.email)).one()
    assert str(row.number) in mail.subject
    assert "ขอรายงานการประชุมฉบับล่าสุด" in mail.body
    assert "5,000,000.00" in mail.body
    assert f"/track/{row.id}" in mail.body
    assert make.in_thai(app, "We are waiting for you") in mail.body


def test_approval_event_keeps_the_amount_and_the_meeting(people: People) -> None:
    row = applied(people, State.ON_AGENDA)

    make_move(row, people.committee, "approve", amount=Decimal(900_000), meeting_no="3/2570")
    db.session.commit()

    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert event.after == {
        "status": "approved", "reason": "เหตุผล", "amount_approved": "900000", "meeting_no": "3/2570",
    }  # fmt: skip
