"""Moves of the offices and the committee through their pages."""

import html
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from tests import make
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace


def test_application_goes_all_the_way_through_the_pages(place: CooperativePlace) -> None:
    key = place.application()
    steps: list[tuple[str, str, dict[str, str]]] = [
        ("signatory", "submit", {"declared": "y"}),
        ("officer", "receive", {}),
        ("officer", "review", {}),
        ("officer", "recommend", {"reason": "เห็นควรให้กู้", "papers_reason": "ดูต้นฉบับแล้ว"}),
        ("fund", "put_forward", {"reason": "วิเคราะห์แล้ว"}),
        ("committee", "approve", {"amount": "4,000,000", "meeting_no": "๑๒/๒๕๖๙", "reason": "วงเงินจำกัด"}),
    ]

    for username, name, typed in steps:
        form = {f"{name}-{field}": value for field, value in {"version": place.version(key), **typed}.items()}
        answer = place.browser(username).send(f"/track/{key}/move/{name}", form)
        assert answer.status_code == 302, (name, page(answer))

    row = place.read(key)
    assert (row.status, row.amount_approved) == (State.APPROVED, Decimal(4_000_000))
    with make.rows(place.app):
        events = db.session.execute(
            select(AuditEvent.actor_role, make.User.username)
            .join(AuditEvent.actor)
            .where(AuditEvent.kind == AuditKind.MOVED)
            .order_by(AuditEvent.id)
        ).all()
    assert [tuple(event) for event in events] == [
        ("cooperative_signatory", "signatory"),
        *[("provincial_officer", "officer")] * 3,
        ("fund_officer", "fund"),
        ("committee", "committee"),
    ]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"amount": "5,000,000.01"}, 422),
        ({"amount": "0"}, 422),
        ({"amount": ""}, 422),
        ({"amount": "มาก"}, 422),
        ({"amount": "1", "decided_on-day": "31", "decided_on-month": "2", "decided_on-year": "2569"}, 422),
        ({"amount": "1", "decided_on-day": "1", "decided_on-month": "1", "decided_on-year": "2600"}, 422),
    ],
)
def test_bad_resolution_is_refused_and_kept(place: CooperativePlace, typed: dict[str, str], status: int) -> None:
    key = place.application(State.ON_AGENDA)
    client = place.browser("committee")
    form = {f"approve-{field}": value for field, value in {"version": place.version(key), **typed}.items()}

    answer = client.send(f"/track/{key}/move/approve", {**form, "approve-meeting_no": "77/2569"})

    assert answer.status_code == status
    assert 'value="77/2569"' in page(answer)
    assert place.read(key).status == State.ON_AGENDA


@pytest.mark.parametrize("name", ["reject", "defer"])
def test_resolution_without_a_reason_is_refused(place: CooperativePlace, name: str) -> None:
    key = place.application(State.ON_AGENDA)
    client = place.browser("committee")

    answer = client.send(f"/track/{key}/move/{name}", {f"{name}-version": place.version(key), f"{name}-reason": " "})

    assert answer.status_code == 422
    text = page(answer)
    told = make.in_thai(place.app, "Write: %(label)s")
    # Once in the list above the form and once at each field, and nowhere else.
    for field, label in (("reason", "Reason"), ("meeting_no", "Meeting number")):
        assert f'id="{name}-{field}-error"' in text
        assert text.count(told % {"label": make.in_thai(place.app, label)}) == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "5,000,000.01"}, "amount"),
        ({"amount": "1"}, "reason"),
        ({"amount": "", "reason": "เหตุผล"}, "amount"),
        ({"amount": "5,000,000", "meeting_no": " "}, "meeting_no"),
        (
            {"amount": "5,000,000", "decided_on-day": "1", "decided_on-month": "1", "decided_on-year": "2569"},
            "decided_on",
        ),
    ],
)
def test_refused_resolution_is_told_at_its_field(place: CooperativePlace, typed: dict[str, str], field: str) -> None:
    key = place.application(State.ON_AGENDA)
    given = {"version": place.version(key), "meeting_no": "1/2569", **typed}

    answer = place.browser("committee").send(
        f"/track/{key}/move/approve", {f"approve-{name}": value for name, value in given.items()}
    )

    text = page(answer)
    assert answer.status_code == 422
    assert f'id="approve-{field}-error"' in text
    assert text.count('class="error"') == 1
    assert place.read(key).status == State.ON_AGENDA


