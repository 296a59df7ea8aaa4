"""Every list with a search box finds what is there and nothing else."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.notices import OutboxMail
from app.views.shell import keyset
from tests import make
from tests.client import FundClient

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

        assert found == sum(words in subject for subject in subjects), words
