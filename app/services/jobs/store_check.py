"""Compares the document store with the database: files without rows, rows without files, bytes that changed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import null, select

from app.extensions import db
from app.files.store import FileMissing, StoreUnavailable, document_store, new_key
from app.models.document_types import DocumentExample
from app.models.documents import Document
from app.models.help_pages import HelpPicture

# Every table whose rows name a file of the store.
WITH_FILES: tuple[type[Any], ...] = (Document, DocumentExample, HelpPicture)
# So many files without rows at once are no crash's leavings: more likely the database is not the store's.
MOST_ORPHANS = 10
_BATCH = 500


class Wrong(StrEnum):
    """What can be wrong between the store and the database."""

    MISSING = "row without its file"
    CHANGED = "file whose bytes changed"
    UNREADABLE = "file that cannot be read"
    NOT_ERASED = "file of a row that was erased"
    ORPHAN = "file without a row"
    UNFINISHED = "file left half written"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, by the file's key in the store and, when there is a row, its table and number."""

    what: Wrong
    key: str
    table: str = ""
    row_id: int | None = None
    name: str = ""


@dataclass(slots=True)
class Checked:
    """How much was read, what was found, and whether the store went away before the end."""

    files: int = 0
    size: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)
    broken_off: bool = False

    def found(self, what: Wrong) -> list[Finding]:
        return [finding for finding in self.findings if finding.what is what]

    @property
    def odd(self) -> bool:
        """Whether so many files have no row that the database is probably not the one they belong to."""
        orphans = len(self.found(Wrong.ORPHAN))
        return orphans > MOST_ORPHANS and orphans * 10 > self.files


def check_documents(older_than: datetime) -> Checked:
    """Hash every file again and look for files nobody knows, in flat memory: rows and keys are read in batches.

    A file is stored before its row is committed, so only one written before ``older_than`` counts as without a row.
    A file that cannot be read is a finding as others are; once the store itself is away, what was found is returned.
    """
    checked = Checked()
    try:
        for table in WITH_FILES:
            for row_id in _ids(table):
                _check_row(table, row_id, checked)
        checked.findings += [Finding(Wrong.ORPHAN, key) for key in _orphans(older_than)]
        checked.findings += [Finding(Wrong.UNFINISHED, name) for name in document_store().unfinished(older_than)]
    except StoreUnavailable:
        checked.broken_off = True
    return checked


def clean(checked: Checked, older_than: datetime) -> int:
    """Take away files without rows, unfinished files, and the bytes of erased rows; returns how many."""
    going = [*checked.found(Wrong.ORPHAN), *checked.found(Wrong.NOT_ERASED)]
    for finding in going:
        document_store().delete(finding.key)
    return len(going) + document_store().remove_unfinished(older_than)


def _ids(table: type[Any]) -> Iterator[int]:
    """Yield every row's id; no transaction is open while the files between two batches are read."""
    last = 0
    while True:
        batch = list(db.session.scalars(select(table.id).where(table.id > last).order_by(table.id).limit(_BATCH)))
        db.session.rollback()
        if not batch:
            return
        yield from batch
        last = batch[-1]


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    sha256: str
    size: int
    name: str
    erased_at: datetime | None


def _read(table: type[Any], row_id: int) -> _Row | None:
    columns = (table.storage_key, table.sha256, table.size, table.file_name, getattr(table, "erased_at", null()))
    found = db.session.execute(select(*columns).where(table.id == row_id)).first()
    db.session.rollback()
    return _Row(*found) if found else None


def _check_row(table: type[Any], row_id: int, checked: Checked) -> None:
    row = _read(table, row_id)
    found = _compare(row) if row else None
    if found:
        # The scanner or an erasure may have moved the file while it was read.
        row = _read(table, row_id)
        found = _compare(row) if row else None
    if row is None:
        return
    if found is Wrong.UNREADABLE:
        document_store().exists(new_key())  # raises when it is not this file alone
    elif row.erased_at is not None:
        checked.erased += 1
    elif found is not Wrong.MISSING:
        checked.files += 1
        checked.size += row.size
    if found:
        checked.findings.append(Finding(found, row.key, table.__tablename__, row_id, row.name))


def _compare(row: _Row) -> Wrong | None:
    store = document_store()
    try:
        if row.erased_at is not None:
            return Wrong.NOT_ERASED if store.exists(row.key) else None
        return None if _digest(store.stream(row.key)) == (row.sha256, row.size) else Wrong.CHANGED
    except (FileMissing, ValueError):
        # A key the store did not make names no file.
        return Wrong.MISSING
    except StoreUnavailable:
        return Wrong.UNREADABLE


def _digest(pieces: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _orphans(older_than: datetime) -> Iterator[str]:
    keys = document_store().keys(older_than)
    while batch := list(islice(keys, _BATCH)):
        known: set[str] = set()
        for table in WITH_FILES:
            known.update(db.session.scalars(select(table.storage_key).where(table.storage_key.in_(batch))))
        db.session.rollback()
        yield from (key for key in batch if key not in known)
