"""The form of an application: filled in, refused at its fields, kept, saved by itself."""

import html
import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace, filled


def test_form_becomes_a_draft(place: CooperativePlace) -> None:
    client = place.browser("preparer")

    answer = client.send("/apply/new", filled(place.programme), page="/apply/new")

    assert answer.status_code == 302
    (key,) = [int(part) for part in answer.headers["Location"].split("/") if part.isdigit()]
    row = place.read(key)
    assert (row.status, row.amount_asked, row.beneficiaries) == (State.DRAFT, Decimal("5000000.50"), 100)
    assert row.member_rate == Decimal("0.0475")


def test_form_sent_twice_is_one_application(place: CooperativePlace) -> None:
    client = place.browser("preparer")
    form = filled(place.programme)

    first = client.send("/apply/new", form, page="/apply/new")
    second = client.send("/apply/new", form, page="/apply/new")

    assert first.headers["Location"] == second.headers["Location"]
    assert place.count(LoanApplication) == 1


def test_used_form_with_other_answers_is_told_and_leads_to_the_draft(place: CooperativePlace) -> None:
    client = place.browser("preparer")
    form = filled(place.programme)
    first = client.send("/apply/new", form, page="/apply/new")
    key = first.headers["Location"].split("/")[2]

    second = client.send("/apply/new", {**form, "months": "36"}, page="/apply/new")

    text = page(second)
    assert second.status_code == 409
    assert 'value="36"' in text
    assert f'href="/track/{key}"' in text
    assert place.read(int(key)).months == 24
    assert place.count(LoanApplication) == 1


@pytest.mark.parametrize("sent", [None, "", "abc", "\x00", "0" * 400])
def test_form_that_lost_its_key_is_still_saved(place: CooperativePlace, sent: str | None) -> None:
    form = filled(place.programme)
    form.pop("request_key")

    answer = place.browser("preparer").send(
        "/apply/new", form if sent is None else {**form, "request_key": sent}, page="/apply/new"
    )

    assert answer.status_code == 302
    assert place.count(LoanApplication) == 1


def test_form_opened_for_one_cooperative_is_not_saved_for_another(place: CooperativePlace) -> None:
    with make.rows(place.app):
        other = make.cooperative()
        user = db.session.scalars(select(make.User).where(make.User.username == "preparer")).one()
        db.session.add(make.Membership(user=user, cooperative=other, role=Role.PREPARER.value, active=True))
        db.session.flush()
        memberships = {row.cooperative_id: str(row.id) for row in db.session.scalars(select(make.Membership))}
        mine, theirs, name = memberships[place.cooperative], memberships[other.id], other.name
    client = place.browser("preparer")
    assert f'name="membership" type="hidden" value="{mine}"' in client.text("/apply/new")
    form = filled(place.programme, membership=mine)
    client.send("/act-for", {"membership": theirs})

    refused = client.send("/apply/new", form, page="/apply/new")
    client.send("/act-for", {"membership": mine})
    saved = client.send("/apply/new", form, page="/apply/new")

    text = page(refused)
    assert (refused.status_code, saved.status_code) == (409, 302)
    assert name in text
    assert "5,000,000.50" in text
    with make.rows(place.app):
        assert db.session.scalars(select(LoanApplication)).one().cooperative_id == place.cooperative


@pytest.mark.parametrize(
    ("typed", "field", "figure"),
    [({"amount": "30,000,000.01"}, "amount", "30,000,000.00"), ({"months": "61"}, "months", "60")],
)
def test_limit_of_the_chosen_programme_is_told_at_the_field(
    place: CooperativePlace, typed: dict[str, str], field: str, figure: str
) -> None:
    key = place.application()
    client = place.browser("preparer")

    added = client.send("/apply/new", filled(place.programme, **typed), page="/apply/new")
    form = filled(place.programme, version=place.version(key), **typed)
    changed = client.send(f"/apply/{key}/edit", form, page=f"/apply/{key}/edit")

    for answer in (added, changed):
        error = page(answer).split(f'id="{field}-error"', 1)[1].split("</div>", 1)[0]
        assert figure in error
    assert place.count(LoanApplication) == 1


def test_amount_and_term_at_the_limit_are_saved(place: CooperativePlace) -> None:
    form = filled(place.programme, amount="30,000,000", months="60")

    assert place.browser("preparer").send("/apply/new", form, page="/apply/new").status_code == 302


def test_money_left_is_shown_below_zero_when_more_is_held(place: CooperativePlace) -> None:
    place.application(State.SUBMITTED)
    with make.rows(place.app):
        # 5 million are reserved of an envelope that was cut to 3 afterwards.
        programme = db.session.get_one(make.LoanProgramme, place.programme)
        programme.envelope, programme.waiting_list = Decimal(3_000_000), True

    for client, path in ((FundClient(place.app), "/"), (place.browser("preparer"), "/apply/new")):
        assert '<span class="overdrawn">-2,000,000.00</span>' in client.text(path)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "ห้าล้าน"),
        ("amount", "0"),
        ("amount", "1.234"),
        ("months", "361"),
        ("months", "24.5"),
        ("beneficiaries", "-1"),
        ("member_rate", "101"),
        ("programme", "999999"),
        ("programme", "abc"),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field_and_kept(place: CooperativePlace, field: str, typed: str) -> None:
    client = place.browser("preparer")

    answer = client.send("/apply/new", filled(place.programme, **{field: typed}), page="/apply/new")

    text = page(answer)
    assert answer.status_code in (200, 422)
    assert f'id="{field}-error"' in text
    assert "ให้สมาชิกปลดหนี้นอกระบบ" in text or field == "purpose"
    if field not in ("programme", "purpose"):
        assert f'value="{typed}"' in text
    assert place.count(LoanApplication) == 0


