"""The registers: found, shown, added, changed and deleted through their pages, and refused at the wrong field."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import func, select

from app.domain.identifiers import ONE_DIGIT_WRONG, THIRTEEN_DIGITS
from app.domain.thai import search_key
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.document_types import DocumentType
from app.models.people import Membership, OfficePost
from app.models.places import Office, Province
from app.models.programmes import ApprovalLevel, LoanProgramme, ProgrammeCriterion, ProgrammeDocument, ProgrammeRate
from app.services.registers import COUNTED, INSTEAD, USED
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page

SignIn = Callable[[str], FundClient]


@dataclass(frozen=True)
class Register:
    """One register: where it is, who keeps it, and letters from inside a word of some of its rows."""

    model: type[Any]
    path: str
    keeper: str
    letters: str = ""

    @property
    def view(self) -> str:
        return f"{self.model.__name__}View"


REGISTERS = (
    Register(Province, "/provinces", "admin", "บุ"),
    Register(Office, "/offices", "admin", "บุ"),
    Register(Cooperative, "/cooperatives", "fund", "ลบ"),
    Register(BoardMember, "/board", "fund"),
    Register(LoanProgramme, "/programmes", "fund", "ติ"),
    Register(DocumentType, "/document-types", "fund", "ชุ"),
    Register(ProgrammeDocument, "/programme-documents", "fund"),
    Register(ProgrammeRate, "/programme-rates", "fund"),
    Register(ApprovalLevel, "/approval-levels", "admin"),
    Register(ProgrammeCriterion, "/programme-criteria", "fund"),
    Register(FinancialYear, "/financial-years", "admin"),
    Register(Membership, "/memberships", "admin"),
    Register(OfficePost, "/office-posts", "admin"),
)
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
    return list(dict.fromkeys(int(key) for key in re.findall(rf'href="{register.path}/show/(\d+)"', text)))


def first_id(app: Flask, model: type[Any], **values: Any) -> int:
    with make.rows(app):
        return db.session.scalars(select(model.id).filter_by(**values).order_by(model.id).limit(1)).one()


def count(app: Flask, model: type[Any], **values: Any) -> int:
    with make.rows(app):
        return db.session.scalar(select(func.count(model.id)).filter_by(**values)) or 0


def events(app: Flask, model: type[Any], kind: AuditKind) -> int:
    return count(app, AuditEvent, entity=model.__tablename__, kind=kind.value)


# Lists


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


# Adding, changing, deleting


def addition(app: Flask, register: Register) -> dict[str, Any]:
    """What a person types to add a good row."""
    with make.rows(app):
        province = db.session.scalars(select(Province).where(Province.code == make.CHONBURI)).one().id
        office = make.office().id
        cooperative = db.session.scalars(select(Cooperative.id).order_by(Cooperative.id)).first()
        programme = db.session.scalars(select(LoanProgramme.id).order_by(LoanProgramme.id)).first()
        fresh = make.programme(status="draft").id
        kind = make.document_type().id
        user = make.person().id
    day = {"day": "1", "month": "10"}
    opens = {f"opens_on-{part}": value for part, value in {**day, "year": "2569"}.items()}
    closes = {f"closes_on-{part}": value for part, value in {**day, "year": "2570"}.items()}
    starts = {f"term_starts_on-{part}": value for part, value in {**day, "year": "๒๕๖๙"}.items()}
    ends = {f"term_ends_on-{part}": value for part, value in {**day, "year": "2571"}.items()}
    typed: dict[type[Any], dict[str, Any]] = {
        Province: {"name": "จังหวัดใหม่", "name_en": "New", "code": "TH-99", "region": "north"},
        Office: {
            "name": "สำนักงานใหม่",
            "short_name": "สนง. ใหม่",
            "name_en": "New office",
            "code": "NEW",
            "kind": "province",
            "provinces": [str(province)],
            "phone": "๐๒ ๖๖๐ ๒๑๘๐",
            "active": "y",
        },
        Cooperative: {
            "name": "สหกรณ์ออมทรัพย์ใหม่ จำกัด",
            "registration_no": "ใหม่ 1/2569",
            "kind": "savings",
            "workplace": "establishment",
            "address": "1",
            "sub_district": "บางปลาสร้อย",
            "district": "เมืองชลบุรี",
            "postcode": "20000",
            "province": str(province),
            "office": str(office),
            "members": "1,200",
            "share_capital": "๑,๐๐๐,๐๐๐.๕๐",
            "reserve": "0",
            "status": "active",
            "tax_id": make.tax_number(99001),
        },
        BoardMember: {
            "cooperative": str(cooperative),
            "full_name": "ประธาน ใหม่",
            "position": "ประธานกรรมการ",
            **starts,
            **ends,
        },
        LoanProgramme: {
            "name": "โครงการใหม่",
            "name_en": "New",
            "key": "new-2570",
            "status": "draft",
            "envelope": "50,000,000",
            "ceiling": "10,000,000",
            "longest_term_months": "36",
            "annual_rate": "2.75",
            "purpose": "ทดสอบ",
            **opens,
            **closes,
        },
        DocumentType: {"name": "เอกสารใหม่", "name_en": "New", "code": "new", "position": "99", "active": "y"},
        ProgrammeDocument: {"programme": str(programme), "document_type": str(kind), "required": "y", "why": "มติใหม่"},
        ProgrammeRate: {"programme": str(programme), "annual_rate": "1.25", "from_month": "7", "why": "มติใหม่"},
        ApprovalLevel: {"programme": str(programme), "body": "board", "up_to": "9,000,000", "why": "มติใหม่"},
        ProgrammeCriterion: {
            "programme": str(fresh),
            "kind": "debt_to_capital",
            "figure": "๑.๕",
            "second_figure": "5",
            "severity": "block",
        },
        FinancialYear: {
            "cooperative": str(cooperative),
            "year": "2560",
            "members": "900",
            "share_capital": "1,000,000",
            "reserve": "50,000.25",
            "debts": "0",
            "profit": "-12.50",
            "control_class": "2",
        },
        Membership: {"user": str(user), "cooperative": str(cooperative), "role": "cooperative_preparer", "active": "y"},
        OfficePost: {"user": str(user), "office": str(office)},
    }
    return typed[register.model]


# One field of each register to change: its name, what is typed, and what must be stored.
CHANGES: dict[type[Any], tuple[str, str, Any]] = {
    Province: ("name_en", "Newer", "Newer"),
    Office: ("address", "ถนนมิตรไมตรี", "ถนนมิตรไมตรี"),
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


# Refused at the field


def wrong_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


BAD: list[tuple[str, str, str]] = [
    ("tax_id", wrong_digit(make.tax_number(99002)), ONE_DIGIT_WRONG),
    ("tax_id", "123", THIRTEEN_DIGITS),
    ("name", "สหกรณ์ออมทรัพย์ไม่มีคำท้าย", "Type the full registered name of the cooperative; it ends with “จำกัด”."),
    ("postcode", "1040", "A postcode has five digits, for example 10400."),
    ("email", "office@", "Type one e-mail address, for example office@example.or.th."),
    ("members", "ร้อยคน", "Type a whole number in digits, for example 1,200."),
    ("members", "1.5", "Type a whole number in digits, for example 1,200."),
    ("share_capital", "1.234", "Type at most two digits after the point, for example 5,000,000.50."),
    ("phone", "1", "Type a Thai telephone number of 9 or 10 digits, beginning with 0, such as 0 2660 2180."),
]


def error_at(text: str, field: str) -> str:
    """The message beside a field."""
    found = re.search(rf'id="{field}-error">(.*?)</div>', text, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(("field", "typed", "message"), BAD)
def test_bad_value_is_explained_at_its_field_and_kept(
    demo_app: Flask, client_for: SignIn, field: str, typed: str, message: str
) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)
    good = addition(demo_app, register)
    before = count(demo_app, Cooperative)

    answer = fill_in(client_for("fund"), "/cooperatives/add", **{**good, "district": "เมืองพิมพ์ไว้", field: typed})

    text = page(answer)
    assert answer.status_code in (200, 422)
    assert make.in_thai(demo_app, message) in error_at(text, field)
    assert f'value="{typed}"' in text
    assert 'value="เมืองพิมพ์ไว้"' in text
    assert f'href="#{field}"' in text
    assert count(demo_app, Cooperative) == before


def test_registration_number_of_another_is_refused(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)
    with make.rows(demo_app):
        taken = db.session.scalars(select(Cooperative.registration_no).order_by(Cooperative.id)).first()

    answer = fill_in(
        client_for("fund"), "/cooperatives/add", **{**addition(demo_app, register), "registration_no": taken}
    )

    said = "This value is already used by another record. Check it, or open that record."
    assert make.in_thai(demo_app, said) in error_at(page(answer), "registration_no")


def test_registration_number_of_a_row_out_of_reach_is_refused_too(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        mine = db.session.scalars(select(Cooperative).where(Cooperative.office == make.office())).first()
        theirs = db.session.scalars(
            select(Cooperative.registration_no).where(Cooperative.office == make.office(make.PATHUM_THANI))
        ).first()
        assert mine is not None
        key = mine.id

    answer = fill_in(client_for("officer1"), f"/cooperatives/edit/{key}", registration_no=theirs)

    assert error_at(page(answer), "registration_no")
    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).registration_no != theirs


@pytest.mark.parametrize(
    ("day", "month", "year"), [("31", "2", "2560"), ("29", "2", "2568"), ("๓๑", "4", "๒๕๖๐"), ("0", "1", "2560")]
)
def test_day_that_does_not_exist_is_refused_at_its_field(
    demo_app: Flask, client_for: SignIn, day: str, month: str, year: str
) -> None:
    key = first_id(demo_app, Cooperative)
    typed = {"registered_on-day": day, "registered_on-month": month, "registered_on-year": year}

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}", **typed)

    text = page(answer)
    assert error_at(text, "registered_on")
    assert f'value="{day}"' in text
    assert f'value="{year}"' in text


def test_leap_day_of_a_buddhist_year_is_a_day(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    typed = {"registered_on-day": "29", "registered_on-month": "2", "registered_on-year": "2567"}

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}", **typed)

    assert answer.status_code == 302
    with make.rows(demo_app):
        assert str(db.session.get_one(Cooperative, key).registered_on) == "2024-02-29"


def test_office_that_does_not_serve_the_province_is_refused(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is Cooperative)
    with make.rows(demo_app):
        other = make.office(make.PATHUM_THANI)
        key, name = other.id, other.short_name

    answer = fill_in(client_for("fund"), "/cooperatives/add", **{**addition(demo_app, register), "office": str(key)})

    said = "%(office)s does not serve %(province)s. Choose the office of that province, or the central division."
    text = page(answer)
    assert make.in_thai(demo_app, said, office=name, province="ชลบุรี") in text
    assert 'value="ใหม่ 1/2569"' in text
    assert count(demo_app, Cooperative, registration_no="ใหม่ 1/2569") == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"closes_on-year": "2568"}, "The programme closes before it opens. Correct one of the two dates."),
        ({"ceiling": "0"}, "Envelope and ceiling must be above zero."),
    ],
)
def test_odd_terms_of_a_programme_are_refused(
    demo_app: Flask, client_for: SignIn, typed: dict[str, str], message: str
) -> None:
    register = next(register for register in REGISTERS if register.model is LoanProgramme)

    answer = fill_in(client_for("fund"), "/programmes/add", **{**addition(demo_app, register), **typed})

    assert make.in_thai(demo_app, message) in page(answer)
    assert 'value="new-2570"' in page(answer)
    assert count(demo_app, LoanProgramme, key="new-2570") == 0


def test_board_term_does_not_end_before_it_starts(demo_app: Flask, client_for: SignIn) -> None:
    register = next(register for register in REGISTERS if register.model is BoardMember)
    typed = {**addition(demo_app, register), "term_ends_on-year": "2560"}

    answer = fill_in(client_for("fund"), "/board/add", **typed)

    assert make.in_thai(demo_app, "The term ends before it starts. Correct one of the two dates.") in page(answer)


def test_empty_form_names_every_field_that_must_be_filled(client_for: SignIn) -> None:
    client = client_for("fund")

    text = page(client.send("/cooperatives/add", page="/cooperatives/add"))

    for field in ("name", "registration_no", "kind", "workplace", "province", "office"):
        assert error_at(text, field), field


@pytest.mark.parametrize(("day", "stored"), [("30", False), ("29", True)])
def test_year_end_is_a_day_of_its_month(demo_app: Flask, client_for: SignIn, day: str, stored: bool) -> None:
    key = first_id(demo_app, Cooperative)

    answer = fill_in(client_for("fund"), f"/cooperatives/edit/{key}", year_end_day=day, year_end_month="2")

    refusal = make.in_thai(demo_app, "This month has no day %(day)s. Correct the day or the month.", day=day)
    assert (refusal in error_at(page(answer), "year_end_day")) is not stored
    with make.rows(demo_app):
        row = db.session.get_one(Cooperative, key)
        assert ((row.year_end_day, row.year_end_month) == (int(day), 2)) is stored


def test_month_of_the_year_end_is_a_name(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    client = client_for("fund")
    fill_in(client, f"/cooperatives/edit/{key}", year_end_day="31", year_end_month="3")

    assert '<option selected value="3">มีนาคม</option>' in client.text(f"/cooperatives/edit/{key}")
    assert "<dd>มีนาคม</dd>" in client.text(f"/cooperatives/show/{key}")
    refused = page(fill_in(client, f"/cooperatives/edit/{key}", year_end_month="13"))
    assert make.in_thai(demo_app, "Choose one from the list.") in error_at(refused, "year_end_month")


def test_lists_keep_days_on_one_line_and_give_names_room(client_for: SignIn) -> None:
    text = client_for("fund").text("/programmes/list/")

    assert '<th scope="row" class="name"' in text
    assert '<td class="day"' in text
    assert '<td class="num"' in text


# In use


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


# Two tabs


def test_stale_edit_shows_both_values_and_saves_after_a_look(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)
    path = f"/cooperatives/edit/{key}"
    first, second = client_for("fund"), client_for("admin")
    seen = second.text(path)
    fill_in(first, path, address="ที่อยู่ของคนแรก")

    told = fill_in(second, path, seen=seen, address="ที่อยู่ของคนที่สอง")

    text = page(told)
    label = make.in_thai(demo_app, "Address")
    assert make.in_thai(demo_app, "%(label)s is now: %(value)s", label=label, value="ที่อยู่ของคนแรก") in text
    assert 'value="ที่อยู่ของคนที่สอง"' in text
    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).address == "ที่อยู่ของคนแรก"

    again = fill_in(second, path, seen=told.get_data(as_text=True))

    assert again.status_code == 302
    with make.rows(demo_app):
        assert db.session.get_one(Cooperative, key).address == "ที่อยู่ของคนที่สอง"


def test_edit_without_a_version_is_not_saved(demo_app: Flask, client_for: SignIn) -> None:
    key = first_id(demo_app, Cooperative)

    fill_in(client_for("fund"), f"/cooperatives/edit/{key}", version="", address="ที่อยู่ใหม่")

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
