"""Lists of the registers: order, search, and who may open them."""

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.values.thai import search_key
from app.extensions import db
from app.models.cooperatives import BoardMember
from app.models.places import Office
from app.views.cooperatives.places import without_telephone
from tests import make
from tests.client import FundClient
from tests.integration.shell.registers import REGISTERS, Register, SignIn, count, first_id

SEARCHED = [register for register in REGISTERS if register.letters]


# The order of the Royal Society's dictionary, as Thai lists of provinces are printed.
PROVINCES = """
กระบี่ กรุงเทพมหานคร กาญจนบุรี กาฬสินธุ์ กำแพงเพชร ขอนแก่น จันทบุรี ฉะเชิงเทรา ชลบุรี ชัยนาท ชัยภูมิ ชุมพร เชียงราย เชียงใหม่
ตรัง ตราด ตาก นครนายก นครปฐม นครพนม นครราชสีมา นครศรีธรรมราช นครสวรรค์ นนทบุรี นราธิวาส น่าน บึงกาฬ บุรีรัมย์ ปทุมธานี
ประจวบคีรีขันธ์ ปราจีนบุรี ปัตตานี พระนครศรีอยุธยา พะเยา พังงา พัทลุง พิจิตร พิษณุโลก เพชรบุรี เพชรบูรณ์ แพร่ ภูเก็ต มหาสารคาม
มุกดาหาร แม่ฮ่องสอน ยโสธร ยะลา ร้อยเอ็ด ระนอง ระยอง ราชบุรี ลพบุรี ลำปาง ลำพูน เลย ศรีสะเกษ สกลนคร สงขลา สตูล สมุทรปราการ
สมุทรสงคราม สมุทรสาคร สระแก้ว สระบุรี สิงห์บุรี สุโขทัย สุพรรณบุรี สุราษฎร์ธานี สุรินทร์ หนองคาย หนองบัวลำภู อ่างทอง อำนาจเจริญ
อุดรธานี อุตรดิตถ์ อุทัยธานี อุบลราชธานี
""".split()  # noqa: SIM905  77 quoted names would be harder to read


WITH_BU = {
    "กาญจนบุรี", "จันทบุรี", "ชลบุรี", "นนทบุรี", "บุรีรัมย์", "ปราจีนบุรี", "เพชรบุรี", "ราชบุรี", "ลพบุรี", "สระบุรี", "สิงห์บุรี",
    "สุพรรณบุรี",
}  # fmt: skip


def names(text: str) -> list[str]:
    """What stands first in each row of a list, in order."""
    cells = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html.unescape(text), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def listed(client: FundClient, register: Register, query: str = "") -> list[int]:
    text = client.text(f"{register.path}/list/?psize_{register.view}=100&{query}")
    return list(dict.fromkeys(int(key) for key in re.findall(rf'href="{register.path}/show/(\d+)[?"]', text)))


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.view)
def test_register_is_listed_and_its_rows_open(demo_app: Flask, client_for: SignIn, register: Register) -> None:
    client = client_for(register.keeper)

    keys = listed(client, register)

    assert len(keys) == min(count(demo_app, register.model), 100) > 0
    with make.rows(demo_app):
        shown = str(db.session.get_one(register.model, keys[0]))
    assert shown in html.unescape(client.text(f"{register.path}/show/{keys[0]}"))


@pytest.mark.parametrize("register", SEARCHED, ids=lambda register: register.view)
def test_letters_inside_a_word_find_exactly_the_rows_with_them(
    demo_app: Flask, client_for: SignIn, register: Register
) -> None:
    with make.rows(demo_app):
        wanted = {
            row.id
            for row in db.session.scalars(select(register.model))
            if any(register.letters in search_key(str(getattr(row, name) or "")) for name in row.searched_columns)
        }
        everything = count(demo_app, register.model)

    found = listed(client_for(register.keeper), register, f"q={register.letters}")

    assert set(found) == wanted
    assert 0 < len(found) < everything


