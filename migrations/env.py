"""Alembic's environment: one metadata for the framework's tables and ours."""

import re
from typing import Any

from alembic import context
from flask import current_app

import app.models  # noqa: F401  registers every table
from app.commands.going_back import refuse_loss
from app.commands.turn import preparing
from app.models.types import Moment, Money, Rate

LETTERS = re.compile(r"_letters(_\w+)?$")
PORTABLE = {
    Money: "sa.Numeric(15, 2).with_variant(sa.BigInteger(), 'sqlite')",
    Rate: "sa.Numeric(9, 6).with_variant(sa.String(12), 'sqlite')",
    Moment: "sa.DateTime(timezone=True)",
}


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our types as plain ones, so that a migration stands without the models."""
    if kind == "type":
        for ours, text in PORTABLE.items():
            if isinstance(item, ours):
                return text
    return False


def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """What the models do not tell of, because not every database has it.

    Trigram indexes exist only where PostgreSQL has the extension; SQLite keeps the place of an application by triggers.
    """
    if kind == "index" and name is not None:
        return not name.endswith("_trgm")
    return not (kind == "foreign_key_constraint" and name == "fk_loan_application_place")


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """SQLite's indexes of letters are tables of its own making, of which the models know nothing."""
    return not (kind == "table" and name is not None and LETTERS.search(name))


def run() -> None:
    """Migrate online, in one transaction where the database can."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            include_object=include_object,
            include_name=include_name,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        refuse_loss(context.get_context(), context.script, context.get_x_argument(as_dictionary=True))
        with context.begin_transaction():
            context.run_migrations()


# Whoever else starts, migrates or works on the rows waits; a start that has the turn by now goes on.
with preparing():
    run()
