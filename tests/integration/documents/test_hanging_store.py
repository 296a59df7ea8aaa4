"""While the store of files hangs, whoever asks it waits, and nobody else does."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.papers import Validity
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.documents import Document
from app.services.documents.checklist import checklist
from app.ui.clock import today
from tests import make
from tests.client import FundClient
from tests.hanging_store import hanging_store
from tests.make_files import pdf_bytes
from tests.place import Place, signed_in

SOON = 20  # seconds; the store of these tests answers never


@dataclass
class WaitingPlace(Place):
    """A draft with what the fund already holds for it, an approved application, and people."""

    draft: int
    paper: int
    held: int
    approved: int
    public_id: str
    type_id: int

    def change_something(self) -> None:
        """Somebody else's writing: on SQLite it waits for every other writing, signing in included."""
        client = FundClient(self.app)
        assert client.sign_in("other", make.PASSWORD).status_code == 302

    def change_the_draft(self) -> None:
        with make.rows(self.app):
            statement = select(make.LoanApplication).where(make.LoanApplication.id == self.draft)
            assert db.session.scalar(statement.with_for_update(nowait=True)) is not None


@pytest.fixture
def place(app: Flask) -> WaitingPlace:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.FUND_OFFICER, username="officer")
        make.person(Role.ADMINISTRATOR, username="admin")
        make.person(Role.AUDITOR, username="other")
        programme = make.programme(required=1)
        kind = programme.documents[0].document_type
        kind.reusable, kind.validity = True, Validity.ALWAYS
        earlier = make.application(State.APPROVED, of=cooperative, under=programme)
        (held,) = checklist(earlier, today())[0].files
        make.verdict(held)
        draft = make.application(of=cooperative, under=programme, complete=False)
        return WaitingPlace(app, draft.id, kind.id, held.id, earlier.id, held.public_id, kind.id)


def attaching(place: WaitingPlace) -> tuple[FundClient, str, dict[str, object]]:
    files = {"files": [(io.BytesIO(pdf_bytes()), "งบ.pdf")]}
    return signed_in(place.app, "preparer"), f"/apply/{place.draft}/attach/{place.paper}", files


def taking_over(place: WaitingPlace) -> tuple[FundClient, str, dict[str, object]]:
    return signed_in(place.app, "preparer"), f"/apply/{place.draft}/reuse/{place.paper}", {}


def packing(place: WaitingPlace) -> tuple[FundClient, str, dict[str, object]]:
    return signed_in(place.app, "officer"), f"/dossier/{place.approved}", {}


def putting_a_form(place: WaitingPlace) -> tuple[FundClient, str, dict[str, object]]:
    form = {"file": (io.BytesIO(pdf_bytes()), "แบบ.pdf"), "version": ""}
    return signed_in(place.app, "admin"), f"/document-types/{place.type_id}/example", form


def opening(place: WaitingPlace) -> tuple[FundClient, str, None]:
    return signed_in(place.app, "officer"), f"/files/{place.public_id}", None


Asking = Callable[[WaitingPlace], tuple[FundClient, str, dict[str, object] | None]]


@pytest.mark.parametrize("asking", [attaching, taking_over, packing, putting_a_form, opening])
def test_others_go_on_while_somebody_waits_for_the_store(place: WaitingPlace, asking: Asking) -> None:
    client, address, sent = asking(place)
    answers: list[int] = []

    def ask() -> None:
        if sent is None:
            answers.append(client.get(address).status_code)
        else:
            answers.append(client.send(address, sent, content_type="multipart/form-data").status_code)

    with hanging_store(place.app) as store:
        waiting = threading.Thread(target=ask, daemon=True)
        waiting.start()
        assert store.asked.wait(SOON)

        place.change_something()
        place.change_the_draft()

        assert answers == []
        store.let_go()
        waiting.join(SOON)

    assert answers == [503]
    with make.rows(place.app):
        assert db.session.scalars(select(Document).where(Document.application_id == place.draft)).all() == []