def test_two_letters_find_the_twelve_provinces_with_them(client_for: SignIn) -> None:
    assert set(names(client_for("admin").text("/provinces/list/?q=บุ"))) == WITH_BU


def test_province_is_found_however_it_is_typed(client_for: SignIn) -> None:
    client = client_for("admin")

    for typed in ("ชลบุรี", "CHON BURI", "chon bu", "th-20", "TH-๒๐", " ชลบุรี "):
        assert names(client.text(f"/provinces/list/?q={typed}")) == ["ชลบุรี"], typed


def test_signs_of_a_pattern_are_plain_letters(client_for: SignIn) -> None:
    client = client_for("admin")

    for typed in ("%", "_", "\\", "'", "%_"):
        answer = client.get("/provinces/list/", query_string={"q": typed})
        assert names(answer.get_data(as_text=True)) == [], typed


def test_provinces_stand_in_the_dictionarys_order(client_for: SignIn) -> None:
    assert names(client_for("admin").text("/provinces/list/")) == PROVINCES


def test_provinces_stand_backwards_when_asked(client_for: SignIn) -> None:
    text = client_for("admin").text("/provinces/list/?_oc_ProvinceView=name&_od_ProvinceView=desc")

    assert names(text) == PROVINCES[::-1]


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.view)
def test_odd_address_of_a_register_is_refused(client_for: SignIn, register: Register) -> None:
    client = client_for(register.keeper)

    for query in ("page_{view}=abc", "psize_{view}=101", "_oc_{view}=version", "_flt_0_id=1"):
        assert client.get(f"{register.path}/list/?{query.format(view=register.view)}").status_code == 400, query
    for key in ("0", "999999", "99999999999999999999", "abc", "-1"):
        for name in ("show", "edit"):
            assert client.get(f"{register.path}/{name}/{key}").status_code == 404, (name, key)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.view)
def test_keeping_a_register_is_the_keepers_alone(demo_app: Flask, client_for: SignIn, register: Register) -> None:
    key = first_id(demo_app, register.model)
    before = count(demo_app, register.model)

    for username in ("auditor", "coop2"):
        client = client_for(username)
        if register.model is BoardMember and username == "coop2":
            continue
        assert client.get(f"{register.path}/add").status_code in (302, 403, 404)
        assert client.send(f"{register.path}/delete/{key}").status_code in (302, 403, 404)
    assert FundClient(demo_app).get(f"{register.path}/list/").status_code == 302
    assert count(demo_app, register.model) == before


def test_administrators_are_told_which_offices_nobody_can_ring_up(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        offices = list(db.session.scalars(select(Office).order_by(Office.id)))
        for office in offices:
            office.phone = "021234567"
        offices[0].phone, offices[1].phone = None, ""
        name = offices[0].short_name

    admin = client_for("admin")
    text = html.unescape(admin.text("/offices/list/"))
    without = names(admin.text("/offices/list/?telephone=none"))

    with demo_app.test_request_context():
        assert without_telephone(2) in text
    assert len(without) == 2
    assert name in without
    assert len(names(admin.text("/offices/list/?telephone=known"))) == len(offices) - 2


def test_an_office_chooses_among_its_own_provinces(client_for: SignIn) -> None:
    offered = {
        name: re.findall(
            r"<option[^>]*>([^<]+)</option>",
            re.findall(
                r'<select[^>]*name="province".*?</select>', client_for(name).text("/cooperatives/list/"), re.DOTALL
            )[0],
        )[1:]
        for name in ("officer1", "fund")
    }

    assert offered["officer1"] == ["ชลบุรี"]
    assert offered["fund"] == PROVINCES


def test_the_end_of_a_name_stays_on_one_line(demo_app: Flask, client_for: SignIn) -> None:
    page = client_for("fund").get("/cooperatives/list/?psize_CooperativeView=100").text

    assert re.search(r"\S\N{NO-BREAK SPACE}\d\N{NO-BREAK SPACE}จำกัด", page)
    assert not re.search(r"<th scope=\"row\"[^>]*>[^<]*<a[^>]*>[^<]* จำกัด", page)