def test_programme_that_is_not_open_is_no_choice(place: CooperativePlace) -> None:
    with make.rows(place.app):
        closed = make.programme(status="closed").id
    client = place.browser("preparer")

    answer = client.send("/apply/new", filled(closed), page="/apply/new")

    assert 'id="programme-error"' in page(answer)
    assert place.count(LoanApplication) == 0


def test_stale_form_is_told_and_what_was_typed_is_kept(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("preparer")
    seen = place.version(key)
    client.send(f"/apply/{key}/edit", filled(place.programme, version=seen, months="36"), page=f"/apply/{key}/edit")

    answer = client.send(f"/apply/{key}/edit", filled(place.programme, version=seen, months="48"), page="/apply/new")

    assert 'value="48"' in page(answer)
    said = "Somebody else saved this record while you were editing. Look at what both changed below, then save."
    assert make.in_thai(place.app, said) in page(answer)
    assert place.read(key).months == 36


def test_autosave_stores_and_tells_the_new_version(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("preparer")
    form = filled(place.programme, version=place.version(key), months="36")

    answer = client.send(f"/apply/{key}/autosave", form, page=f"/apply/{key}/edit")

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["version"] == place.read(key).version
    assert place.read(key).months == 36


def test_autosave_of_a_bad_value_stores_nothing(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("preparer")
    form = filled(place.programme, version=place.version(key), months="many")

    answer = client.send(f"/apply/{key}/autosave", form, page=f"/apply/{key}/edit")

    assert answer.status_code == 422
    assert place.read(key).months == 24


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ON_AGENDA, State.APPROVED, State.WITHDRAWN])
def test_sent_application_is_not_edited_through_its_address(place: CooperativePlace, state: State) -> None:
    key = place.application(state)
    client = place.browser("preparer")

    answer = client.send(f"/apply/{key}/edit", filled(place.programme, version=place.version(key), months="36"))

    assert answer.status_code in (302, 400)
    assert place.read(key).months == 24


def test_two_people_on_one_draft_lose_nothing(place: CooperativePlace) -> None:
    key = place.application()
    path = f"/apply/{key}/edit"
    first, second = place.browser("preparer"), place.browser("signatory")
    opened = hidden(second.text(path))
    sent = first.send(path, {**filled(place.programme, amount="800,000", months="36"), **hidden(first.text(path))})
    assert sent.status_code == 302, page(sent)
    typed = filled(place.programme, amount="4,000,000", beneficiaries="7")

    told = second.send(path, {**typed, **opened})
    pressed_again = second.send(path, {**typed, "months": "36", **hidden(told.get_data(as_text=True))})

    text = page(told)
    assert 'name="choose-amount"' in text
    assert "800,000.00" in text
    assert 'name="choose-months"' not in text
    assert 'value="36"' in text
    assert pressed_again.status_code == 200
    assert (place.read(key).amount_asked, place.read(key).beneficiaries) == (800_000, 100)
    decided = {**typed, "months": "36", "choose-amount": "theirs", **hidden(pressed_again.get_data(as_text=True))}
    assert second.send(path, decided).status_code == 302
    row = place.read(key)
    assert (row.amount_asked, row.months, row.beneficiaries) == (800_000, 36, 7)


def test_a_draft_is_not_saved_by_itself_over_what_somebody_else_saved(place: CooperativePlace) -> None:
    key = place.application()
    path = f"/apply/{key}/edit"
    first, second = place.browser("preparer"), place.browser("signatory")
    opened = hidden(second.text(path))
    first.send(path, {**filled(place.programme, months="36"), **hidden(first.text(path))})
    typed = filled(place.programme, months="48")

    by_itself = second.send(f"/apply/{key}/autosave", {**typed, **opened})
    told = second.send(path, {**typed, **opened})
    after = {**typed, "choose-months": "theirs", **hidden(told.get_data(as_text=True))}
    while_choosing = second.send(f"/apply/{key}/autosave", after)

    assert (by_itself.status_code, while_choosing.status_code) == (409, 409)
    assert place.read(key).months == 36


def test_what_is_saved_by_itself_is_what_the_form_was_opened_with(place: CooperativePlace) -> None:
    key = place.application()
    client = place.browser("preparer")
    opened = hidden(client.text(f"/apply/{key}/edit"))

    saved = client.send(f"/apply/{key}/autosave", {**filled(place.programme, months="36"), **opened})
    assert saved.json is not None
    again = {**opened, "opened": saved.json["opened"], "version": str(saved.json["version"])}
    answer = client.send(f"/apply/{key}/edit", {**filled(place.programme, months="48"), **again})

    assert answer.status_code == 302
    assert place.read(key).months == 48


def hidden(text: str) -> dict[str, str]:
    """What the page's form carries along."""
    found = re.findall(r'<input id="(?:version|opened|seen)" name="(\w+)" type="hidden" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}
