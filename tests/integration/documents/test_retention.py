"""Files are erased once they are past their type's retention, never before, never twice, and the record stays."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import BEFORE_DECISION, FINAL, State
from app.extensions import db
from app.files.store import StoreUnavailable, document_store
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.services.jobs.retention import erase, past_retention
from app.services.jobs.store_check import Wrong, check_documents, clean
from tests import make
from tests.client import FundClient

ENDED = make.AT  # 16 November 2026, ten o'clock in Bangkok
YEARS = 5
# The last moment of 16 November 2031 in Bangkok, and the first of the day after.
LAST_MOMENT = datetime(2031, 11, 16, 16, 59, tzinfo=UTC)
DAY_AFTER = datetime(2031, 11, 16, 17, 0, tzinfo=UTC)


def kept(app: Flask, state: State = State.REJECTED, years: int | None = YEARS, **values: object) -> int:
    """A file of a type kept so many years, on an application in ``state`` since ``ENDED``."""
    with make.rows(app):
        programme = make.programme()
        programme.documents[0].document_type.retention_years = years
        row = make.application(state, under=programme, complete=False)
        row.changed_at = ENDED
        return make.document(row, name="งบการเงิน.pdf", **values).id


def past(app: Flask, at: datetime) -> list[int]:
    with make.rows(app):
        return [file.document_id for file in past_retention(at)]


def document(app: Flask, key: int) -> Document:
    with make.rows(app):
        found = db.session.get_one(Document, key)
        db.session.expunge_all()
        return found


def stored(app: Flask, key: str) -> bool:
    with app.app_context():
        return document_store().exists(key)


def erase_command(app: Flask, *arguments: str, at: datetime = DAY_AFTER) -> tuple[int, str]:
    with time_machine.travel(at, tick=False):
        result = app.test_cli_runner().invoke(args=["fund", "erase-documents", *arguments])
    return result.exit_code, result.output


# What is past it


def test_years_count_from_the_day_the_application_ended(app: Flask) -> None:
    key = kept(app)

    assert past(app, LAST_MOMENT) == []
    assert past(app, DAY_AFTER) == [key]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_every_end_counts(app: Flask, state: State) -> None:
    key = kept(app, state)

    assert past(app, DAY_AFTER) == [key]


def test_an_application_that_goes_on_keeps_everything(app: Flask) -> None:
    for state in sorted(BEFORE_DECISION):
        kept(app, state)

    assert past(app, DAY_AFTER + timedelta(days=3650)) == []


def test_a_type_without_years_is_kept_for_ever(app: Flask) -> None:
    kept(app, years=None)

    assert past(app, DAY_AFTER + timedelta(days=36500)) == []


def test_a_removed_file_ends_with_its_application(app: Flask) -> None:
    key = kept(app, removed_at=ENDED)

    assert past(app, DAY_AFTER) == [key]


# The command


def test_the_command_lists_and_changes_nothing_until_told(app: Flask) -> None:
    key = kept(app)

    code, output = erase_command(app)

    assert code == 0
    assert all(word in output for word in (f"document {key} ", "งบการเงิน.pdf", "kept until 2031-11-16", "1 files"))
    assert document(app, key).erased_at is None
    assert stored(app, document(app, key).storage_key)


def test_the_command_erases_once_and_leaves_a_record(app: Flask) -> None:
    key = kept(app)
    young = kept(app, years=YEARS + 1)

    first, second = erase_command(app, "--erase"), erase_command(app, "--erase", at=DAY_AFTER + timedelta(days=1))

    row = document(app, key)
    assert [code for code, _output in (first, second)] == [0, 0]
    assert "1 files erased" in first[1]
    assert "0 files erased" in second[1]
    assert row.erased_at == DAY_AFTER
    assert not stored(app, row.storage_key)
    assert stored(app, document(app, young).storage_key)
    with make.rows(app):
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == AuditKind.ERASED)).one()
        assert event.before == {"sha256": row.sha256, "size": row.size, "document_type_id": row.document_type_id}
        assert (event.entity_id, event.summary, event.cooperative_id) == (key, "งบการเงิน.pdf", row.cooperative_id)
        assert check_documents(DAY_AFTER).findings == []


def test_a_file_taken_over_by_another_application_stays_with_that_one(app: Flask) -> None:
    old = kept(app)
    newer = kept(app, State.IN_REVIEW, reused_from_id=old)

    erase_command(app, "--erase")

    assert not stored(app, document(app, old).storage_key)
    assert stored(app, document(app, newer).storage_key)
    assert document(app, newer).erased_at is None


def test_an_erased_file_is_not_opened_and_its_page_says_why(app: Flask) -> None:
    with make.rows(app):
        make.person(Role.FUND_OFFICER, username="fund")
    key = kept(app)
    erase_command(app, "--erase")
    browser = FundClient(app)
    browser.sign_in("fund", make.PASSWORD)

    answer = browser.get(f"/files/{document(app, key).public_id}", headers={"Accept-Language": "th"})

    assert answer.status_code not in (200, 500, 503)
    said = "This file was erased when its retention period ended. Only the record of it is left."
    assert make.in_thai(app, said) in answer.get_data(as_text=True)


# Crashes


def test_a_crash_after_the_record_leaves_a_file_that_is_found_and_cleaned(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = kept(app)

    def away(_key: str) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as broken, app.app_context():
        broken.setattr(document_store(), "delete", away)
        code, output = erase_command(app, "--erase")

    with make.rows(app):
        checked = check_documents(ENDED)
        assert [(finding.what, finding.row_id) for finding in checked.findings] == [(Wrong.NOT_ERASED, key)]
        assert clean(checked, ENDED) == 1
        assert check_documents(ENDED).findings == []
    assert code == 1
    assert "check-documents --clean" in output
    assert document(app, key).erased_at == DAY_AFTER


def test_a_crash_before_the_record_erases_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    key = kept(app)

    def crash(*_given: object, **_more: object) -> None:
        raise StoreUnavailable("crash")

    with monkeypatch.context() as broken:
        broken.setattr("app.services.jobs.retention.record", crash)
        with make.rows(app):
            with pytest.raises(StoreUnavailable):
                erase(key, DAY_AFTER)
            db.session.rollback()

    assert document(app, key).erased_at is None
    assert stored(app, document(app, key).storage_key)


# Nothing else removes a submitted file


def test_what_holds_submitted_files_is_not_deleted_on_any_screen(app: Flask) -> None:
    with make.rows(app):
        make.person(Role.ADMINISTRATOR, username="administrator")
    key = kept(app, State.SUBMITTED)
    row = document(app, key)
    browser = FundClient(app)
    browser.sign_in("administrator", make.PASSWORD)

    for address in (
        f"/cooperatives/delete/{row.cooperative_id}",
        f"/document-types/delete/{row.document_type_id}",
        f"/applications/delete/{row.application_id}",
        f"/documents/delete/{key}",
    ):
        browser.send(address)

    assert document(app, key).removed_at is None
    assert stored(app, row.storage_key)


def test_no_address_deletes_an_application_or_a_document(app: Flask) -> None:
    deleting = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if "delete" in rule.rule}

    assert deleting & {"applications", "apply", "track", "documents", "files"} == set()
