"""Rows of the registers are added, changed and deleted with their history."""

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.document_types import DocumentType
from app.models.people import Membership, OfficePost
from app.models.places import Office, Province
from app.models.programmes import ApprovalLevel, LoanProgramme, ProgrammeCriterion, ProgrammeDocument, ProgrammeRate
from app.models.workdays import Holiday
from tests import make
from tests.forms import fill_in, page
from tests.integration.shell.registers import REGISTERS, Register, SignIn, addition, count, events, first_id

# One field of each register to change: its name, what is typed, and what must be stored.
CHANGES: dict[type[Any], tuple[str, str, Any]] = {
    Province: ("name_en", "Newer", "Newer"),
    Office: ("address", "ถนนมิตรไมตรี", "ถนนมิตรไมตรี"),
    Holiday: ("source", "มติคณะรัฐมนตรี ๓ พฤศจิกายน ๒๕๖๙", "มติคณะรัฐมนตรี ๓ พฤศจิกายน ๒๕๖๙"),
    Cooperative: ("members", "๑,๓๐๐", 1300),
    BoardMember: ("position", "กรรมการ", "กรรมการ"),
    LoanProgramme: ("longest_term_months", "48", 48),
    DocumentType: ("help_text", "ฉบับล่าสุด", "ฉบับล่าสุด"),
    ProgrammeDocument: ("required", "", False),
    ProgrammeRate: ("longest_term", "12", 12),
    ApprovalLevel: ("up_to", "8,000,000.50", Decimal("8000000.50")),
    ProgrammeCriterion: ("severity", "warn", "warn"),
    FinancialYear: ("profit", "-0.01", Decimal("-0.01")),
    Membership: ("role", "cooperative_signatory", "cooperative_signatory"),
    OfficePost: ("office", "1", 1),
}


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.view)
def test_row_is_added_changed_and_deleted_with_its_history(
    demo_app: Flask, client_for: SignIn, register: Register
) -> None:
    client = client_for(register.keeper)
    field, typed, stored = CHANGES[register.model]
    good = addition(demo_app, register)
    before = {kind: events(demo_app, register.model, kind) for kind in AuditKind}

    added = fill_in(client, f"{register.path}/add", **good)
    assert added.status_code == 302, re.findall(r'<p class="error">.*|<li>.*|id="[^"]+-error"', page(added))
    key = int(added.headers["Location"].rpartition("/")[2])
    why = {"why": good["why"]} if "why" in good else {}
    changed = fill_in(client, f"{register.path}/edit/{key}", **{field: typed or []}, **why)
    shown = html.unescape(client.text(f"{register.path}/show/{key}"))
    with make.rows(demo_app):
        row = db.session.get_one(register.model, key)
        now = row.office_id if field == "office" else getattr(row, field)
    deleted = client.send(f"{register.path}/delete/{key}")

    assert (changed.status_code, now) == (302, stored)
    for kind in (AuditKind.CREATED, AuditKind.CHANGED):
        assert make.in_thai(demo_app, kind.label) in shown.split(make.in_thai(demo_app, "History"), 1)[1]
    assert deleted.headers["Location"] == f"{register.path}/list/"
    assert count(demo_app, register.model, id=key) == 0
    for kind in (AuditKind.CREATED, AuditKind.CHANGED, AuditKind.DELETED):
        assert events(demo_app, register.model, kind) == before[kind] + 1, kind


def test_what_was_typed_is_stored_exactly(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)

    fill_in(client_for("fund"), "/cooperatives/add", **addition(demo_app, register))

    with make.rows(demo_app):
        row = db.session.scalars(select(Cooperative).where(Cooperative.registration_no == "ใหม่ 1/2569")).one()
        assert (row.members, str(row.share_capital)) == (1200, "1000000.50")
        assert row.tax_id == make.tax_number(99001)
        assert row.phone is None


def test_history_says_who_changed_what_from_what_to_what(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    with make.rows(demo_app):
        before = db.session.get_one(Cooperative, key).address
        person = db.session.scalars(select(make.User).where(make.User.username == "fund")).one().get_full_name()
    client = client_for("fund")

    fill_in(client, f"/cooperatives/edit/{key}", address="99 ถนนสุขุมวิท")

    history = html.unescape(client.text(f"/cooperatives/show/{key}")).split(make.in_thai(demo_app, "History"), 1)[1]
    for part in (person, make.in_thai(demo_app, "Address"), before, "99 ถนนสุขุมวิท"):
        assert part in history


def test_saving_without_a_change_is_no_event(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}")

    assert answer.status_code == 302
    with make.rows(demo_app):
        event = select(AuditEvent.before, AuditEvent.after)
        said = db.session.execute(event.where(AuditEvent.entity == "cooperative", AuditEvent.kind == AuditKind.CHANGED))
        assert [tuple(row) for row in said] == []
