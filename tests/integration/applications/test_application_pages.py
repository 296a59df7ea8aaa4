"""A cooperative's way through the pages, and the answers of the pages that move an application."""

import html
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.notices import Notice, OutboxMail
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.place import Place


@dataclass
class CooperativePlace(Place):
    """A database with one cooperative, its people and an open programme; rows are known by id."""

    cooperative: int
    programme: int

    def application(self, state: State = State.DRAFT, **values: Any) -> int:
        with make.rows(self.app):
            row = make.application(
                state,
                of=db.session.get_one(make.Cooperative, self.cooperative),
                under=db.session.get_one(make.LoanProgramme, self.programme),
                **values,
            )
            return row.id

    def read(self, key: int) -> LoanApplication:
        with make.rows(self.app):
            row = db.session.get_one(LoanApplication, key)
            db.session.expunge(row)
            return row

    def version(self, key: int) -> str:
        return str(self.read(key).version)

    def count(self, model: Any) -> int:
        with make.rows(self.app):
            return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def place(app: Flask) -> CooperativePlace:
    with make.rows(app):
        cooperative = make.cooperative()
        programme = make.programme(required=1)
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.SIGNATORY, of=make.cooperative(), username="stranger")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.FUND_OFFICER, username="fund")
        make.person(Role.COMMITTEE, username="committee")
        make.person(Role.ADMINISTRATOR, username="administrator")
        return CooperativePlace(app, cooperative.id, programme.id)


def filled(to: int, **values: str) -> dict[str, str]:
    """The form as a person fills it in."""
    return {
        "programme": str(to),
        "amount": "5,000,000.50",
        "months": "24",
        "purpose": "ให้สมาชิกปลดหนี้นอกระบบ",
        "beneficiaries": "๑๐๐",
        "member_rate": "4.75",
        "request_key": str(uuid4()),
        **values,
    }


# Filling in


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


def test_money_left_is_never_shown_below_zero(place: CooperativePlace) -> None:
    place.application(State.SUBMITTED)
    with make.rows(place.app):
        # 5 million are reserved of an envelope that was cut to 3 afterwards.
        programme = db.session.get_one(make.LoanProgramme, place.programme)
        programme.envelope, programme.waiting_list = Decimal(3_000_000), True

    for client, path in ((FundClient(place.app), "/"), (place.browser("preparer"), "/apply/new")):
        text = client.text(path)
        assert "2,000,000.00" not in text
        assert "0.00" in text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "ห้าล้าน"),
        ("amount", "0"),
        ("amount", "1.234"),
        ("months", "361"),
        ("months", "24.5"),
        ("purpose", ""),
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
    said = "Somebody else saved this application while you were editing. Check the values and save again."
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


# The check and the submission


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

    summary = page(answer).split('<div class="error-summary"', 1)[1].split("</div>", 1)[0]
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
    assert f">{make.in_thai(place.app, 'The office is checking')}</td>" in cooperative
    assert f">{make.in_thai(place.app, 'Under review')}</td>" in officer


# Moves of the offices and the committee


def test_application_goes_all_the_way_through_the_pages(place: CooperativePlace) -> None:
    key = place.application()
    steps: list[tuple[str, str, dict[str, str]]] = [
        ("signatory", "submit", {"declared": "y"}),
        ("officer", "receive", {}),
        ("officer", "review", {}),
        ("officer", "recommend", {"reason": "เห็นควรให้กู้"}),
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
    assert make.in_thai(place.app, "%(number)s: received.", number=place.read(fresh).number) in page(answer)
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


# Three people at every page


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
    form = {"recommend-version": place.version(key), "recommend-reason": "ความเห็นภายในของสำนักงาน"}
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
    form = {"answer-version": place.version(key)}
    sent = place.browser("signatory").send(f"/track/{key}/move/answer", form)

    assert (refused.status_code, sent.status_code) == (422, 302)
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
