"""What the loan would cost appears beside the form while one types, also when its programme closed meanwhile."""

from collections.abc import Callable

from flask import Flask
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.people import Membership
from app.models.programmes import LoanProgramme, ProgrammeStatus
from app.models.transaction import writing
from tests import make
from tests.browser.conftest import Person


def returned(app: Flask) -> int:
    """An application of the first cooperative's, returned after its programme closed."""
    with make.rows(app), writing():
        mine = (
            select(Membership.cooperative_id).join(User, User.id == Membership.user_id).where(User.username == "coop1")
        )
        row = db.session.scalars(select(LoanApplication).where(LoanApplication.cooperative_id.in_(mine)).limit(1)).one()
        row.status = State.RETURNED
        db.session.get_one(LoanProgramme, row.programme_id).status = ProgrammeStatus.CLOSED
        db.session.commit()
        return row.id


def test_a_returned_application_shows_its_cost_while_one_types(demo_app: Flask, window: Callable[..., Person]) -> None:
    key = returned(demo_app)
    person = window(390).enter("coop1")
    person.open(f"/apply/{key}/edit")
    result = person.page.locator("#quote-result")

    person.page.fill("#amount", "1200000")
    person.page.fill("#months", "12")

    expect(result.locator("tbody tr")).to_have_count(12)
    expect(result).to_contain_text("100,000.00")
    person.page.fill("#amount", "900000000000")
    expect(result.locator("tbody tr")).to_have_count(0)
    expect(result.locator(".hint")).to_be_visible()
    person.must_fit()
    assert person.complaints == []
