"""Files of one cooperative at the same moment: each is removed once, and together they stay within their room."""

import io
import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.papers import MIB
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.services.documents import attachments
from tests import make
from tests.at_once import Send, at_once, browser, ready
from tests.make_files import pdf_bytes

TABS = 8


def test_a_file_is_taken_off_once(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        document = make.document(make.application(of=cooperative, complete=False))
        path = f"/apply/{document.application_id}/remove/{document.public_id}"
    client = browser(app, "preparer")

    answers = at_once([ready(client, path, {}) for _tab in range(TABS)])

    with make.rows(app):
        removed = db.session.scalar(select(func.count()).where(AuditEvent.kind == AuditKind.REMOVED))
        assert all(answer.status_code in (302, 404) for answer in answers)
        assert removed == 1


def test_files_for_several_applications_stay_within_the_room(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf_bytes()
    real = attachments.refuse_beyond_quota

    def looked_at(*given: int) -> None:
        real(*given)
        time.sleep(0.1)  # time enough for the others to look, too

    monkeypatch.setattr(attachments, "refuse_beyond_quota", looked_at)
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        earlier = make.application(State.WITHDRAWN, of=cooperative, complete=False)
        # Room for one file more and no second one.
        monkeypatch.setitem(app.config, "COOPERATIVE_QUOTA_MB", 1)
        make.document(earlier, size=MIB - len(content) - len(content) // 2)
        drafts = [make.application(of=cooperative, complete=False) for _draft in range(4)]
        papers = [(row.id, row.programme.documents[0].document_type_id) for row in drafts]
    client = browser(app, "preparer")

    def attaching(draft: int, paper: int) -> Send:
        token = client.token("/")
        form = {"csrf_token": token, "files": [(io.BytesIO(content), "งบ.pdf")]}
        path = f"/apply/{draft}/attach/{paper}"
        return lambda: client.post(path, data=form, content_type="multipart/form-data")

    at_once([attaching(*paper) for paper in papers])

    with make.rows(app):
        assert db.session.scalar(select(func.count(Document.id)).where(Document.application_id.in_(dict(papers)))) == 1
