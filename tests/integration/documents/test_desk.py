"""Looking at documents: what is shown to whom, what is noted of it, and what an identity paper asks first."""

import html
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.papers import ScanState, Verdict
from app.domain.purposes import ONE_OPENING
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.files.pictures import page_pictures
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.services.documents.access import PURPOSE
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.make_files import pdf_bytes, png_bytes, xlsx_bytes
from tests.place import Place


def later() -> Any:
    """A while after now: what was opened before counts as another opening."""
    return time_machine.travel(datetime.now(UTC) + ONE_OPENING + timedelta(seconds=1))


@dataclass
class DeskPlace(Place):
    """An application before the committee, and people of both sides; rows are known by id."""

    application: int
    clients: dict[str, FundClient]

    def browser(self, username: str) -> FundClient:
        if username not in self.clients:
            self.clients[username] = FundClient(self.app)
            assert self.clients[username].sign_in(username, make.PASSWORD).status_code == 302
        return self.clients[username]

    def file(
        self, name: str = "เอกสาร.pdf", content: bytes | None = None, *, identity: bool = False, **values: Any
    ) -> str:
        """Attach a file; its public id."""
        with make.rows(self.app):
            row = db.session.get_one(LoanApplication, self.application)
            kind = make.document_type(identity=True) if identity else None
            document = make.document(row, kind, name=name, content=content)
            for column, value in values.items():
                setattr(document, column, value)
            return document.public_id

    def desk(self, key: str = "", query: str = "") -> str:
        return f"/desk/{self.application}/{key}{query}".rstrip("/")

    def picture(self, key: str, number: object = 1, query: str = "") -> str:
        return f"/desk/{self.application}/{key}/page/{number}{query}"

    def events(self, *kinds: AuditKind) -> list[AuditEvent]:
        with make.rows(self.app):
            found = select(AuditEvent).where(AuditEvent.kind.in_(kinds or (AuditKind.OPENED,))).order_by(AuditEvent.id)
            rows = list(db.session.scalars(found))
            db.session.expunge_all()
            return rows

    def say(self, key: str, purpose: str = "guarantors", note: str = "", by: str = "officer") -> TestResponse:
        form = {"purpose": purpose, "note": note}
        return self.browser(by).send(f"{self.desk(key)}/purpose", form, page=self.desk(key))


@pytest.fixture
def place(app: Flask) -> DeskPlace:
    with make.rows(app):
        cooperative = make.cooperative(borrowing_ceiling=71_300_000, ceiling_fiscal_year=2570)
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PREPARER, of=make.cooperative(), username="stranger")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.FUND_OFFICER, username="fund")
        make.person(Role.COMMITTEE, username="committee")
        make.person(Role.ADMINISTRATOR, username="administrator")
        row = make.application(State.ON_AGENDA, of=cooperative, under=make.programme(required=1), complete=False)
        return DeskPlace(app, row.id, {})


def pictures(text: str) -> list[str]:
    return [html.unescape(source) for source in re.findall(r'<img[^>]* src="([^"]+)"', text)]


def drawn(answer: TestResponse) -> Image.Image:
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg"), page(answer)
    return Image.open(io.BytesIO(answer.data))


# Shown


def test_page_is_shown_as_a_picture_that_nothing_runs_in_and_nobody_keeps(place: DeskPlace) -> None:
    key = place.file(content=pdf_bytes(pages=3))
    client = place.browser("officer")

    text = client.text(place.desk(key, "?page=2&turn=90"))
    (source,) = pictures(text)
    answer = client.get(source)

    assert source == place.picture(key, 2, "?turn=90")
    assert drawn(answer).width > drawn(answer).height
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert pictures(client.text(place.desk())) == [place.picture(key)]


def test_photo_is_shown_and_excel_is_offered_for_download(place: DeskPlace) -> None:
    photo = place.file("ภาพ.png", png_bytes(), kind="png")
    book = place.file("งบ.xlsx", xlsx_bytes(), kind="xlsx")
    client = place.browser("officer")

    (source,) = pictures(client.text(place.desk(photo)))
    text = client.text(place.desk(book))

    drawn(client.get(source))
    assert pictures(text) == []
    assert f'href="/files/{book}"' in text
    assert client.get(place.picture(book)).status_code == 404


