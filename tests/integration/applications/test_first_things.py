"""What to do stands before what to know: on the tracking page, on the check page, and after sending."""

import html
import re
from typing import Any

import pytest

from app.domain.states import State
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.ui.formatting import phone_number
from tests import make
from tests.client import seen
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace

STEP = re.compile(r'<li class="(done|current|todo)"')


def text(place: CooperativePlace, who: str, path: str) -> str:
    return html.unescape(place.browser(who).text(path))


def in_order(shown: str, *parts: str) -> bool:
    places = [shown.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_the_message_and_its_button_come_first_on_the_cooperatives_page(place: CooperativePlace) -> None:
    key = place.application(State.RETURNED)

    shown = text(place, "preparer", f"/track/{key}")

    assert in_order(
        shown,
        "<h1>",
        make.in_thai(place.app, "It is your turn."),
        "เหตุผลทดสอบ",
        f'href="/apply/{key}/documents"',
        make.in_thai(place.app, "What happens next"),
        make.in_thai(place.app, "Questions?"),
    )


def test_who_may_send_reaches_the_button_from_the_top_and_reads_the_findings_above_it(place: CooperativePlace) -> None:
    plain, doubtful = place.application(), place.application(amount_asked=5_000_000, beneficiaries=10)
    for key, cap, where in ((plain, None, "send"), (doubtful, 100_000, "doubts")):
        with make.rows(place.app):
            db.session.get_one(LoanProgramme, place.programme).member_loan_cap = cap

        shown = text(place, "signatory", f"/apply/{key}/check")

        assert in_order(shown, f'href="#{where}"', make.in_thai(place.app, "Answers"), f'id="{where}"', "<button class")


def test_who_may_not_send_reads_so_before_everything_else(place: CooperativePlace) -> None:
    said = "Everything is ready. Now a person with the right to sign for the cooperative signs in, checks, and submits."
    key = place.application()

    shown = text(place, "preparer", f"/apply/{key}/check")

    assert in_order(shown, make.in_thai(place.app, said), make.in_thai(place.app, "Answers"))
    assert "#send" not in shown


def test_the_confirmation_says_it_once_and_leads_on(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("signatory")
    client.send(f"/track/{key}/move/submit", {"submit-version": place.version(key), "submit-declared": "y"})

    shown = html.unescape(client.text(f"/track/{key}/submitted"))

    assert shown.count(make.in_thai(place.app, "The application was submitted")) == 1
    assert f'href="/track/{key}"' in shown
    assert make.in_thai(place.app, "What happens next") in shown
    assert make.in_thai(place.app, "Progress") not in shown


@pytest.mark.parametrize(("number", "told"), [(None, "0 2660 2180"), ("020000120", "0 2000 0120")])
def test_an_office_without_a_number_leads_to_the_funds_own(
    place: CooperativePlace, number: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(place.app.config, "FUND_PHONE", "0 2660 2180")
    monkeypatch.setitem(place.app.config, "DEMO", number is not None)
    key = place.application(State.RECEIVED)
    with make.rows(place.app):
        make.office().phone = number

    shown = text(place, "preparer", f"/track/{key}")

    asked = shown[shown.index(make.in_thai(place.app, "Questions?")) :].split("</p>", 1)[0]
    assert told in asked
    assert (make.in_thai(place.app, "example number") in asked) == (number is not None)


def test_only_a_demonstration_calls_its_numbers_examples(place: CooperativePlace) -> None:
    with place.app.app_context():
        place.app.config["DEMO"] = False
        assert seen(phone_number("020000120")) == "0 2000 0120"


def test_the_very_office_is_waited_for(place: CooperativePlace) -> None:
    key = place.application(State.RECEIVED)
    with make.rows(place.app):
        office = make.office().name

    assert make.in_thai(place.app, "We wait for %(who)s.", who=office) in text(place, "preparer", f"/track/{key}")


@pytest.mark.parametrize(
    ("complete", "steps"), [(True, ["done", "done", "current"]), (False, ["done", "current", "todo"])]
)
def test_the_steps_of_a_draft_tell_what_is_there(place: CooperativePlace, complete: bool, steps: Any) -> None:
    key = place.application(complete=complete)

    assert STEP.findall(page(place.browser("preparer").get(f"/track/{key}")))[:3] == steps
