"""Brings a file into the store while the request that sent it goes on."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from app.files.store import DocumentStore, StoreUnavailable, new_key, sha256_of

# As many as requests at a time; what they do needs no turn of the interpreter's.
_workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sha256")


class Storing:
    """A file on its way into the store: nothing may point to it before ``safe`` has returned.

    Raises:
        StoreUnavailable: it cannot be kept.
    """

    def __init__(self, store: DocumentStore, content: bytes) -> None:
        self.key = new_key()
        self._digest = _workers.submit(sha256_of, content)
        self._store = store
        self._writing = store.begin(self.key, content)

    @property
    def sha256(self) -> str:
        return self._digest.result()

    def safe(self) -> None:
        """Return once the file would survive a power cut. Raises StoreUnavailable when it could not be kept.

        A store that did not answer is not asked to delete: what it kept all the same is found by check-documents.
        """
        try:
            self._writing.finish()
        except StoreUnavailable:
            self._writing.abandon()
            raise

    def discard(self) -> None:
        """Leave nothing in the store: nothing points to it."""
        with suppress(StoreUnavailable):
            self._writing.abandon()
            self._store.delete(self.key)
