"""What a loan would cost, shown while one changes an application: under its own terms, to its own cooperative alone."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme, ProgrammeStatus
from app.models.transaction import writing
from app.services.programmes.versions import keep_version, latest_version
from tests import make
from tests.client import FundClient
from tests.forms import page

SignIn = Callable[[str], FundClient]


@pytest.fixture
def returned(demo_app: Flask) -> int:
    """An application returned to its cooperative, whose programme got other terms and closed meanwhile."""
    with make.rows(demo_app), writing():
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        programme = db.session.scalars(select(LoanProgramme).where(LoanProgramme.key == "normal-2570")).one()
        row = make.application(State.RETURNED, of=cooperative, under=programme, amount_asked=Decimal(20_000_000))
        row.terms_version = latest_version(programme)
        programme.ceiling, programme.longest_term_months = Decimal(1_000_000), 6
        for rate in programme.rates:
            rate.annual_rate = Decimal("0.09")
        keep_version(programme, "มติครั้งที่ 5/2570", None, make.AT)
        programme.status = ProgrammeStatus.CLOSED
        programme.closes_on = programme.opens_on + timedelta(days=1)
        db.session.commit()
        return row.id


@pytest.fixture
def preparer(demo_app: Flask, returned: int) -> FundClient:
    client = FundClient(demo_app)
    client.sign_in("preparer", make.PASSWORD)
    return client


def asked(app: Flask, key: int, **changes: str) -> str:
    """The address the form asks: 3 million over a year, changed by what the test is about."""
    with make.rows(app):
        programme = db.session.get_one(LoanApplication, key).programme_id
    figures = {"programme": str(programme), "amount": "3,000,000", "months": "12", **changes}
    return f"/apply/{key}/quote?" + "&".join(f"{name}={value}" for name, value in figures.items())


def test_a_returned_application_is_quoted_under_its_own_version(
    demo_app: Flask, preparer: FundClient, returned: int
) -> None:
    text = preparer.text(asked(demo_app, returned))

    assert 'id="quote-result"' in text
    assert text.count("250,000.00") >= 12
    assert "2.75" in text
    assert "9.00" not in text


@pytest.mark.parametrize(
    ("changes", "said"), [({"amount": "30,000,000.01"}, "30,000,000.00"), ({"months": "61"}, "60")]
)
def test_beyond_its_own_version_the_quote_says_the_limit(
    demo_app: Flask, preparer: FundClient, returned: int, changes: dict[str, str], said: str
) -> None:
    answer = preparer.get(asked(demo_app, returned, **changes))

    assert answer.status_code == 200
    assert said in page(answer).split('id="quote-result"')[1]


def test_its_form_shows_the_limits_of_its_own_version_and_asks_for_its_own_quote(
    preparer: FundClient, returned: int
) -> None:
    text = preparer.text(f"/apply/{returned}/edit")

    assert f'data-live-from="/apply/{returned}/quote"' in text
    limits = text.split('class="limits"')[1].split("</table>")[0]
    assert "30,000,000.00" in limits
    assert "2.75" in limits
    assert "1,000,000.00" not in limits


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "มาก"},
        {"amount": "1e999999"},
        {"amount": ""},
        {"months": "0"},
        {"months": "๑๒๓๔๕๖๗๘๙๐๑๒"},
        {"programme": "1"},
        {"programme": "x"},
        {"programme": ""},
    ],
)
def test_what_cannot_be_quoted_gives_no_table(
    demo_app: Flask, preparer: FundClient, returned: int, changes: dict[str, str]
) -> None:
    answer = preparer.get(asked(demo_app, returned, **changes))

    assert answer.status_code == 200
    assert "<table" not in page(answer).split('id="quote-result"')[1]


def test_nobody_else_is_answered(demo_app: Flask, client_for: SignIn, visitor: FundClient, returned: int) -> None:
    address = asked(demo_app, returned)
    missing = address.replace(f"/{returned}/", "/999999/")

    theirs = [client_for("coop2").get(path) for path in (address, missing)]

    assert [answer.status_code for answer in theirs] == [404, 404]
    assert "250,000.00" not in page(theirs[0])
    for answer in (visitor.get(address), client_for("officer1").get(address)):
        assert answer.status_code in (302, 403)
        assert "250,000.00" not in page(answer)


def test_once_it_is_sent_there_is_nothing_to_try(demo_app: Flask, preparer: FundClient, returned: int) -> None:
    address = asked(demo_app, returned)
    with make.rows(demo_app), writing():
        db.session.get_one(LoanApplication, returned).status = State.IN_REVIEW
        db.session.commit()

    assert preparer.get(address).status_code == 302
    assert preparer.get(f"/apply/{returned}/quote").status_code == 302