def test_approval_asks_once_more_with_the_figures(place: CooperativePlace) -> None:
    key = place.application(State.ON_AGENDA)
    row = place.read(key)

    text = html.unescape(place.browser("committee").text(f"/track/{key}"))

    asked = text.split('data-confirm="', 1)[1].split('"', 1)[0]
    assert all(part in asked for part in (str(row.number), row.cooperative_name, "5,000,000.00", "{approve-amount}"))


def test_second_decision_is_told_who_decided(place: CooperativePlace) -> None:
    key = place.application(State.ON_AGENDA)
    client = place.browser("committee")
    version = place.version(key)
    client.send(
        f"/track/{key}/move/reject",
        {"reject-version": version, "reject-reason": "เงินไม่พอ", "reject-meeting_no": "1/2569"},
    )

    form = {"approve-version": version, "approve-amount": "5000000", "approve-meeting_no": "1/2569"}
    answer = client.send(f"/track/{key}/move/approve", form)

    assert answer.status_code == 409
    assert make.in_thai(place.app, "The committee did not approve the loan") in page(answer)
    assert place.read(key).status == State.REJECTED


def test_administrator_has_no_way_to_move_an_application(place: CooperativePlace) -> None:
    key = place.application(State.ON_AGENDA)
    client = place.browser("administrator")
    form = {"approve-version": place.version(key), "approve-amount": "1"}

    answer = client.send(f"/track/{key}/move/approve", form)

    assert answer.status_code in (302, 403, 404)
    assert place.read(key).status == State.ON_AGENDA


@pytest.mark.parametrize("name", ["delete", "expire", "submit%00", "x" * 300])
def test_move_that_nobody_makes_is_refused(place: CooperativePlace, name: str) -> None:
    key = place.application()
    client = place.browser("signatory")

    answer = client.send(f"/track/{key}/move/{name}", {f"{name}-version": place.version(key)})

    assert answer.status_code in (404, 422)
    assert place.read(key).status == State.DRAFT


def test_an_act_on_ticked_rows_has_no_address_for_a_single_row(place: CooperativePlace) -> None:
    fresh = place.application(State.SUBMITTED)

    answer = place.browser("officer").send(f"/applications/action/receive/{fresh}")

    assert answer.status_code == 404
    assert place.read(fresh).status == State.SUBMITTED


def test_ticked_applications_are_received_one_by_one(place: CooperativePlace) -> None:
    fresh, gone = place.application(State.SUBMITTED), place.application(State.IN_REVIEW)
    client = place.browser("officer")
    form = {"action": "receive", "rowid": [str(fresh), str(gone)]}

    answer = client.send("/applications/action_post", form, follow_redirects=True)

    assert (place.read(fresh).status, place.read(gone).status) == (State.RECEIVED, State.IN_REVIEW)
    assert make.in_thai(place.app, "%(count)s applications received.", count=1) in page(answer)
    assert make.in_thai(place.app, "%(count)s applications could not be received.", count=1) in page(answer)
    refused = "The application has moved on meanwhile. Read its state below and choose again."
    assert f"{place.read(gone).number}: {make.in_thai(place.app, refused)}" in page(answer)


def test_button_of_a_page_open_too_long_is_explained(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("signatory")

    answer = client.post(
        f"/track/{key}/move/submit",
        data={"csrf_token": "old", "submit-version": place.version(key), "submit-declared": "y"},
    )

    said = "The page was open too long, or your session ended. Open it again and repeat what you did."
    assert answer.status_code == 400
    assert make.in_thai(place.app, said) in page(answer)
    assert place.read(key).status == State.DRAFT
