"""Blank forms: who keeps document types puts them there, everybody downloads them."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.roles import Role
from app.extensions import db
from app.models.audit import AuditEvent
from app.models.document_types import DocumentExample
from app.views.documents import blank_forms
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.make_files import pdf_bytes, xlsx_bytes
from tests.place import Place

NAME = "แบบคำขอกู้ (ฉบับ ๒๕๖๙).pdf"


@dataclass
class FormsPlace(Place):
    """A programme that is open and asks for one document, and the people around it."""

    type_id: int
    code: str

    def put(self, content: bytes = b"", name: str = NAME, username: str = "fund") -> TestResponse:
        return self.put_on(self.seen(), content, name, username)

    def put_on(self, seen: str, content: bytes, name: str = NAME, username: str = "fund") -> TestResponse:
        """Send a file from a page that was opened when the example was ``seen``."""
        sent = {"file": (io.BytesIO(content or pdf_bytes("form")), name), "version": seen}
        path = f"/document-types/{self.type_id}/example"
        return self.browser(username).send(path, sent, content_type="multipart/form-data")

    def remove(self, username: str = "administrator", seen: str | None = None) -> TestResponse:
        path = f"/document-types/{self.type_id}/example/remove"
        return self.browser(username).send(path, {"version": self.seen() if seen is None else seen})

    def seen(self) -> str:
        """What the page of the example says of which one it shows, in every form that is on it."""
        text = self.browser("fund").text(f"/document-types/{self.type_id}/example")
        (found,) = set(re.findall(r'name="version"[^>]*value="([^"]*)"', text))
        return str(found)

    def events(self) -> list[tuple[object, object]]:
        with make.rows(self.app):
            found = db.session.scalars(
                select(AuditEvent)
                .where(AuditEvent.entity == "document_type", AuditEvent.entity_id == self.type_id)
                .order_by(AuditEvent.id)
            )
            return [
                ((event.before or {}).get("example"), event.after["example"])
                for event in found
                if event.after and "example" in event.after
            ]


@pytest.fixture
def place(app: Flask) -> FormsPlace:
    with make.rows(app):
        kind = make.programme().documents[0].document_type
        make.person(Role.FUND_OFFICER, username="fund")
        make.person(Role.ADMINISTRATOR, username="administrator")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.PREPARER, of=make.cooperative(), username="preparer")
        found = kind.id, kind.code
    return FormsPlace(app, *found)


@pytest.mark.parametrize("username", ["fund", "administrator"])
def test_a_blank_form_is_downloaded_by_a_visitor_as_it_was_put_there(place: FormsPlace, username: str) -> None:
    content = pdf_bytes("the form")
    assert place.put(content, username=username).status_code == 302

    answer = FundClient(place.app).get(f"/forms/{place.code}")

    assert answer.data == content
    assert answer.mimetype == "application/pdf"
    assert unquote(answer.headers["Content-Disposition"].split("''")[1]) == NAME
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


def test_replacing_deletes_the_old_bytes_and_history_tells_both_names(place: FormsPlace) -> None:
    place.put()
    place.put(xlsx_bytes(), "ใหม่.xlsx")

    assert place.stored_files() == 1
    assert place.events() == [(None, NAME), (NAME, "ใหม่.xlsx")]
    text = page(place.browser("fund").get(f"/document-types/show/{place.type_id}"))
    assert "ใหม่.xlsx" in text
    assert make.in_thai(place.app, "Blank form or example") in text


def test_removing_leaves_nothing_but_the_record(place: FormsPlace) -> None:
    place.put()

    seen = place.seen()
    place.remove()

    assert place.stored_files() == 0
    assert place.events() == [(None, NAME), (NAME, None)]
    assert FundClient(place.app).get(f"/forms/{place.code}").status_code == 404
    # Once more, from a second window: nothing to do, and nothing breaks.
    assert place.remove(seen=seen).status_code == 302


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ program", "form.pdf"), (b" ", "ว่าง.pdf"), (pdf_bytes(), "form.xls"), (b"%PDF-1.7", "x.pdf")],
)
def test_a_bad_file_is_refused_with_the_reason_and_the_old_one_stays(
    place: FormsPlace, content: bytes, name: str
) -> None:
    place.put()

    answer = place.put(content, name)

    assert answer.status_code == 422
    assert "error-summary" in page(answer)
    assert place.stored_files() == 1
    assert FundClient(place.app).get(f"/forms/{place.code}").status_code == 200


def test_no_file_is_refused(place: FormsPlace) -> None:
    answer = place.browser("fund").send(f"/document-types/{place.type_id}/example")

    assert answer.status_code == 422
    assert make.in_thai(place.app, "Choose a file.") in page(answer)


@pytest.mark.parametrize("username", ["officer", "preparer"])
def test_nobody_else_changes_it(place: FormsPlace, username: str) -> None:
    place.put()

    assert place.put(username=username).status_code == 403
    assert place.remove(username).status_code == 403
    with make.rows(place.app):
        assert db.session.scalars(select(DocumentExample)).one().file_name == NAME


CHANGED = (
    "Somebody else changed the file here while you had this page open; nothing of yours was stored. Look at what is "
    "there now, and repeat what is still needed."
)


@pytest.mark.parametrize("first", ["nothing", "a form", "a removed form"])
def test_a_page_opened_before_another_s_change_replaces_nothing(place: FormsPlace, first: str) -> None:
    if first != "nothing":
        place.put()
    seen = place.seen()
    if first == "a removed form":
        place.remove()
    place.put(pdf_bytes("theirs"), "ของเขา.pdf", "administrator")

    answer = place.put_on(seen, pdf_bytes("mine"), "ของเรา.pdf")

    assert answer.status_code == 409
    assert make.in_thai(place.app, CHANGED) in page(answer)
    assert "ของเขา.pdf" in page(answer)
    assert FundClient(place.app).get(f"/forms/{place.code}").data == pdf_bytes("theirs")
    assert place.stored_files() == 1
    # Who has looked at it may replace it.
    assert place.put(pdf_bytes("mine"), "ของเรา.pdf").status_code == 302
    assert FundClient(place.app).get(f"/forms/{place.code}").data == pdf_bytes("mine")


def test_a_form_that_another_has_replaced_is_not_removed(place: FormsPlace) -> None:
    place.put()
    seen = place.seen()
    place.put(pdf_bytes("theirs"), "ของเขา.pdf")

    answer = place.remove(seen=seen)

    assert answer.status_code == 409
    assert make.in_thai(place.app, CHANGED) in page(answer)
    assert FundClient(place.app).get(f"/forms/{place.code}").data == pdf_bytes("theirs")


@pytest.mark.parametrize("there", [False, True])
def test_of_two_sent_in_the_same_moment_one_is_kept_and_the_other_is_told(
    place: FormsPlace, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there:
        place.put()
    seen, together = place.seen(), Barrier(2)
    bring = blank_forms.bring_example

    def both_have_looked(content: bytes, name: str) -> object:
        brought = bring(content, name)
        together.wait(10)
        return brought

    monkeypatch.setattr(blank_forms, "bring_example", both_have_looked)
    contents = [pdf_bytes("one"), pdf_bytes("two")]
    with ThreadPoolExecutor(2) as pool:
        codes = [answer.status_code for answer in pool.map(lambda content: place.put_on(seen, content), contents)]

    assert sorted(codes) == [302, 409]
    assert FundClient(place.app).get(f"/forms/{place.code}").data == contents[codes.index(302)]
    assert place.stored_files() == 1


def test_the_visitor_finds_the_link_beside_the_document(place: FormsPlace) -> None:
    client = FundClient(place.app)
    assert "/forms/" not in client.text("/")

    place.put()

    assert f'href="/forms/{place.code}"' in client.text("/")


@pytest.mark.parametrize(
    "path", ["/forms/nothing", "/forms/%00", "/forms/" + "x" * 500, "/document-types/999999/example"]
)
def test_what_is_not_there_is_not_found(place: FormsPlace, path: str) -> None:
    client = FundClient(place.app) if path.startswith("/forms") else place.browser("fund")

    assert client.get(path).status_code == 404


def test_asking_about_a_form_reads_nothing(place: FormsPlace) -> None:
    place.put()

    answer = FundClient(place.app).head(f"/forms/{place.code}")

    assert (answer.status_code, answer.data) == (200, b"")
