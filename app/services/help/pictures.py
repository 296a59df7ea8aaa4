"""Pictures of the help: looked into like every upload, stored, and taken away once no page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import or_, select

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.pictures.photos import PICTURES
from app.files.store import StoredFile, document_store
from app.models.audit import AuditKind
from app.models.help_pages import HelpPage, HelpPicture
from app.security.audit import record
from app.services.documents.intake import Incoming, look_into
from app.services.documents.scan_state import refuse_infected
from app.ui.markdown import PICTURES as ADDRESS


@dataclass(frozen=True, slots=True)
class BroughtPicture:
    """A picture that was found good and lies in the store; no row names it yet."""

    incoming: Incoming
    stored: StoredFile


def bring_picture(content: bytes, name: str) -> BroughtPicture:
    """Look into a picture, have it scanned and store it; to be called with no transaction open.

    Raises:
        RuleBroken: it is refused, with the reason.
        StoreUnavailable: the store is away; nothing was stored.
    """
    incoming = look_into(content, name)
    if incoming.kind not in PICTURES:
        raise RuleBroken(N_("The help shows pictures only (JPEG, PNG). Choose a picture."))
    refuse_infected(incoming.content)
    return BroughtPicture(incoming, document_store().put(incoming.content))


def put_picture(brought: BroughtPicture, user_id: int, at: datetime) -> HelpPicture:
    """Add the row of a picture that was brought."""
    incoming, stored = brought.incoming, brought.stored
    row = HelpPicture(
        public_id=uuid4().hex, file_name=incoming.name, kind=incoming.kind.value, size=stored.size,
        sha256=stored.sha256, storage_key=stored.key, uploaded_at=at, uploaded_by_id=user_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(AuditKind.ATTACHED, row, summary=row.file_name)
    return row


def remove_picture(row: HelpPicture) -> str:
    """Take a picture away; returns the key of its bytes, to delete once the transaction is committed.

    Raises:
        RuleBroken: a page shows it.
    """
    address = ADDRESS + row.public_id
    shows = or_(HelpPage.text.contains(address), HelpPage.text_en.contains(address))
    page = db.session.scalar(select(HelpPage).where(shows).limit(1))
    if page is not None:
        raise RuleBroken(
            N_("“%(page)s” shows this picture. Take it out of the page's text first."), page=page.both_names
        )
    key = row.storage_key
    record(AuditKind.REMOVED, row, summary=row.file_name)
    db.session.delete(row)
    return key


def pictures() -> Sequence[HelpPicture]:
    """All pictures, the newest first."""
    return db.session.scalars(select(HelpPicture).order_by(HelpPicture.id.desc())).all()


def picture_of(public_id: str) -> HelpPicture | None:
    """The picture with this random name."""
    return db.session.scalar(select(HelpPicture).where(HelpPicture.public_id == public_id))
