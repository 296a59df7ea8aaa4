"""What changes of an application's papers mean for its moves: seen by who signs, judged before it goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from app.domain.papers import PaperState, ScanState, Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.models.people import Account, User
from app.models.transaction import writing
from app.security.scope import unscoped
from app.services.applications.moves import move
from app.services.documents import attachments
from app.services.documents.attachments import Sent, attach
from app.services.documents.checklist import checklist
from app.services.documents.verdicts import Finding, give_verdict
from app.services.jobs import scan as scan_job
from app.services.jobs.due_work import run_due_work
from app.ui.clock import today
from tests import make
from tests.client import FundClient
from tests.make_files import jpeg_bytes, pdf_bytes
from tests.place import signed_in

DAY = timedelta(days=1)


def client(app: Flask, username: str) -> FundClient:
    return signed_in(app, username)


def state_of(app: Flask, key: int) -> State:
    with make.rows(app):
        return db.session.get_one(LoanApplication, key).state


def test_who_signs_is_told_that_the_papers_changed_meanwhile(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        row = make.application(of=cooperative)
        key, kind, version = row.id, row.programme.documents[0].document_type_id, row.version
        old = checklist(row, today())[0].files[0].public_id
    with time_machine.travel(make.AT, tick=True):
        preparer, signatory = client(app, "preparer"), client(app, "signatory")
        assert signatory.get(f"/apply/{key}/check").status_code == 200
        preparer.send(f"/apply/{key}/remove/{old}")
        preparer.send(f"/apply/{key}/attach/{kind}", {"files": (BytesIO(jpeg_bytes()), "อื่น.jpg")})

        sent = signatory.send(f"/track/{key}/move/submit", {"submit-version": str(version), "submit-declared": "y"})

    assert sent.status_code == 409
    assert state_of(app, key) is State.DRAFT


def test_a_draft_that_files_are_attached_to_does_not_expire(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative()
        person = make.person(Role.PREPARER, of=cooperative)
        row = make.application(of=cooperative, complete=False)
        key, kind = row.id, row.programme.documents[0].document_type_id
        attach(row, Sent(kind, "งบ.pdf"), pdf_bytes(), make.acting_as(person), make.AT + 90 * DAY)

    with app.app_context():
        run_due_work(make.AT + 91 * DAY)
    assert state_of(app, key) is State.DRAFT
    with app.app_context():
        run_due_work(make.AT + 181 * DAY)
    assert state_of(app, key) is State.EXPIRED


@pytest.mark.parametrize("scan", [ScanState.INFECTED, ScanState.WAITING])
def test_nothing_is_recommended_on_a_required_paper_that_nobody_can_open(app: Flask, scan: ScanState) -> None:
    with make.rows(app), writing():
        row = make.application(State.IN_REVIEW, of=make.cooperative())
        officer = make.acting_as(make.person(Role.PROVINCIAL_OFFICER))
        file = checklist(row, today())[0].files[0]
        file.scan_state = scan
        db.session.flush()

        with pytest.raises(RuleBroken, match="malware"):
            move(row.id, make.wish(row, "recommend", reason="ดี"), officer, make.AT + DAY)

        file.scan_state = ScanState.CLEAN
        db.session.flush()
        move(row.id, make.wish(row, "recommend", reason="ดี"), officer, make.AT + DAY)
        assert row.state is State.RECOMMENDED


def test_who_judged_a_paper_does_not_decide_later(app: Flask) -> None:
    with make.rows(app), writing():
        row = make.application(State.ON_AGENDA, of=make.cooperative())
        judge_, other = make.person(Role.COMMITTEE), make.person(Role.COMMITTEE)
        make.verdict(checklist(row, today())[0].files[0], judged_by_id=judge_.id)
        wish = make.wish(row, "approve", amount=row.amount_asked, meeting_no="1/2570")

        with pytest.raises(RuleBroken, match="yourself"):
            move(row.id, wish, make.acting_as(judge_), make.AT + DAY)
        move(row.id, wish, make.acting_as(other), make.AT + DAY)
        assert row.state is State.APPROVED


def test_a_finding_stored_while_a_return_waited_reaches_the_cooperative(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative()
        judge_, returner = make.person(Role.PROVINCIAL_OFFICER), make.person(Role.FUND_OFFICER)
        row = make.application(State.IN_REVIEW, of=cooperative)
        preparer = make.person(Role.PREPARER, of=cooperative).id
        later = make.AT + DAY + timedelta(milliseconds=1)
        give_verdict(
            checklist(row, today())[0].files[0], Finding(Verdict.UNREADABLE, "ไม่ชัด"), make.acting_as(judge_), later
        )
        move(row.id, make.wish(row, "return", reason="ขอใหม่"), make.acting_as(returner), make.AT + DAY)
        key = row.id

    with app.app_context(), writing(), unscoped():
        user = db.session.get_one(User, preparer)
        with make.acting(user):
            db.session.expire_all()
            paper = checklist(db.session.get_one(LoanApplication, key), today())[0]

            assert paper.state is PaperState.REFUSED
            assert [verdict.note for verdict in paper.verdicts.values()] == ["ไม่ชัด"]


def reusable(files: int = 1) -> tuple[int, int]:
    """A returned application whose paper was refused while an approved one holds a good one: its id, the type's."""
    cooperative = make.cooperative()
    make.person(Role.PREPARER, of=cooperative, username="preparer")
    programme = make.programme(required=1)
    kind = programme.documents[0].document_type
    kind.reusable = True
    earlier = make.application(State.APPROVED, of=cooperative, under=programme)
    make.verdict(checklist(earlier, today())[0].files[0])
    for place in range(files - 1):
        make.verdict(make.document(earlier, kind, content=pdf_bytes(str(place))))
    now = make.application(State.RETURNED, of=cooperative, under=programme)
    make.verdict(checklist(now, today())[0].files[0], Verdict.UNREADABLE, "ไม่ชัด")
    return now.id, kind.id


