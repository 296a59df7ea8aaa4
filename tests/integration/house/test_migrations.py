"""The database is changed by migrations alone, down as well as up, and history in it by nobody."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.commands.preparing import DatabaseTooNew, database_state, give_back_room, is_newest, prepare
from app.domain.quotes import pack
from app.domain.states import State
from app.extensions import db
from app.factory import create_app
from app.models.applications import Decision, KeptQuote, LoanApplication, StatusChange
from app.models.audit import AuditEvent
from app.models.boards import KeptBoard
from app.models.cooperatives import BoardMember
from app.models.documents import DocumentVerdict
from app.models.envelopes import EnvelopeEntry
from app.models.places import Office, Province
from app.models.programme_versions import ProgrammeVersion
from app.models.transaction import writing
from app.security.scope import unscoped
from app.services.applications.kept_boards import keep_board
from app.services.loans.quotes import keep_approved_quote, keep_quote
from config import ROOT
from tests import make

if TYPE_CHECKING:
    from tests.databases import Databases

DAY = make.AT.date()
AGREED = ["rows=gone"]
HISTORY = (
    "audit_event",
    "status_change",
    "decision",
    "envelope_entry",
    "programme_edition",
    "document_verdict",
    "kept_board",
)


@pytest.fixture
def empty_app(databases: "Databases") -> Iterator[Flask]:
    """The application on a database with nothing in it."""
    name = f"empty_{uuid4().hex[:8]}"
    databases._create(name)
    made = create_app(databases.settings(name, demo=False))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def scripts() -> ScriptDirectory:
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(settings)


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in scripts().walk_revisions()][::-1]


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_line_of_migrations_and_each_says_why() -> None:
    found = list(scripts().walk_revisions())

    assert len(scripts().get_heads()) == 1
    assert [script.revision for script in found] == sorted((script.revision for script in found), reverse=True)
    assert all(script.doc.strip() for script in found)


def test_starting_the_application_makes_no_table(empty_app: Flask) -> None:
    assert tables(empty_app) == set()
    assert database_state(empty_app)[0] is None
    with empty_app.app_context():
        assert not is_newest(empty_app)


def test_request_to_an_empty_database_makes_no_table(empty_app: Flask) -> None:
    empty_app.config["PROPAGATE_EXCEPTIONS"] = False

    assert empty_app.test_client().get("/login/").status_code in (200, 500, 503)

    assert tables(empty_app) == set()


def test_every_migration_runs_up_and_down_and_up(empty_app: Flask) -> None:
    known = revisions()
    with empty_app.app_context():
        for revision in known:
            upgrade(revision=revision)
        full = tables(empty_app)
        for revision in [*known[-2::-1], "base"]:
            downgrade(revision=revision, x_arg=AGREED)
        emptied = tables(empty_app)
        upgrade()

    assert emptied == set()
    assert tables(empty_app) == full
    assert database_state(empty_app) == (known[-1], known[-1])
    with empty_app.app_context():
        assert is_newest(empty_app)


@pytest.mark.parametrize("steps", range(1, len(revisions()) + 1))
def test_last_migrations_run_again(empty_app: Flask, steps: int) -> None:
    with empty_app.app_context():
        upgrade()
        downgrade(revision=f"-{steps}", x_arg=AGREED)
        upgrade()
        with unscoped():
            assert db.session.scalar(select(func.count(Province.id))) == 77
            assert db.session.scalar(select(func.count(Office.id))) == 87


def test_models_and_migrations_agree(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        # The command ends the process with an error when a model and its table differ.
        check()


def test_preparing_twice_does_nothing_the_second_time(empty_app: Flask) -> None:
    first = prepare(empty_app)
    second = prepare(empty_app)

    assert len(first) == 4  # tables, permissions, the calendar, and the help
    assert second == []


def test_new_rows_go_on_after_the_migrated_ones(empty_app: Flask) -> None:
    prepare(empty_app)

    with empty_app.app_context(), unscoped(), writing():
        province = Province(code="TH-99", name="จังหวัดทดสอบ", name_en="Test", region="north")
        db.session.add(province)
        db.session.commit()

        assert province.id == 78


# A newer program's database


def test_database_of_a_newer_version_is_left_alone(empty_app: Flask) -> None:
    prepare(empty_app)
    before = tables(empty_app)
    with empty_app.app_context(), writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()

    with pytest.raises(DatabaseTooNew, match="9999"):
        database_state(empty_app)
    with pytest.raises(DatabaseTooNew):
        prepare(empty_app)

    assert tables(empty_app) == before
    with empty_app.app_context():
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


# History


@pytest.fixture
def history(app: Flask) -> Callable[[str, str], None]:
    """Runs a statement against a database with a row in every table of history."""
    with make.rows(app):
        application = make.application(State.APPROVED)
        db.session.add(ProgrammeVersion(programme=application.programme, number=1, terms={}, at=make.AT, why="ทดสอบ"))
        make.verdict(make.document(application))
        keep_board(application, (), make.AT)
        db.session.add(
            AuditEvent(at=datetime(2026, 11, 16, tzinfo=UTC), kind="created", entity="cooperative", summary="ทดสอบ")
        )

    def run(statement: str, table: str) -> None:
        with app.app_context(), writing():
            db.session.execute(text(statement.format(table=table)))
            db.session.commit()

    return run


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET id = id",
        "UPDATE {table} SET id = id + 1000 WHERE id > 0",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})",
    ],
)
def test_database_refuses_to_rewrite_history(
    app: Flask, history: Callable[[str, str], None], table: str, statement: str
) -> None:
    models = {
        "audit_event": AuditEvent,
        "status_change": StatusChange,
        "decision": Decision,
        "envelope_entry": EnvelopeEntry,
        "programme_edition": ProgrammeVersion,
        "document_verdict": DocumentVerdict,
        "kept_board": KeptBoard,
    }

    with pytest.raises(DBAPIError, match="history is not rewritten"):
        history(statement, table)

    with make.rows(app):
        assert db.session.scalar(select(func.count()).select_from(models[table]))


def test_history_takes_further_rows(app: Flask, history: Callable[[str, str], None]) -> None:
    history(
        "INSERT INTO {table} (at, kind, entity, summary) SELECT at, kind, entity, 'more' FROM {table}", "audit_event"
    )

    with make.rows(app):
        assert db.session.scalar(select(func.count()).where(AuditEvent.summary == "more"))


def test_going_back_asks_before_it_drops_what_holds_rows(empty_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with empty_app.app_context():
        upgrade()
    with make.rows(empty_app):
        row = make.application(State.APPROVED)
        keep_board(row, (), make.AT)
        keep_quote(row, make.AT.date())
        row.cooperative.board.append(BoardMember(full_name="-", position="-", term_starts_on=DAY, term_ends_on=DAY))
    before = tables(empty_app)

    with empty_app.app_context():
        with pytest.raises(SystemExit):
            downgrade(revision="0008")
        assert tables(empty_app) == before
        told = caplog.text
        downgrade(revision="0026")  # what is dropped is empty
        with pytest.raises(SystemExit):
            downgrade(revision="0025")
        downgrade(revision="0025", x_arg=AGREED)

    assert "kept_board: 1 แถว / rows" in told
    assert "loan_application" not in told
    assert "kept_quote" not in told  # goes back into the row it stood in
    assert "-x rows=gone" in told
    assert "kept_board" not in tables(empty_app)


def test_applications_of_before_are_given_what_was_sent_and_whether_it_was_a_first_loan(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
    with make.rows(empty_app):
        cooperative = make.cooperative()
        granted = make.application(State.APPROVED, of=cooperative)
        later = make.application(State.SUBMITTED, of=cooperative, at=make.AT.replace(day=20))
        draft = make.application(of=cooperative)
        keys = [row.id for row in (granted, later, draft)]

    with empty_app.app_context():
        downgrade(revision="0006", x_arg=AGREED)
        upgrade()

    with make.rows(empty_app):
        found = [db.session.get_one(LoanApplication, key) for key in keys]
        assert [row.first_time for row in found] == [True, False, None]
        assert [row.amount_sent for row in found] == [found[0].amount_asked, found[1].amount_asked, None]


def test_quotes_are_the_same_letters_in_the_row_of_before_and_in_the_table_of_now(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
    with make.rows(empty_app):
        row, other = make.application(State.APPROVED), make.application(State.SUBMITTED)
        keep_quote(row, make.AT.date())
        keep_approved_quote(row, row.amount_asked, make.AT.date())
        key, quote, approved, never = row.id, row.quote, row.approved_quote, other.id
    before = "SELECT CAST(quote AS TEXT), CAST(approved_quote AS TEXT) FROM loan_application WHERE id = :key"

    with empty_app.app_context():
        downgrade(revision="0008", x_arg=AGREED)
        texts = db.session.execute(text(before), {"key": key}).one()
        db.session.rollback()
        with writing():
            # Of an older version, and what it kept for an application without a quote.
            spaced = """{"principal" : "5.00",\n "rows":[] }"""
            db.session.execute(
                text("UPDATE loan_application SET quote = :kept WHERE id = :key"), {"kept": spaced, "key": key}
            )
            db.session.execute(
                text("UPDATE loan_application SET approved_quote = 'null' WHERE id = :key"), {"key": never}
            )
            db.session.commit()
        upgrade()
        with unscoped():
            moved = {(each.application_id, each.kind): each.content for each in db.session.scalars(select(KeptQuote))}
        db.session.remove()
        downgrade(revision="0008", x_arg=AGREED)
        again = db.session.execute(text(before), {"key": key}).one()

    assert quote is not None
    assert tuple(texts) == (json.dumps(quote), json.dumps(approved))
    assert moved == {(key, "sent"): pack(spaced), (key, "approved"): pack(json.dumps(approved))}
    assert tuple(again) == (spaced, json.dumps(approved))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")  # PostgreSQL has no file of ours
def test_file_gives_back_the_room_that_a_migration_freed(empty_app: Flask) -> None:
    with empty_app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (long TEXT)"))
        connection.execute(text("CREATE TABLE gone (long TEXT)"))
        connection.execute(text("INSERT INTO kept VALUES (hex(zeroblob(200000)))"))
        connection.execute(text("INSERT INTO gone VALUES (hex(zeroblob(800000)))"))
    with empty_app.app_context():
        give_back_room(db.engine)
        full = db.session.scalar(text("PRAGMA page_count"))
        db.session.execute(text("DROP TABLE gone"))
        db.session.commit()

        give_back_room(db.engine)

        assert db.session.scalar(text("PRAGMA page_count")) * 3 < full
        assert db.session.scalar(text("SELECT length(long) FROM kept")) == 400_000
