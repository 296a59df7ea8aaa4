"""Pages of a list by key: each row once, in order, also among equal and missing values and while rows come in."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.views.shell import keyset
from tests import make
from tests.client import FundClient
from tests.place import signed_in

NAME = "LoanApplicationView"
PATH = "/applications/list/"
SORTED = ("id", "number", "cooperative_name", "amount_asked", "amount_approved", "status", "submitted_at")
ROWS, SIZE = 13, 5


@pytest.fixture
def preparer(app: Flask) -> FundClient:
    """Who sees drafts, too, among rows of which many have the same amount, state and former name, or none."""
    with make.rows(app):
        own = make.cooperative()
        make.person(Role.PREPARER, of=own, username="preparer")
        under = make.programme()
        for place in range(ROWS):
            add(own, under.id, place)
    return signed_in(app, "preparer")


def add(of: Cooperative, programme: int, place: int) -> LoanApplication:
    sent = place % 4 > 0
    row = LoanApplication(
        cooperative_id=of.id, cooperative_name=of.name if place % 3 else "สหกรณ์ อื่น จำกัด",
        programme_id=programme, request_key=str(uuid4()),
        amount_asked=Decimal(100 + place % 2), months=12, purpose="-", beneficiaries=1, member_rate=Decimal("0.05"),
        status=State.APPROVED if place % 3 == 1 else State.IN_REVIEW if sent else State.DRAFT,
        amount_approved=Decimal(100) if place % 3 == 1 else None,
        number=f"คก.{place:04d}/2570" if sent else None,
        submitted_at=make.AT + timedelta(minutes=place // 6) if sent else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def ids(text: str) -> list[int]:
    return [int(key) for key in re.findall(r'<th scope="row"[^>]*><a href="/applications/show/(\d+)[?"]', text)]


def link(text: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text)
    return html.unescape(found[1]) if found else None


def walk(client: FundClient, address: str | None, rel: str) -> Iterator[tuple[list[int], str]]:
    """The rows of each page on the way, and the page."""
    while address is not None:
        text = client.text(address)
        yield ids(text), text
        address = link(text, rel)


def address_of(column: str, direction: str, size: int, query: str = "") -> str:
    return f"{PATH}?psize_{NAME}={size}&_oc_{NAME}={column}&_od_{NAME}={direction}{query}".replace("_oc__id", "")


def base(size: int, query: str = "") -> str:
    return f"{PATH}?psize_{NAME}={size}{query}"


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_the_way_forth_meets_each_row_once_in_order_and_the_way_back_its_pages(
    preparer: FundClient, direction: str
) -> None:
    for column in SORTED[1:]:
        whole = ids(preparer.text(address_of(column, direction, 100)))

        forth = list(walk(preparer, address_of(column, direction, SIZE), "next"))
        back = list(walk(preparer, link(forth[-1][1], "prev"), "prev"))

        assert [key for page, _text in forth for key in page] == whole, column
        assert len(set(whole)) == ROWS
        assert [page for page, _text in back] == [page for page, _text in forth][-2::-1], column


def test_a_search_and_a_filter_are_walked_alike(preparer: FundClient) -> None:
    for query in ("", "&q=คก.00", "&status=in_review", f"&q=2570&status=in_review&_oc_{NAME}=amount_approved"):
        whole = ids(preparer.text(base(100, query)))

        forth = list(walk(preparer, base(2, query), "next"))

        assert len(whole) > 4
        assert [key for page, _text in forth for key in page] == whole, query


def test_rows_that_come_in_shift_no_page(app: Flask, preparer: FundClient) -> None:
    met: list[int] = []
    before = ids(preparer.text(base(100)))
    for page, _text in walk(preparer, base(SIZE), "next"):
        met += page
        with make.rows(app):
            first = db.session.get_one(LoanApplication, before[0])
            add(db.session.get_one(Cooperative, first.cooperative_id), first.programme_id, 100 + len(met))

    assert met == before


def test_a_page_whose_rows_went_shows_the_nearest_there_are(app: Flask, preparer: FundClient) -> None:
    first = preparer.text(base(SIZE))
    following = link(first, "next")
    assert following is not None
    with make.rows(app):
        for key in ids(preparer.text(following)):
            db.session.delete(db.session.get_one(LoanApplication, key))
        for key in ids(first)[3:]:
            db.session.delete(db.session.get_one(LoanApplication, key))

    page = preparer.text(following)
    back = link(page, "prev")
    assert back is not None

    assert ids(page) == sorted(ids(page), reverse=True)
    assert len(ids(page)) == ROWS - 2 * SIZE
    assert ids(preparer.text(back)) == [*ids(first)[:3], *ids(page)[:2]]


def test_the_last_page_and_pages_by_number_open_as_before(preparer: FundClient) -> None:
    whole = ids(preparer.text(base(100)))

    pages = [ids(preparer.text(f"{base(SIZE)}&page_{NAME}={number}")) for number in range(4)]

    last = ids(preparer.text(f"{base(SIZE)}&page_{NAME}=-1&before_{NAME}=end"))
    assert pages == [whole[:5], whole[5:10], whole[10:] or last, last]


def words(text: str) -> tuple[str, str]:
    """Which rows it says it shows, and which page it says it is."""
    shown = re.search(r'<p class="list-count">.*?<span class="muted">(.*?)</span>', text, re.DOTALL)
    here = re.search(r'<li class="pagination-here">(.*?)</li>', text, re.DOTALL)
    assert shown is not None
    assert here is not None
    return shown[1].strip(), here[1].strip()


def test_the_page_says_which_rows_it_shows(app: Flask, preparer: FundClient) -> None:
    said = [words(text) for _ids, text in walk(preparer, base(SIZE), "next")]

    assert said == [
        (
            make.in_thai(app, "showing %(first)s–%(last)s", first=first, last=last),
            make.in_thai(app, "Page %(page)s of %(pages)s", page=page, pages=3),
        )
        for page, first, last in ((1, 1, 5), (2, 6, 10), (3, 11, 13))
    ]


def test_of_a_list_too_long_to_count_it_says_about_where_it_is(
    app: Flask, preparer: FundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "COUNT_CAP", 4)
    whole = ids(preparer.text(base(100)))

    forth = list(walk(preparer, base(3), "next"))
    last = preparer.text(f"{base(3)}&page_{NAME}=-1&before_{NAME}=end")
    back = list(walk(preparer, link(last, "prev"), "prev"))

    def thai(message: str, **values: object) -> str:
        return make.in_thai(app, message, **values)

    assert [key for page, _text in forth for key in page] == whole
    assert words(forth[1][1])[0] == thai("showing %(first)s–%(last)s", first=4, last=6)
    assert words(forth[2][1]) == (
        thai("showing about %(first)s–%(last)s", first=7, last=9), thai("About page %(page)s", page=3)
    )  # fmt: skip
    assert ids(last) == whole[-3:]
    assert words(last) == (thai("showing %(first)s–%(last)s, counted from the end", first=1, last=3), thai("Last page"))
    assert words(back[0][1])[1] == thai("Page %(page)s from the end", page=2)
    assert words(back[1][1])[1] == thai("About page %(page)s from the end", page=3)
    assert [page for page, _text in back[::-1]][-3:] == [whole[-12:-9], whole[-9:-6], whole[-6:-3]]


@pytest.mark.parametrize(("side", "other"), [("after", "before"), ("before", "after")])
def test_forged_keys_open_a_page_or_are_refused(preparer: FundClient, side: str, other: str) -> None:
    for column, key in (
        ("id", "999999999"), ("id", "1~2"), ("number", "1"), ("number", "1~%_'\\"), ("number", "1~"),
        ("amount_approved", "1"), ("amount_approved", "1~-9999999999999.999999"), ("amount_approved", "1~NaN"),
        ("submitted_at", "1~1900-01-01T00:00:00+14:00"), ("submitted_at", "1~9998-12-31T23:59:59.999999-14:00"),
        ("status", "1~draft"), ("status", "1"), ("cooperative_name", "1~" + "ก" * 400), ("cooperative_name", "1~\0"),
    ):  # fmt: skip
        query = {f"{side}_{NAME}": key} | ({} if column == "id" else {f"_oc_{NAME}": column})
        assert preparer.get(PATH, query_string=query).status_code in (200, 400), (column, key)
    for odd in (f"page_{NAME}=-x&{side}_{NAME}=1", f"{side}_{NAME}=1&{other}_{NAME}=2", f"{side}_{NAME}=x"):
        assert preparer.get(f"{PATH}?{odd}").status_code == 400, odd


def test_a_key_of_anothers_row_shows_ones_own_rows_only(app: Flask, preparer: FundClient) -> None:
    with make.rows(app):
        other, under = make.cooperative(), make.programme()
        others = [add(other, under.id, place).id for place in range(200, 204)]
    mine = ids(preparer.text(base(100)))

    for key in (*mine, *others):
        for side in ("after", "before"):
            assert set(ids(preparer.text(f"{PATH}?{side}_{NAME}={key}"))) <= set(mine)
    assert len(mine) == ROWS