def test_larger_page_is_a_sharper_picture(place: DeskPlace) -> None:
    key = place.file()
    client = place.browser("officer")

    usual, large = (drawn(client.get(place.picture(key, 1, query))) for query in ("", "?zoom=200"))

    assert large.width > 1.5 * usual.width


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?page=0", 1), ("?page=-1", 1), ("?page=abc", 1), ("?page=99999", 3), ("?page=๒", 2), ("?page=", 1),
        ("?page=9999999999999999999", 1), ("?page=%00", 1), ("?zoom=77&turn=45&page=2", 2), ("?zoom=%00&turn=x", 1),
        ("?beside=1", 1),
    ],
)  # fmt: skip
def test_odd_views_of_a_file_are_the_nearest_sensible_ones(place: DeskPlace, query: str, shown: int) -> None:
    key = place.file(content=pdf_bytes(pages=3))

    assert pictures(place.browser("officer").text(place.desk(key, query))) == [place.picture(key, shown)]


def test_odd_pictures_do_not_exist(place: DeskPlace) -> None:
    key = place.file(content=pdf_bytes(pages=3))
    client = place.browser("officer")

    codes = {
        query: client.get(place.picture(key, *query)).status_code
        for query in [
            (0,), (4,), ("abc",), ("-1",), ("%00",), ("9" * 30,), ("๒",), (1, "?zoom=77"), (1, "?zoom=%00"),
            (1, "?turn=45"), (1, "?turn=9999999999999999"),
        ]
    }  # fmt: skip

    assert set(codes.values()) == {404}, codes


def test_the_fund_is_shown_the_figures_to_compare_and_the_cooperative_is_not(place: DeskPlace) -> None:
    key = place.file()

    officer, preparer = (place.browser(name).text(place.desk(key)) for name in ("officer", "preparer"))

    assert "71,300,000.00" in officer
    assert "5,000,000.00" in officer
    assert "71,300,000.00" not in preparer
    assert pictures(preparer) == pictures(officer)


def test_replaced_version_stands_beside_the_newer_one(place: DeskPlace) -> None:
    old = place.file("เก่า.pdf", pdf_bytes("old", 2))
    with make.rows(place.app):
        row = db.session.scalars(select(Document)).one()
        make.verdict(row, Verdict.UNREADABLE, "ไม่ชัด")
        older = row.id
    new = place.file("ใหม่.pdf", pdf_bytes("new", 3), replaces_id=older)
    client = place.browser("officer")

    alone = client.text(place.desk(new))
    beside = [client.text(place.desk(key, "?beside=1&page=3")) for key in (new, old)]

    assert pictures(alone) == [place.picture(new)]
    assert make.in_thai(place.app, "Sent before") in alone
    assert make.in_thai(place.app, "Unreadable") in alone
    assert pictures(beside[0]) == [place.picture(old, 2), place.picture(new, 3)]
    assert pictures(beside[1]) == pictures(beside[0])


# Not shown


def test_files_of_others_and_of_other_applications_do_not_exist(place: DeskPlace) -> None:
    key = place.file()
    with make.rows(place.app):
        row = db.session.get_one(LoanApplication, place.application)
        other = make.application(State.ON_AGENDA, of=row.cooperative, under=row.programme, complete=False).id
    paths = (place.desk(), place.desk(key), place.picture(key), f"{place.desk(key)}/purpose")

    assert {place.browser("stranger").get(path).status_code for path in paths} == {404}
    assert place.browser("stranger").send(f"{place.desk(key)}/purpose", {"purpose": "audit"}).status_code == 404
    assert {place.browser("administrator").get(path).status_code for path in paths} <= {302, 403, 404}
    for path in (f"/desk/{other}/{key}", f"/desk/{other}/{key}/page/1", place.picture("0" * 32), place.desk("%00")):
        assert place.browser("officer").get(path).status_code == 404, path
    assert place.events() == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"scan_state": ScanState.WAITING}, "This file is being scanned for malware. Try again in a few minutes."),
        (
            {"scan_state": ScanState.INFECTED},
            "Malware was found in this file, so nobody can open it. Ask for a new one.",
        ),
        (
            {"erased_at": make.AT},
            "This file was erased when its retention period ended. Only the record of it is left.",
        ),
    ],
    ids=["waiting", "infected", "erased"],
)
@pytest.mark.parametrize("identity", [False, True])
def test_file_that_may_not_be_opened_is_told_and_not_drawn(
    place: DeskPlace, values: dict[str, Any], said: str, identity: bool
) -> None:
    key = place.file(identity=identity, **values)
    client = place.browser("officer")

    text, answer = page(client.get(place.desk(key))), client.get(place.picture(key))

    assert make.in_thai(place.app, said) in text
    assert pictures(text) == []
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    assert make.in_thai(place.app, said) == page(answer)
    assert place.events() == []


