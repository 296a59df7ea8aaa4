"""Rows in use stay, and of two tabs the second is told."""

import re
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import select

from app.extensions import db
from app.models.audit import AuditKind
from app.models.cooperatives import Cooperative
from app.models.document_types import DocumentType
from app.models.places import Office, Province
from app.models.programmes import LoanProgramme
from app.services.registers import COUNTED, INSTEAD, USED
from tests import make
from tests.forms import fill_in, page
from tests.integration.shell.registers import SignIn, count, events, first_id


@pytest.mark.parametrize(
    ("path", "model", "keeper", "values", "said"),
    [
        ("/provinces", Province, "admin", {"code": make.CHONBURI}, USED),
        ("/offices", Office, "admin", {"code": make.CHONBURI}, INSTEAD["active"]),
        ("/cooperatives", Cooperative, "fund", {}, INSTEAD["status"]),
        ("/programmes", LoanProgramme, "fund", {"key": "normal-2566"}, INSTEAD["status"]),
        ("/document-types", DocumentType, "fund", {"code": "loan-form"}, INSTEAD["active"]),
    ],
)
def test_what_is_used_is_not_deleted_and_the_uses_are_named(
    demo_app: Flask, client_for: SignIn, path: str, model: type[Any], keeper: str, values: dict[str, str], said: str
) -> None:
    key = first_id(demo_app, model, **values)
    with make.rows(demo_app):
        name = str(db.session.get_one(model, key))

    answer = client_for(keeper).send(f"{path}/delete/{key}", follow_redirects=True)

    before, after = make.in_thai(demo_app, said, name=name, uses="¤").split("¤")
    text = page(answer)
    assert before in text
    assert after in text
    # A noun, the number, and its classifier: สหกรณ์ 4 แห่ง.
    assert re.match(r"[ก-๙]+( [^ ]+)* [\d,]+ [ก-๙]+", text.split(before, 1)[1])
    assert answer.request.path == f"{path}/show/{key}"
    assert count(demo_app, model, id=key) == 1
    assert events(demo_app, model, AuditKind.DELETED) == 0


def test_every_table_that_points_to_another_is_counted_in_words() -> None:
    tables = {
        table.name
        for table in Model.metadata.sorted_tables
        if not table.name.startswith("ab_") and any(key.ondelete != "CASCADE" for key in table.foreign_keys)
    }

    assert tables == set(COUNTED)


def test_stale_edit_shows_both_values_and_saves_after_a_look(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    first, second = client_for("fund"), client_for("admin")
    seen = second.text(path)
    fill_in(first, path, address="ที่อยู่ของคนแรก")

    told = fill_in(second, path, seen=seen, address="ที่อยู่ของคนที่สอง")

    text = page(told)
    label = make.in_thai(demo_app, "Address")
    assert all(part in text for part in (label, "ที่อยู่ของคนแรก", 'value="ที่อยู่ของคนที่สอง"'))
    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).address == "ที่อยู่ของคนแรก"

    pressed_again = fill_in(second, path, seen=told.get_data(as_text=True))
    with make.rows(demo_app):
        assert (pressed_again.status_code, db.session.get_one(Cooperative, key).address) == (200, "ที่อยู่ของคนแรก")

    again = fill_in(second, path, seen=told.get_data(as_text=True), **{"choose-address": "yours"})

    assert again.status_code == 302
    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).address == "ที่อยู่ของคนที่สอง"


def test_edit_without_a_version_is_not_saved(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)

    fill_in(client_for("fund"), f"/cooperatives/edit/{key}", version="", opened="", address="ที่อยู่ใหม่")

    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).address != "ที่อยู่ใหม่"


def test_columns_that_are_not_in_the_form_are_not_stored(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    with make.rows(demo_app):
        before = db.session.get_one(Cooperative, key).search_text

    fill_in(client_for("fund"), f"/cooperatives/edit/{key}", search_text="x", id="999", name_sort="x")

    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).search_text == before


def test_a_year_in_a_form_has_no_separator_and_a_number_of_people_has(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        row = db.session.scalars(select(Cooperative).where(Cooperative.ceiling_fiscal_year == 2570)).first()
        assert row is not None
        key, row.members = row.id, 1850

    text = client_for("admin").text(f"/cooperatives/edit/{key}")

    assert 'value="2570"' in text
    assert 'value="1,850"' in text
