"""A programme is opened once it is ready; copies and files have names of their own, and nothing of them is lost."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.programme_file import to_plain
from app.domain.programmes import ApprovingBody, DocumentCondition
from app.domain.roles import Role
from app.extensions import db
from app.models.programme_versions import ProgrammeVersion
from app.models.programmes import ApprovalLevel, LoanProgramme, ProgrammeDocument, ProgrammeRate, ProgrammeStatus
from app.services.programmes.copies import copied
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import keep_version
from app.services.programmes.yaml_file import exported, imported
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page
from tests.place import signed_in

D = Decimal


@pytest.fixture
def fund(app: Flask) -> FundClient:
    with make.rows(app):
        make.person(Role.FUND_OFFICER, username="fund")
    return signed_in(app, "fund")


def drafted(app: Flask, **values: Any) -> int:
    with make.rows(app):
        levels = [ApprovalLevel(up_to=None, body=ApprovingBody.BOARD)]
        given = {"status": ProgrammeStatus.DRAFT, "approval_levels": levels, **values}
        return make.programme(**given).id


def status(app: Flask, key: int) -> str:
    with make.rows(app):
        return db.session.get_one(LoanProgramme, key).status


def test_a_programme_that_lacks_something_is_not_opened_and_told_all_of_it(app: Flask, fund: FundClient) -> None:
    rates = [ProgrammeRate(shortest_term=13, longest_term=90, from_month=1, annual_rate=D("0.02"))]
    key = drafted(app, key="Test 2571!", approval_levels=[], rates=rates)

    answer = page(fill_in(fund, f"/programmes/edit/{key}", status="open"))

    assert status(app, key) == "draft"
    assert all(said in answer for said in ("Test 2571!", "30,000,000.00", "13–90"))


def test_a_programme_that_is_ready_is_opened(app: Flask, fund: FundClient) -> None:
    key = drafted(app)

    before = fund.text(f"/programmes/show/{key}")
    answer = fill_in(fund, f"/programmes/edit/{key}", status="open")

    assert 'id="readiness"' in before
    assert answer.status_code == 302
    assert status(app, key) == "open"
    assert 'id="readiness"' not in fund.text(f"/programmes/show/{key}")


def test_an_open_programme_that_lacked_something_may_still_be_changed(app: Flask, fund: FundClient) -> None:
    key = drafted(app, key="Old Key", status=ProgrammeStatus.OPEN)

    assert fill_in(fund, f"/programmes/edit/{key}", note="ข้อสมมติ").status_code == 302


@pytest.mark.parametrize("field", ["name", "name_en"])
def test_no_two_programmes_have_one_name(app: Flask, fund: FundClient, field: str) -> None:
    with make.rows(app):
        first, second = make.programme(), make.programme()
        taken, key = getattr(first, field), second.id

    answer = fill_in(fund, f"/programmes/edit/{key}", **{field: taken, "why": "ทดสอบ"})

    assert answer.status_code == 200
    with make.rows(app):
        assert len(db.session.scalars(select(LoanProgramme).where(getattr(LoanProgramme, field) == taken)).all()) == 1


def test_a_copy_is_for_the_next_year_that_has_none(app: Flask) -> None:
    with make.rows(app):
        make.programme(key="normal-2571", name="กรณีปกติ ปีงบประมาณ 2571", name_en="Normal, fiscal year 2571")
        programme = make.programme(
            key="normal-2570",
            name="กรณีปกติ ปีงบประมาณ 2570",
            name_en="Normal, fiscal year 2570",
            opens_on=date(2026, 10, 1),
            closes_on=date(2028, 2, 29),
            rates=[ProgrammeRate(shortest_term=1, longest_term=None, from_month=1, annual_rate=D("0.0275"))],
            rate_note="ร้อยละ 2.75",
        )

        row = copied(programme)

        assert (row.key, row.name) == ("normal-2572", "กรณีปกติ ปีงบประมาณ 2572")
        assert row.name_en == "Normal, fiscal year 2572"
        # Two years later; 29 February has none there.
        assert (row.opens_on, row.closes_on) == (date(2028, 10, 1), date(2030, 2, 28))
        assert (row.rates, row.rate_note, row.annual_rate) == ([], None, D("0.03"))
        assert len(row.documents) == len(programme.documents)


def test_a_copy_of_a_name_without_a_year_gets_a_number(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme(key="disaster", name="ภัยพิบัติ", name_en="Disaster")

        first, second = copied(programme), copied(programme)

        assert [(row.key, row.name) for row in (first, second)] == [
            ("disaster-2", "ภัยพิบัติ (2)"),
            ("disaster-3", "ภัยพิบัติ (3)"),
        ]


def test_a_condition_on_what_is_optional_is_refused(app: Flask, fund: FundClient) -> None:
    key = drafted(app, optional=1)
    with make.rows(app):
        asked = select(ProgrammeDocument.id).where(
            ProgrammeDocument.programme_id == key, ProgrammeDocument.required.is_(False)
        )
        optional = db.session.scalars(asked).one()

    answer = fill_in(fund, f"/programme-documents/edit/{optional}", condition=DocumentCondition.SAVINGS.value)

    assert answer.status_code == 200
    with make.rows(app):
        assert db.session.get_one(ProgrammeDocument, optional).condition is None


# Files


def changed(app: Flask, *changes: tuple[str, str]) -> bytes:
    """The file of a programme that is there no more, with some of its text changed."""
    with make.rows(app):
        programme = make.programme(
            notification_no="1/2570", notification_date=date(2026, 9, 1), grace_months=6, longest_term_months=36
        )
        text = exported(programme)
        text = text.replace(programme.name, "ชื่อใหม่").replace(programme.name_en, "A new name")
        text = text.replace(programme.key, "new-key")
    for before, after in changes:
        assert before in text, text
        text = text.replace(before, after, 1)
    return text.encode()


def test_a_file_keeps_the_notification_and_the_grace(app: Flask) -> None:
    content = changed(app)

    with make.rows(app):
        row = imported(content)

        assert (row.notification_no, row.notification_date) == ("1/2570", date(2026, 9, 1))
        assert (row.grace_months, terms_of(row).grace_months) == (6, 6)


def refusals(fund: FundClient, content: bytes) -> str:
    sent = {"file": (io.BytesIO(content), "programme.yaml")}
    return page(fund.send("/programme-files/", sent, content_type="multipart/form-data"))


def test_every_fault_of_a_file_is_told(app: Flask, fund: FundClient) -> None:
    content = changed(
        app,
        ("terms:", "extras: 1\nterms:"),
        ("name: ", "nickname: x\n  name: "),
        ("grace_months: 6", "grace_months: six"),
        ("waiting_list: false", "waiting_list: maybe"),
    )

    told = refusals(fund, content)

    assert all(place in told for place in ("extras", "programme.nickname", "grace_months", "waiting_list"))


@pytest.mark.parametrize("content", [b"terms: {}\n", b"programme: {}\n"])
def test_a_file_without_a_programme_or_its_terms_says_so(app: Flask, fund: FundClient, content: bytes) -> None:
    missing = "terms" if b"programme" in content else "programme"

    told = refusals(fund, content)

    assert make.in_thai(app, "%(place)s is missing. Add it.", place=missing) in told


@pytest.mark.parametrize("content", [b"", b"hello\n", b"- one\n- two\n"])
def test_a_file_of_something_else_says_so(app: Flask, fund: FundClient, content: bytes) -> None:
    assert make.in_thai(app, "The file has no names with values. Choose a file that was exported here.") in refusals(
        fund, content
    )


def test_a_name_in_a_file_that_is_taken_is_refused(app: Flask, fund: FundClient) -> None:
    content = changed(app)
    with make.rows(app):
        make.programme(name="ชื่อใหม่")

    assert "ชื่อใหม่" in refusals(fund, content)


# Instalments without principal


def test_a_term_that_older_versions_did_not_have_makes_no_version_of_its_own(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme()
        terms = {name: value for name, value in to_plain(terms_of(programme)).items() if name != "grace_months"}
        db.session.add(ProgrammeVersion(programme=programme, number=1, terms=terms, at=make.AT, why="ประกาศใช้"))

        assert keep_version(programme, "อีกครั้ง", None, make.AT).number == 1


def test_calculator_and_start_page_tell_of_instalments_without_principal(app: Flask) -> None:
    with make.rows(app):
        key = make.programme(grace_months=6).id
    asked = f"/quote/?programme={key}&amount=6000000&months=24"
    words = make.in_thai(app, "the first %(number)s: interest alone", number=6)

    pages = [FundClient(app).text(path) for path in ("/", asked)]

    assert all(words in text for text in pages)


def test_a_version_names_the_instalments_without_principal(app: Flask, fund: FundClient) -> None:
    key = drafted(app, status=ProgrammeStatus.OPEN)
    with make.rows(app):
        keep_version(db.session.get_one(LoanProgramme, key), "ประกาศใช้", None, make.AT)

    answer = fill_in(fund, f"/programmes/edit/{key}", grace_months="12", why="มติครั้งที่ 2")

    assert answer.status_code == 302
    with make.rows(app):
        last = db.session.get_one(LoanProgramme, key).versions[-1]
        assert last.terms["grace_months"] == 12
        path = f"/programme-versions/show/{last.id}"
    assert make.in_thai(app, "Instalments without principal") in fund.text(path)


def test_a_version_calls_its_documents_by_their_names(app: Flask, fund: FundClient) -> None:
    key = drafted(app, status=ProgrammeStatus.OPEN)
    with make.rows(app):
        programme = db.session.get_one(LoanProgramme, key)
        keep_version(programme, "ประกาศใช้", None, make.AT)
        path = f"/programme-versions/show/{programme.versions[-1].id}"
        kinds = [asked.document_type for asked in programme.documents]
        names, codes = [kind.name for kind in kinds], [kind.code for kind in kinds]

    shown = fund.text(path)

    assert names
    assert all(name in shown for name in names)
    assert not any(code in shown for code in codes)
