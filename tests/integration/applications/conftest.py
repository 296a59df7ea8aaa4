"""What the tests of applications share."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.domain.roles import Role
from app.extensions import db
from tests import make
from tests.integration.applications.cooperative_place import CooperativePlace
from tests.integration.applications.people import People


@pytest.fixture
def all_rows(app: Flask) -> Iterator[None]:
    with make.rows(app):
        yield
        db.session.rollback()


@pytest.fixture
def people() -> People:
    cooperative = make.cooperative()
    return People(
        make.person(Role.SIGNATORY, of=cooperative),
        make.person(Role.PREPARER, of=cooperative),
        make.person(Role.PROVINCIAL_OFFICER),
        make.person(Role.FUND_OFFICER),
        make.person(Role.COMMITTEE),
    )


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
