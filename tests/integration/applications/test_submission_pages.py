"""The check, the submission, and what comes back to the cooperative."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from tests import make
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace


def test_check_lists_everything_that_is_missing(place: CooperativePlace) -> None:
    key = place.application(complete=False, months=61)
    client = place.browser("signatory")

    text = html.unescape(client.text(f"/apply/{key}/check"))

    with make.rows(place.app):
        paper = db.session.get_one(make.LoanProgramme, place.programme).documents[0].document_type.name
    assert make.in_thai(place.app, "Still missing: %(name)s. Attach it.", name=paper) in text
    said = "The term of %(months)s months is longer than the programme's %(longest)s months. Choose a shorter term."
    assert make.in_thai(place.app, said, months=61, longest=60) in text
    assert f'action="/track/{key}/move/submit"' not in text


def test_submission_past_the_check_is_refused_with_what_is_missing(place: CooperativePlace) -> None:
    key = place.application(complete=False)
    client = place.browser("signatory")

    answer = client.send(f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"})

    with make.rows(place.app):
        paper = db.session.get_one(make.LoanProgramme, place.programme).documents[0].document_type.name
    assert answer.status_code == 422
    assert make.in_thai(place.app, "Still missing: %(name)s. Attach it.", name=paper) in page(answer)
    assert place.read(key).status == State.DRAFT


def test_submission_shows_the_number(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("signatory")

    answer = client.send(f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"})

    number = place.read(key).number
    assert answer.headers["Location"] == f"/track/{key}/submitted"
    assert number is not None
    assert number in client.text(f"/track/{key}/submitted")


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        # One minute before and after midnight in Bangkok, seven hours ahead of UTC.
        (datetime(2026, 9, 30, 16, 59, tzinfo=UTC), "คก.0001/2569"),
        (datetime(2026, 9, 30, 17, 1, tzinfo=UTC), "คก.0001/2570"),
    ],
)
def test_number_changes_year_at_midnight_in_bangkok(place: CooperativePlace, moment: datetime, number: str) -> None:
    key = place.application(at=datetime(2026, 9, 28, 3, 0, tzinfo=UTC))

    with time_machine.travel(moment, tick=False):
        place.browser("signatory").send(
            f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"}
        )

    assert place.read(key).number == number


def test_submitting_twice_is_one_move_and_a_page_that_says_who_was_first(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("signatory")
    form = {"submit-version": place.version(key), "submit-declared": "y"}

    # 04:05 UTC is 11:05 in Bangkok.
    with time_machine.travel(datetime(2026, 11, 18, 4, 5, tzinfo=UTC), tick=False):
        client = place.browser("signatory")
        first = client.send(f"/track/{key}/move/submit", form)
        second = client.send(f"/track/{key}/move/submit", form)

    with make.rows(place.app):
        row = db.session.get_one(LoanApplication, key)
        assert [change.move for change in row.changes] == ["submit"]
        who = row.changes[0].actor
        assert who is not None
        said = (
            "The application changed while you had it open. The last step was “%(what)s” by %(who)s at %(when)s. "
            "Read it again and repeat what is still needed."
        )
        what = make.in_thai(place.app, "The application was submitted")
        told = make.in_thai(place.app, said, who=who.get_full_name(), what=what, when="11:05")
    assert (first.status_code, second.status_code) == (302, 409)
    # As the page's banner and nowhere else as a surprise: once above, at most once more beside the form.
    assert 1 <= page(second).count(told) <= 2


def test_preparer_reads_that_a_signatory_has_to_submit(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("preparer")

    answer = client.send(f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"})

    assert f'action="/track/{key}/move/submit"' not in client.text(f"/apply/{key}/check")
    assert answer.status_code == 422
    assert make.in_thai(place.app, "Your role may not do this.") in page(answer)
    assert place.read(key).status == State.DRAFT


def test_submission_needs_the_declaration(place: CooperativePlace) -> None:
    key = place.application()

    answer = place.browser("signatory").send(f"/track/{key}/move/submit", {"submit-version": place.version(key)})

    text = page(answer)
    error = text.split('id="submit-declared-error"', 1)[1].split("</div>", 1)[0]
    assert answer.status_code == 422
    assert make.in_thai(place.app, "Tick the box to confirm this.") in error
    assert (
        text.count(
            make.in_thai(
                place.app, "I may sign for the cooperative and confirm: the answers are true, the documents complete."
            )
        )
        == 1
    )
    assert f'action="/track/{key}/move/submit"' in text
    assert place.read(key).status == State.DRAFT


def test_confirmation_is_for_the_cooperative_right_after_sending(place: CooperativePlace) -> None:
    key, later = place.application(State.SUBMITTED), place.application(State.RECEIVED)

    assert place.browser("preparer").get(f"/track/{key}/submitted").status_code == 200
    for username, which in (("preparer", later), ("officer", key)):
        answer = place.browser(username).get(f"/track/{which}/submitted")
        assert answer.headers["Location"] == f"/track/{which}"


def returned(place: CooperativePlace, *, papers: int = 0) -> tuple[int, list[str]]:
    """An application returned with a question, and the names of the papers asked for."""
    with make.rows(place.app):
        programme = make.programme(required=2)
        row = make.application(
            State.IN_REVIEW, of=db.session.get_one(make.Cooperative, place.cooperative), under=programme
        )
        key, version = row.id, str(row.version)
        kinds = [(str(asked.document_type_id), asked.document_type.name) for asked in programme.documents[:papers]]
    form: dict[str, Any] = {"return-version": version, "return-reason": "หน้าที่ ๒ ไม่ชัด"}
    form |= {f"asked-{code}-note": "ขอฉบับล่าสุด" for code, _name in kinds}
    place.browser("officer").send(f"/track/{key}/move/return", {**form, "asked": [code for code, _name in kinds]})
    return key, [name for _code, name in kinds]


def test_returned_application_waits_for_the_cooperative_with_the_question(place: CooperativePlace) -> None:
    key, _names = returned(place)
    client = place.browser("preparer")
    waits = make.in_thai(place.app, "We wait for you. The office goes on checking once your answer is here.")
    promise = make.in_thai(place.app, "If something is missing, you are told here and by mail.")
    before = make.in_thai(place.app, "Before it can be sent")

    track = html.unescape(client.text(f"/track/{key}"))
    others = [html.unescape(client.text(f"/apply/{key}/{path}")) for path in ("documents", "check")]

    assert waits in track
    assert promise not in track
    for text in (track, *others):
        box = text.split('<div class="notice notice-waiting">', 1)[1].split("</div>", 1)[0]
        assert "หน้าที่ ๒ ไม่ชัด" in box
    assert before not in others[1]
    assert make.in_thai(place.app, "Keep as draft") not in others[1]


def test_refused_answer_lists_every_missing_document(place: CooperativePlace) -> None:
    key, names = returned(place, papers=2)
    client = place.browser("preparer")

    answer = client.send(f"/track/{key}/move/answer", {"answer-version": place.version(key)})
    check = html.unescape(client.text(f"/apply/{key}/check"))

    summary = page(answer).split('class="error-summary"', 1)[1].split("</div>", 1)[0]
    assert len(names) == 2
    for name in names:
        assert make.in_thai(place.app, "Still missing: %(name)s. Attach it.", name=name) in summary
    assert make.in_thai(place.app, "Before the answer can be sent") in check


def test_offices_read_about_their_work_and_not_about_themselves(place: CooperativePlace) -> None:
    key = place.application(State.RECEIVED)
    told = make.in_thai(place.app, "If something is missing, you are told here and by mail.")
    questions = make.in_thai(place.app, "Questions?")

    cooperative = html.unescape(place.browser("preparer").text(f"/track/{key}"))
    officer = html.unescape(place.browser("officer").text(f"/track/{key}"))

    assert told in cooperative
    assert questions in cooperative
    assert told not in officer
    assert questions not in officer


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.APPROVED, "The office contacts the cooperative about the loan contract and the payment."),
        (
            State.REJECTED,
            "This application is finished. The cooperative may apply again under a programme that is open.",
        ),
    ],
)
def test_result_says_what_happens_next_and_whom_to_ask(place: CooperativePlace, state: State, said: str) -> None:
    key = place.application(state)
    with make.rows(place.app):
        office = make.office().name

    text = html.unescape(place.browser("preparer").text(f"/track/{key}"))

    assert make.in_thai(place.app, said) in text
    assert f"{make.in_thai(place.app, 'Questions?')} {office}" in text


def test_cut_amount_stands_beside_the_amount_asked(place: CooperativePlace) -> None:
    key = place.application(State.ON_AGENDA)
    form = {
        "approve-version": place.version(key),
        "approve-amount": "3,500,000",
        "approve-meeting_no": "1/2569",
        "approve-reason": "วงเงินจำกัด",
    }
    place.browser("committee").send(f"/track/{key}/move/approve", form)

    text = html.unescape(place.browser("preparer").text(f"/track/{key}"))

    decision = text.split('<dl class="summary">', 1)[1].split("</dl>", 1)[0]
    assert "5,000,000.00" in decision
    assert "3,500,000.00" in decision
    assert make.in_thai(place.app, "Less than asked by %(amount)s baht", amount="1,500,000.00") in decision


@pytest.mark.parametrize(
    ("path", "leads_to"), [("apply/{}/attach/7", "/apply/{}/documents#paper-7"), ("track/{}/move/submit", "/track/{}")]
)
def test_address_of_a_refused_form_leads_back_when_opened_again(
    place: CooperativePlace, path: str, leads_to: str
) -> None:
    key = place.application()
    before = place.version(key)

    answer = place.browser("preparer").get("/" + path.format(key))

    assert answer.status_code == 302
    assert answer.headers["Location"] == leads_to.format(key)
    assert place.browser("stranger").get("/" + path.format(key)).status_code == 404
    assert place.version(key) == before


def test_list_speaks_the_words_of_the_readers_side(place: CooperativePlace) -> None:
    place.application()
    place.application(State.IN_REVIEW)

    cooperative = html.unescape(place.browser("preparer").text("/applications/list/")).split("<tbody>", 1)[1]
    officer = html.unescape(place.browser("officer").text("/applications/list/")).split("<tbody>", 1)[1]

    assert f">{make.in_thai(place.app, 'Draft')}</a>" in cooperative
    assert f">{make.in_thai(place.app, 'The office is checking')}</span></td>" in cooperative
    assert f">{make.in_thai(place.app, 'Under review')}</span></td>" in officer
