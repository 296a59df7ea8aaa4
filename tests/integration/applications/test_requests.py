"""Asking for documents: one notice with all of them, and a clock that stands still until the answer."""

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.domain.papers import PaperState, Verdict
from app.domain.promises import Clock
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import DocumentRequest, LoanApplication
from app.models.documents import Document
from app.models.notices import Notice, OutboxMail
from app.services.applications.moves import move
from app.services.applications.service_time import clocks
from app.services.documents.checklist import checklist
from app.services.documents.requests import requestable
from app.ui.clock import today
from tests import make
from tests.client import FundClient
from tests.place import signed_in


@dataclass
class Office:
    """An application under review: the first paper refused on page 3, the second unjudged, the third optional."""

    app: Flask
    key: int
    types: list[int]
    names: list[str]
    officer: FundClient

    def send(self, **values: Any) -> Any:
        with make.rows(self.app):
            version = str(db.session.get_one(LoanApplication, self.key).version)
        form = {"return-version": version, "return-reason": "โปรดส่งเอกสารใหม่", **values}
        return self.officer.send(f"/track/{self.key}/move/return", form)

    def requests(self) -> dict[int, str | None]:
        with make.rows(self.app):
            rows = db.session.scalars(select(DocumentRequest).where(DocumentRequest.application_id == self.key))
            return {row.document_type_id: row.note for row in rows}


@pytest.fixture
def office(app: Flask) -> Office:
    with make.rows(app):
        cooperative = make.cooperative(email="coop@example.org")
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        row = make.application(State.IN_REVIEW, of=cooperative, under=make.programme(required=2, optional=1))
        file = db.session.scalars(select(Document).order_by(Document.id)).first()
        assert file is not None
        make.verdict(file, Verdict.UNREADABLE, "มืดเกินไป", page=3)
        kinds = [asked.document_type for asked in row.programme.documents]
        key, types, names = row.id, [kind.id for kind in kinds], [kind.name for kind in kinds]
    client = signed_in(app, "officer")
    return Office(app, key, types, names, client)


def text_of(client: FundClient, path: str) -> str:
    return html.unescape(client.text(path))


def test_form_proposes_what_was_refused_with_its_words(office: Office) -> None:
    text = text_of(office.officer, f"/track/{office.key}?move=return")

    with make.rows(office.app):
        offered = requestable(checklist(db.session.get_one(LoanApplication, office.key), today()))
        assert [(each.needed, each.proposed) for each in offered] == [(True, True), (False, False), (False, False)]
        assert offered[0].note == "อ่านไม่ออก หน้า 3 – มืดเกินไป"
    assert "อ่านไม่ออก หน้า 3 – มืดเกินไป</textarea>" in text
    assert (
        make.in_thai(office.app, "Some documents have to be sent again. What is needed stands with each of them.")
        in text
    )


def test_all_documents_go_out_in_one_notice_and_one_mail_each(office: Office) -> None:
    first, second, third = office.types

    answer = office.send(**{"asked": [str(third)], f"asked-{third}-note": "ขอฉบับล่าสุด", f"asked-{second}-note": "ไม่ใช้"})

    assert answer.status_code == 302
    assert office.requests() == {first: "อ่านไม่ออก หน้า 3 – มืดเกินไป", third: "ขอฉบับล่าสุด"}
    with make.rows(office.app):
        notices = dict(db.session.execute(select(Notice.user_id, func.count()).group_by(Notice.user_id)).all())
        mails = db.session.scalars(select(OutboxMail)).all()
        assert list(notices.values()) == [1, 1]
        assert {mail.recipient for mail in mails} == {
            "preparer@example.org",
            "signatory@example.org",
            "coop@example.org",
        }
        for mail in mails:
            assert f"1. {office.names[0]}\nอ่านไม่ออก หน้า 3 – มืดเกินไป\n2. {office.names[2]}\nขอฉบับล่าสุด\n" in mail.body
            assert f"/apply/{office.key}/documents" in mail.body
            assert office.names[1] not in mail.body


