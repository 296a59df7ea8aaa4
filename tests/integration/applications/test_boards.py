"""The board goes with what is sent; what becomes of it later is shown to the office, and told to it once."""

import html
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.cooperatives import unpack_board
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent
from app.models.boards import KeptBoard, WaitingBoardChange
from app.models.cooperatives import BoardMember
from app.models.notices import Notice, OutboxMail
from app.services.applications import moves
from app.services.applications.effects import BOARD_MOVED
from app.services.programmes.envelopes import lock_envelope_for
from tests import make
from tests.at_once import at_once, ready, statuses
from tests.client import FundClient
from tests.integration.applications.cooperative_place import CooperativePlace

TERM = {"term_starts_on": date(2026, 1, 15), "term_ends_on": date(2028, 1, 14)}
DAYS = {
    **{f"term_starts_on-{part}": value for part, value in (("day", "15"), ("month", "1"), ("year", "2569"))},
    **{f"term_ends_on-{part}": value for part, value in (("day", "14"), ("month", "1"), ("year", "2571"))},
}


@dataclass
class BoardPlace:
    """The cooperative's place with two guarantors, by id."""

    place: CooperativePlace
    chair: int
    manager: int

    def browser(self, username: str) -> FundClient:
        return self.place.browser(username)

    def move(self, client: FundClient, key: int, name: str, **form: str) -> Any:
        fields = {"version": self.place.version(key), **form}
        return client.send(f"/track/{key}/move/{name}", {f"{name}-{field}": value for field, value in fields.items()})

    def edit(self, client: FundClient, member: int, **values: str) -> Any:
        with make.rows(self.place.app):
            version = db.session.get_one(BoardMember, member).version
        return client.send(f"/board/edit/{member}", {**named(**values), "version": str(version)})

    def kept(self, key: int) -> list[list[str]]:
        """The names in each copy, oldest first."""
        with make.rows(self.place.app):
            kept = select(KeptBoard.content).where(KeptBoard.application_id == key).order_by(KeptBoard.at)
            return [[each.full_name for each in unpack_board(content)] for content in db.session.scalars(kept)]

    def told(self, key: int) -> list[str]:
        with make.rows(self.place.app):
            found = select(Notice.move).where(
                Notice.application_id == key, Notice.move.like("%\\_changed", escape="\\")
            )
            return list(db.session.scalars(found))


@pytest.fixture
def board(place: CooperativePlace) -> BoardPlace:
    with make.rows(place.app):
        rows = [
            BoardMember(cooperative_id=place.cooperative, full_name=name, position=position, **TERM)
            for name, position in (("ประธาน หนึ่ง", "ประธานกรรมการ"), ("ผู้จัดการ สอง", "ผู้จัดการ"))
        ]
        db.session.add_all(rows)
        db.session.flush()
        return BoardPlace(place, *(row.id for row in rows))


def named(**values: str) -> dict[str, str]:
    return {"full_name": "ประธาน หนึ่ง", "position": "ประธานกรรมการ", **DAYS, **values}


def test_each_sending_keeps_the_board_as_it_was_then(board: BoardPlace) -> None:
    key = board.place.application()
    signatory, officer = board.browser("signatory"), board.browser("officer")

    assert board.move(signatory, key, "submit", declared="y").status_code == 302
    assert board.edit(signatory, board.chair, full_name="ประธาน ใหม่").status_code == 302
    for name, form in (("receive", {}), ("review", {}), ("return", {"reason": "ขอคำชี้แจง"})):
        assert board.move(officer, key, name, **form).status_code == 302
    assert board.move(signatory, key, "answer", declared="y").status_code == 302
    assert signatory.send(f"/board/delete/{board.manager}").status_code == 302

    assert board.kept(key) == [["ประธาน หนึ่ง", "ผู้จัดการ สอง"], ["ประธาน ใหม่", "ผู้จัดการ สอง"]]
    page = html.unescape(officer.text(f"/track/{key}"))
    sections = dict(re.findall(r'<section class="section" id="(board)">(.*?)</section>', page, re.DOTALL))
    assert re.search(
        r"ผู้จัดการ, วาระ 15 ม\.ค\. 2569 ถึง 14 ม\.ค\. 2571</del> →\s*<ins>.*?พ้นจากคณะกรรมการ", sections["board"]
    )
    assert "(ผู้มีอำนาจลงนาม" in sections["board"]
    # What an answer changed stands at its place in the history.
    assert re.search(r"ประธาน หนึ่ง</del> →\s*<ins>.*?ประธาน ใหม่", page.replace(sections["board"], ""), re.DOTALL)


