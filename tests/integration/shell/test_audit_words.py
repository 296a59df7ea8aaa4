"""The audit trail as people read it: titles, moves, amounts, days and names in words."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.base import Audited
from app.views.shell.audit_words import ENTITIES, value_of
from app.views.shell.history import changes_of
from tests import make
from tests.client import FundClient
from tests.place import signed_in

MOMENT = datetime(2026, 11, 25, 0, 4, tzinfo=UTC)  # 07:04 in Bangkok


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The words are the same whichever database they stand beside."""
    return str(request.param)


@pytest.fixture
def auditor(app: Flask) -> FundClient:
    with make.rows(app):
        make.person(Role.AUDITOR, username="auditor")
    return signed_in(app, "auditor")


def stored(app: Flask, kind: AuditKind, *, summary: str, **values: object) -> int:
    """An event about an application, at ``MOMENT`` unless told otherwise."""
    with make.rows(app):
        row = make.application(State.SUBMITTED)
        event = AuditEvent(
            **{"at": MOMENT, "kind": kind, "entity": "loan_application", "entity_id": row.id, **values}, summary=summary
        )
        db.session.add(event)
        db.session.flush()
        return event.id


def read(client: FundClient, path: str) -> str:
    return html.unescape(client.text(path))


def test_title_of_an_event_says_what_which_and_when(app: Flask, auditor: FundClient) -> None:
    key = stored(app, AuditKind.MOVED, summary="คก.0027/2570 approve")

    text = read(auditor, f"/audit/show/{key}")

    assert "<h1>เปลี่ยนสถานะ คก.0027/2570 – 25 พ.ย. 2569 07:04 น.</h1>" in text


def test_list_tells_moves_in_words_and_names_links_by_the_moment(app: Flask, auditor: FundClient) -> None:
    stored(app, AuditKind.MOVED, summary="คก.0027/2570 approve")
    stored(app, AuditKind.CHANGED, summary="–")

    text = read(auditor, "/audit/list/")

    assert f"คก.0027/2570: {make.in_thai(app, 'The committee approved the loan')}" in text
    assert f'data-label="สรุป">{make.in_thai(app, "Draft application")}<' in text
    assert '<span class="visually-hidden"> 25 พ.ย. 2569 07:04 น.</span>' in text
    assert "approve" not in text


def test_kept_values_are_shown_in_words(app: Flask, auditor: FundClient) -> None:
    kept = {"status": "on_agenda", "amount_asked": "5250000.50", "member_rate": "0.055", "decided_on": "2026-11-25"}
    key = stored(app, AuditKind.CHANGED, summary="คก.0027/2570", after=kept)

    text = read(auditor, f"/audit/show/{key}")

    assert f"{make.in_thai(app, 'Status')}: {make.in_thai(app, State.ON_AGENDA.label)}" in text
    assert f"{make.in_thai(app, 'Amount asked (baht)')}: 5,250,000.50" in text
    assert f"{make.in_thai(app, 'Rate to members (per cent a year)')}: 5.50" in text
    assert f"{make.in_thai(app, 'Decided on')}: 25 พ.ย. 2569" in text


def test_booleans_and_foreign_keys_are_words(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme(name="โครงการทดสอบ")

        assert value_of("loan_application", "programme_id", programme.id) == "โครงการทดสอบ"
        assert value_of("office", "active", False) == "ไม่ใช่"
        assert value_of("ab_user", "roles", ["fund_officer"]) == make.in_thai(app, Role.FUND_OFFICER.label)


def test_history_tells_states_in_words(app: Flask) -> None:
    event = AuditEvent(
        kind=AuditKind.MOVED,
        entity="loan_application",
        before={"status": "on_agenda"},
        after={"status": "approved", "amount_approved": "4000000", "reason": None},
    )

    with app.test_request_context():
        changes = changes_of(event)

    assert [(before, after) for _label, before, after in changes] == [
        (make.in_thai(app, State.ON_AGENDA.label), make.in_thai(app, State.APPROVED.label)),
        ("", "4,000,000.00"),
    ]


def test_every_audited_table_has_a_name() -> None:
    tables = {kind.__tablename__ for kind in Audited.__subclasses__()}  # type: ignore[attr-defined]

    assert tables <= set(ENTITIES)


@pytest.mark.parametrize(("days", "period", "seen"), [(0, "1", True), (1, "1", False), (6, "7", True), (7, "7", False)])
def test_list_is_narrowed_to_a_period(app: Flask, auditor: FundClient, days: int, period: str, seen: bool) -> None:
    stored(app, AuditKind.CHANGED, summary="คก.0027/2570", at=datetime.now(UTC) - timedelta(days=days))

    assert ("คก.0027/2570" in auditor.text(f"/audit/list/?period={period}")) is seen


def test_list_is_narrowed_to_a_fiscal_year(app: Flask, auditor: FundClient) -> None:
    # 30 September 2568 23:30 in Bangkok still belongs to 2568.
    stored(app, AuditKind.CHANGED, summary="คก.0027/2568", at=datetime(2025, 9, 30, 16, 30, tzinfo=UTC))

    assert "คก.0027/2568" in auditor.text("/audit/list/?period=2568")
    assert "คก.0027/2568" not in auditor.text("/audit/list/?period=2569")
    assert auditor.get("/audit/list/?period=2400").status_code == 400
