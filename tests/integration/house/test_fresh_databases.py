"""Every test begins with the same database, whatever the test before it did to it."""

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import inspect, select, table, text

from app.extensions import db
from app.models.places import Province
from tests.databases import Databases


def content(app: Flask) -> dict[str, list[str]]:
    """All rows, the columns, and the last number of each counter."""
    with app.app_context(), db.engine.connect() as connection:
        found = {}
        for name in inspect(connection).get_table_names():
            rows = connection.execute(select(text("*")).select_from(table(name)))
            found[name] = [repr(rows.keys()), *sorted(map(repr, rows))]
        if connection.dialect.name == "postgresql":
            counters = text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
            found["counters"] = [repr(row) for row in connection.execute(counters)]
    return found


def change(app: Flask, *statements: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ab_permission (id, name) VALUES (99999, 'a new row')",
        "UPDATE province SET name_en = name_en || ' x' WHERE id < 5",
        "DELETE FROM notice",
        "CREATE TABLE more (id integer PRIMARY KEY)",
        "ALTER TABLE province ADD COLUMN more integer",
        "DROP TABLE notice",
    ],
)
def test_what_a_test_has_changed_is_as_before_for_the_next_one(databases: Databases, statement: str) -> None:
    app = databases.fresh(demo=True)
    before = content(app)
    change(app, statement)
    assert content(app) != before

    after = content(databases.fresh(demo=True))

    assert after == before


def test_a_number_that_was_used_is_given_again(databases: Databases) -> None:
    numbers = []
    for _time in range(2):
        with databases.fresh(demo=False).app_context():
            role = Role(name="new")
            db.session.add(role)
            db.session.commit()
            numbers.append(role.id)

    assert numbers[0] == numbers[1]


def test_whoever_still_holds_a_row_is_stopped(databases: Databases) -> None:
    app = databases.fresh(demo=True)
    with app.app_context():
        busy = db.engine.connect()
        busy.execute(text("UPDATE province SET name_en = 'held'"))

    with databases.fresh(demo=True).app_context():
        names = set(db.session.scalars(select(Province.name_en)))

    assert "held" not in names
    busy.invalidate()
