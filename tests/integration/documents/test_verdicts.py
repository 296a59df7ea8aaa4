"""Officers judge files on the desk; the cooperative reads what was found once it was sent."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.papers import PaperState, Validity, Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document, DocumentVerdict
from app.services.applications.effects import MoveRequest
from app.services.applications.moves import move
from app.services.documents.checklist import checklist
from app.services.documents.verdicts import Finding, give_verdict
from app.ui.clock import today
from app.views.shell.history import changes_of
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.place import signed_in

LATER = make.AT + timedelta(days=1)


@dataclass
class Desk:
    """An application under review with two papers of one file each, and the people around it."""

    app: Flask
    key: int
    files: list[str]

    def browser(self, username: str) -> FundClient:
        return signed_in(self.app, username)

    def send(self, client: FundClient, file: int = 0, *, refuse: bool = True, **values: str) -> TestResponse:
        kind = "refuse" if refuse else "accept"
        form = {f"{kind}-{name}": value for name, value in {"seen": "", **values}.items()}
        page = f"/desk/{self.key}/{self.files[file]}"
        return client.send(f"{page}/verdict", form, page=page)

    def refuse(self, client: FundClient, file: int = 0, **values: str) -> TestResponse:
        return self.send(client, file, **{"verdict": "unreadable", "note": "อ่านไม่ออก", "page": "2", **values})

    def verdicts(self) -> list[DocumentVerdict]:
        with make.rows(self.app):
            found = list(db.session.scalars(select(DocumentVerdict).order_by(DocumentVerdict.id)))
            db.session.expunge_all()
            return found

    def states(self, username: str) -> list[PaperState]:
        """Where the papers stand for a person."""
        with make.rows(self.app):
            user = db.session.scalars(select(make.User).where(make.User.username == username)).one()
            with make.acting(user):
                return [paper.state for paper in checklist(db.session.get_one(LoanApplication, self.key), today())]

    def move(self, username: str, name: str, **values: Any) -> None:
        with make.rows(self.app):
            user = db.session.scalars(select(make.User).where(make.User.username == username)).one()
            row = db.session.get_one(LoanApplication, self.key)
            with make.acting(user) as person:
                at = values.pop("at", None) or make.datetime.now(make.UTC)
                move(row.id, MoveRequest(name, row.version, reason="เหตุผล", **values), person, at)


@pytest.fixture
def desk(app: Flask) -> Desk:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PREPARER, of=make.cooperative(), username="stranger")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.PROVINCIAL_OFFICER, username="colleague")
        make.person(Role.PROVINCIAL_OFFICER, username="elsewhere", place=make.PATHUM_THANI)
        make.person(Role.FUND_OFFICER, username="fund")
        make.person(Role.MANAGER, username="manager")
        row = make.application(State.IN_REVIEW, of=cooperative, under=make.programme(required=2))
        files = list(db.session.scalars(select(Document.public_id).order_by(Document.id)))
        return Desk(app, row.id, files)


def limited(desk: Desk, validity: Validity, months: int | None = None) -> None:
    with make.rows(desk.app):
        kind = db.session.scalars(select(Document).where(Document.public_id == desk.files[0])).one().document_type
        kind.validity, kind.valid_months = validity, months


# Judging


def test_refusal_is_stored_with_page_and_note_and_leads_to_the_next_file(desk: Desk) -> None:
    officer = desk.browser("officer")

    answer = desk.refuse(officer)

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/desk/{desk.key}/{desk.files[1]}"
    (row,) = desk.verdicts()
    assert (row.verdict, row.note, row.page) == (Verdict.UNREADABLE, "อ่านไม่ออก", 2)
    assert desk.states("officer") == [PaperState.REFUSED, PaperState.UPLOADED]
    assert make.in_thai(desk.app, "%(done)s of %(all)s files are judged.", done=1, all=2) in page(
        officer.get(f"/desk/{desk.key}")
    )


def test_later_finding_counts_and_the_earlier_one_stays(desk: Desk) -> None:
    officer = desk.browser("officer")
    desk.refuse(officer)
    first = desk.verdicts()[0].id

    desk.send(officer, refuse=False, verdict="accepted", seen=str(first))

    assert [row.verdict for row in desk.verdicts()] == [Verdict.UNREADABLE, Verdict.ACCEPTED]
    assert desk.states("officer")[0] is PaperState.ACCEPTED
    assert make.in_thai(desk.app, "Earlier findings (%(number)s)", number=1) in page(
        officer.get(f"/desk/{desk.key}/{desk.files[0]}")
    )
    with make.rows(desk.app):
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.kind == AuditKind.JUDGED).order_by(AuditEvent.id.desc())
        ).first()
        assert event is not None
        assert event.before["verdict"] == "unreadable"  # type: ignore[index]
        assert event.after["verdict"] == "accepted"  # type: ignore[index]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"note": " "}, "Write what is wrong with the document: the cooperative reads it."),
        ({"verdict": ""}, "Choose one from the list."),
        ({"verdict": "nonsense"}, "Choose one from the list."),
        ({"page": "สิบ"}, "Type a whole number in digits, for example 12."),
    ],
)
def test_refused_form_says_why_and_keeps_what_was_typed(desk: Desk, values: dict[str, str], says: str) -> None:
    answer = desk.refuse(desk.browser("officer"), **values)

    text = page(answer)
    assert answer.status_code == 422
    assert make.in_thai(desk.app, says) in text
    assert desk.verdicts() == []
    assert "อ่านไม่ออก</textarea>" in text or values.get("note") == " "


def test_paper_that_grows_old_is_accepted_with_the_day_on_it(desk: Desk) -> None:
    limited(desk, Validity.FISCAL_YEAR)
    officer = desk.browser("officer")
    day = {"issued_on-day": "15", "issued_on-month": "10", "issued_on-year": "2569"}

    without = desk.send(officer, refuse=False, verdict="accepted")
    old = desk.send(officer, refuse=False, verdict="accepted", **{**day, "issued_on-month": "9"})
    assert (without.status_code, old.status_code) == (422, 422)
    assert "30 ก.ย. 2569" in page(old)
    desk.send(officer, refuse=False, verdict="accepted", **day)

    (row,) = desk.verdicts()
    with make.rows(desk.app):
        document = db.session.get_one(Document, row.document_id)
        assert row.issued_on == document.issued_on == date(2026, 10, 15)


def test_day_on_a_refused_paper_is_no_news_before_it_is_sent(desk: Desk) -> None:
    limited(desk, Validity.MONTHS, 1)

    desk.refuse(
        desk.browser("officer"),
        verdict="expired",
        **{"issued_on-day": "1", "issued_on-month": "1", "issued_on-year": "2569"},
    )

    assert desk.verdicts()[0].issued_on == date(2026, 1, 1)
    assert desk.states("preparer")[0] is PaperState.UPLOADED


def test_who_judges_at_the_same_time_is_told_and_loses_nothing(desk: Desk) -> None:
    desk.refuse(desk.browser("colleague"), note="ของเพื่อน")
    officer = desk.browser("officer")

    told = desk.refuse(officer, note="ของฉัน")

    text = page(told)
    assert told.status_code == 409
    assert "ของเพื่อน" in text
    assert "ของฉัน</textarea>" in text
    assert len(desk.verdicts()) == 1
    desk.refuse(officer, note="ของฉัน", seen=str(desk.verdicts()[0].id))
    assert [row.note for row in desk.verdicts()] == ["ของเพื่อน", "ของฉัน"]


def test_same_finding_sent_twice_is_stored_once(desk: Desk) -> None:
    officer = desk.browser("officer")

    answers = [desk.refuse(officer).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert len(desk.verdicts()) == 1


# Who


@pytest.mark.parametrize(
    ("username", "codes"),
    [("preparer", {302, 403}), ("manager", {302, 403}), ("stranger", {302, 403}), ("elsewhere", {404})],
)
def test_others_do_not_judge(desk: Desk, username: str, codes: set[int]) -> None:
    client = desk.browser(username)

    answer = client.send(
        f"/desk/{desk.key}/{desk.files[0]}/verdict", {"refuse-verdict": "unreadable", "refuse-note": "ก"}
    )

    assert answer.status_code in codes
    assert desk.verdicts() == []


def test_officer_of_the_applicants_side_does_not_judge(desk: Desk) -> None:
    with make.rows(desk.app):
        officer = db.session.scalars(select(make.User).where(make.User.username == "officer")).one()
        document = db.session.scalars(select(Document).order_by(Document.id)).first()
        assert document is not None
        document.uploaded_by = officer
        db.session.flush()

        with make.acting(officer) as person, pytest.raises(RuleBroken, match="act for this cooperative"):
            give_verdict(document, Finding(Verdict.ACCEPTED), person, LATER)
    assert "accept-verdict" not in page(desk.browser("officer").get(f"/desk/{desk.key}/{desk.files[0]}"))


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.ON_AGENDA, State.APPROVED])
def test_nothing_is_judged_in_other_states(desk: Desk, state: State) -> None:
    with make.rows(desk.app):
        row = make.application(state)
        row.cooperative_id = db.session.get_one(LoanApplication, desk.key).cooperative_id
        document = db.session.scalars(select(Document).where(Document.application_id == row.id)).one()
        document.cooperative_id = row.cooperative_id
        desk.key, desk.files = row.id, [document.public_id]

    answer = desk.refuse(desk.browser("officer"))

    assert answer.status_code == 422
    assert desk.verdicts() == []


def test_unknown_file_is_not_found(desk: Desk) -> None:
    answer = desk.browser("officer").send(f"/desk/{desk.key}/{'0' * 32}/verdict", {"accept-verdict": "accepted"})

    assert answer.status_code == 404


# What the cooperative sees


def test_cooperative_reads_findings_once_the_office_asks(desk: Desk) -> None:
    officer, preparer = desk.browser("officer"), desk.browser("preparer")
    desk.refuse(officer)
    address = f"/desk/{desk.key}/{desk.files[0]}"
    assert desk.states("preparer") == [PaperState.UPLOADED, PaperState.UPLOADED]
    assert "อ่านไม่ออก" not in page(preparer.get(address))

    desk.move("officer", "return")

    assert desk.states("preparer") == [PaperState.REFUSED, PaperState.UPLOADED]
    assert "อ่านไม่ออก" in page(preparer.get(address))


def test_second_look_after_an_answer_is_not_told_either(desk: Desk) -> None:
    desk.refuse(desk.browser("officer"))
    desk.move("officer", "return")
    with make.rows(desk.app):
        row = db.session.get_one(LoanApplication, desk.key)
        old = db.session.scalars(select(Document).where(Document.public_id == desk.files[0])).one()
        new = make.document(row, old.document_type, at=make.datetime.now(make.UTC), replaces_id=old.id)
        desk.files.append(new.public_id)
    desk.move("preparer", "answer")

    desk.refuse(desk.browser("officer"), 2, verdict="incomplete")

    assert desk.states("officer")[0] is PaperState.REFUSED
    assert desk.states("preparer")[0] is PaperState.UPLOADED


def test_files_of_the_answer_are_judged_first(desk: Desk) -> None:
    officer = desk.browser("officer")
    desk.refuse(officer, 1)
    desk.move("officer", "return")
    with make.rows(desk.app):
        row = db.session.get_one(LoanApplication, desk.key)
        old = db.session.scalars(select(Document).where(Document.public_id == desk.files[1])).one()
        new = make.document(row, old.document_type, name="ใหม่.pdf", at=make.datetime.now(make.UTC), replaces_id=old.id)
        address = f"/desk/{desk.key}/{new.public_id}"
    desk.move("preparer", "answer")

    text = page(officer.get(f"/track/{desk.key}"))

    assert f'href="{address}"' in text
    beside = page(officer.get(address))
    assert f'href="/desk/{desk.key}/{desk.files[1]}"' in beside
    assert make.in_thai(desk.app, "Unreadable") in beside


# Going on to the fund


def test_refused_paper_keeps_the_application_at_the_office(desk: Desk) -> None:
    officer = desk.browser("officer")
    desk.refuse(officer)

    with pytest.raises(RuleBroken, match="refused and not replaced"):
        desk.move("officer", "recommend")
    form = page(officer.get(f"/track/{desk.key}"))
    assert make.in_thai(desk.app, "%(number)s required documents are not accepted yet:", number=2) in form

    desk.send(officer, refuse=False, verdict="accepted", seen=str(desk.verdicts()[0].id))
    desk.move("officer", "recommend", papers_reason="ดูต้นฉบับที่สำนักงานแล้ว")
    # The office is done with the papers, so the cooperative reads what was found.
    assert desk.states("preparer") == [PaperState.ACCEPTED, PaperState.UPLOADED]


def test_recommending_without_accepted_papers_asks_why_and_tells_who_decides(desk: Desk) -> None:
    why, told = "ดูต้นฉบับที่สำนักงานแล้ว", make.in_thai(desk.app, "Its reason:")
    officer, preparer = desk.browser("officer"), desk.browser("preparer")
    desk.send(officer, refuse=False, verdict="accepted")
    with make.rows(desk.app):
        make.person(Role.COMMITTEE, username="member")
        row = db.session.get_one(LoanApplication, desk.key)
        name, version = row.programme.documents[1].document_type.name, str(row.version)
    form = {"recommend-version": version, "recommend-reason": "ควรให้กู้", "recommend-papers_reason": " "}

    on_the_desk = make.in_thai(desk.app, "Not accepted yet: %(names)s", names=name)
    assert on_the_desk in page(officer.get(f"/desk/{desk.key}"))
    refused = officer.send(f"/track/{desk.key}/move/recommend", form)
    taken = officer.send(f"/track/{desk.key}/move/recommend", {**form, "recommend-papers_reason": why})

    assert (refused.status_code, taken.status_code) == (422, 302)
    error = page(refused).split('id="recommend-papers_reason-error"', 1)[1].split("</div>", 1)[0]
    assert name in error
    with make.rows(desk.app):
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.MOVED)).one()
        with force_locale("en"):
            told_of = {(label, after) for label, _before, after in changes_of(event)}
        assert told_of >= {
            ("Documents not accepted", name),
            ("Why without them", why),
        }
    before = page(desk.browser("fund").get(f"/track/{desk.key}")).split('id="moves"', 1)[1]
    assert name in before.split(told, 1)[0]
    assert why in before.split(told, 1)[1]
    desk.move("fund", "put_forward")
    assert why in page(desk.browser("member").get(f"/track/{desk.key}")).split('id="moves"', 1)[1]
    assert why not in page(preparer.get(f"/track/{desk.key}"))
    assert why in page(officer.get(f"/track/{desk.key}")).split('class="timeline"', 1)[1]


def test_nothing_is_asked_when_all_papers_are_accepted(desk: Desk) -> None:
    officer = desk.browser("officer")
    for file in range(2):
        desk.send(officer, file, refuse=False, verdict="accepted")

    desk.move("officer", "recommend", papers_reason="ไม่มีอะไรขาด")

    assert "ไม่มีอะไรขาด" not in page(officer.get(f"/track/{desk.key}"))
