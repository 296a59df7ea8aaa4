"""Keeps the bytes of attached files under random keys, in a folder or in an S3 bucket."""

import hashlib
import itertools
import os
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from app.files.folder_writing import UNFINISHED, FolderWriting, make_folder
from app.files.s3_bucket import s3_store

if TYPE_CHECKING:  # obstore has these names for type checkers only
    from typing_extensions import Buffer

CHUNK = 256 * 2**10

FILES_IN_A_FOLDER = 250
_places = [uuid.uuid4().hex[:4] for _place in range(256)]
_numbers = itertools.count()
_APART = "quarantine/"
_KEY = re.compile(rf"(?:{_APART})?([0-9a-f]{{2}})/([0-9a-f]{{2}})/\1\2[0-9a-f]{{28}}")


class StoreUnavailable(Exception):
    """The place documents are kept in cannot be reached, read or written; nothing was saved."""


class FileMissing(StoreUnavailable):
    """The store works but has nothing under this key: a row without its file."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What to write into the attachment's row once its bytes are safe."""

    key: str
    sha256: str
    size: int


@contextmanager
def _reaching(folder: Path | None = None) -> Iterator[None]:
    """Turn every failure of the store into ours; the cause stays for the log, out of the text.

    With its folder, a file that is not there is told apart from a folder that is not: a disk that is no longer mounted
    leaves an empty one.
    """
    try:
        yield
    except FileNotFoundError as missing:
        if folder is not None and not _holds_files(folder):
            raise StoreUnavailable("the folder of documents is away or empty") from missing
        raise FileMissing("no file under this key") from missing
    except (BaseError, OSError) as failure:
        raise StoreUnavailable("the document store cannot be used") from failure


def _holds_files(folder: Path) -> bool:
    with suppress(OSError):
        return any(each.name != UNFINISHED for each in folder.iterdir())
    return False


def new_key() -> str:
    """A random key, as every file has; some hundred in a row lie in the same folder.

    A new folder costs the disk as much waiting as a file does.
    """
    name = uuid.uuid4().hex
    place = _places[next(_numbers) // FILES_IN_A_FOLDER % len(_places)]
    return f"{place[:2]}/{place[2:]}/{place}{name[4:]}"


def is_key(key: str) -> bool:
    """Whether a store like this may have made it."""
    return _KEY.fullmatch(key) is not None


def _checked(key: str) -> str:
    """Refuse any key this store did not make; a key is never built from what a person sent."""
    if not is_key(key):
        raise ValueError("not a key of the document store")
    return key


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _older(folder: Path, older_than: datetime) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if datetime.fromtimestamp(file.stat().st_mtime, UTC) < older_than)


def _pieces(stream: "Iterator[Buffer]") -> Iterator[bytes]:
    while True:
        with _reaching():
            piece = next(stream, None)
        if piece is None:
            return
        yield bytes(piece)


class OpenFile(FileIO):
    """A file of the folder, read in pieces when it is gone through."""

    def __init__(self, path: Path, chunk: int) -> None:
        super().__init__(path)
        self._chunk = chunk

    def __next__(self) -> bytes:
        with _reaching():
            piece = self.read(self._chunk)
        if not piece:
            self.close()
            raise StopIteration
        return piece


def _local_root(url: str) -> Path:
    path = url.removeprefix("file:")
    if path.startswith("///"):
        path = path.removeprefix("//")
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"DOCUMENT_STORE must be file: and an absolute path, not {url!r}")
    return Path(path)


class Writing:
    """A file on its way into the store."""

    def __init__(self, finish: Callable[[], object], abandon: Callable[[], object] = lambda: None) -> None:
        self._finish, self._abandon = finish, abandon

    def finish(self) -> None:
        """Return only when the file would survive a power cut. Raises StoreUnavailable, and then nothing is left."""
        with _reaching():
            self._finish()

    def abandon(self) -> None:
        """Leave nothing of a file that was not finished."""
        with _reaching():
            self._abandon()


