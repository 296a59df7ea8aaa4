"""Attached documents; the bytes live in the document store under a random key."""

from datetime import date, datetime
from uuid import uuid4

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.file_kinds import DRAWN_KINDS, FileKind
from app.domain.papers import ScanState, Validity, Verdict, valid_until
from app.domain.values.text import N_
from app.models.applications import LoanApplication
from app.models.base import Owned, labelled, now
from app.models.document_types import DocumentType
from app.models.types import Moment


class Document(Owned, Model):
    """A file as it came, with its own name; a removed one stays, marked, for the record."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_application", "application_id", "removed_at"),
        Index("uq_document_upload", "application_id", "document_type_id", "upload_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, nullable=False, default=lambda: uuid4().hex)
    application_id: Mapped[int] = labelled(N_("Application"), ForeignKey("loan_application.id"), nullable=False)
    document_type_id: Mapped[int] = labelled(N_("Document type"), ForeignKey("document_type.id"), nullable=False)
    file_name: Mapped[str] = labelled(N_("File name"), String(255), nullable=False)
    kind: Mapped[str] = labelled(N_("File kind"), String(8), choices=FileKind, nullable=False)
    size: Mapped[int] = labelled(N_("Size"), BigInteger, nullable=False)
    sha256: Mapped[str] = labelled(N_("SHA-256"), String(64), nullable=False, index=True)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True, nullable=False)
    uploaded_at: Mapped[datetime] = labelled(N_("Attached on"), Moment(), nullable=False, default=now)
    uploaded_by_id: Mapped[int | None] = labelled(N_("Attached by"), ForeignKey("ab_user.id"))
    issued_on: Mapped[date | None] = labelled(N_("Day on the document"), Date)
    pages: Mapped[int | None] = labelled(N_("Pages"), Integer)
    scan_state: Mapped[str] = labelled(
        N_("Malware scan"), String(12), choices=ScanState, nullable=False, default=ScanState.NOT_SCANNED, index=True
    )
    scanned_at: Mapped[datetime | None] = labelled(N_("Scanned on"), Moment())
    scan_finding: Mapped[str | None] = labelled(N_("What the scanner found"), String(200))
    upload_key: Mapped[str | None] = mapped_column(String(36))
    replaces_id: Mapped[int | None] = labelled(N_("Replaces"), ForeignKey("document.id"))
    reused_from_id: Mapped[int | None] = labelled(N_("Taken from an earlier application"), ForeignKey("document.id"))
    erased_at: Mapped[datetime | None] = labelled(N_("Erased on"), Moment())
    removed_at: Mapped[datetime | None] = labelled(N_("Removed"), Moment())
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    application: Mapped[LoanApplication] = relationship()
    document_type: Mapped[DocumentType] = relationship()
    uploaded_by: Mapped[User | None] = relationship(User, foreign_keys=[uploaded_by_id])

    @property
    def valid_until(self) -> date | None:
        """The last day it may be used; None when it has no end or the day on it is not known."""
        if self.issued_on is None:
            return None
        kind = self.document_type
        return valid_until(Validity(kind.validity), kind.valid_months, self.issued_on)

    @property
    def drawable(self) -> bool:
        """Whether its pages can be shown as pictures."""
        return self.kind in DRAWN_KINDS

    def __repr__(self) -> str:
        return self.file_name


class DocumentVerdict(Owned, Model):
    """What an officer found about a file; never changed: a later finding is a further row, and the last one counts."""

    __tablename__ = "document_verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False, index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), nullable=False, index=True)
    verdict: Mapped[str] = labelled(N_("Finding"), String(16), choices=Verdict, nullable=False)
    note: Mapped[str | None] = labelled(N_("Note"), Text)
    page: Mapped[int | None] = labelled(N_("Page"), Integer)
    issued_on: Mapped[date | None] = labelled(N_("Day on the document"), Date)
    at: Mapped[datetime] = labelled(N_("When"), Moment(), nullable=False)
    judged_by_id: Mapped[int | None] = labelled(N_("Who"), ForeignKey("ab_user.id"))

    document: Mapped[Document] = relationship()
    application: Mapped[LoanApplication] = relationship()
    judged_by: Mapped[User | None] = relationship(User)
