"""The task list: each part with its true state, its page, and what to do next."""

import re
from datetime import timedelta
from decimal import Decimal

from app.domain.states import State
from app.domain.values.calendar import fiscal_year
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import BoardMember, Cooperative
from app.models.programmes import LoanProgramme
from app.ui.clock import today
from tests import make
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace, filled

PARTS = ("loan", "purpose", "guarantors", "papers", "sending")


def states(place: CooperativePlace, key: int) -> dict[str, str]:
    """The state of each part, as the list shows it."""
    text = place.browser("preparer").text(f"/apply/{key}")
    found = re.findall(r'<li class="task task-(\w+)"', text)
    return dict(zip(PARTS, [each for each in found if each != "paper"], strict=True))


def with_board(place: CooperativePlace, *ends_in: int) -> None:
    """A board whose terms end so many days from today."""
    with make.rows(place.app):
        for number, days in enumerate(ends_in):
            db.session.add(
                BoardMember(
                    cooperative_id=place.cooperative,
                    full_name=f"กรรมการ {number}",
                    position="กรรมการ",
                    term_starts_on=today() - timedelta(days=700),
                    term_ends_on=today() + timedelta(days=days),
                )
            )


def test_each_part_stands_as_it_is(place: CooperativePlace) -> None:
    bare = place.application(complete=False, purpose="")
    whole = place.application()

    assert states(place, bare) == {
        "loan": "done", "purpose": "not_started", "guarantors": "not_started", "papers": "not_started",
        "sending": "locked",
    }  # fmt: skip
    assert [states(place, whole)[part] for part in ("loan", "purpose", "papers", "sending")] == [
        "done", "done", "done", "not_started",
    ]  # fmt: skip


def test_a_broken_limit_is_said_in_its_row_and_is_next(place: CooperativePlace) -> None:
    with make.rows(place.app):
        db.session.get_one(LoanProgramme, place.programme).member_loan_cap = Decimal(100_000)
    key = place.application(amount_asked=Decimal(5_000_000), beneficiaries=10)

    text = place.browser("preparer").text(f"/apply/{key}")

    assert states(place, key)["loan"] == "attention"
    assert text.count("1,000,000.00") >= 2  # in its row, and beside the button
    assert f'class="button" href="/apply/{key}/edit#amount"' in text


def test_terms_of_guarantors_that_ended_are_counted_and_those_that_end_soon_said(place: CooperativePlace) -> None:
    key = place.application()
    with_board(place, -1, 10, 400)

    text = place.browser("preparer").text(f"/apply/{key}/guarantors")

    assert states(place, key)["guarantors"] == "in_progress"
    assert [text.count(make.in_thai(place.app, words)) for words in ("Term has ended", "Ends soon")] == [1, 2]


def test_arithmetic_stands_beside_the_figures_without_script(place: CooperativePlace) -> None:
    with make.rows(place.app):
        db.session.get_one(LoanProgramme, place.programme).member_loan_cap = Decimal(100_000)
    key = place.application(amount_asked=Decimal(5_000_000), beneficiaries=10)
    client = place.browser("preparer")

    stored = client.text(f"/apply/{key}/edit")
    typed = client.text(f"/apply/quote?programme={place.programme}&amount=5,000,000&months=24&beneficiaries=50")

    each = make.in_thai(place.app, "%(each)s baht a member, at most %(cap)s", each="500,000.00", cap="100,000.00")
    assert each in stored
    assert "50" in stored[stored.index(each) :]
    within = make.in_thai(
        place.app, "%(each)s baht a member, within the %(cap)s of the programme", each="100,000.00", cap="100,000.00"
    )
    assert within in typed


def test_the_cooperatives_own_ceiling_stands_beside_the_amount(place: CooperativePlace) -> None:
    client = place.browser("preparer")
    words = "Your cooperative's own ceiling of this fiscal year is %(amount)s baht."
    said = make.in_thai(place.app, words, amount="7,500,000.00")
    assert said not in client.text("/apply/new")
    with make.rows(place.app):
        own = db.session.get_one(Cooperative, place.cooperative)
        own.borrowing_ceiling, own.ceiling_fiscal_year = Decimal(7_500_000), fiscal_year(today())

    key = place.application()

    for path in ("/apply/new", f"/apply/{key}/edit"):
        assert said in client.text(path)


def test_purpose_has_its_own_page_and_changes_nothing_else(place: CooperativePlace) -> None:
    key = place.application(purpose="", months=24)
    client = place.browser("preparer")
    path = f"/apply/{key}/purpose"

    empty = client.send(path, {"purpose": " ", "version": place.version(key)}, page=path)
    saved = client.send(path, {"purpose": "ให้สมาชิกปลดหนี้", "version": place.version(key)}, page=path)
    by_itself = client.send(f"{path}/autosave", {"purpose": "ลงทุนอาชีพเสริม", "version": place.version(key)})
    figures = client.send(
        f"/apply/{key}/edit?back=check", filled(place.programme, purpose="", version=place.version(key)), page=path
    )

    assert 'id="purpose-error"' in page(empty)
    assert saved.headers["Location"] == f"/apply/{key}"
    assert by_itself.status_code == 200
    assert figures.headers["Location"] == f"/apply/{key}/check"
    row = place.read(key)
    assert (row.purpose, row.months) == ("ลงทุนอาชีพเสริม", 24)


def test_nothing_is_sent_without_a_purpose(place: CooperativePlace) -> None:
    key = place.application(purpose="")

    text = page(place.browser("signatory").get(f"/apply/{key}/check"))

    assert f'<a href="/apply/{key}/purpose#purpose">' in text
    assert 'id="send"' not in text


def test_a_new_application_begins_with_one_that_was_refused_and_reads_why(place: CooperativePlace) -> None:
    earlier = place.application(State.REJECTED, purpose="ให้สมาชิกปลดหนี้", months=36)
    client = place.browser("preparer")
    with make.rows(place.app):
        number = db.session.get_one(LoanApplication, earlier).number
        reason = db.session.get_one(LoanApplication, earlier).decision.reason

    offered, begun = client.text("/apply/new"), client.text(f"/apply/new?from={earlier}")

    assert f'<a href="/apply/new?from={earlier}">{number}</a>' in offered
    assert 'value="36"' in begun
    assert "ให้สมาชิกปลดหนี้" in begun
    assert (reason or "") in begun


def test_nobody_begins_with_the_application_of_another_cooperative(place: CooperativePlace) -> None:
    with make.rows(place.app):
        foreign = make.application(State.SUBMITTED, months=37).id
    client = place.browser("preparer")

    assert 'value="37"' not in client.text(f"/apply/new?from={foreign}")
    assert client.get(f"/apply/{foreign}").status_code == 404


def test_the_list_of_what_was_sent_is_its_own_page(place: CooperativePlace) -> None:
    key = place.application(State.SUBMITTED)

    for path in (f"/apply/{key}", f"/apply/{key}/guarantors", f"/apply/{key}/purpose"):
        assert place.browser("preparer").get(path).headers["Location"] == f"/track/{key}"
