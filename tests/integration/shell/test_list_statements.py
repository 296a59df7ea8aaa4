"""What a list asks of the database: as many statements for many rows as for few, and only for what it shows."""

from decimal import Decimal

import pytest
from flask import Flask

from app.domain.papers import Verdict
from app.domain.programmes import DocumentCondition
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.programmes import LoanProgramme
from app.services.programmes.versions import keep_version
from tests import make
from tests.client import FundClient
from tests.integration.house.plans import statements

PATH = "/applications/list/"
# Two find out who asks and count the notices of the frame; each other one reads one kind of row or choice. Who sees
# drafts has four more: the papers of programmes as they stand, and what conditions need to be known. Their cooperative
# reads besides who saved them last.
MOST = {"officer": 7, "manager": 11, "preparer": 12}


def statements_of(client: FundClient, path: str) -> list[str]:
    client.get(path)
    with statements(client.app) as found:
        client.text(path)
    return [text for text, _values in found]


def sent(cooperative: Cooperative, programme: LoanProgramme) -> LoanApplication:
    """An application in review under a version of its own, with a paper judged twice and one asked for again."""
    programme.ceiling -= Decimal(1000)
    row = make.application(State.IN_REVIEW, of=cooperative, under=programme)
    row.terms_version = keep_version(programme, "ทดสอบ", None, make.AT)
    file = make.document(row)
    make.verdict(file, Verdict.UNREADABLE, "มืดทั้งหน้า")
    make.verdict(file)
    return row


def draft(cooperative: Cooperative, place: int) -> None:
    programme = make.programme(required=1, optional=1, name=f"โครงการที่ {place}")
    programme.documents[1].required, programme.documents[1].condition = True, DocumentCondition.DISASTER
    make.application(of=cooperative, under=programme)


@pytest.fixture
def cooperative(app: Flask) -> int:
    """A cooperative with an application sent and a draft; its preparer, its officer, and who sees everything."""
    with make.rows(app):
        own = make.cooperative()
        make.person(Role.PREPARER, of=own, username="preparer")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.MANAGER, username="manager")
        sent(own, make.programme(required=2))
        draft(own, 0)
        return own.id


def signed_in(app: Flask, username: str) -> FundClient:
    client = FundClient(app)
    client.sign_in(username, make.PASSWORD)
    return client


@pytest.mark.parametrize("username", MOST)
def test_list_asks_as_many_statements_for_many_rows_and_versions_as_for_one(
    app: Flask, cooperative: int, username: str
) -> None:
    client = signed_in(app, username)
    few = statements_of(client, PATH)
    with make.rows(app):
        own = db.session.get_one(Cooperative, cooperative)
        programme = make.programme(required=2)
        for place in range(1, 9):
            sent(own, programme)
            draft(own, place)

    many = statements_of(client, PATH)

    assert client.text(PATH).count('<th scope="row"') >= 9
    assert len(many) == len(few) <= MOST[username]


def test_list_of_applications_reads_no_long_texts(app: Flask, cooperative: int) -> None:
    asked = statements_of(signed_in(app, "officer"), PATH)

    assert cooperative
    assert not [text for text in asked if "purpose" in text or "quote" in text or "sha256" in text]
