"""Drafts and what is missing from them, tried on the services as the people who use them."""

from datetime import date
from decimal import Decimal

import pytest
from flask import current_app
from sqlalchemy import func, select

from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.security.scope import OutOfScope
from app.services.applications.drafts import FormUsed, change, problems_of, start
from app.services.documents.checklist import checklist, missing_papers
from app.ui.clock import today
from tests import make
from tests.integration.applications.people import LATER, People, applied, make_move

pytestmark = pytest.mark.usefixtures("all_rows")


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


def test_a_cooperative_has_so_many_drafts_open_and_no_more(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current_app.config, "OPEN_DRAFTS_PER_COOPERATIVE", 2)
    answers = make.answers(make.programme())

    with make.acting(people.preparer) as person:
        first = start(person, answers, "key-1", make.AT)
        start(person, answers, "key-2", make.AT)
        with pytest.raises(RuleBroken, match="as many as it may have"):
            start(person, answers, "key-3", make.AT)

        assert start(person, answers, "key-1", LATER) is first  # sent twice is no third one
        first.status = State.WITHDRAWN
        db.session.flush()
        assert start(person, answers, "key-3", LATER).state is State.DRAFT
