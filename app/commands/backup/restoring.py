"""Puts a backup back: refuses what does not fit, and holds the mails that waited when it was made."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, inspect, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from app.commands.backup import postgresql, sqlite
from app.commands.backup.making import EVER
from app.commands.backup.manifest import DOCUMENTS, Manifest, NotDone, read_manifest, refuse_damaged
from app.commands.preparing import newest_version, stored_versions
from app.extensions import db
from app.files.store import document_store
from app.models.notices import MailStatus, OutboxMail
from app.models.transaction import own_transaction


@dataclass(slots=True)
class Restored:
    """What was put back, how many mails are held, and how many files without a row were taken away."""

    manifest: Manifest
    held: int = 0
    taken_away: int = 0


def restore(folder: Path, *, replacing: bool) -> Restored:
    """Put the database and the documents back; called by who has the database's turn alone.

    The documents come first, the database then, and what only the old database knew goes last: broken off anywhere,
    the same command does it again.

    Raises:
        NotDone: the backup is damaged or of another version, or something is there already and is not to be replaced.
        StoreUnavailable: the documents cannot be written.
    """
    manifest = read_manifest(folder)
    _refuse_unfit(manifest)
    if manifest.kind == "postgresql":
        postgresql.program("pg_restore", current_app.config["PG_PROGRAMS"])
    _refuse_filled(replacing=replacing)
    refuse_damaged(folder, manifest)
    db.session.remove()
    db.engine.dispose()
    restored = Restored(manifest)
    _put_documents(folder, manifest)
    _put_database(folder / manifest.database, manifest, restored)
    restored.taken_away = _take_away_others(manifest)
    return restored


def _refuse_unfit(manifest: Manifest) -> None:
    """Raises NotDone when the backup is not of this database's kind or of this program's version."""
    kind, newest = db.engine.dialect.name, newest_version(current_app.config["MIGRATIONS_DIR"])
    if manifest.kind != kind:
        raise NotDone(f"the backup is of {manifest.kind}, DATABASE_URL is of {kind}; restore it into {manifest.kind}")
    if manifest.migration != newest:
        raise NotDone(
            f"the backup is of database version {manifest.migration}, this program of {newest}; restore it with the "
            "program of its version, then run flask db upgrade with this one; nothing was changed"
        )


def _refuse_filled(*, replacing: bool) -> None:
    """Raises NotDone when a table or a file is there and was not to be replaced, or cannot be."""
    filled = _has_tables()
    if not replacing and (filled or any(document_store().keys(EVER))):
        what = "database" if filled else "document store"
        raise NotDone(f"the {what} is not empty; --replace takes away what it has, for ever; nothing was changed")
    newest = newest_version(current_app.config["MIGRATIONS_DIR"])
    if filled and db.engine.dialect.name == "postgresql" and stored_versions() != [newest]:
        raise NotDone("the database there is of another version; make an empty one (createdb) and restore into that")


def _has_tables() -> bool:
    try:
        return bool(inspect(db.engine).get_table_names())
    except DatabaseError:
        if db.engine.dialect.name != "sqlite":
            raise
        return True  # damaged: something is there


def _put_documents(folder: Path, manifest: Manifest) -> None:
    """Write every file under its key; one that has its bytes already is left, because a key is never used twice."""
    store = document_store()
    there = set(store.keys(EVER))
    for key, copied in manifest.documents.items():
        content = (folder / DOCUMENTS / key).read_bytes()
        if key in there and len(content) == copied.size and store.get(key) == content:
            continue
        store.begin(key, content).finish()


def _put_database(source: Path, manifest: Manifest, restored: Restored) -> None:
    change = partial(_hold_waiting, restored)
    if manifest.kind == "sqlite":
        sqlite.put_back(source, Path(str(db.engine.url.database)), change)
        return
    postgresql.put_back(db.engine, source, current_app.config["PG_PROGRAMS"])
    with own_transaction(db.engine, writes=True) as connection:
        change(connection)


def _hold_waiting(restored: Restored, connection: Connection) -> None:
    """Keep mails that waited from leaving: most of them left before the database was lost, and would go out twice."""
    mails = cast(Table, OutboxMail.__table__)
    waiting: Any = mails.c.status == MailStatus.WAITING.value
    restored.held = connection.execute(update(mails).where(waiting).values(status=MailStatus.HELD.value)).rowcount


def _take_away_others(manifest: Manifest) -> int:
    store = document_store()
    others = [key for key in store.keys(EVER) if key not in manifest.documents]
    for key in others:
        store.delete(key)
    return len(others)