def test_document_without_a_word_about_it_is_not_asked_for(office: Office) -> None:
    _first, second, third = office.types

    answer = office.send(
        **{"asked": [str(second), str(third)], f"asked-{third}-note": "ขอฉบับล่าสุด", "return-reason": " "}
    )

    text = html.unescape(answer.get_data(as_text=True))
    says = make.in_thai(
        office.app, "Write what is needed of “%(name)s”: the cooperative reads it.", name=office.names[1]
    )
    assert answer.status_code == 422
    assert f'<a href="#asked-{second}-note">{says}</a>' in text
    assert 'href="#return-reason"' in text
    # What was ticked and typed is still there.
    for key in (second, third):
        assert f'value="{key}" checked' in text
    assert "ขอฉบับล่าสุด</textarea>" in text
    assert office.requests() == {}


def test_nonsense_among_the_documents_is_left_out(office: Office) -> None:
    answer = office.send(**{"asked": ["999999", "x", "-1", "9" * 30]})

    assert answer.status_code == 302
    assert list(office.requests()) == [office.types[0]]


def test_cooperative_replaces_what_was_asked_and_nothing_else(office: Office) -> None:
    office.send()
    client = FundClient(office.app)
    assert client.sign_in("preparer", make.PASSWORD).status_code == 302
    track = text_of(client, f"/track/{office.key}")
    box = track.split('<div class="notice notice-waiting">', 1)[1].split("</div>", 1)[0]
    assert office.names[0] in box
    assert "อ่านไม่ออก หน้า 3 – มืดเกินไป" in box
    assert office.names[1] not in box

    with make.rows(office.app):
        row = db.session.get_one(LoanApplication, office.key)
        new = make.document(row, row.programme.documents[0].document_type, at=make.datetime.now(make.UTC))
        new.replaces_id = db.session.scalars(select(func.min(Document.id))).one()
        papers = checklist(row, today())
        assert [paper.state for paper in papers[:2]] == [PaperState.UPLOADED, PaperState.UPLOADED]
        assert [file.id for file in papers[0].files] == [new.id]
    version = str(_version(office))
    assert client.send(f"/track/{office.key}/move/answer", {"answer-version": version}).status_code == 302

    with make.rows(office.app):
        row = db.session.get_one(LoanApplication, office.key)
        assert row.state is State.IN_REVIEW
        assert all(request.answered_at for request in row.requests)
        assert [len(paper.earlier) for paper in checklist(row, today())] == [1, 0, 0]


def _version(office: Office) -> int:
    with make.rows(office.app):
        return db.session.get_one(LoanApplication, office.key).version


# The clock


def at(day: int, hour: int = 10) -> datetime:
    """In November 2026, in Bangkok; the 16th is a Monday, and there is no holiday."""
    return datetime(2026, 11, day, hour - 7, tzinfo=make.UTC)


def moved(row: LoanApplication, name: str, when: datetime) -> None:
    role = Role.PREPARER if name == "answer" else Role.PROVINCIAL_OFFICER
    user = db.session.scalars(
        select(make.User).where(make.User.username == ("preparer" if role is Role.PREPARER else "officer"))
    ).one()
    with make.acting(user) as person:
        move(row.id, make.wish(row, name, reason="เหตุผล"), person, when)


def test_clock_stands_still_until_the_answer(office: Office) -> None:
    office.app.config["CHECK_WORKING_DAYS"] = 5
    with make.rows(office.app):
        cooperative = db.session.get_one(LoanApplication, office.key).cooperative
        row = make.application(State.IN_REVIEW, of=cooperative, at=at(16))

        assert clocks([row])[row.id] == Clock(due=at(23).date())
        moved(row, "return", at(18))
        assert clocks([row])[row.id] == Clock(stopped_on=at(18).date(), left=3)
        db.session.commit()
        track = text_of(office.officer, f"/track/{row.id}")
        home = text_of(office.officer, "/")
        moved(row, "answer", at(20))
        # Away on the 19th and the 20th: 23, 24 and 25 are left.
        assert clocks([row])[row.id] == Clock(due=at(25).date())

    stopped = make.in_thai(
        office.app, "Clock stopped since %(day)s, waiting for the cooperative; %(left)s working days left",
        day="18 พ.ย. 2569", left=3,
    )  # fmt: skip
    assert stopped in home
    assert "18 พฤศจิกายน 2569" in track
    assert "25 พ.ย. 2569" in text_of(office.officer, "/")


def test_clocks_of_many_take_two_statements(office: Office) -> None:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    with make.rows(office.app):
        rows = [*(make.application(State.RETURNED) for _ in range(5)), make.application()]
        event.listen(db.engine, "before_cursor_execute", note)
        found = clocks(rows)
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(found) == 5
    assert len(statements) == 2  # their moves, and the calendar
