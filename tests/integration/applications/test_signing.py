"""Handing an application to the signatory, who signs with the password, or gives it back."""

import re

from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.notices import Notice, OutboxMail
from app.models.signing import SigningRequest
from app.security.scope import unscoped
from tests import make
from tests.at_once import at_once, ready
from tests.client import PASSWORD
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace
from tests.pdfs import lines_of


def told(place: CooperativePlace) -> tuple[int, int]:
    """How many notices and mails there are."""
    return place.count(Notice), place.count(OutboxMail)


def open_ones(place: CooperativePlace) -> int:
    with make.rows(place.app), unscoped():
        return len(db.session.scalars(select(SigningRequest).where(SigningRequest.ended_at.is_(None))).all())


def test_the_signatory_is_asked_once_by_notice_mail_and_task(place: CooperativePlace) -> None:
    key = place.application()
    preparer, signatory = place.browser("preparer"), place.browser("signatory")
    assert f'action="/apply/{key}/sign/ask"' in preparer.text(f"/apply/{key}/check")

    answer = preparer.send(f"/apply/{key}/sign/ask", {"note": "ตรวจงบแล้ว"})
    again = preparer.send(f"/apply/{key}/sign/ask", {})

    assert (answer.headers["Location"], again.status_code) == (f"/apply/{key}/check", 422)
    assert open_ones(place) == 1
    notices, mails = told(place)
    assert notices == 1  # the signatory's alone
    assert mails >= 1
    assert f'href="/apply/{key}/check"' in signatory.text("/")
    assert make.in_thai(place.app, "Waits for your signature") in signatory.text("/")
    assert "ตรวจงบแล้ว" in signatory.text(f"/apply/{key}/check")
    assert f'action="/apply/{key}/sign/take-back"' in preparer.text(f"/apply/{key}/check")


def test_two_who_hand_it_over_at_once_ask_once(place: CooperativePlace) -> None:
    key = place.application()
    sends = [ready(place.browser("preparer"), f"/apply/{key}/sign/ask", {}) for _tab in range(3)]

    answers = at_once(sends)

    assert sorted(answer.status_code for answer in answers) == [302, 422, 422]
    assert open_ones(place) == 1
    assert place.count(Notice) == 1


def test_what_is_not_ready_is_not_handed_over(place: CooperativePlace) -> None:
    key = place.application(complete=False)

    answer = place.browser("preparer").send(f"/apply/{key}/sign/ask", {"note": "ช่วยดู"})

    assert answer.status_code == 422
    assert (open_ones(place), told(place)) == (0, (0, 0))


def test_it_is_taken_back_or_given_back_with_what_has_to_be_changed(place: CooperativePlace) -> None:
    key = place.application()
    preparer, signatory = place.browser("preparer"), place.browser("signatory")
    preparer.send(f"/apply/{key}/sign/ask", {})
    preparer.send(f"/apply/{key}/sign/take-back", {})
    assert open_ones(place) == 0
    preparer.send(f"/apply/{key}/sign/ask", {})

    blank = signatory.send(f"/apply/{key}/sign/send-back", {"note": " "})
    given = signatory.send(f"/apply/{key}/sign/send-back", {"note": "จำนวนสมาชิกไม่ตรงมติ"})
    late = signatory.send(f"/apply/{key}/sign/send-back", {"note": "อีกครั้ง"})

    assert [each.status_code for each in (blank, given, late)] == [422, 302, 422]
    assert "จำนวนสมาชิกไม่ตรงมติ" in preparer.text(f"/apply/{key}/check")
    assert preparer.send(f"/apply/{key}/sign/send-back", {"note": "x"}).status_code == 404


def test_a_signature_needs_the_password_and_ends_the_request(place: CooperativePlace) -> None:
    key = place.application()
    place.browser("preparer").send(f"/apply/{key}/sign/ask", {})
    signatory = place.browser("signatory")
    sent = {"submit-version": place.version(key), "submit-declared": "y"}

    wrong = signatory.send(f"/track/{key}/move/submit", {**sent, "submit-password": "not the password"})
    none = signatory.send(f"/track/{key}/move/submit", {**sent, "submit-password": ""})
    still = place.read(key).status
    right = signatory.send(f"/track/{key}/move/submit", {**sent, "submit-password": PASSWORD})

    for refused in (wrong, none):
        assert refused.status_code == 422
        assert 'id="submit-password-error"' in page(refused)
        assert "not the password" not in page(refused)
    assert still == State.DRAFT
    assert right.headers["Location"] == f"/track/{key}/submitted"
    assert open_ones(place) == 0


def test_another_cooperative_signs_nothing(place: CooperativePlace) -> None:
    with make.rows(place.app):
        foreign = make.application().id

    assert place.browser("signatory").send(f"/apply/{foreign}/sign/ask", {}).status_code == 404


def test_the_receipt_says_what_was_sent_and_only_while_it_stands(place: CooperativePlace) -> None:
    key = place.application()
    signatory = place.browser("signatory")
    assert signatory.get(f"/track/{key}/receipt.pdf").status_code == 404
    signatory.send(f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"})
    number = place.read(key).number or ""

    after, receipt = signatory.text(f"/track/{key}/submitted"), signatory.get(f"/track/{key}/receipt.pdf")

    assert f'href="/track/{key}/receipt.pdf"' in after
    text = " ".join(lines_of(receipt.data))
    code = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", text)
    assert number in text
    assert "5,000,000" in text
    assert code is not None
    assert code[0] in signatory.text(f"/track/{key}")
    returned = place.application(State.RETURNED)
    assert signatory.get(f"/track/{returned}/receipt.pdf").status_code == 404
