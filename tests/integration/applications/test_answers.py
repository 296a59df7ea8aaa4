"""Documents asked for, and what a cooperative may change and send back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.services.applications.changed_answers import ChangedAnswer, changed_at_answers
from app.services.applications.drafts import change
from app.services.documents.checklist import checklist, missing_papers
from app.ui.clock import today
from tests import make
from tests.integration.applications.people import LATER, People, applied, make_move

pytestmark = pytest.mark.usefixtures("all_rows")


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
