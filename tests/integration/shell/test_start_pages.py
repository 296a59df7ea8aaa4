"""What visitors and officers read first: how to begin, whom to call, and what has to be checked first."""

import html
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.audit import AuditKind
from app.models.cooperatives import Cooperative
from app.models.notices import Notice
from app.models.programmes import LoanProgramme
from app.security.audit import record
from tests import make
from tests.client import FundClient


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The words are the same whichever database they stand beside."""
    return str(request.param)


@pytest.fixture
def contact(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo_app.config, "FUND_PHONE", "0 2000 0000")
    monkeypatch.setitem(demo_app.config, "FUND_EMAIL", "fund@example.go.th")


@pytest.mark.usefixtures("contact")
@pytest.mark.parametrize("path", ["/", "/login/", "/nothing-here"])
def test_every_page_says_how_to_reach_the_fund(visitor: FundClient, path: str) -> None:
    footer = visitor.get(path).get_data(as_text=True).split("<footer", 1)[1]

    assert '<a href="tel:020000000">0 2000 0000</a>' in footer
    assert '<a href="mailto:fund@example.go.th">fund@example.go.th</a>' in footer


def test_an_empty_address_is_not_shown(visitor: FundClient) -> None:
    assert "mailto:" not in visitor.text("/")


def test_visitor_learns_the_time_the_account_and_the_documents(demo_app: Flask, visitor: FundClient) -> None:
    text = html.unescape(visitor.text("/"))

    assert make.in_thai(demo_app, "How to get an account") in text
    checks = "The provincial office checks within %(days)s working days and may ask for more."
    assert make.in_thai(demo_app, checks, days=demo_app.config["CHECK_WORKING_DAYS"]) in text
    assert f"<summary>{make.in_thai(demo_app, 'Assumptions – not yet found in an announcement')}</summary>" in text
    papers = text.split(make.in_thai(demo_app, "Documents to attach"), 1)[1].split("</details>", 1)[0]
    assert papers.count("<li>") > 1


def test_queue_begins_with_what_was_promised_first_and_marks_what_is_late(app: Flask) -> None:
    with make.rows(app):
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        cooperative, programme = make.cooperative(), make.programme()
        later, earlier = (make.application(State.SUBMITTED, of=cooperative, under=programme) for _row in range(2))
        # Friday 20 November 2026, and Monday 2 November: five working days on are the 27th and the 9th.
        later.submitted_at = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
        earlier.submitted_at = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
        db.session.flush()
        numbers = [earlier.number, later.number]
    client = FundClient(app)

    with time_machine.travel(datetime(2026, 11, 25, 3, 0, tzinfo=UTC)):
        client.sign_in("officer", make.PASSWORD)
        rows = client.text("/").split("<tbody>", 1)[1].split("</tbody>", 1)[0].split("</tr>")

    late = make.in_thai(app, "Late")
    assert [number in row for number, row in zip(numbers, rows, strict=False)] == [True, True]
    assert "9 พ.ย. 2569" in rows[0]
    assert "27 พ.ย. 2569" in rows[1]
    assert [late in row for row in rows[:2]] == [True, False]


def test_dialog_names_the_file_it_removes(demo_app: Flask) -> None:
    with make.rows(demo_app):
        own = db.session.get_one(Cooperative, 1)
        row = make.application(State.DRAFT, of=own)
        make.document(row, name="งบการเงิน.pdf")
        key = row.id
        make.person(Role.SIGNATORY, of=own, username="owner")
    client = FundClient(demo_app)
    client.sign_in("owner", make.PASSWORD)

    text = html.unescape(client.text(f"/apply/{key}/documents"))

    assert f'data-confirm="{make.in_thai(demo_app, "Remove the file %(name)s?", name="งบการเงิน.pdf")}"' in text


def test_import_can_be_cancelled(demo_app: Flask, client_for: Callable[[str], FundClient]) -> None:
    text = client_for("fund").text("/cooperatives/import/")

    assert f'href="/cooperatives/list/">{make.in_thai(demo_app, "Cancel")}</a>' in text


def test_what_is_cut_says_so(
    demo_app: Flask, client_for: Callable[[str], FundClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    with make.rows(demo_app):
        programme = db.session.get_one(LoanProgramme, 1)
        reader = db.session.scalars(db.select(make.User).where(make.User.username == "fund")).one()
        for _time in range(2):
            record(AuditKind.CHANGED, programme, summary=programme.name)
            db.session.add(Notice(user_id=reader.id, cooperative_id=1, move="receive", at=make.AT, about="สหกรณ์"))
    client, pages = client_for("fund"), ("/notices/", "/programmes/show/1")
    whole = [client.text(page) for page in pages]
    for where in ("messages.inbox", "shell.history"):
        monkeypatch.setattr(f"app.views.{where}.SHOWN", 1)

    words = make.in_thai(demo_app, "Only the newest %(number)s are shown.", number=1)
    assert not any(words in text for text in whole)
    assert all(words in client.text(page) for page in pages)
