"""What is not met is said in time: open above the button, at its field, by its name, and in steps that tell facts."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.criteria import CriterionKind
from app.domain.papers import Validity
from app.domain.programmes import OnLendingRule, Severity
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.documents import Document
from app.models.programmes import LoanProgramme, ProgrammeCriterion
from app.ui.formatting import be_date
from tests import make
from tests.client import seen
from tests.forms import page
from tests.integration.applications.cooperative_place import CooperativePlace, filled

STEP = re.compile(r'<li class="(done|current|todo)"')


def change_programme(place: CooperativePlace, **values: Any) -> None:
    with make.rows(place.app):
        row = db.session.get_one(LoanProgramme, place.programme)
        for name, value in values.items():
            setattr(row, name, value)


def text(place: CooperativePlace, path: str) -> str:
    return page(place.browser("signatory").get(path))


def test_a_rule_that_only_warns_stands_open_above_the_button_with_its_field(place: CooperativePlace) -> None:
    change_programme(place, member_loan_cap=Decimal(100_000))
    key = place.application(amount_asked=Decimal(5_000_000), beneficiaries=10)

    shown = text(place, f"/apply/{key}/check")

    doubts = shown[shown.index('id="doubts"') :]
    assert f'<a href="/apply/{key}/edit#amount">' in doubts
    assert "1,000,000.00" in doubts
    assert doubts.index("1,000,000.00") < doubts.index("<button")
    assert make.in_thai(place.app, "%(number)s are not met and will be looked at.", number=1) in shown


def test_nothing_to_look_at_says_nothing(place: CooperativePlace) -> None:
    key = place.application()

    assert 'id="doubts"' not in text(place, f"/apply/{key}/check")


def test_what_is_missing_leads_to_its_paper_and_what_is_broken_to_its_field(place: CooperativePlace) -> None:
    key = place.application(complete=False, months=61)
    with make.rows(place.app):
        paper = db.session.get_one(LoanProgramme, place.programme).documents[0].document_type_id

    shown = text(place, f"/apply/{key}/check")

    assert f'<a href="/apply/{key}/documents#paper-{paper}">' in shown
    assert f'<a href="/apply/{key}/edit#months">' in shown


def outdated(place: CooperativePlace, *, required: bool) -> tuple[int, str]:
    """An application whose paper could be used for a month only, long ago; its id, and that last day."""
    key = place.application()
    with make.rows(place.app):
        file = db.session.get_one(LoanApplication, key).programme.documents[0]
        file.required = required
        file.document_type.validity, file.document_type.valid_months = Validity.MONTHS, 1
        for each in db.session.query(Document):
            each.issued_on = date(2017, 10, 15)
    return key, seen(be_date(date(2017, 11, 15)))


def test_a_paper_that_is_out_of_date_is_not_called_missing(place: CooperativePlace) -> None:
    key, day = outdated(place, required=True)
    with make.rows(place.app):
        name = db.session.get_one(LoanProgramme, place.programme).documents[0].document_type.name

    shown = text(place, f"/apply/{key}/check")

    words = "%(name)s could be used until %(day)s only. Attach a newer one."
    assert make.in_thai(place.app, words, name=name, day=day) in shown
    assert make.in_thai(place.app, "Still missing: %(name)s. Attach it.", name=name) not in shown


def test_a_paper_out_of_date_that_need_not_be_there_is_said_too(place: CooperativePlace) -> None:
    key, day = outdated(place, required=False)

    shown = text(place, f"/apply/{key}/check")

    assert day in shown[shown.index('id="doubts"') :]


# At the form


def saved(place: CooperativePlace, **values: str) -> str:
    client = place.browser("preparer")
    return page(client.send("/apply/new", filled(place.programme, **values), page="/apply/new"))


def test_a_rate_above_the_programmes_cap_is_said_at_its_field(place: CooperativePlace) -> None:
    change_programme(place, on_lending_rule=OnLendingRule.ABSOLUTE_CAP, on_lending_figure=Decimal("0.05"))

    answer = saved(place, member_rate="5.01")

    assert 'id="member_rate-error"' in answer
    assert place.count(LoanApplication) == 0


def test_a_rate_that_the_programme_only_warns_of_is_saved(place: CooperativePlace) -> None:
    rule = ProgrammeCriterion(kind=CriterionKind.ON_LENDING_RATE, severity=Severity.WARN)
    change_programme(
        place, on_lending_rule=OnLendingRule.ABSOLUTE_CAP, on_lending_figure=Decimal("0.05"), criteria=[rule]
    )

    saved(place, member_rate="5.01")

    assert place.count(LoanApplication) == 1


def test_a_rate_too_near_the_cooperatives_own_is_said_at_its_field(place: CooperativePlace) -> None:
    # Members must pay a hundredth less than the 6 per cent of an ordinary loan.
    change_programme(place, on_lending_rule=OnLendingRule.DISCOUNT_FROM_ORDINARY, on_lending_figure=Decimal("0.01"))
    with make.rows(place.app):
        db.session.get_one(Cooperative, place.cooperative).ordinary_rate = Decimal("0.06")

    refused, taken = saved(place, member_rate="5.01"), saved(place, member_rate="5.00")

    assert 'id="member_rate-error"' in refused
    assert 'id="member_rate-error"' not in taken


def test_more_who_benefit_than_there_are_members_is_said_at_its_field(place: CooperativePlace) -> None:
    assert 'id="beneficiaries-error"' in saved(place, beneficiaries="1,001")
    assert 'id="beneficiaries-error"' not in saved(place, beneficiaries="1,000")


@pytest.mark.parametrize(
    ("figures", "field"), [("amount=30,000,001&months=24", "amount"), ("amount=5,000,000&months=61", "months")]
)
def test_the_calculator_says_a_limit_at_its_field(place: CooperativePlace, figures: str, field: str) -> None:
    shown = page(place.browser("preparer").get(f"/quote/?programme={place.programme}&{figures}"))

    assert re.findall(r'id="([a-z_]+)-error"', shown) == [field]


def test_the_calculator_says_when_less_is_left(place: CooperativePlace) -> None:
    change_programme(place, envelope=Decimal(30_000_000))
    place.application(State.SUBMITTED, amount_asked=Decimal(20_000_000))

    shown = page(place.browser("preparer").get(f"/quote/?programme={place.programme}&amount=15,000,000&months=24"))

    words = "Only %(left)s baht are left of this programme, less than this loan."
    assert make.in_thai(place.app, words, left="10,000,000.00") in shown


# Steps


def steps(place: CooperativePlace, path: str) -> list[str]:
    return STEP.findall(text(place, path))


def test_a_step_is_done_when_it_is_and_not_because_one_went_on(place: CooperativePlace) -> None:
    without, complete = place.application(complete=False), place.application()

    assert steps(place, f"/apply/{without}/check")[:3] == ["done", "todo", "current"]
    assert steps(place, f"/apply/{complete}/check")[:3] == ["done", "done", "current"]
    assert steps(place, f"/apply/{complete}/edit")[:3] == ["current", "done", "todo"]


def test_answering_a_question_does_not_go_back(place: CooperativePlace) -> None:
    key = place.application(State.RETURNED)
    pages = [steps(place, f"/{path}") for path in (f"track/{key}", f"apply/{key}/edit", f"apply/{key}/documents")]

    assert all(shown[:4] == ["done", "done", "done", "current"] for shown in pages)
