"""Every list with a search box finds what is there and nothing else."""

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.states import State
from app.extensions import db
from app.models.notices import OutboxMail
from app.views.shell import keyset
from tests import make
from tests.client import FundClient
from tests.conftest import PASSWORD

# The list, who opens it, letters from inside a word of some rows.
BOXES = (
    ("/board/list/", "admin", "ธานกรรม"),
    ("/users/list/", "admin", "OOP1"),
    ("/memberships/list/", "admin", "ปทุม"),
    ("/office-posts/list/", "admin", "ลบุ"),
    ("/audit/list/", "admin", "ออมทรั"),
    ("/audit/list/", "admin", "DMI"),  # who did it: the administrator has just signed in
    ("/outbox/list/", "admin", "คก."),
    ("/programme-documents/list/", "fund", "ภัยพิ"),
    ("/documents/list/", "fund", "การเงิน"),
)


@pytest.fixture
def client_for(demo_app: Flask) -> Callable[[str], FundClient]:
    """A browser signed in by the form, which leaves a trace to search for."""

    def sign_in(username: str) -> FundClient:
        client = FundClient(demo_app)
        assert client.sign_in(username, PASSWORD).status_code == 302
        return client

    return sign_in


@pytest.mark.parametrize(("path", "username", "letters"), BOXES)
def test_search_box_finds_parts_of_words_and_nothing_else(
    client_for: Callable[[str], FundClient], path: str, username: str, letters: str
) -> None:
    client = client_for(username)

    found = client.get(path, query_string={"q": letters}).get_data(as_text=True)
    nothing = client.get(path, query_string={"q": "ไม่มีคำนี้แน่นอน%"}).get_data(as_text=True)

    assert 'name="q"' in found
    assert "<tbody>" in found
    assert "<tbody>" not in nothing


@pytest.mark.parametrize(("path", "username", "letters"), BOXES)
def test_what_many_rows_hold_is_listed_in_the_same_order(
    client_for: Callable[[str], FundClient], monkeypatch: pytest.MonkeyPatch, path: str, username: str, letters: str
) -> None:
    client = client_for(username)
    gathered = cells_of(client, path, letters)

    monkeypatch.setattr(keyset, "COUNT_CAP", 0)
    walked = cells_of(client, path, letters)

    assert gathered == walked
    assert gathered


def cells_of(client: FundClient, path: str, letters: str) -> list[str]:
    page = client.get(path, query_string={"q": letters}).get_data(as_text=True)
    return re.findall(r'<t[hd] (?:scope="row"|class|data-label).*?</t[hd]>', page, re.DOTALL)


def test_number_among_other_letters_finds_only_what_holds_all_of_them(
    demo_app: Flask, client_for: Callable[[str], FundClient]
) -> None:
    with make.rows(demo_app):
        subjects = list(db.session.scalars(select(OutboxMail.subject)))
    number, year = re.findall("[0-9]+", subjects[0])[:2]
    client = client_for("admin")

    for words in (f"{number}/{year}", f".{number}", f"ขที่ คก.{number}", f"ขที่ {number}", f"{year}/{number}"):
        found = client.text(f"/outbox/list/?psize_OutboxView=100&q={quote(words)}").count('<th scope="row"')

        assert found == sum(all(word in subject for word in words.split()) for subject in subjects), words


def test_each_word_is_searched_for_itself_in_any_order_and_spelling(
    demo_app: Flask, client_for: Callable[[str], FundClient]
) -> None:
    with make.rows(demo_app):
        near = make.cooperative(name="สหกรณ์ออมทรัพย์พนักงานโรงทอผ้า ระยองใหม่ 7 จำกัด")
        union = make.cooperative(name="สหกรณ์เครดิตยูเนี่ยนโรงทอผ้า ตราด จำกัด")
        names = near.name, union.name
        numbers = [make.application(State.SUBMITTED, of=each).number for each in (near, union)]

    for words, found in (
        ("ระยองใหม่ โรงทอผ้า", [True, False]),
        ("โรงทอผ้า ออมทรัพย์", [True, False]),
        ("ระยองใหม่7 จก.", [True, False]),
        ("สอ. โรงทอผ้า 7", [True, False]),
        ("โรงทอผ้า", [True, True]),
        ("เครดิตยูเนียน โรงทอผ้า", [False, True]),
        ("โรงทอผ้า ไม่มีคำนี้", [False, False]),
    ):
        fund = client_for("fund")
        registers = fund.text(f"/cooperatives/list/?q={quote(words)}")
        applications = fund.text(f"/applications/list/?q={quote(words)}")

        assert [name in registers for name in names] == found, words
        assert [number in applications for number in numbers] == found, words


# Of one or two letters an index of three knows where they begin a word.

NOTE = "One or two letters find words that begin with them. Type three or more to search inside words, too."


def found_by(client: FundClient, path: str, letters: str) -> str:
    return html.unescape(client.get(path, query_string={"q": letters}).get_data(as_text=True))


@pytest.mark.parametrize("letters", ["ซ", "ซอ", "๙Q", "9q"])
def test_one_or_two_letters_find_the_words_that_begin_with_them(
    demo_app: Flask, client_for: Callable[[str], FundClient], letters: str
) -> None:
    with make.rows(demo_app):
        first = make.application(State.SUBMITTED, of=make.cooperative(name="ซอกล้วยไม้ 9QX")).number
        later = make.application(State.SUBMITTED, of=make.cooperative(name="กลุ่ม ซอมือ (9q9)")).number
        inside = make.application(State.SUBMITTED, of=make.cooperative(name="กลุ่มละซออู้ 19q")).number

    page = found_by(client_for("fund"), "/applications/list/", letters)

    assert make.in_thai(demo_app, NOTE) in page
    assert first in page
    assert later in page
    assert inside not in page


def test_three_letters_are_searched_inside_words_and_few_rows_with_any(
    demo_app: Flask, client_for: Callable[[str], FundClient]
) -> None:
    fund, admin = client_for("fund"), client_for("admin")
    note = make.in_thai(demo_app, NOTE)

    assert note not in found_by(fund, "/applications/list/", "หกร")
    assert note not in found_by(fund, "/applications/list/", " ")
    offices = found_by(admin, "/office-posts/list/", "ลบ")
    assert note not in offices
    assert "<tbody>" in offices
