"""A backup made while people work comes back line for line and byte for byte; nothing that fits not is put back."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, select, text

from app.commands.backup import making
from app.commands.backup.making import EVER
from app.extensions import db
from app.factory import create_app
from app.files.store import DocumentStore, document_store
from app.models.documents import Document
from app.models.notices import MailStatus, OutboxMail
from app.models.transaction import writing
from tests import make
from tests.databases import PG_PROGRAMS, Databases
from tests.integration.house.test_fresh_databases import content
from tests.s3 import running_s3, s3_environ

# Of the wheel's versions the newest, whose server the tests run.
PROGRAMS = str(PG_PROGRAMS)
BUCKET = "backed-up"
# What is not the database's own matter is tried on one.
ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["fund", *arguments])


def one_line(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert len(result.output.splitlines()) == 1, result.output
    return str(result.output)


def files(app: Flask) -> dict[str, bytes]:
    """Every file of the store by its key."""
    with app.app_context():
        store = document_store()
        return {key: store.get(key) for key in store.keys(EVER)}


def rows(app: Flask) -> dict[str, list[str]]:
    """All rows and counters; a mail that waits is as one that is held."""
    found = content(app)
    found["outbox_mail"] = sorted(line.replace("'waiting'", "'held'") for line in found["outbox_mail"])
    return found


def execute(app: Flask, statement: str) -> None:
    with app.app_context(), writing():
        db.session.execute(text(statement))
        db.session.commit()


@pytest.fixture
def source(app: Flask) -> Flask:
    """A database with an application, two papers of which one is infected, and a mail that waits."""
    app.config["PG_PROGRAMS"] = PROGRAMS
    fill(app)
    return app


def fill(app: Flask) -> None:
    with make.rows(app):
        application = make.application()
        for name in ("one.pdf", "two.pdf"):
            paper = make.document(application, name=name)
        paper.storage_key = document_store().set_apart(first := paper.storage_key)
        document_store().delete(first)
        db.session.add(
            OutboxMail(
                application=application, cooperative_id=application.cooperative_id, recipient="a@example.org",
                subject="ข่าว", body="พร้อม", message_id="<1@example.org>",
            )
        )  # fmt: skip


@pytest.fixture
def backup(source: Flask, tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    made = run(source, "backup", str(folder))
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def elsewhere(databases: Databases) -> Iterator[Flask]:
    """A program whose database and store have nothing in them."""
    with opened(databases) as app:
        yield app


@contextmanager
def opened(databases: Databases) -> Iterator[Flask]:
    name = f"restored_{uuid4().hex[:8]}"
    databases._create(name)
    app = create_app({**databases.settings(name, demo=False), "PG_PROGRAMS": PROGRAMS})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def restored(app: Flask, folder: Path, *more: str) -> str:
    result = run(app, "restore", str(folder), *more)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_all_rows_and_files_come_back_and_mails_that_waited_are_held(
    demo_app: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    demo_app.config["PG_PROGRAMS"] = PROGRAMS
    execute(demo_app, "UPDATE outbox_mail SET status = 'waiting' WHERE id IN (SELECT min(id) FROM outbox_mail)")
    named = papers(demo_app)
    made = run(demo_app, "backup", str(tmp_path / "backup"))
    assert made.exit_code == 0, made.output
    said = restored(elsewhere, tmp_path / "backup")

    assert rows(elsewhere) == rows(demo_app)
    there, here = files(elsewhere), files(demo_app)
    assert set(named) <= there.keys()
    assert there == {key: here[key] for key in there}
    with make.rows(elsewhere):
        states = set(db.session.scalars(select(OutboxMail.status)))
    assert MailStatus.WAITING not in states
    assert "mails that waited, held back: 1;" in said
    assert run(elsewhere, "check-documents").exit_code == 0


def papers(app: Flask) -> list[str]:
    """The keys of all papers, the oldest first."""
    with make.rows(app):
        return list(db.session.scalars(select(Document.storage_key).order_by(Document.id)))


@ONE_DATABASE
def test_a_store_on_s3_comes_back_too(source: Flask, databases: Databases, tmp_path: Path) -> None:
    with running_s3(BUCKET) as endpoint, opened(databases) as target:
        for app in (source, target):
            url = f"s3://{BUCKET}/{app.config['INSTANCE_DIR'].rpartition('/')[2]}"
            app.extensions["document_store"] = DocumentStore.from_url(url, s3_environ(endpoint))
        fill_anew(source)
        assert run(source, "backup", str(tmp_path / "backup")).exit_code == 0
        restored(target, tmp_path / "backup")

        assert files(target) == files(source) != {}
        assert rows(target) == rows(source)


def fill_anew(app: Flask) -> None:
    """Keep the papers' bytes in the store that the application has by now."""
    with make.rows(app):
        for paper in db.session.scalars(select(Document)):
            paper.storage_key = document_store().put(paper.file_name.encode()).key


