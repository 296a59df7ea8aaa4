"""The dossier of an application: which files go into it under which names, the note of it, and its bytes."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask_babel import gettext

from app.domain.archive_names import numbered, safe_folder, safe_name
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.store import DocumentStore, document_store
from app.files.zip_writing import Member
from app.models.applications import LoanApplication
from app.models.audit import AuditKind
from app.models.documents import Document
from app.security.audit import record
from app.services.documents.access import refuse_unless_openable
from app.services.documents.checklist import Paper

EARLIER = N_("Earlier and refused versions")  # the folder of files that do not count
ASKED_AT_ONCE = 8  # files looked up in the store


class FileChanged(RuleBroken):
    """The store's bytes are not those that were attached."""


@dataclass(frozen=True, slots=True)
class DossierFile:
    """A file of the checklist, where it goes in the dossier, and why it is left out if it is."""

    document: Document
    path: str
    earlier: bool
    left_out: RuleBroken | None


@dataclass(frozen=True, slots=True)
class DossierPaper:
    """One row of the checklist with its files, those that count first."""

    paper: Paper
    files: tuple[DossierFile, ...]


def contents(papers: Sequence[Paper], *, lost: Collection[int] = ()) -> list[DossierPaper]:
    """The papers that must be there or are, in the checklist's order and numbered without a gap.

    ``lost`` are ids of documents that the store does not have.
    """
    earlier = safe_folder(gettext(EARLIER))
    shown = [paper for paper in papers if paper.required or paper.files or paper.earlier]
    found = []
    for place, paper in enumerate(shown, 1):
        folder = safe_folder(numbered(place, len(shown), paper.type.name))
        files = [
            *_files(paper.files, folder, lost, earlier=False),
            *_files(paper.earlier, f"{earlier}/{folder}", lost, earlier=True),
        ]
        found.append(DossierPaper(paper, tuple(files)))
    return found


def _files(
    documents: Sequence[Document], folder: str, lost: Collection[int], *, earlier: bool
) -> Iterator[DossierFile]:
    for place, document in enumerate(documents, 1):
        path = f"{folder}/{numbered(place, len(documents), safe_name(document.file_name))}"
        yield DossierFile(document, path, earlier, _why_left_out(document, lost))


def _why_left_out(document: Document, lost: Collection[int]) -> RuleBroken | None:
    try:
        refuse_unless_openable(document)
    except RuleBroken as reason:
        return reason
    if document.id in lost:
        return RuleBroken(N_("The store of files does not have this file. Tell the system administrator."))
    return None


def included(papers: Iterable[DossierPaper]) -> list[DossierFile]:
    """The files that go into the dossier, in its order: those that count, then earlier ones."""
    files = [file for paper in papers for file in paper.files if file.left_out is None]
    return sorted(files, key=lambda file: file.earlier)


def holds_identity(papers: Iterable[DossierPaper]) -> bool:
    """Whether an identity paper is among the files that go into it."""
    return any(file.left_out is None for paper in papers if paper.paper.type.identity for file in paper.files)


def keys_of(papers: Iterable[DossierPaper]) -> dict[int, str]:
    """Where the store has the files that go into it, by the ids of their documents."""
    return {file.document.id: file.document.storage_key for file in included(papers)}


def lost_files(keys: Mapping[int, str]) -> set[int]:
    """Ids of documents that the store does not have; to be called with no transaction open: the store may be slow.

    Raises:
        StoreUnavailable: the store is away.
    """
    store = document_store()
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        there = list(pool.map(store.exists, keys.values()))
    return {key for key, found in zip(keys, there, strict=True) if not found}


def note_download(application: LoanApplication, files: Sequence[DossierFile], name: str, purpose: str | None) -> None:
    """Note, in the running transaction, that the person takes the dossier and every file in it."""
    for_what = {"purpose_of_opening": purpose} if purpose else {}
    record(AuditKind.DOWNLOADED, application, summary=name, after={"files": len(files), **for_what})
    for file in files:
        stated = for_what if file.document.document_type.identity else {}
        record(
            AuditKind.DOWNLOADED, file.document, summary=file.document.file_name, after={"in_dossier": name, **stated}
        )


def members_of(files: Iterable[DossierFile]) -> list[Member]:
    """The files as the archive takes them; nothing is read yet, and no row is needed once it is."""
    store = document_store()
    return [
        Member(file.path, file.document.size, file.document.uploaded_at, _checked(store, file.document))
        for file in files
    ]


def _checked(store: DocumentStore, document: Document) -> Callable[[], Iterator[bytes]]:
    """What reads a file's bytes, and fails at the end of those that are not what was attached."""
    key, sha256, size, name = document.storage_key, document.sha256, document.size, document.file_name

    def read() -> Iterator[bytes]:
        seen, length = hashlib.sha256(), 0
        for piece in store.stream(key):
            seen.update(piece)
            length += len(piece)
            yield piece
        if (seen.hexdigest(), length) != (sha256, size):
            raise FileChanged(
                N_(
                    "The store of files does not have %(name)s as it was attached, so no dossier was made. Tell the "
                    "system administrator."
                ),
                name=name,
            )

    return read
