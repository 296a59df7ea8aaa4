"""The same rows in SQLite: its schema made by the product's migrations, its rows copied from PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import Connection, Table, create_engine, delete, insert, select

from app.extensions import db
from bench.national.product import application

AT_ONCE = 5_000
# What is copied is made anew after a power cut; rows of a table may point to rows that come later.
HASTE = ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=DELETE", "journal_mode=OFF")
SAFE = ("journal_mode=WAL", "optimize")


def copied(source: str, folder: Path, instance: Path) -> str:
    """The address of the SQLite file in ``folder`` with all rows of the PostgreSQL database; made when missing."""
    file = folder / "national.db"
    address = f"sqlite:///{file}"
    if file.exists():
        return address
    unfinished = folder / "unfinished.db"
    unfinished.unlink(missing_ok=True)
    app = application(f"sqlite:///{unfinished}", instance, demo=False)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    reading = create_engine(source.replace("postgresql://", "postgresql+psycopg://"))
    writing = create_engine(f"sqlite:///{unfinished}")
    with reading.connect() as rows, writing.connect() as target:
        _set(target, HASTE)
        for table in reversed(db.metadata.sorted_tables):
            target.execute(delete(table))  # the offices and provinces that the migrations put in
        for table in db.metadata.sorted_tables:
            _copy(rows, target, table)
        target.commit()
        target.exec_driver_sql("ANALYZE")
        target.commit()
    for engine in (reading, writing):
        engine.dispose()
    _tidy(unfinished)
    unfinished.rename(file)
    return address


def _set(target: Connection, pragmas: tuple[str, ...]) -> None:
    for pragma in pragmas:
        target.exec_driver_sql(f"PRAGMA {pragma}")


def _copy(source: Connection, target: Connection, table: Table) -> None:
    for batch in _batches(source, table):
        target.execute(insert(table), batch)


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = source.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key.columns))
    for batch in found.mappings().partitions():
        yield [dict(row) for row in batch]


def _tidy(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("VACUUM")
        for pragma in SAFE:
            connection.execute(f"PRAGMA {pragma}")
