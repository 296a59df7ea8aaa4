"""A cooperative sees who opened its files: when, who, as what, from where, which file; its own and no others."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.services.documents.access_log import PAGE
from tests import make
from tests.place import Place

ADDRESS = "203.0.113.7"


@dataclass
class OpenedPlace(Place):
    """Two cooperatives with an application each, and the people around them."""

    key: int
    file: str

    def read(self, username: str, path: str) -> str:
        return html.unescape(self.browser(username).text(path))


@pytest.fixture
def place(app: Flask) -> OpenedPlace:
    with make.rows(app):
        cooperative, other = make.cooperative(), make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PREPARER, of=other, username="stranger")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        for role, username in (
            (Role.COMMITTEE, "committee"),
            (Role.AUDITOR, "auditor"),
            (Role.ADMINISTRATOR, "administrator"),
            (Role.FINANCE_OFFICER, "finance"),
        ):
            make.person(role, username=username)
        row = make.application(State.APPROVED, of=cooperative, complete=False)
        file = make.document(row, name="งบการเงิน.pdf")
        make.document(row, name="ถอนแล้ว.pdf", removed_at=make.AT)
        foreign = make.application(State.APPROVED, of=other, complete=False)
        make.document(foreign, name="ของคนอื่น.pdf")
        key, public_id = row.id, file.public_id
    return OpenedPlace(app, key, public_id)


def add(place: OpenedPlace, file_name: str, number: int = 1, **values: object) -> None:
    """Events of opening a file, each a minute after the last."""
    with make.rows(place.app):
        document = db.session.scalars(select(make.Document).where(make.Document.file_name == file_name)).one()
        for minute in range(number):
            about = {"entity": "document", "entity_id": document.id, "cooperative_id": document.cooperative_id}
            kind, at = AuditKind.OPENED, make.AT + timedelta(minutes=minute)
            event = {"kind": kind, "at": at, "summary": f"{file_name} {minute}", "address": ADDRESS, **about, **values}
            db.session.add(AuditEvent(**event))


def without_layout(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def test_a_download_is_told_with_who_as_what_and_from_where(place: OpenedPlace) -> None:
    place.browser("officer").get(f"/files/{place.file}", environ_base={"REMOTE_ADDR": ADDRESS}).get_data()

    for path in (f"/track/{place.key}/opened", "/openings/"):
        text = place.read("preparer", path)
        with make.rows(place.app):
            officer = db.session.scalars(select(make.User).where(make.User.username == "officer")).one()
            assert officer.get_full_name() in text
        for told in (ADDRESS, "งบการเงิน.pdf", make.in_thai(place.app, "Provincial officer")):
            assert told in text
        cell = f'<td data-label="{make.in_thai(place.app, "What")}"><div>{make.in_thai(place.app, "Downloaded")}'
        assert cell in without_layout(text)


def test_opening_and_downloading_are_told_apart_and_the_purpose_is_told(place: OpenedPlace) -> None:
    add(place, "งบการเงิน.pdf", after={"purpose_of_opening": "ตรวจราชการ"})

    text = place.read("preparer", f"/track/{place.key}/opened")

    assert "<div>เปิดดู<br>" in without_layout(text)
    assert "ตรวจราชการ" in text


def test_removed_files_are_told_too(place: OpenedPlace) -> None:
    add(place, "ถอนแล้ว.pdf")

    assert "ถอนแล้ว.pdf 0" in place.read("preparer", f"/track/{place.key}/opened")


def test_all_of_them_are_there_page_by_page_newest_first(place: OpenedPlace) -> None:
    add(place, "งบการเงิน.pdf", 2 * PAGE + 5)

    for path in (f"/track/{place.key}/opened", "/openings/"):
        pages = [place.read("preparer", f"{path}?page={number}") for number in range(4)]
        told = [int(number) for page in pages for number in re.findall(r"งบการเงิน\.pdf (\d+)", page)]
        assert told == list(range(2 * PAGE + 4, -1, -1))
        assert ['rel="next"' in page for page in pages] == [True, True, False, False]
        assert make.in_thai(place.app, "There is nothing on this page.") in pages[3]


def test_the_page_of_all_applications_links_to_each(place: OpenedPlace) -> None:
    add(place, "งบการเงิน.pdf")
    add(place, "ของคนอื่น.pdf")

    own, every = place.read("preparer", "/openings/"), place.read("auditor", "/openings/")

    with make.rows(place.app):
        number = db.session.get_one(LoanApplication, place.key).number
    assert f'<a href="/track/{place.key}">{number}</a>' in own
    assert "ของคนอื่น.pdf" not in own
    assert "ของคนอื่น.pdf" in every


@pytest.mark.parametrize(
    ("username", "opened", "every"),
    [
        ("preparer", 200, 200),
        ("auditor", 200, 200),
        ("officer", 200, 403),
        ("committee", 200, 403),
        ("finance", 200, 403),
        ("stranger", 404, 200),
        ("administrator", 403, 403),
    ],
)
def test_who_may_open_the_lists(place: OpenedPlace, username: str, opened: int, every: int) -> None:
    client = place.browser(username)

    assert client.get(f"/track/{place.key}/opened").status_code == opened
    assert client.get("/openings/").status_code == every


@pytest.mark.parametrize("username", ["committee", "finance"])
def test_who_sees_no_trail_is_told_so_and_not_that_nobody_opened_anything(place: OpenedPlace, username: str) -> None:
    add(place, "งบการเงิน.pdf")

    text = place.read(username, f"/track/{place.key}/opened")

    nobody = make.in_thai(place.app, "Nobody has opened the files yet.")
    assert nobody not in text
    assert "notice-info" in text
    assert "งบการเงิน.pdf 0" not in text


@pytest.mark.parametrize("page", ["abc", "-1", "1e9", "9" * 20, "๑"])
def test_an_odd_page_is_a_bad_request(place: OpenedPlace, page: str) -> None:
    client = place.browser("preparer")

    assert client.get(f"/openings/?page={page}").status_code == 400
    assert client.get(f"/track/{place.key}/opened?page={page}").status_code == 400


def test_a_cooperative_finds_the_page_in_its_menu(place: OpenedPlace) -> None:
    assert 'href="/openings/"' in place.read("preparer", "/")
