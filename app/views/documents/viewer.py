"""What the desk shows of the open file: which page, how large, how turned, and the addresses of the next steps."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.values.thai import arabic_digits
from app.files.pictures.page_pictures import pages_in_store
from app.files.store import StoreUnavailable, document_store
from app.models.documents import Document
from app.services.documents.access import asks_purpose, refuse_unless_openable, stated_purpose

# Per cent of the place a page is shown in, and how many pixels across it is drawn for that.
ZOOMS = {100: 1000, 150: 1400, 200: 1900, 300: 2600}
TURNS = (0, 90, 180, 270)
AWAY = N_(
    "The file cannot be read just now. Try again in a few minutes; if it stays so, tell the system administrator."
)


@dataclass(frozen=True, slots=True)
class Viewing:
    """The page, the size and the turn that an address asks for; what it cannot mean is left at the usual."""

    page: int = 1
    zoom: int = 100
    turn: int = 0
    beside: bool = False

    @classmethod
    def asked(cls) -> "Viewing":
        """What the address of this request asks for."""
        zoom, turn = _whole("zoom"), _whole("turn")
        return cls(
            page=max(1, _whole("page") or 1),
            zoom=zoom if zoom in ZOOMS else 100,
            turn=turn if turn in TURNS else 0,
            beside=request.args.get("beside") == "1",
        )

    def query(self) -> dict[str, Any]:
        """The part of an address that says so; the usual is left out."""
        values = {"page": self.page, "zoom": self.zoom, "turn": self.turn, "beside": int(self.beside)}
        usual = {"page": 1, "zoom": 100, "turn": 0, "beside": 0}
        return {name: value for name, value in values.items() if value != usual[name]}


def _whole(name: str) -> int | None:
    digits = arabic_digits(request.args.get(name, "")).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file on the desk: how many pages it has, or why none of them is shown."""

    document: Document
    pages: int = 0
    asks_purpose: bool = False
    refusal: RuleBroken | None = None
    may_download: bool = True

    @property
    def shown(self) -> bool:
        return self.pages > 0

    def picture(self, view: Viewing) -> str:
        """The address of the picture of a page; of the last page when the file has fewer."""
        asked = {name: value for name, value in view.query().items() if name in ("zoom", "turn")}
        document = self.document
        return url_for(
            "DeskView.picture",
            pk=document.application_id,
            public_id=document.public_id,
            number=min(view.page, self.pages),
            **asked,
        )


def sheet_of(document: Document) -> Sheet:
    """What of a file may be shown to the acting person."""
    try:
        refuse_unless_openable(document)
    except RuleBroken as refusal:
        return Sheet(document, refusal=refusal, may_download=False)
    if asks_purpose(document) and stated_purpose(document, datetime.now(UTC)) is None:
        return Sheet(document, asks_purpose=True, may_download=False)
    if not document.drawable:
        return Sheet(document)
    try:
        # A file whose pages are known is looked for, too: what is not there was not opened.
        if not document_store().exists(document.storage_key):
            return Sheet(document, refusal=RuleBroken(AWAY))
        pages = document.pages or pages_in_store(document.storage_key, FileKind(document.kind))
    except StoreUnavailable:
        return Sheet(document, refusal=RuleBroken(AWAY))
    except RuleBroken as refusal:
        return Sheet(document, refusal=refusal)
    return Sheet(document, pages=pages)


@dataclass(frozen=True, slots=True)
class Looking:
    """The open file with the view of it, and another version of it beside it when asked for."""

    sheet: Sheet
    view: Viewing
    other: Document | None = None
    beside: Sheet | None = None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The older version at the left of the newer one."""
        return tuple(
            sorted((sheet for sheet in (self.sheet, self.beside) if sheet), key=lambda sheet: sheet.document.id)
        )

    @property
    def pages(self) -> int:
        """How many pages there are to go through: those of the longer version; none when nothing is shown."""
        return max(sheet.pages for sheet in self.sheets)

    def at(self, **changes: Any) -> str:
        """The address of the desk with another page, size or turn."""
        return address_of(self.sheet.document, replace(self.view, **changes))

    @property
    def next_view(self) -> Viewing:
        """The same of the next page, to be made ready."""
        return replace(self.view, page=self.view.page + 1)

    @property
    def larger(self) -> int | None:
        return next((zoom for zoom in ZOOMS if zoom > self.view.zoom), None)

    @property
    def smaller(self) -> int | None:
        return next((zoom for zoom in reversed(ZOOMS) if zoom < self.view.zoom), None)

    def turned(self, degrees: int) -> int:
        return (self.view.turn + degrees) % 360


def address_of(document: Document, view: Viewing | None = None) -> str:
    """The address of a file on the desk."""
    query = view.query() if view else {}
    return url_for(
        "DeskView.file", pk=document.application_id, public_id=document.public_id, _anchor="looking", **query
    )


def look_at(document: Document, other: Document | None) -> Looking:
    """What this request asks to see of a file, and of another version of it."""
    view = Viewing.asked()
    beside = sheet_of(other) if other is not None and view.beside else None
    looking = Looking(sheet_of(document), replace(view, beside=beside is not None), other, beside)
    return replace(looking, view=replace(looking.view, page=min(view.page, max(1, looking.pages))))
