"""The database holds the words that the program knows; should it hold another, lists still open."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from app.domain.states import State
from app.extensions import db
from app.models.transaction import writing
from app.models.words import free_words, keep_words, words_of
from tests import make
from tests.client import FundClient

CHECKS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'ck_%_word'
"""
TRIGGERS = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_words_%'"
PEOPLE = ("admin", "auditor", "committee1", "coop1", "finance", "fund", "officer1")
Known = dict[str, dict[str, set[str]]]


def known(app: Flask) -> Known:
    """The words that the database lets each column hold, as its own catalogue tells them."""
    found: Known = {}
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            for table, definition in connection.execute(text(CHECKS)):
                column = re.search(r"\w+", definition.removeprefix("CHECK"))
                assert column is not None
                found.setdefault(table, {})[column[0]] = set(re.findall(r"'([^']*)'", definition))
            return found
        acts: dict[str, Known] = {}
        for table, name, definition in connection.execute(text(TRIGGERS)):
            for column, words in re.findall(r"NOT NEW\.(\w+) IN \(([^)]*)\)", definition):
                kept = acts.setdefault(name.rpartition("_")[2], {}).setdefault(table, {})
                kept[column] = set(re.findall(r"'([^']*)'", words))
                assert name.endswith("added") or re.search(rf"UPDATE OF [\w, ]*\b{column}\b", definition)
        assert acts["added"] == acts["changed"]
        return acts["added"]


def test_database_knows_the_words_that_the_program_reads(app: Flask) -> None:
    read = {
        table: {column: set(words) for column, words in columns.items()}
        for table, columns in words_of(db.metadata).items()
    }

    assert known(app) == read, "a word was added or taken away: write a migration that calls keep_words"


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("loan_application", "UPDATE loan_application SET status = 'lost'"),
        ("loan_application", "UPDATE loan_application SET status = 'Draft'"),
        ("cooperative", "UPDATE cooperative SET workplace = ''"),
        (
            "status_change",
            "INSERT INTO status_change (application_id, cooperative_id, move, origin, target, at, actor_role)"
            " SELECT application_id, cooperative_id, move, origin, 'lost', at, actor_role FROM status_change",
        ),
    ],
)
def test_another_word_is_refused(app: Flask, table: str, statement: str) -> None:
    with make.rows(app):
        make.application(State.APPROVED)

    with app.app_context(), writing(), pytest.raises(IntegrityError, match=f"ck_{table}_[a-z]+_word"):
        db.session.execute(text(statement))


def test_no_word_at_all_and_words_of_later_are_let_in(app: Flask) -> None:
    with make.rows(app):
        key = make.application(State.APPROVED).id
    later = {"outcome": ("approved", "noted"), "body": ("board",)}
    adding = (
        "INSERT INTO decision (application_id, cooperative_id, outcome, body, decided_on, recorded_at)"
        " SELECT application_id, cooperative_id, 'noted', NULL, decided_on, recorded_at FROM decision"
        " WHERE application_id = :key"
    )

    with app.app_context(), writing():
        keep_words(db.session.connection(), "decision", later)
        db.session.execute(text(adding), {"key": key})

        assert db.session.scalar(text("SELECT count(*) FROM decision WHERE outcome = 'noted' AND body IS NULL")) == 1
        db.session.rollback()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")  # pages look the same on both
def test_one_strange_row_closes_no_list(demo_app: Flask, client_for: Callable[[str], FundClient]) -> None:
    # What papers are asked for is no row of a list: by terms that nobody knows nothing is judged.
    asked = {"document_type", "document_example"}
    words = {table: columns for table, columns in words_of(db.metadata).items() if table not in asked}
    with demo_app.app_context(), db.engine.begin() as connection:
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        for table, columns in words.items():
            free_words(connection, table, columns)
            rows = db.metadata.tables[table]
            for column in columns:
                newest = select(func.max(rows.c.id)).where(rows.c[column].is_not(None)).scalar_subquery()
                connection.execute(update(rows).where(rows.c.id == newest).values({column: "strange"}))
    lists = sorted(str(rule) for rule in demo_app.url_map.iter_rules() if rule.endpoint.endswith("View.list"))
    faults, seen = [], ""

    for person in PEOPLE:
        client = client_for(person)
        for path in ("/", *lists):
            answer = client.get(path)
            seen += answer.get_data(as_text=True)
            faults += [(person, path)] if answer.status_code >= 500 else []

    assert faults == []
    assert "strange" in seen
