"""Makes a backup: the database as it is at one moment, and every file that its rows name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.engine import Connection

from app.commands.backup import postgresql, sqlite
from app.commands.backup.manifest import DOCUMENTS, Copied, Manifest, NotDone, copied_into, read_from, write_manifest
from app.extensions import db
from app.files.store import FileMissing, document_store
from app.services.jobs.store_check import WITH_FILES

EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup, and the files that rows name and the store has not."""

    manifest: Manifest
    missing: list[str]


def make_backup(folder: Path, at: datetime) -> Made:
    """Copy the database and the documents into a folder that is new or empty, while people go on working.

    Files are read before the database and once more after it: one that is removed or attached meanwhile is there
    whenever the copied rows name it.

    Raises:
        NotDone: the folder is not empty, a program is missing, or the database is damaged.
        StoreUnavailable: the documents cannot be read.
    """
    kind = db.engine.dialect.name
    _begun(folder)
    documents: dict[str, Copied] = {}
    _copy_new(folder, documents)
    name = sqlite.FILE if kind == "sqlite" else postgresql.FILE
    with _database_copied(folder / name) as connection:
        rows, named, migration = _rows(connection), _named(connection), _migration(connection)
    _copy_new(folder, documents)
    for key in documents.keys() - named:
        _path(folder, key).unlink()
    kept = {key: documents[key] for key in sorted(documents.keys() & named)}
    manifest = Manifest(at.isoformat(), kind, migration, name, read_from(folder / name), rows, kept)
    write_manifest(folder, manifest)
    return Made(manifest, sorted(named - documents.keys()))


def _begun(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotDone(f"{folder} is not empty; give a new folder")
    (folder / DOCUMENTS).mkdir(mode=0o700)


@contextmanager
def _database_copied(target: Path) -> Iterator[Connection]:
    if db.engine.dialect.name == "sqlite":
        with sqlite.copied(Path(str(db.engine.url.database)), target) as connection:
            yield connection
    else:
        with postgresql.copied(db.engine, target, current_app.config["PG_PROGRAMS"]) as connection:
            yield connection


def _copy_new(folder: Path, documents: dict[str, Copied]) -> None:
    store = document_store()
    for key in store.keys(EVER):
        if key in documents:
            continue
        path = _path(folder, key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            documents[key] = copied_into(path, store.stream(key))
        except FileMissing:
            continue  # removed just now; a row that still names it is told of


def _path(folder: Path, key: str) -> Path:
    return folder / DOCUMENTS / key


def _rows(connection: Connection) -> dict[str, int]:
    names = sorted(inspect(connection).get_table_names())
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def _named(connection: Connection) -> set[str]:
    """The keys of all files that rows name and that were not erased."""
    found: set[str] = set()
    for model in WITH_FILES:
        of = model.__table__.c
        erased = of.get("erased_at")
        named = select(of.storage_key)
        found.update(connection.scalars(named if erased is None else named.where(erased.is_(None))))
    return found


def _migration(connection: Connection) -> str:
    return str(connection.scalar(select(column("version_num")).select_from(table("alembic_version"))))
