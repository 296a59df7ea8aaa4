"""A list comes back as it was left, and an address says no more than what it asks for."""

import html
import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.cooperatives import Cooperative
from tests import make
from tests.client import FundClient
from tests.forms import fill_in
from tests.integration.shell.registers import SignIn

BACK = "กลับไปที่รายการ"
LEFT = "/cooperatives/list/?q=ชลบุรี&_oc_CooperativeView=members&_od_CooperativeView=desc&page_CooperativeView=0"


def links(text: str, ending: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(rf'href="([^"]*{ending}[^"]*)"', text)]


def way_back(text: str) -> str:
    found = re.search(rf'href="([^"]*)">{BACK}</a>', text)
    assert found is not None
    return html.unescape(found[1])


def rows(text: str) -> list[str]:
    return re.findall(r'<th scope="row".*?</th>', text, re.DOTALL)


def test_the_list_comes_back_as_it_was_left_after_looking_and_editing(client_for: SignIn) -> None:
    fund = client_for("fund")
    left = fund.text(LEFT)
    opened = links(left, "/cooperatives/show/")[0]

    shown = fund.text(opened)
    edit = links(shown, "/cooperatives/edit/")[0]
    answer = fill_in(fund, edit, address="เลขที่ 99")

    assert rows(fund.text(way_back(shown))) == rows(left)
    assert answer.status_code == 302
    assert rows(fund.text(way_back(fund.text(answer.location)))) == rows(left)


def test_a_bulk_act_leads_back_to_the_list_as_it_was(client_for: SignIn) -> None:
    officer, address = client_for("officer1"), "/applications/list/?status=submitted&_oc_LoanApplicationView=number"
    sent = re.findall(r'name="(back|csrf_token)" value="([^"]*)"', officer.text(address))
    data = {name: html.unescape(value) for name, value in sent}

    answer = officer.post("/applications/action_post", data={**data, "action": "receive"})

    assert answer.location == address


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/cooperatives/list/",
        "//example.org/cooperatives/list/",
        "/users/list/",
        "/logout/",
        "x" * 999,
    ],
)
def test_no_other_page_is_led_to(client_for: SignIn, elsewhere: str) -> None:
    fund = client_for("fund")

    shown = fund.text(f"/cooperatives/show/1?{urlencode({'back': elsewhere})}")

    assert way_back(shown) == "/cooperatives/list/"


def test_an_application_opened_from_a_list_leads_back_to_it_after_a_move_too(client_for: SignIn) -> None:
    officer, left = client_for("officer1"), "/applications/list/?status=in_review"
    opened = officer.get(links(officer.text(left), "/applications/show/")[0])

    text = officer.text(opened.location)

    assert way_back(text) == left
    assert all("back=" in action for action in re.findall(r'action="(/track/\d+/move/[^"]*)"', text))


def test_a_page_beyond_the_end_shows_the_last_one(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        count = db.session.scalar(select(func.count(Cooperative.id))) or 0

    text = client_for("fund").text("/cooperatives/list/?page_CooperativeView=9999")

    assert f"{count:,} รายการ" in text
    assert len(rows(text)) > 0
    assert "249,976" not in text
    assert "10,000 จาก" not in text


def test_an_empty_search_offers_to_clear_the_filters(client_for: SignIn) -> None:
    text = client_for("fund").text("/cooperatives/list/?q=ไม่มีสหกรณ์ชื่อนี้")

    empty = re.search(r'<p class="empty">.*?</p>', text, re.DOTALL)
    assert empty is not None
    assert 'href="/cooperatives/list/"' in empty[0]
    assert "ล้างตัวกรอง" in empty[0]


@pytest.mark.parametrize("address", ["/dashboard/", "/quote/", "/cooperatives/list/", "/apply/new"])
def test_what_is_hung_on_a_link_changes_nothing(client_for: SignIn, address: str) -> None:
    client: FundClient = client_for("coop1" if address in ("/apply/new", "/quote/") else "manager")
    tokens = re.compile(r'(nonce|value|href)="[^"]*"|fbclid[^"<]*|back=[^"<]*')

    bare, hung = (client.text(f"{address}{more}") for more in ("", "?fbclid=x&openExternalBrowser=1"))

    assert tokens.sub("", re.sub(r"\s+", " ", visible(hung))) == tokens.sub("", re.sub(r"\s+", " ", visible(bare)))


def visible(text: str) -> str:
    """The words of the page's middle, with which boxes are ticked."""
    middle = text[text.index("<main") : text.index("</main>")]
    return re.sub(r"<[^>]*?( checked| selected)?[^>]*>", r"\1 ", middle)
