"""The page that imports cooperatives: who may, what it stores, what it says."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.security.scope import unscoped
from tests.client import FundClient
from tests.forms import fill_in
from tests.integration.cooperatives.files_of_cooperatives import GOOD, HEADINGS, HOSTILE, OTHER, cooperatives
from tests.make_files import excel_bytes

PAGE = "/cooperatives/import/"


def send(client: FundClient, content: bytes, name: str = "file.xlsx", mode: str = "all") -> str:
    form = {"file": (io.BytesIO(content), name), "mode": mode, "note": "ทดสอบ"}
    answer = client.send(PAGE, form, page=PAGE, content_type="multipart/form-data")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def names_in(app: Flask) -> set[str]:
    with app.app_context(), unscoped():
        return {row.name for row in cooperatives()}


@pytest.mark.parametrize("username", ["fund", "admin"])
def test_page_stores_a_good_file(client_for: Callable[[str], FundClient], demo_app: Flask, username: str) -> None:
    page = send(client_for(username), excel_bytes(HEADINGS, GOOD, OTHER))

    assert {GOOD[1], OTHER[1]} <= names_in(demo_app)
    assert re.search(r'href="/cooperatives/show/\d+"[^>]*>' + re.escape(GOOD[1]), page)


@pytest.mark.parametrize(("mode", "expected"), [("all", False), ("good", True), ("check", False)])
def test_page_does_with_bad_rows_what_was_chosen(
    client_for: Callable[[str], FundClient], demo_app: Flask, mode: str, expected: bool
) -> None:
    page = send(client_for("fund"), excel_bytes(HEADINGS, GOOD, [*OTHER[:4], "<b>ดาวอังคาร"]), mode=mode)

    assert (GOOD[1] in names_in(demo_app)) is expected
    assert "&lt;b&gt;ดาวอังคาร" in page
    assert "<b>ดาวอังคาร" not in page


def test_changes_of_the_register_are_shown_before_they_count(
    client_for: Callable[[str], FundClient], demo_app: Flask
) -> None:
    client = client_for("fund")
    send(client, excel_bytes(HEADINGS, GOOD))
    renamed = [GOOD[0], "สหกรณ์ออมทรัพย์ ชื่อใหม่ จำกัด", *GOOD[2:]]

    text = send(client, excel_bytes(HEADINGS, renamed, OTHER))

    assert not {renamed[1], OTHER[1]} & names_in(demo_app)
    assert re.search(rf"<del>.*?{GOOD[1]}.*?</del> →\s*<ins>.*?{renamed[1]}", text, re.DOTALL)
    answer = fill_in(client, PAGE, seen=text)
    assert answer.status_code == 200
    assert {renamed[1], OTHER[1]} <= names_in(demo_app)


def test_the_rows_to_be_corrected_come_back(client_for: Callable[[str], FundClient]) -> None:
    client = client_for("fund")
    text = send(client, excel_bytes(HEADINGS, GOOD, [*OTHER[:4], "ดาวอังคาร"]))

    answer = fill_in(client, PAGE, seen=text, wanted="rows")

    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows] == [HEADINGS[0], OTHER[0]]
    assert "ดาวอังคาร" in str(rows[1][-1])


def test_what_comes_back_broken_is_not_read(client_for: Callable[[str], FundClient]) -> None:
    client = client_for("fund")

    answer = client.send(PAGE, {"mode": "all", "kept": "ไม่ใช่ไฟล์", "kept_name": "a.xlsx"}, page=PAGE)

    assert 'id="file-error"' in answer.get_data(as_text=True)


def test_page_only_checks_when_that_was_chosen(client_for: Callable[[str], FundClient], demo_app: Flask) -> None:
    send(client_for("fund"), excel_bytes(HEADINGS, GOOD), mode="check")

    assert GOOD[1] not in names_in(demo_app)


@pytest.mark.parametrize("name", ["empty", "old excel", "zip bomb", "last possible cell", "zeros", "no cells"])
def test_page_tells_at_the_field_what_is_wrong_with_a_file(client_for: Callable[[str], FundClient], name: str) -> None:
    page = send(client_for("fund"), *HOSTILE[name])

    assert 'id="file-error"' in page
    assert 'href="#file"' in page


def test_page_without_a_file_asks_for_one(client_for: Callable[[str], FundClient]) -> None:
    client = client_for("fund")

    answer = client.send(PAGE, {"mode": "all"}, page=PAGE)

    assert 'id="file-error"' in answer.get_data(as_text=True)


def test_template_is_sent_as_a_workbook(client_for: Callable[[str], FundClient]) -> None:
    answer = client_for("fund").get(f"{PAGE}template.xlsx")

    assert answer.status_code == 200
    assert load_workbook(io.BytesIO(answer.data)).worksheets[0].max_row == 3


@pytest.mark.parametrize("username", ["coop1", "officer1", "finance", "committee1", "manager", "auditor"])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}template.xlsx"])
def test_others_may_not_import(client_for: Callable[[str], FundClient], username: str, path: str) -> None:
    assert client_for(username).get(path).status_code in {302, 403, 404}