@ONE_DATABASE
def test_files_that_no_row_names_stay_out_and_a_paper_removed_meanwhile_is_in(
    source: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with source.app_context():
        document_store().put(b"left by a crash")
    kept, copied_rows = set(files(source)), making._rows

    def removed_meanwhile(connection: Any) -> dict[str, int]:
        with source.app_context():
            for key in kept:
                document_store().delete(key)
        return copied_rows(connection)

    monkeypatch.setattr(making, "_rows", removed_meanwhile)
    made = run(source, "backup", str(tmp_path / "backup"))

    assert made.exit_code == 0, made.output
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert manifest["documents"].keys() == set(papers(source))


@ONE_DATABASE
def test_a_row_without_its_file_is_told_and_the_rest_is_backed_up(source: Flask, tmp_path: Path) -> None:
    lost, *_, kept = papers(source)
    with source.app_context():
        document_store().delete(lost)

    made = run(source, "backup", str(tmp_path / "backup"))

    assert made.exit_code == 1
    assert lost in made.output
    assert kept in json.loads((tmp_path / "backup" / "manifest.json").read_text())["documents"]


def test_what_is_there_is_replaced_only_when_told_so(backup: Path, source: Flask, databases: Databases) -> None:
    before_rows, before_files = rows(source), files(source)
    with make.rows(source):
        make.document(make.application())
    changed = rows(source), files(source)

    assert "--replace" in one_line(run(source, "restore", str(backup)))
    assert (rows(source), files(source)) == changed

    with source.app_context():
        db.session.remove()
        db.engine.dispose()
    if databases.backend == "postgresql":
        databases.copies.pop("bare", None)
    restored(source, backup, "--replace")

    assert rows(source) == before_rows
    assert files(source) == before_files


@ONE_DATABASE
def test_a_store_that_is_not_empty_is_left_alone(backup: Path, elsewhere: Flask) -> None:
    with elsewhere.app_context():
        document_store().put(b"somebody's")

    assert "document store is not empty" in one_line(run(elsewhere, "restore", str(backup)))
    assert list(files(elsewhere).values()) == [b"somebody's"]


@ONE_DATABASE
@pytest.mark.parametrize("version", ["0001", "9999"])
def test_a_backup_of_another_version_is_refused_in_one_line(backup: Path, elsewhere: Flask, version: str) -> None:
    change(backup, migration=version)

    said = one_line(run(elsewhere, "restore", str(backup)))

    assert version in said
    assert "flask db upgrade" in said
    assert nothing_in(elsewhere)


def change(backup: Path, **values: Any) -> None:
    path = backup / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def nothing_in(app: Flask) -> bool:
    with app.app_context():
        return not inspect(db.engine).get_table_names() and not files(app)


def flip(backup: Path) -> None:
    path = next(path for path in (backup / "documents").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def break_off(backup: Path) -> None:
    (backup / "manifest.json").unlink()


def lead_out(backup: Path) -> None:
    change(backup, documents={"../../etc/passwd": {"size": 1, "sha256": "0"}})


@ONE_DATABASE
@pytest.mark.parametrize(
    ("damage", "said"), [(flip, "changed"), (break_off, "no whole backup"), (lead_out, "damaged")], ids=lambda each: ""
)
def test_a_damaged_backup_is_refused(backup: Path, elsewhere: Flask, damage: Any, said: str) -> None:
    damage(backup)

    assert said in one_line(run(elsewhere, "restore", str(backup)))
    assert nothing_in(elsewhere)


@ONE_DATABASE
def test_a_folder_with_something_in_it_takes_no_backup(source: Flask, backup: Path) -> None:
    assert "not empty" in one_line(run(source, "backup", str(backup)))


def test_a_database_in_use_is_not_replaced(backup: Path, elsewhere: Flask, databases: Databases) -> None:
    restored(elsewhere, backup)
    with elsewhere.app_context():
        other = db.engine.connect()
        execute(elsewhere, "DELETE FROM outbox_mail")
        assert other.scalar(text("SELECT count(*) FROM outbox_mail")) == 0

        assert "stop the server and the worker" in one_line(run(elsewhere, "restore", str(backup), "--replace"))

        assert other.scalar(text("SELECT count(*) FROM outbox_mail")) == 0
        other.close()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True, scope="session")
def test_programs_that_are_not_there_are_named_in_one_line(source: Flask, tmp_path: Path) -> None:
    source.config["PG_PROGRAMS"] = str(tmp_path)

    said = one_line(run(source, "backup", str(tmp_path / "backup")))

    assert "pg_dump" in said
    assert "PG_PROGRAMS" in said


@ONE_DATABASE
@pytest.mark.parametrize("damaged", [False, True], ids=["its log is left", "it is damaged"])
def test_what_a_killed_server_left_beside_the_database_is_not_played_into_the_restored_one(
    backup: Path, elsewhere: Flask, damaged: bool
) -> None:
    with elsewhere.app_context():
        path = Path(str(db.engine.url.database))
    leave_log(backup / "database.sqlite", path)
    if damaged:
        path.write_bytes(b"no database at all" * 1000)

    restored(elsewhere, backup, "--replace")

    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM outbox_mail").fetchone() == (1,)


def leave_log(source: Path, path: Path) -> None:
    """A database whose last changes are in its log alone, as a server leaves it that was killed."""
    path.write_bytes(source.read_bytes())
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("DELETE FROM outbox_mail")
    left = {ending: path.with_name(path.name + ending).read_bytes() for ending in ("-wal", "-shm")}
    before = path.read_bytes()
    connection.close()
    path.write_bytes(before)
    for ending, bytes_left in left.items():
        path.with_name(path.name + ending).write_bytes(bytes_left)
