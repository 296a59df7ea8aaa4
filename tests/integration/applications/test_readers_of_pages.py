"""Every page of an application is tried by its cooperative, its office and others."""

import html

import pytest
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.notices import Notice, OutboxMail
from tests import make
from tests.client import FundClient
from tests.integration.applications.cooperative_place import CooperativePlace, filled


@pytest.mark.parametrize("path", ["edit", "documents", "check"])
def test_pages_of_an_application_are_the_cooperatives_own(place: CooperativePlace, path: str) -> None:
    key = place.application()

    assert place.browser("preparer").get(f"/apply/{key}/{path}").status_code == 200
    assert place.browser("stranger").get(f"/apply/{key}/{path}").status_code == 404
    assert FundClient(place.app).get(f"/apply/{key}/{path}").status_code == 302


@pytest.mark.parametrize("path", ["", "/opened", "/submitted"])
def test_tracking_is_for_the_cooperative_and_its_office(place: CooperativePlace, path: str) -> None:
    key = place.application(State.SUBMITTED)

    for username in ("preparer", "officer", "fund"):
        answer = place.browser(username).get(f"/track/{key}{path}", follow_redirects=True)
        assert answer.status_code == 200
    assert place.browser("stranger").get(f"/track/{key}{path}").status_code == 404
    assert place.browser("committee").get(f"/track/{key}{path}").status_code == 404
    assert FundClient(place.app).get(f"/track/{key}{path}").status_code == 302


def test_cooperative_does_not_read_the_offices_opinion(place: CooperativePlace) -> None:
    with make.rows(place.app):
        row = make.application(State.IN_REVIEW, of=db.session.get_one(make.Cooperative, place.cooperative))
        key = row.id
    officer = place.browser("officer")
    form = {
        "recommend-version": place.version(key),
        "recommend-reason": "ความเห็นภายในของสำนักงาน",
        "recommend-papers_reason": "ดูต้นฉบับแล้ว",
    }
    officer.send(f"/track/{key}/move/recommend", form)

    assert "ความเห็นภายในของสำนักงาน" in officer.text(f"/track/{key}")
    assert "ความเห็นภายในของสำนักงาน" not in place.browser("preparer").text(f"/track/{key}")
    with make.rows(place.app):
        mails = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "preparer@example.org")).all()
        assert mails
        assert not any("ความเห็นภายในของสำนักงาน" in mail.body for mail in mails)


def test_answer_shows_everybody_what_was_changed(place: CooperativePlace) -> None:
    key = place.application(State.RECEIVED)
    place.browser("officer").send(
        f"/track/{key}/move/return", {"return-version": place.version(key), "return-reason": "ขอให้ลดวงเงิน"}
    )
    typed = filled(place.programme, version=place.version(key), amount="4,000,000", beneficiaries="100")
    preparer = place.browser("preparer")
    preparer.send(f"/apply/{key}/edit", typed, page=f"/apply/{key}/edit")
    label = make.in_thai(place.app, "Amount asked (baht)")

    refused = preparer.send(f"/track/{key}/move/answer", {"answer-version": place.version(key)})
    check = html.unescape(preparer.text(f"/apply/{key}/check"))
    form, signatory = {"answer-version": place.version(key)}, place.browser("signatory")
    undeclared = signatory.send(f"/track/{key}/move/answer", form)
    sent = signatory.send(f"/track/{key}/move/answer", form | {"answer-declared": "y"})

    assert (refused.status_code, undeclared.status_code, sent.status_code) == (422, 422, 302)
    assert make.in_thai(place.app, "Tick the box to confirm this.") in undeclared.get_data(as_text=True)
    assert f'action="/track/{key}/move/answer"' not in check
    for username in ("preparer", "officer", "fund"):
        text = html.unescape(place.browser(username).text(f"/track/{key}"))
        progress = text.split('<ol class="timeline">', 1)[1]
        assert f"<strong>{label}</strong>" in progress
        assert "5,000,000.00</del>" in progress
        assert "4,000,000.00</ins>" in progress


def test_notice_leads_to_the_application_and_is_read(place: CooperativePlace) -> None:
    key = place.application()
    place.browser("signatory").send(
        f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"}
    )
    officer = place.browser("officer")
    with make.rows(place.app):
        notice = db.session.scalars(select(Notice).where(Notice.user.has(username="officer"))).one().id

    assert make.in_thai(place.app, "The application was submitted") in html.unescape(officer.text("/notices/"))
    answer = officer.send(f"/notices/{notice}/read")

    assert answer.headers["Location"] == f"/track/{key}"
    assert place.browser("stranger").send(f"/notices/{notice}/read").status_code == 404
    with make.rows(place.app):
        assert db.session.get_one(Notice, notice).read_at is not None
