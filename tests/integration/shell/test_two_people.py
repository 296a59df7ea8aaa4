"""Two people save one record: what one of them changed is kept, what both changed waits for a choice."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.document_types import DocumentType
from app.models.programmes import LoanProgramme
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page
from tests.integration.shell.registers import SignIn, first_id

PHONE, ADDRESS = "0 3822 2222", "เลขที่ 99"


def value(app: Flask, model: type[Any], key: int, name: str) -> Any:
    with make.rows(app):
        return getattr(db.session.get_one(model, key), name)


def lines(text: str) -> dict[str, list[str]]:
    """The rows of what both changed, by label: before, yours, theirs, what counts."""
    table = re.search(r'<section class="section meeting".*?</section>', text, re.DOTALL)
    assert table is not None
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)[1:]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        plain = [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in cells]
        found[plain[0]] = plain[1:]
    return found


@pytest.fixture
def pair(client_for: SignIn) -> tuple[FundClient, FundClient]:
    return client_for("fund"), client_for("admin")


def test_what_only_one_changed_is_kept_and_told(demo_app: Flask, pair: tuple[FundClient, FundClient]) -> None:
    first, second = pair
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    seen = second.text(path)
    with make.rows(demo_app):
        person = db.session.scalars(select(User).where(User.username == "fund")).one().get_full_name()
    fill_in(first, path, phone=PHONE, status="suspended", ordinary_rate="7")

    told = fill_in(second, path, seen=seen, address=ADDRESS)

    assert value(demo_app, Cooperative, key, "address") != ADDRESS
    text = page(told)
    shown = lines(text)
    assert shown["โทรศัพท์"][2:] == ["0 3822 2222", "ของผู้อื่น"]
    assert shown["สถานะ"][1:] == ["ไม่ได้แก้ไข", "ระงับชั่วคราว", "ของผู้อื่น"]
    assert shown["ที่อยู่"][1:] == [ADDRESS, "ไม่ได้แก้ไข", "ของท่าน"]
    assert person in text
    assert not any("อัตราดอกเบี้ย" in label and "0.07" in " ".join(cells) for label, cells in shown.items())
    assert fill_in(second, path, seen=told.get_data(as_text=True)).status_code == 302
    kept = [value(demo_app, Cooperative, key, name) for name in ("phone", "status", "address", "ordinary_rate")]
    assert kept == ["038222222", "suspended", ADDRESS, Decimal("0.07")]


@pytest.mark.parametrize(("choice", "stored"), [("yours", "09 ของคนที่สอง"), ("theirs", "09 ของคนแรก")])
def test_what_both_changed_is_not_stored_until_one_is_chosen(
    demo_app: Flask, pair: tuple[FundClient, FundClient], choice: str, stored: str
) -> None:
    first, second = pair
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    seen = second.text(path)
    fill_in(first, path, address="09 ของคนแรก")

    told = fill_in(second, path, seen=seen, address="09 ของคนที่สอง")
    again = fill_in(second, path, seen=told.get_data(as_text=True))

    assert value(demo_app, Cooperative, key, "address") == "09 ของคนแรก"
    assert lines(page(again))["ที่อยู่"][1:3] == ["09 ของคนที่สอง", "09 ของคนแรก"]
    chosen = fill_in(second, path, seen=again.get_data(as_text=True), **{"choose-address": choice})
    assert chosen.status_code == 302
    assert value(demo_app, Cooperative, key, "address") == stored


def test_a_third_save_after_the_warning_is_told_again(demo_app: Flask, pair: tuple[FundClient, FundClient]) -> None:
    first, second = pair
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    seen = second.text(path)
    fill_in(first, path, address="หนึ่ง")
    told = fill_in(second, path, seen=seen, address="สอง")
    fill_in(first, path, address="สาม")

    late = fill_in(second, path, seen=told.get_data(as_text=True), **{"choose-address": "yours"})

    assert lines(page(late))["ที่อยู่"][1:3] == ["สอง", "สาม"]
    assert value(demo_app, Cooperative, key, "address") == "สาม"


def test_a_rate_that_nobody_changed_is_no_difference(demo_app: Flask, pair: tuple[FundClient, FundClient]) -> None:
    first, second = pair
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    fill_in(first, path, ordinary_rate="7")
    seen = second.text(path)
    fill_in(first, path, phone=PHONE)

    told = fill_in(second, path, seen=seen, ordinary_rate="7.0", address=ADDRESS)

    assert set(lines(page(told))) == {"โทรศัพท์", "ที่อยู่"}


def test_a_person_without_a_version_is_met_all_the_same(demo_app: Flask, client_for: SignIn) -> None:
    first, second = client_for("admin"), client_for("admin")
    with make.rows(demo_app):
        key = db.session.scalars(select(User.id).where(User.username == "officer1")).one()
    path = f"/users/edit/{key}"
    seen = second.text(path)
    fill_in(first, path, email="other@example.or.th")

    told = fill_in(second, path, seen=seen, last_name="ใหม่")
    fill_in(second, path, seen=told.get_data(as_text=True))

    with make.rows(demo_app):
        row = db.session.get_one(User, key)
        assert (row.email, row.last_name) == ("other@example.or.th", "ใหม่")


@pytest.mark.parametrize(
    ("model", "path", "theirs", "yours", "label"),
    [
        (LoanProgramme, "/programmes", {"ceiling": "9,000,000"}, {"ceiling": "8,000,000"}, "9,000,000.00"),
        (DocumentType, "/document-types", {"kinds": ["pdf"]}, {"kinds": ["jpeg"]}, "PDF"),
    ],
)
def test_programmes_and_lists_of_ticks_are_met_in_words(
    demo_app: Flask,
    pair: tuple[FundClient, FundClient],
    model: type[Any],
    path: str,
    theirs: dict[str, Any],
    yours: dict[str, Any],
    label: str,
) -> None:
    first, second = pair
    key = first_id(demo_app, model)
    why = {"why": "ทดลอง"} if model is LoanProgramme else {}
    seen = second.text(f"{path}/edit/{key}")
    assert fill_in(first, f"{path}/edit/{key}", **theirs, **why).status_code == 302

    told = fill_in(second, f"{path}/edit/{key}", seen=seen, **yours, **why)

    assert any(cells[2] == label for cells in lines(page(told)).values()), lines(page(told))


@pytest.mark.parametrize("opened", ["", "%%%", "x=1", "a" * 300_000])
def test_a_form_that_lost_what_it_was_opened_with_overwrites_nothing(
    demo_app: Flask, pair: tuple[FundClient, FundClient], opened: str
) -> None:
    first, second = pair
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    seen = second.text(path)
    fill_in(first, path, address="หนึ่ง")

    fill_in(second, path, seen=seen, opened=opened, address="สอง")

    assert value(demo_app, Cooperative, key, "address") == "หนึ่ง"