def test_what_the_fund_holds_answers_for_a_refused_paper(app: Flask) -> None:
    with make.rows(app):
        key, kind = reusable()
    with time_machine.travel(make.AT + DAY, tick=True):
        client(app, "preparer").send(f"/apply/{key}/reuse/{kind}")

    with make.rows(app):
        paper = checklist(db.session.get_one(LoanApplication, key), today())[0]
        assert paper.state is PaperState.UPLOADED
        assert not paper.to_replace


def test_what_is_taken_over_counts_towards_the_most_files(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    with make.rows(app):
        key, kind = reusable(files=2)
    with time_machine.travel(make.AT + DAY, tick=True):
        client(app, "preparer").send(f"/apply/{key}/reuse/{kind}")

    with make.rows(app):
        assert db.session.scalar(select(func.count(Document.id)).where(Document.application_id == key)) == 1


def test_one_file_that_cannot_be_read_does_not_stop_the_scanning(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CLAMD_SOCKET", "/there")
    monkeypatch.setattr(scan_job, "ping", lambda _address: None)
    monkeypatch.setattr(scan_job, "scan", lambda _address, pieces: b"".join(pieces) and None)
    with make.rows(app):
        row = make.application(State.SUBMITTED, complete=False)
        files = [make.document(row, scan_state=ScanState.WAITING) for _ in range(3)]
        broken = Path(app.config["DOCUMENT_STORE"].removeprefix("file:")) / files[0].storage_key
        broken.unlink()
        broken.mkdir()
        keys = [file.id for file in files]

    with app.app_context():
        run_due_work(make.AT)

    with make.rows(app):
        states = [db.session.get_one(Document, key).scan_state for key in keys]
    assert states == [ScanState.WAITING, ScanState.CLEAN, ScanState.CLEAN]


def test_a_row_number_in_other_digits_is_no_fault(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        row = make.application(of=cooperative, complete=False)
        key, kind = row.id, row.programme.documents[0].document_type_id
    browser = client(app, "preparer")

    sent = browser.send(f"/apply/{key}/attach/{kind}", {"files": (BytesIO(pdf_bytes()), "ก.pdf"), "replaces": "²"})
    edited = browser.send(f"/apply/{key}/edit", {"programme": "²"})

    assert sent.status_code < 500
    assert edited.status_code < 500


@pytest.mark.parametrize("q", ["(select_columns:5)", "(select_columns:!(5))", "(keys:5)"])
def test_odd_columns_of_one_row_are_refused(app: Flask, q: str) -> None:
    with make.rows(app):
        make.person(Role.FUND_OFFICER, username="fund")
        key = make.cooperative().id

    assert client(app, "fund").get(f"/api/v1/cooperative/{key}?q={q}").status_code == 400


def test_two_changes_of_language_at_once_are_no_fault(app: Flask) -> None:
    with make.rows(app):
        make.person(Role.AUDITOR, username="auditor")
    first = client(app, "auditor")
    cookie = first.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    token = first.any_token()

    def post(_turn: int) -> int:
        again = FundClient(app)
        again.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
        return again.post("/language", data={"csrf_token": token, "language": "en"}).status_code

    for _round in range(5):
        with make.rows(app):
            db.session.execute(delete(Account))
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(post, range(4))) == [302] * 4
