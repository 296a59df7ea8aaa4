"""Loan programmes and the documents they ask for: policy as data."""

from datetime import date
from decimal import Decimal

from flask_appbuilder import Model
from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.labels import LabelledEnum
from app.domain.text import N_
from app.models.base import Audited, Searchable, Versioned, labelled
from app.models.types import Money, Rate


class ProgrammeStatus(LabelledEnum):
    """Whether applicants see the programme."""

    DRAFT = "draft", N_("Draft programme")
    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed to applications")


class LoanProgramme(Searchable, Audited, Versioned, Model):
    """A time-limited loan programme under a notification of the fund board."""

    __tablename__ = "loan_programme"
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="ck_loan_programme_window"),
        CheckConstraint("envelope > 0 AND ceiling > 0", name="ck_loan_programme_amounts"),
        CheckConstraint("longest_term_months BETWEEN 1 AND 360", name="ck_loan_programme_term"),
    )
    searched_columns = ("name", "name_en", "notification_no", "key")

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = labelled(
        N_("Key"),
        String(40),
        unique=True,
        nullable=False,
        help_text=N_("Short English name used in files and commands"),
    )
    name: Mapped[str] = labelled(N_("Thai name"), String(300), nullable=False)
    name_en: Mapped[str] = labelled(N_("English name"), String(300), nullable=False)
    notification_no: Mapped[str | None] = labelled(N_("Notification number"), String(80))
    notification_date: Mapped[date | None] = labelled(N_("Notification date"), Date)
    opens_on: Mapped[date] = labelled(N_("Opens on"), Date, nullable=False)
    closes_on: Mapped[date] = labelled(N_("Closes on"), Date, nullable=False)
    envelope: Mapped[Decimal] = labelled(N_("Envelope (baht)"), Money(), nullable=False)
    ceiling: Mapped[Decimal] = labelled(N_("Ceiling per cooperative (baht)"), Money(), nullable=False)
    longest_term_months: Mapped[int] = labelled(N_("Longest term (months)"), Integer, nullable=False)
    annual_rate: Mapped[Decimal] = labelled(N_("Interest rate (per cent a year)"), Rate(), nullable=False)
    rate_note: Mapped[str | None] = labelled(N_("Rate details"), Text)
    member_rate_rule: Mapped[str | None] = labelled(N_("Rule on the members' rate"), Text)
    eligible: Mapped[str | None] = labelled(N_("Who may apply"), Text)
    purpose: Mapped[str] = labelled(N_("Purpose"), Text, nullable=False)
    status: Mapped[str] = labelled(
        N_("Status"), String(16), choices=ProgrammeStatus, nullable=False, default=ProgrammeStatus.DRAFT
    )
    note: Mapped[str | None] = labelled(
        N_("Note (assumptions)"), Text, help_text=N_("Say which values are assumptions and not known from a source")
    )
    source: Mapped[str | None] = labelled(N_("Source"), Text)
    documents: Mapped[list["ProgrammeDocument"]] = relationship(
        back_populates="programme", order_by="ProgrammeDocument.id", info={"label": N_("Documents asked for")}
    )

    def __repr__(self) -> str:
        return self.name


class DocumentType(Searchable, Audited, Versioned, Model):
    """A kind of paper a programme may ask for."""

    __tablename__ = "document_type"
    searched_columns = ("name", "name_en", "code")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = labelled(N_("Code"), String(40), unique=True, nullable=False)
    name: Mapped[str] = labelled(N_("Thai name"), String(200), unique=True, nullable=False)
    name_en: Mapped[str] = labelled(N_("English name"), String(200), nullable=False)
    help_text: Mapped[str | None] = labelled(N_("What to attach"), Text)
    position: Mapped[int] = labelled(N_("Position in lists"), Integer, nullable=False, default=0)
    active: Mapped[bool] = labelled(N_("In use"), Boolean, nullable=False, default=True)

    def __repr__(self) -> str:
        return self.name


class ProgrammeDocument(Audited, Versioned, Model):
    """A document type a programme asks for, required or optional."""

    __tablename__ = "programme_document"
    __table_args__ = (UniqueConstraint("programme_id", "document_type_id", name="uq_programme_document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False)
    document_type_id: Mapped[int] = labelled(
        N_("Document type"), ForeignKey("document_type.id"), nullable=False, index=True
    )
    required: Mapped[bool] = labelled(N_("Required"), Boolean, nullable=False, default=True)
    programme: Mapped[LoanProgramme] = relationship(back_populates="documents")
    document_type: Mapped[DocumentType] = relationship()

    def __repr__(self) -> str:
        return f"{self.programme} – {self.document_type}"
