"""Writes a file into the store in the background, while the request that brought it goes on."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from app.services.store import DocumentStore, StoreUnavailable, new_key, sha256_of

# Threads that wait for disks and networks; as many as requests at a time, and some.
_writers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="store")


class Storing:
    """A file on its way into the store: nothing may point to it before ``safe`` has returned."""

    def __init__(self, store: DocumentStore, content: bytes) -> None:
        self.key = new_key()
        self._store = store
        self._digest = _writers.submit(sha256_of, content)
        self._written = _writers.submit(store.write, self.key, content)

    @property
    def sha256(self) -> str:
        return self._digest.result()

    def safe(self) -> None:
        """Return once the file would survive a power cut. Raises StoreUnavailable when it could not be kept."""
        self._written.result()

    def discard(self) -> None:
        """Take the file away again: nothing points to it."""
        with suppress(StoreUnavailable):
            self._written.result()
            self._store.delete(self.key)
