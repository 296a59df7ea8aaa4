"""Going back to an older version of the database: refused while rows would be lost, unless that is meant."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, column, create_engine, func, inspect, select, table

AGREED = ("rows", "gone")  # flask db downgrade -x rows=gone

Columns = dict[str, set[str]]


class RowsWouldBeLost(CommandError):
    """What would go, with how many rows, and how to say that it is meant; Thai then English."""

    def __init__(self, lost: Iterable[tuple[str, int]]) -> None:
        lines = [f"  {name}: {number:,} แถว / rows" for name, number in lost]
        super().__init__(
            "\n".join(
                [
                    "การย้อนฐานข้อมูลจะลบข้อมูลในตารางหรือคอลัมน์ต่อไปนี้ ยังไม่ได้ทำสิ่งใด / going back drops these tables and "
                    "columns with what is in them; nothing was done",
                    *lines,
                    "สำรองข้อมูลด้วย flask fund backup ก่อน แล้วสั่งซ้ำโดยเพิ่ม / make a backup by flask fund backup first, "
                    f"then repeat with: flask db downgrade -x {'='.join(AGREED)}",
                ]
            )
        )


def refuse_loss(migration: MigrationContext, scripts: ScriptDirectory, said: Mapping[str, str]) -> None:
    """Look, before a downgrade begins, at what it drops, and refuse what holds rows.

    A migration names in ``KEPT_ELSEWHERE`` what its downgrade writes to another place, or what is worked out again.

    Args:
        said: what the command line gave by ``-x``.

    Raises:
        RowsWouldBeLost: nobody said that it is meant; nothing was changed.
    """
    going = migration.opts["fn"]
    if going.__name__ != "downgrade" or said.get(AGREED[0]) == AGREED[1]:
        return
    steps = [step for step in going(migration.get_current_heads(), migration) if step.is_downgrade]
    if not steps or migration.connection is None:
        return
    kept = {name for step in steps for name in getattr(step.revision.module, "KEPT_ELSEWHERE", ())}
    lost = [each for each in _held(migration.connection, _dropped(scripts, steps)) if each[0] not in kept]
    if lost:
        raise RowsWouldBeLost(lost)


def _dropped(scripts: ScriptDirectory, steps: list[Any]) -> Iterator[tuple[str, str | None]]:
    """Tables, and columns of tables that stay, that the steps drop: tried on an empty database in memory.

    Whatever way a migration goes, its effect on the shape is seen.
    """
    with create_engine("sqlite://").connect() as scratch, Operations.context(MigrationContext.configure(scratch)):
        for script in reversed([*scripts.walk_revisions("base", steps[0].revision.revision)]):
            script.module.upgrade()
        before = _columns(scratch)
        for step in steps:
            step.revision.module.downgrade()
        after = _columns(scratch)
    for name, columns in before.items():
        if name not in after:
            yield name, None
        else:
            yield from ((name, gone) for gone in sorted(columns - after[name]))


# SQLite's index of letters is made of tables of its own, which a migration fills again.
_INDEX = re.compile(r"_letters(_\w+)?$")


def _columns(connection: Connection) -> Columns:
    found = inspect(connection)
    return {
        name: {each["name"] for each in found.get_columns(name)}
        for name in found.get_table_names()
        if not _INDEX.search(name)
    }


def _held(connection: Connection, dropped: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, int]]:
    """Of tables how many rows they have, of columns in how many rows they hold something; only what holds something."""
    there = set(inspect(connection).get_table_names())
    for name, gone in dropped:
        if name not in there:
            continue
        counted = func.count() if gone is None else func.count(column(gone))
        number = connection.scalar(select(counted).select_from(table(name))) or 0
        if number:
            yield (name if gone is None else f"{name}.{gone}"), number