def test_the_office_is_told_once_of_what_is_under_way(board: BoardPlace) -> None:
    draft, sent, ended = (
        board.place.application(),
        board.place.application(State.IN_REVIEW),
        board.place.application(State.REJECTED),
    )
    preparer = board.browser("preparer")

    board.edit(preparer, board.chair)
    assert board.told(sent) == []  # saved as it was
    board.edit(preparer, board.chair, position="รองประธานกรรมการ")
    preparer.send(f"/board/delete/{board.manager}")

    assert [board.told(key) for key in (draft, sent, ended)] == [[], ["board_changed"], []]
    with make.rows(board.place.app):
        (mail,) = db.session.scalars(select(OutboxMail).where(OutboxMail.application_id == sent))
        assert mail.recipient == "officer@example.org"
    board.browser("officer").send("/notices/all/read")
    board.edit(preparer, board.chair, position="กรรมการ")
    assert board.told(sent) == ["board_changed", "board_changed"]


def test_nothing_is_sent_with_another_board_than_the_one_on_the_page(board: BoardPlace) -> None:
    key = board.place.application()
    signatory = board.browser("signatory")
    mark = re.search(r'name="submit-board"[^>]*value="(\w+)"', signatory.text(f"/apply/{key}/check"))
    assert mark is not None
    board.browser("preparer").send(f"/board/delete/{board.manager}")

    refused = board.move(signatory, key, "submit", declared="y", board=mark[1])

    assert refused.status_code == 422
    text = html.unescape(refused.get_data(as_text=True))
    assert make.in_thai(board.place.app, BOARD_MOVED) in text
    again = re.search(r'name="submit-board"[^>]*value="(\w+)"', text)
    assert again is not None
    assert board.move(signatory, key, "submit", declared="y", board=again[1]).status_code == 302
    assert board.kept(key) == [["ประธาน หนึ่ง"]]


def test_an_answer_with_other_guarantors_is_signed(board: BoardPlace) -> None:
    key = board.place.application()
    signatory, preparer, officer = (board.browser(name) for name in ("signatory", "preparer", "officer"))
    board.move(signatory, key, "submit", declared="y")
    for name, form in (("receive", {}), ("review", {}), ("return", {"reason": "ขอคำชี้แจง"})):
        board.move(officer, key, name, **form)
    board.edit(preparer, board.chair, full_name="ประธาน ใหม่")

    assert board.move(preparer, key, "answer", reason="แนบแล้ว").status_code == 422
    assert board.move(signatory, key, "answer", reason="แนบแล้ว").status_code == 422  # not declared
    assert board.move(signatory, key, "answer", reason="แนบแล้ว", declared="y").status_code == 302


