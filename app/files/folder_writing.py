"""Writes a file into a folder so that it is there in full, or not at all, whenever the power goes."""

import os
from concurrent.futures import Future, ThreadPoolExecutor, wait
from io import FileIO
from pathlib import Path

UNFINISHED = "unfinished"
# Ten megabytes at once take the system ten times as long as in pieces of this size.
PIECE = 256 * 2**10  # bytes
# They only wait for the disk; as many as requests at a time.
_disk = ThreadPoolExecutor(max_workers=4, thread_name_prefix="disk")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder that survives a power cut, with the folders above it."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


class FolderWriting:
    """A file whose bytes are on their way to the disk from now on, and which has its place only once it is finished.

    ``folders_kept`` are those known to survive a power cut; the file's own is added.

    Raises:
        OSError: the disk is full or away; nothing is left.
    """

    def __init__(self, root: Path, key: str, content: bytes, folders_kept: set[Path]) -> None:
        if not root.is_dir():
            # A disk that is no longer mounted must not be replaced by a new folder beside it.
            raise NotADirectoryError(root)
        self._root, self._target, self._folders_kept = root, root / key, folders_kept
        self._unfinished = root / UNFINISHED / key.rpartition("/")[2]
        folder = self._target.parent
        self._known = folder in folders_kept and folder.is_dir()
        # The file's folder and those above it, up to the root.
        self._above = [root / part for part in Path(key).parents if part.name]
        for needed in (self._unfinished.parent, *reversed(self._above)):
            needed.mkdir(mode=0o700, exist_ok=True)
        self._synced: Future[None] | None = None
        self._file = FileIO(os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        try:
            self._write(content)
        except OSError:
            self.abandon()
            raise
        # The disk begins now: what is done until the file is finished costs no time of waiting.
        self._synced = _disk.submit(os.fsync, self._file.fileno())

    def _write(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest[:PIECE]) or 0 :]

    def finish(self) -> None:
        """Return once the file would survive a power cut. Raises OSError, and then nothing is left."""
        try:
            if self._synced is not None:
                self._synced.result()
            self._file.close()
            self._unfinished.rename(self._target)
        except OSError:
            self.abandon()
            raise
        folder = self._target.parent
        for changed in (folder,) if self._known else (*self._above, self._root):
            _sync_folder(changed)
        self._folders_kept.add(folder)

    def abandon(self) -> None:
        """Leave nothing of a file that was not finished."""
        if self._synced is not None:
            wait([self._synced])  # the number of a closed file may soon be another file's
        self._file.close()
        self._unfinished.unlink(missing_ok=True)
