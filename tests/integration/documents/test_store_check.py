"""The check of the document store names every difference from the database, and cleans what is safe to clean."""

import os
import re
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.files.store import DocumentStore, StoreUnavailable
from app.models.document_types import DocumentExample
from app.models.documents import Document
from app.services.documents import attachments
from app.services.jobs.store_check import WITH_FILES, Wrong, check_documents, clean
from tests import make
from tests.make_files import pdf_bytes
from tests.s3 import running_s3, s3_environ

BUCKET = "checked-documents"
LATER = timedelta(days=2)  # by then every file is old enough to need a row


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with running_s3(BUCKET) as endpoint:
        yield endpoint


@pytest.fixture(params=["folder", "s3"])
def kept_in(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> DocumentStore:
    """The application's store, in a folder and on S3."""
    if request.param == "folder":
        store = DocumentStore.from_url(f"file:{tmp_path}/documents", {})
    else:
        prefix = re.sub("[^a-z0-9]", "", request.node.name.lower())
        store = DocumentStore.from_url(f"s3://{BUCKET}/{prefix}", s3_environ(request.getfixturevalue("s3_endpoint")))
    app.extensions["document_store"] = store
    return store


def check(app: Flask, at: datetime | None = None) -> list[tuple[Wrong, str]]:
    with make.rows(app):
        checked = check_documents(at or datetime.now(UTC) + LATER)
    return [(finding.what, finding.name or finding.key) for finding in checked.findings]


def command(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["fund", "check-documents", *arguments])
    return result.exit_code, result.output


def attached(app: Flask, *names: str, **values: Any) -> list[str]:
    """Files of one draft; returns their keys."""
    with make.rows(app):
        row = make.application(complete=False)
        return [make.document(row, name=name, **values).storage_key for name in names]


def change_byte(store: DocumentStore, key: str) -> None:
    """Change one byte in place, as a failing disk does."""
    content = bytearray(store.get(key))
    content[len(content) // 2] ^= 1
    store.begin(key, bytes(content)).finish()


def test_a_whole_store_is_found_whole(app: Flask, kept_in: DocumentStore) -> None:
    attached(app, "หนึ่ง.pdf", "สอง.pdf")

    code, output = command(app)

    assert (check(app), code) == ([], 0)
    assert "checked 2 files" in output


def test_every_difference_is_reported_by_name(app: Flask, kept_in: DocumentStore) -> None:
    changed, missing, _whole = attached(app, "เปลี่ยน.pdf", "หาย.pdf", "ดี.pdf")
    (erased,) = attached(app, "ลบ.pdf", erased_at=make.AT)
    change_byte(kept_in, changed)
    kept_in.delete(missing)
    orphan = kept_in.put(b"nobody's").key

    found = check(app)
    code, output = command(app)

    assert set(found) == {
        (Wrong.CHANGED, "เปลี่ยน.pdf"),
        (Wrong.MISSING, "หาย.pdf"),
        (Wrong.NOT_ERASED, "ลบ.pdf"),
        (Wrong.ORPHAN, orphan),
    }
    assert code == 1
    assert "checked 2 files" in output  # the missing one could not be checked
    assert all(key in output for key in (changed, missing, erased, "เปลี่ยน.pdf", "หาย.pdf", "ลบ.pdf"))
    assert orphan not in output  # it is of today: its row may be on the way


def test_cleaning_takes_only_what_has_no_row(app: Flask, kept_in: DocumentStore) -> None:
    changed, whole = attached(app, "เปลี่ยน.pdf", "ดี.pdf")
    (erased,) = attached(app, "ลบ.pdf", erased_at=make.AT)
    change_byte(kept_in, changed)
    orphan = kept_in.put(b"nobody's").key
    before = datetime.now(UTC) + LATER

    with make.rows(app):
        taken = clean(check_documents(before), before)

    assert taken == 2
    assert [kept_in.exists(key) for key in (changed, whole, erased, orphan)] == [True, True, False, False]
    assert check(app) == [(Wrong.CHANGED, "เปลี่ยน.pdf")]


def test_a_file_on_its_way_to_its_row_is_left_alone(app: Flask, kept_in: DocumentStore) -> None:
    key = kept_in.put(b"just now").key

    assert command(app, "--clean")[0] == 0
    assert kept_in.exists(key)


def test_examples_and_files_kept_apart_are_checked_too(app: Flask, kept_in: DocumentStore) -> None:
    (key,) = attached(app, "ร้าย.pdf")
    blank = kept_in.put(b"blank form")
    apart = kept_in.set_apart(key)
    with make.rows(app):
        db.session.scalars(select(Document)).one().storage_key = apart
        kept_in.delete(key)
        example = DocumentExample(
            document_type=make.document_type(), file_name="แบบ.pdf", kind="pdf", size=blank.size,
            sha256=blank.sha256, storage_key=blank.key, uploaded_at=make.AT,
        )  # fmt: skip
        db.session.add(example)
    whole = check(app)

    change_byte(kept_in, apart)
    kept_in.delete(blank.key)

    assert whole == []
    assert check(app) == [(Wrong.CHANGED, "ร้าย.pdf"), (Wrong.MISSING, "แบบ.pdf")]


def test_a_crash_between_store_and_database_leaves_no_row_and_a_file_that_is_cleaned(
    app: Flask, kept_in: DocumentStore
) -> None:
    with make.rows(app):
        row = make.application(complete=False)
        user = make.person(Role.PREPARER, of=row.cooperative)
        db.session.commit()
        sent = attachments.Sent(row.programme.documents[0].document_type_id, "งบ.pdf")
        with make.acting(user) as person:
            attachments.attach(row, sent, pdf_bytes(), person, make.AT)
        # The power goes before the commit.
        db.session.rollback()

    with make.rows(app):
        assert db.session.scalars(select(Document)).all() == []
    before = datetime.now(UTC) + LATER
    with make.rows(app):
        checked = check_documents(before)
        assert [finding.what for finding in checked.findings] == [Wrong.ORPHAN]
        assert clean(checked, before) == 1
    assert check(app) == []


# What depends on the folder or on the command alone


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> DocumentStore:
    store = DocumentStore.from_url(f"file:{tmp_path}/documents", {})
    app.extensions["document_store"] = store
    return store


def test_half_written_files_are_found_and_cleaned(app: Flask, folder: DocumentStore, tmp_path: Path) -> None:
    attached(app, "ดี.pdf")
    left = tmp_path / "documents" / "unfinished" / "left-by-a-crash"
    left.write_bytes(b"hal")
    old = (datetime.now(UTC) - LATER).timestamp()
    os.utime(left, (old, old))

    found, cleaned, after = command(app), command(app, "--clean"), command(app)

    assert [code for code, _output in (found, cleaned, after)] == [1, 0, 0]
    assert "left-by-a-crash" in found[1]
    assert not left.exists()


def age_all(folder: Path) -> None:
    old = (datetime.now(UTC) - LATER).timestamp()
    for file in folder.rglob("*"):
        os.utime(file, (old, old))


def test_a_database_that_knows_hardly_any_file_cleans_nothing_unless_told_twice(
    app: Flask, folder: DocumentStore, tmp_path: Path
) -> None:
    keys = [folder.put(b"of another database").key for _file in range(11)]
    age_all(tmp_path)

    refused = command(app, "--clean")
    kept = [folder.exists(key) for key in keys]
    told_twice = command(app, "--clean", "--even-many")

    assert refused[0] == 1
    assert "--even-many" in refused[1]
    assert all(kept)
    assert told_twice[0] == 0
    assert not any(folder.exists(key) for key in keys)


@pytest.mark.parametrize("age", ["", "0h", "5", "-1h", "1w", "30m", "1.5h"])
def test_an_age_of_less_than_an_hour_is_refused(app: Flask, age: str) -> None:
    assert command(app, "--older-than", age)[0] == 2


def test_a_store_that_is_away_is_said_to_be(app: Flask, folder: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    attached(app, "ดี.pdf")
    app.extensions["document_store"] = DocumentStore.from_url(
        "s3://documents", s3_environ("http://127.0.0.1:1") | {"AWS_REGION": "x"}
    )

    code, output = command(app)

    assert code == 1
    assert "the document store cannot be read" in output


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_checked(
    app: Flask, folder: DocumentStore, tmp_path: Path
) -> None:
    unreadable, also, changed, _whole = attached(app, "หนึ่ง.pdf", "สอง.pdf", "สาม.pdf", "สี่.pdf")
    change_byte(folder, changed)
    orphan = folder.put(b"nobody's").key
    age_all(tmp_path)
    for key in (unreadable, also):
        place = tmp_path / "documents" / key
        place.unlink()
        place.mkdir()  # opening it is an error of the system's, whoever asks

    code, output = command(app)
    cleaned, _output = command(app, "--clean")

    assert (code, cleaned) == (1, 1), "cleaning cannot mend it"
    assert all(key in output for key in (unreadable, also, changed, orphan))
    assert "file that cannot be read: 2" in output
    assert "file whose bytes changed: 1" in output
    assert "checked 2 files" in output
    assert not folder.exists(orphan)


def test_a_store_that_goes_away_halfway_leaves_the_findings_until_then(
    app: Flask, folder: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, _whole = attached(app, "หนึ่ง.pdf", "สอง.pdf")
    change_byte(folder, changed)
    stream: Callable[..., Any] = folder.stream

    def gone(*_key: str) -> Any:
        raise StoreUnavailable("away")

    def first_only(key: str) -> Any:
        return stream(key) if key == changed else gone()

    monkeypatch.setattr(folder, "stream", first_only)
    monkeypatch.setattr(folder, "exists", gone)

    code, output = command(app, "--clean")

    assert code == 1
    assert changed in output
    assert "file whose bytes changed: 1" in output
    assert "it went away" in output


def test_a_file_moved_while_it_was_read_is_no_finding(
    app: Flask, folder: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = attached(app, "งบ.pdf")
    stream: Callable[..., Any] = folder.stream

    def moved_meanwhile(wanted: str) -> Any:
        if wanted == key:
            document = db.session.scalars(select(Document)).one()
            document.storage_key = folder.set_apart(key)
            db.session.commit()
            folder.delete(key)
        return stream(wanted)

    monkeypatch.setattr(folder, "stream", moved_meanwhile)

    assert check(app) == []


def test_memory_stays_flat_over_large_files(app: Flask, folder: DocumentStore) -> None:
    with make.rows(app):
        row = make.application(complete=False)
        for _file in range(3):
            make.document(row, content=os.urandom(2**20) * 20)
    tracemalloc.start()

    found = check(app)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == []
    assert most < 5 * 2**20


def test_every_table_with_files_is_checked() -> None:
    with_keys = {mapper.class_ for mapper in Model.registry.mappers if "storage_key" in mapper.columns}

    assert with_keys == set(WITH_FILES)