def test_removed_file_does_not_exist(place: DeskPlace) -> None:
    key = place.file(removed_at=make.AT)
    client = place.browser("officer")

    assert [client.get(path).status_code for path in (place.desk(key), place.picture(key))] == [404, 404]


def test_file_that_cannot_be_drawn_is_told_and_can_be_downloaded(place: DeskPlace) -> None:
    key = place.file(content=b"%PDF-1.7 and nothing else")
    client = place.browser("officer")

    text, answer = page(client.get(place.desk(key))), client.get(place.picture(key))

    said = make.in_thai(place.app, page_pictures.UNDRAWABLE)
    assert said in text
    assert f"/files/{key}" in text
    assert (answer.status_code, page(answer)) == (422, said)
    assert client.get(f"/files/{key}").status_code == 200
    assert place.events() == []


def test_page_that_takes_too_long_is_told(place: DeskPlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = place.file(pages=1)
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(page_pictures, "SECONDS", 0.2)
    monkeypatch.setattr(page_pictures, "PROGRAM", slow)

    answer = place.browser("officer").get(place.picture(key))

    assert (answer.status_code, page(answer)) == (422, make.in_thai(place.app, page_pictures.TOO_SLOW))


def test_file_the_store_has_lost_is_told_and_noted_by_nobody(place: DeskPlace) -> None:
    key = place.file(pages=1)
    shutil.rmtree(place.app.config["DOCUMENT_STORE"].removeprefix("file:"))

    text = page(place.browser("officer").get(place.desk(key)))

    assert pictures(text) == []
    assert "อ่านไฟล์ไม่ได้" in text
    assert place.events() == []


# Noted


def see_desk(place: DeskPlace, client: FundClient, key: str) -> None:
    client.text(place.desk(key))


def see_picture(place: DeskPlace, client: FundClient, key: str) -> None:
    drawn(client.get(place.picture(key)))


@pytest.mark.parametrize("username", ["preparer", "officer", "committee"])
@pytest.mark.parametrize("first", [see_desk, see_picture])
def test_looking_at_a_file_is_noted_once_for_one_opening(
    place: DeskPlace, username: str, first: Callable[[DeskPlace, FundClient, str], None]
) -> None:
    key = place.file(content=pdf_bytes(pages=2))
    client = place.browser(username)

    first(place, client, key)
    see_desk(place, client, key)
    see_picture(place, client, key)
    drawn(client.get(place.picture(key, 2)))
    (event,) = place.events()
    with later():
        see_desk(place, client, key)

    assert (event.entity, event.summary, event.after) == ("document", "เอกสาร.pdf", None)
    assert len(place.events()) == 2


def test_each_person_and_each_file_is_noted(place: DeskPlace) -> None:
    keys = [place.file("ก.pdf"), place.file("ข.pdf")]

    for username in ("officer", "fund"):
        for key in keys:
            see_desk(place, place.browser(username), key)

    assert [event.summary for event in place.events()] == ["ก.pdf", "ข.pdf"] * 2
    assert len({event.actor_id for event in place.events()}) == 2


def test_asking_about_a_file_notes_nothing(place: DeskPlace) -> None:
    key, book = place.file(), place.file("งบ.xlsx", xlsx_bytes(), kind="xlsx")
    client = place.browser("officer")

    answers = [client.head(path) for path in (place.desk(key), place.picture(key))]
    client.text(place.desk(book))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert place.events() == []


def test_download_is_noted_each_time(place: DeskPlace) -> None:
    key = place.file()
    client = place.browser("officer")

    for _time in range(2):
        assert client.get(f"/files/{key}").status_code == 200

    assert len(place.events(AuditKind.DOWNLOADED)) == 2


# Identity papers


def test_identity_paper_asks_the_purpose_on_every_road(place: DeskPlace) -> None:
    key = place.file(identity=True)
    client = place.browser("officer")

    text = client.text(place.desk(key))
    picture, download = client.get(place.picture(key)), client.get(f"/files/{key}")

    assert 'name="purpose"' in text
    assert (pictures(text), f"/files/{key}" in text) == ([], False)
    assert (picture.status_code, picture.mimetype) == (403, "text/plain")
    assert client.head(place.picture(key)).status_code == 403
    assert (download.status_code, download.headers["Location"]) == (302, f"{place.desk(key)}#looking")
    assert client.get(f"{place.desk(key)}/purpose").status_code == 302
    assert place.events(AuditKind.OPENED, AuditKind.DOWNLOADED) == []


def test_stated_purpose_opens_the_paper_for_a_while_and_is_kept_with_each_opening(place: DeskPlace) -> None:
    key = place.file(identity=True)
    client = place.browser("officer")
    said = make.in_thai(place.app, "Check the guarantors")

    answer = place.say(key)
    (source,) = pictures(client.text(place.desk(key)))
    drawn(client.get(source))
    assert client.get(f"/files/{key}").status_code == 200
    events = place.events(AuditKind.OPENED, AuditKind.DOWNLOADED)
    with later():
        asked_again = client.text(place.desk(key))
        codes = [client.get(path).status_code for path in (source, f"/files/{key}")]

    assert answer.status_code == 302
    assert [(event.kind, event.after) for event in events] == [
        (AuditKind.OPENED, {PURPOSE: said}),
        (AuditKind.DOWNLOADED, {PURPOSE: said}),
    ]
    assert 'name="purpose"' in asked_again
    assert codes == [403, 302]


def test_purpose_of_one_person_and_file_is_no_others(place: DeskPlace) -> None:
    first, second = place.file(identity=True), place.file(identity=True)

    assert place.say(first).status_code == 302

    assert place.browser("fund").get(place.picture(first)).status_code == 403
    assert place.browser("officer").get(place.picture(second)).status_code == 403


@pytest.mark.parametrize(
    ("purpose", "note", "said"),
    [
        ("", "ตามหนังสือ", "Choose one from the list."),
        ("nonsense", "ตามหนังสือ", "Choose one from the list."),
        ("other", "  ", "Write what you open the document for: the cooperative reads it."),
        ("complaint", "", "Write what you open the document for: the cooperative reads it."),
    ],
)
def test_missing_purpose_is_told_and_what_was_typed_stays(place: DeskPlace, purpose: str, note: str, said: str) -> None:
    key = place.file(identity=True)

    answer = place.say(key, purpose, note)

    assert answer.status_code == 422
    assert make.in_thai(place.app, said) in page(answer)
    assert note.strip() in page(answer)
    assert place.browser("officer").get(place.picture(key)).status_code == 403
    assert place.events() == []


def test_explained_purpose_is_kept_in_words(place: DeskPlace) -> None:
    key = place.file(identity=True)

    place.say(key, "complaint", "หนังสือที่ รง 0505/123", by="committee")

    (event,) = place.events()
    assert event.after == {PURPOSE: f"{make.in_thai(place.app, _COMPLAINT)}: หนังสือที่ รง 0505/123"}
    assert drawn(place.browser("committee").get(place.picture(key)))


_COMPLAINT = "Answer a complaint or a request of the person concerned"


def test_infected_identity_paper_takes_no_purpose(place: DeskPlace) -> None:
    key = place.file(identity=True)
    token = place.browser("officer").token(place.desk(key))
    with make.rows(place.app):
        db.session.scalars(select(Document)).one().scan_state = ScanState.INFECTED.value

    answer = place.browser("officer").post(
        f"{place.desk(key)}/purpose", data={"csrf_token": token, "purpose": "audit", "note": ""}
    )

    assert answer.status_code == 422
    assert place.events() == []


def test_own_people_are_not_asked_but_see_the_mark(place: DeskPlace) -> None:
    plain, marked = place.file(), place.file(identity=True)
    client = place.browser("preparer")

    (source,) = pictures(client.text(place.desk(marked)))
    shown, usual = drawn(client.get(source)).convert("L"), drawn(client.get(place.picture(plain))).convert("L")

    # The lower half of the paper is blank but for the mark.
    half = (0, shown.height // 2, shown.width, shown.height)
    assert usual.crop(half).getextrema()[0] > 250
    assert shown.crop(half).getextrema()[0] < 230
    assert client.get(f"/files/{marked}").status_code == 200
    assert len(place.events()) == 2


def test_version_beside_an_identity_paper_asks_for_itself(place: DeskPlace) -> None:
    old = place.file(identity=True)
    with make.rows(place.app):
        row = db.session.scalars(select(Document)).one()
        make.verdict(row, Verdict.INCOMPLETE, "ขาดหน้า 2")
        older, kind = row.id, row.document_type_id
    new = place.file(replaces_id=older, document_type_id=kind)
    place.say(new)

    text = place.browser("officer").text(place.desk(new, "?beside=1"))

    assert pictures(text) == [place.picture(new)]
    assert make.in_thai(place.app, "Say first what you need this version for") in text
    assert old not in "".join(pictures(text))