class DocumentStore:
    """One interface to a folder and to S3; safe to share between threads.

    Every method raises StoreUnavailable when the place cannot be used, and ValueError for a key
    that is not one of its own.
    """

    def __init__(self, objects: LocalStore | S3Store, folder: Path | None = None, asked: S3Store | None = None) -> None:
        self._objects = objects
        self._asked = asked
        self._folder = folder
        self._folders_kept: set[Path] = set()

    @classmethod
    def from_url(cls, url: str, environ: Mapping[str, str] = os.environ) -> "DocumentStore":
        """Open ``file:/absolute/folder`` (made when missing) or ``s3://bucket/prefix``.

        ``environ`` gives AWS_ENDPOINT_URL, AWS_REGION or AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Nothing is sent to S3 yet.

        Raises:
            ValueError: the URL is neither.
            StoreUnavailable: the folder cannot be made.
        """
        if url.startswith("s3://"):
            return cls(s3_store(url, environ), asked=s3_store(url, environ, quick=True))
        if url.startswith("file:"):
            root = _local_root(url)
            with _reaching():
                make_folder(root)
                return cls(LocalStore(root), root)
        raise ValueError("DOCUMENT_STORE must begin with file: or s3://")

    def put(self, content: bytes) -> StoredFile:
        """Keep ``content`` under a new random key and return only when it would survive a power cut."""
        stored = StoredFile(new_key(), sha256_of(content), len(content))
        self.begin(stored.key, content).finish()
        return stored

    def begin(self, key: str, content: bytes) -> "Writing":
        """Begin to keep ``content`` under a key of ``new_key``; it is there when the writing is finished."""
        with _reaching():
            if self._folder is None:
                return Writing(partial(self._objects.put, key, content, use_multipart=False))
            begun = FolderWriting(self._folder, key, content, self._folders_kept)
            return Writing(begun.finish, begun.abandon)

    def get(self, key: str) -> bytes:
        """Return the whole file. Raises FileMissing when there is none."""
        path = _checked(key)
        with _reaching(self._folder):
            return self._objects.get(path).bytes().to_bytes()

    def stream(self, key: str, chunk: int = CHUNK) -> Iterator[bytes]:
        """Open the file now and return its bytes in pieces of about ``chunk``. Raises FileMissing at once.

        Of a folder it is a file that is open, which a server can hand on by itself.
        """
        path = _checked(key)
        with _reaching(self._folder):
            if self._folder is not None:
                return OpenFile(self._folder / path, chunk)
            return _pieces(iter(self._objects.get(path).stream(min_chunk_size=chunk)))

    def answers(self) -> None:
        """Return when the place can be written to, or an S3 store answers. Raises StoreUnavailable."""
        with _reaching():
            if self._folder is not None:
                probe = self._folder / f".{uuid.uuid4().hex}"
                probe.touch(exist_ok=False)
                probe.unlink()
            elif self._asked is not None:
                next(iter(self._asked.list(chunk_size=1)), None)

    def set_apart(self, key: str) -> str:
        """Copy an infected file to where nothing else is kept, and return its key there; the row then names that key.

        The first copy is deleted after the row's commit. Each try has a key of its own, so that no file without a row
        ever gets one later.
        """
        content = self.get(key)
        apart = _APART + new_key()
        self.begin(apart, content).finish()
        return apart

    def delete(self, key: str) -> None:
        """Take the file away; a file already gone is no error. Call it only after the row's commit."""
        path = _checked(key)
        with suppress(FileMissing), _reaching(self._folder):
            self._objects.delete(path)

    def exists(self, key: str) -> bool:
        """Whether there is a file under this key."""
        path = _checked(key)
        with suppress(FileMissing), _reaching(self._folder):
            self._objects.head(path)
            return True
        return False

    def keys(self, older_than: datetime) -> Iterator[str]:
        """Yield the keys of files written before ``older_than`` (with its zone), for finding files without rows."""
        batches = iter(self._objects.list())
        while True:
            with _reaching():
                batch = next(batches, None)
            if batch is None:
                return
            for found in batch:
                if found["last_modified"] < older_than and _KEY.fullmatch(found["path"]):
                    yield found["path"]

    def unfinished(self, older_than: datetime) -> list[str]:
        """The names of what a crash left half written in a folder before ``older_than``; S3 keeps no halves."""
        if self._folder is None:
            return []
        with _reaching():
            return [file.name for file in _older(self._folder / UNFINISHED, older_than)]

    def remove_unfinished(self, older_than: datetime) -> int:
        """Take them away; return how many."""
        if self._folder is None:
            return 0
        with _reaching():
            old = _older(self._folder / UNFINISHED, older_than)
            for file in old:
                file.unlink(missing_ok=True)
            return len(old)


def document_store() -> DocumentStore:
    """The application's own store, made when it starts."""
    store: DocumentStore = current_app.extensions["document_store"]
    return store
