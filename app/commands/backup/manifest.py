"""What a backup says of itself: its version, how many rows each table has, and every file with its digest."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.files.store import is_key

NAME = "manifest.json"
DOCUMENTS = "documents"
DATABASES = ("database.sqlite", "database.dump")
FORM = 1
PIECE = 2**20  # bytes


class NotDone(Exception):
    """A backup or a restore cannot be done; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file of a backup, as its bytes were when it was made."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a restore has to know; written last, so that a backup without one was broken off."""

    made_at: str  # UTC
    kind: str  # the database's: sqlite or postgresql
    migration: str
    database: str  # its file's name
    database_copied: Copied
    rows: dict[str, int]  # by table
    documents: dict[str, Copied]  # by key in the store

    @property
    def size(self) -> int:
        """The bytes of all documents."""
        return sum(each.size for each in self.documents.values())


def copied_into(target: Path, pieces: Iterable[bytes]) -> Copied:
    """Write a new file that only its owner reads; returns what was written."""
    digest, size = hashlib.sha256(), 0
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return Copied(size, digest.hexdigest())


def read_from(path: Path) -> Copied:
    """The size and digest of a file as it is now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Copied(file.tell(), digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it once everything else would survive a power cut."""
    os.sync()
    unfinished = folder / f"{NAME}.unfinished"
    content = json.dumps({"form": FORM, **asdict(manifest)}, ensure_ascii=False, indent=1)
    copied_into(unfinished, [content.encode()])
    unfinished.rename(folder / NAME)
    os.sync()


def read_manifest(folder: Path) -> Manifest:
    """Read what a backup says of itself.

    Raises:
        NotDone: there is no whole backup in the folder.
    """
    try:
        said: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if said.pop("form") != FORM:
            raise NotDone(f"{folder}: the backup was made by another version of this program; restore it with that one")
        said["database_copied"] = Copied(**said["database_copied"])
        said["documents"] = {key: Copied(**copied) for key, copied in said["documents"].items()}
        manifest = Manifest(**said)
        if manifest.database not in DATABASES or not all(map(is_key, manifest.documents)):
            raise ValueError(manifest.database)
        return manifest
    except FileNotFoundError as missing:
        raise NotDone(f"{folder}: no whole backup is there ({NAME} is missing); take another folder") from missing
    except (ValueError, KeyError, TypeError, AttributeError) as damaged:
        raise NotDone(f"{folder}: {NAME} is damaged; take another backup") from damaged


def refuse_damaged(folder: Path, manifest: Manifest) -> None:
    """Hash every file of a backup again.

    Raises:
        NotDone: one is missing or is not as it was.
    """
    files = {manifest.database: manifest.database_copied}
    files |= {f"{DOCUMENTS}/{key}": copied for key, copied in manifest.documents.items()}
    bad = [name for name, copied in files.items() if not _is(folder / name, copied)]
    if bad:
        raise NotDone(
            f"{folder}: {len(bad):,} files of the backup are missing or changed, {bad[0]} first; take another"
        )


def _is(path: Path, copied: Copied) -> bool:
    try:
        return read_from(path) == copied
    except OSError:
        return False
