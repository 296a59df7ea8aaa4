"""The document store, on a folder and on a real S3 server."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from app.files.store import DocumentStore, FileMissing, StoreUnavailable, new_key
from tests.s3 import running_s3, s3_environ

ABSENT = "ab/cd/abcd" + "0" * 28
SOON = timedelta(minutes=1)


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with running_s3() as endpoint:
        yield endpoint


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DocumentStore:
    if request.param == "folder":
        return DocumentStore.from_url(f"file:{tmp_path}/เอกสาร/documents", {})
    endpoint = request.getfixturevalue("s3_endpoint")
    return DocumentStore.from_url(f"s3://documents/{request.node.name[:20]}", s3_environ(endpoint))


def test_document_comes_back_as_it_went_in(store: DocumentStore) -> None:
    content = os.urandom(3 * 2**20 + 17)

    stored = store.put(content)

    assert store.get(stored.key) == content
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)


def test_document_can_be_streamed(store: DocumentStore) -> None:
    content = os.urandom(2**20 + 1)
    stored = store.put(content)

    pieces = list(store.stream(stored.key))

    assert b"".join(pieces) == content
    assert all(isinstance(piece, bytes) for piece in pieces)


def test_empty_document_is_kept(store: DocumentStore) -> None:
    stored = store.put(b"")

    assert store.get(stored.key) == b""
    assert list(store.stream(stored.key)) == []


def test_same_content_gets_another_key(store: DocumentStore) -> None:
    assert store.put(b"same").key != store.put(b"same").key


def test_deleted_document_is_gone_and_can_be_deleted_again(store: DocumentStore) -> None:
    stored = store.put(b"short-lived")
    assert store.exists(stored.key)

    store.delete(stored.key)
    store.delete(stored.key)

    assert not store.exists(stored.key)
    with pytest.raises(FileMissing):
        store.get(stored.key)


def test_missing_document_is_told_before_streaming_starts(store: DocumentStore) -> None:
    store.put(b"another")

    with pytest.raises(FileMissing):
        store.stream(ABSENT)


def test_a_file_set_apart_is_a_copy_under_a_key_of_its_own(store: DocumentStore) -> None:
    stored = store.put(b"infected")

    first, second = store.set_apart(stored.key), store.set_apart(stored.key)
    store.delete(stored.key)

    assert first != second
    assert first.startswith("quarantine/")
    assert [store.get(first), b"".join(store.stream(second))] == [b"infected"] * 2
    assert {first, second} <= set(store.keys(datetime.now(UTC) + SOON))
    store.delete(first)
    assert not store.exists(first)


def test_keys_lists_only_what_is_old_enough(store: DocumentStore) -> None:
    keys = {store.put(b"one").key, store.put(b"two").key}
    now = datetime.now(UTC)

    assert keys <= set(store.keys(now + SOON))
    assert not keys & set(store.keys(now - SOON))


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "ab/cd/../../../x",
        "ab/cd/สัญญา.pdf",
        "quarantine/" + ABSENT + "/..",
        "quarantine/quarantine/" + ABSENT,
        "unfinished/" + ABSENT,
        ABSENT.upper(),
        ABSENT + "\n",
        "ff" + ABSENT[2:],
        ABSENT.replace("/", "%2f"),
    ],
)
def test_key_that_is_not_ours_is_refused(store: DocumentStore, key: str) -> None:
    for act in (store.get, store.stream, store.delete, store.exists):
        with pytest.raises(ValueError, match="not a key"):
            act(key)


def test_folder_keeps_documents_private_and_leaves_nothing_unfinished(tmp_path: Path) -> None:
    store = DocumentStore.from_url(f"file://{tmp_path}/documents", {})

    stored = store.put(b"private")

    path = tmp_path / "documents" / stored.key
    assert path.read_bytes() == b"private"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list((tmp_path / "documents" / "unfinished").iterdir()) == []


def test_file_is_on_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DocumentStore.from_url(f"file:{tmp_path}", {})
    store.put(b"makes the folder for unfinished files")
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def seen_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def seen_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(Path, "rename", seen_rename)
    store.put(b"durable")

    assert steps[:2] == ["file", "rename"]
    assert set(steps[2:]) == {"folder"}


def test_further_files_of_a_folder_wait_for_the_disk_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DocumentStore.from_url(f"file:{tmp_path}", {})
    monkeypatch.setattr("app.files.store.new_key", lambda: f"ab/cd/abcd{uuid4().hex[:28]}")
    store.put(b"first")
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)

    store.put(b"second")

    assert len(waits) == 2  # for the file, and for its name in the folder


def test_what_is_abandoned_leaves_nothing(tmp_path: Path) -> None:
    store = DocumentStore.from_url(f"file:{tmp_path}", {})

    store.begin(new_key(), b"refused after all").abandon()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_full_disk_saves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = DocumentStore.from_url(f"file:{tmp_path}", {})

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("app.files.folder_writing._sync_folder", lambda _folder: None)
        broken.setattr(os, "fsync", full)
        with pytest.raises(StoreUnavailable) as refused:
            store.put(b"too much")

    assert str(tmp_path) not in str(refused.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.get(store.put(b"space again").key) == b"space again"


def test_folder_that_went_away_is_not_made_again(tmp_path: Path) -> None:
    root = tmp_path / "disk"
    store = DocumentStore.from_url(f"file:{root}", {})
    root.rmdir()

    with pytest.raises(StoreUnavailable):
        store.put(b"anything")

    assert not root.exists()


@pytest.mark.parametrize("left", [(), ("unfinished",)])
def test_a_folder_that_is_away_is_not_taken_for_lost_files(tmp_path: Path, left: tuple[str, ...]) -> None:
    """A disk that is no longer mounted leaves an empty folder, in which unfinished files may have begun."""
    root = tmp_path / "disk"
    store = DocumentStore.from_url(f"file:{root}", {})
    key = store.put(b"kept").key
    root.rename(tmp_path / "elsewhere")
    for name in (".", *left):
        (root / name).mkdir()

    for ask in (store.get, store.stream, store.exists):
        with pytest.raises(StoreUnavailable) as refused:
            ask(key)
        assert not isinstance(refused.value, FileMissing)


def test_half_written_files_are_swept(tmp_path: Path) -> None:
    store = DocumentStore.from_url(f"file:{tmp_path}", {})
    kept = store.put(b"whole")
    (tmp_path / "unfinished" / "left-by-a-crash").write_bytes(b"hal")
    now = datetime.now(UTC)

    assert list(store.keys(now + SOON)) == [kept.key]
    assert (store.unfinished(now - SOON), store.unfinished(now + SOON)) == ([], ["left-by-a-crash"])
    assert store.remove_unfinished(now - SOON) == 0
    assert store.remove_unfinished(now + SOON) == 1
    assert store.get(kept.key) == b"whole"


def test_unreachable_s3_is_told_as_unavailable() -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    server.stop()
    store = DocumentStore.from_url("s3://documents", s3_environ(f"http://{host}:{port}"))

    for act in (lambda: store.put(b"x"), lambda: store.get(ABSENT), lambda: store.exists(ABSENT)):
        with pytest.raises(StoreUnavailable) as refused:
            act()
        assert str(port) not in str(refused.value)


def test_missing_bucket_is_told_as_unavailable(s3_endpoint: str) -> None:
    store = DocumentStore.from_url("s3://no-such-bucket", s3_environ(s3_endpoint))

    with pytest.raises(StoreUnavailable):
        store.put(b"x")


@pytest.mark.parametrize("url", ["", "documents", "file:documents", "file://host/documents", "s3://", "http://x/y"])
def test_address_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DOCUMENT_STORE"):
        DocumentStore.from_url(url, {})