def test_a_change_while_it_is_sent_is_in_the_copy_or_told(board: BoardPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    key = board.place.application()
    judged, changed = Event(), Event()

    def hold(application: LoanApplication) -> tuple[int | None, int | None]:
        judged.set()
        changed.wait(0.5)  # as long as the change waits for the cooperative, which is held
        return lock_envelope_for(application)

    monkeypatch.setattr(moves, "lock_envelope_for", hold)
    submit = ready(
        board.browser("signatory"), f"/track/{key}/move/submit", {"submit-version": "1", "submit-declared": "y"}
    )
    delete = ready(board.browser("preparer"), f"/board/delete/{board.manager}", {})

    def change() -> TestResponse:
        judged.wait(10)
        answer = delete()
        changed.set()
        return answer

    answers = at_once([submit, change])

    assert statuses(answers) == {302: 2}
    assert board.kept(key) == [["ประธาน หนึ่ง", "ผู้จัดการ สอง"]]
    assert board.told(key) == ["board_changed"]


# Once a loan was granted


@pytest.fixture
def granted(board: BoardPlace) -> BoardPlace:
    board.place.application(State.APPROVED)
    return board


def waiting(board: BoardPlace) -> list[WaitingBoardChange]:
    with make.rows(board.place.app):
        found = db.session.scalars(select(WaitingBoardChange).order_by(WaitingBoardChange.id)).all()
        db.session.expunge_all()
        return list(found)


def registered(board: BoardPlace) -> list[tuple[str, str]]:
    with make.rows(board.place.app):
        rows = db.session.scalars(select(BoardMember).order_by(BoardMember.id))
        return [(row.full_name, row.position) for row in rows]


def seen_in(client: FundClient, key: int) -> str:
    found = re.search(
        rf'/board-changes/{key}/consent">.*?name="seen" value="(\w+)"', client.text("/board-changes/"), re.DOTALL
    )
    assert found is not None
    return found[1]


BEFORE = [("ประธาน หนึ่ง", "ประธานกรรมการ"), ("ผู้จัดการ สอง", "ผู้จัดการ")]


def test_a_change_of_guarantors_of_a_granted_loan_waits_for_the_signatory(granted: BoardPlace) -> None:
    preparer, officer, signatory = (granted.browser(name) for name in ("preparer", "officer", "signatory"))

    assert "granted" not in preparer.text("/board/list/")
    preparer.send("/board/add", {"cooperative": str(granted.place.cooperative), **named(full_name="กรรมการ สาม")})
    granted.edit(officer, granted.chair, full_name="ประธาน ใหม่")
    preparer.send(f"/board/delete/{granted.manager}")

    assert registered(granted) == BEFORE
    add, change, remove = waiting(granted)
    assert [(each.act, each.full_name) for each in (add, change, remove)] == [
        ("add", "กรรมการ สาม"),
        ("change", "ประธาน ใหม่"),
        ("remove", "ผู้จัดการ สอง"),
    ]
    assert "/board-changes/" in signatory.text("/")
    for each in (add, change, remove):
        answer = signatory.send(f"/board-changes/{each.id}/consent", {"seen": seen_in(signatory, each.id)})
        assert answer.status_code == 302
    assert registered(granted) == [("ประธาน ใหม่", "ประธานกรรมการ"), ("กรรมการ สาม", "ประธานกรรมการ")]
    with make.rows(granted.place.app):
        # The act is the signatory's, in the trail as well; the finance officer's too is told, and the typists.
        last = db.session.scalars(
            select(AuditEvent).where(AuditEvent.entity == "board_member").order_by(AuditEvent.id.desc())
        ).first()
        assert last is not None
        assert last.actor_role == "cooperative_signatory"
        moves = db.session.scalars(select(Notice.move)).all()
        assert Counter(moves) == {"board_waits": 3, "guarantors_changed": 2, "board_agreed": 3}


def test_nobody_else_consents_and_a_change_is_settled_once(granted: BoardPlace) -> None:
    preparer, signatory = granted.browser("preparer"), granted.browser("signatory")
    granted.edit(preparer, granted.chair, full_name="ประธาน ใหม่")
    granted.edit(preparer, granted.chair, full_name="ประธาน ใหม่กว่า")
    first, second = waiting(granted)
    seen = seen_in(signatory, second.id)

    assert first.outcome == "replaced"
    assert preparer.send(f"/board-changes/{second.id}/consent", {"seen": seen}).status_code == 403
    assert granted.browser("officer").send(f"/board-changes/{second.id}/consent", {"seen": seen}).status_code == 403
    assert granted.browser("stranger").send(f"/board-changes/{second.id}/consent", {"seen": seen}).status_code == 404
    # The signatory changes the person in between: what was seen is not what would be changed.
    granted.edit(signatory, granted.chair, position="รองประธานกรรมการ")
    assert signatory.send(f"/board-changes/{second.id}/consent", {"seen": seen}).status_code == 409
    assert signatory.send(f"/board-changes/{second.id}/decline").status_code == 302
    assert signatory.send(f"/board-changes/{second.id}/consent", {"seen": seen}).status_code == 409
    assert registered(granted) == [("ประธาน หนึ่ง", "รองประธานกรรมการ"), BEFORE[1]]


def test_who_typed_a_change_takes_it_back_and_a_backward_term_is_refused(granted: BoardPlace) -> None:
    preparer = granted.browser("preparer")
    preparer.send(f"/board/delete/{granted.chair}")
    (change,) = waiting(granted)

    assert preparer.send(f"/board-changes/{change.id}/take-back").status_code == 302
    refused = granted.edit(preparer, granted.chair, **{"term_ends_on-year": "2568"})

    assert 'value="2568"' in refused.get_data(as_text=True)
    assert [each.outcome for each in waiting(granted)] == ["taken_back"]
    assert registered(granted) == BEFORE


def test_a_loan_granted_meanwhile_makes_the_change_wait(board: BoardPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The approval holds the cooperative first: a change that came to its lock later finds the loan granted."""
    key = board.place.application(State.ON_AGENDA)
    held, typed = Event(), Event()

    def hold(application: LoanApplication) -> tuple[int | None, int | None]:
        held.set()
        typed.wait(0.5)
        return lock_envelope_for(application)

    monkeypatch.setattr(moves, "lock_envelope_for", hold)
    form = {"approve-version": board.place.version(key), "approve-amount": "5,000,000", "approve-meeting_no": "1/2570"}
    approve = ready(board.browser("committee"), f"/track/{key}/move/approve", form)
    delete = ready(board.browser("preparer"), f"/board/delete/{board.manager}", {})

    def change() -> TestResponse:
        held.wait(10)
        answer = delete()
        typed.set()
        return answer

    answers = at_once([approve, change])

    assert statuses(answers) == {302: 2}
    assert registered(board) == BEFORE
    assert [each.act for each in waiting(board)] == ["remove"]
