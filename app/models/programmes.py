"""Loan programmes and the documents they ask for: policy as data."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.criteria import CriterionKind, figures_of
from app.domain.programmes import ApprovingBody, DocumentCondition, OnLendingRule, Severity
from app.domain.schedule import DayCount, InstalmentKind, Rounding
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.base import Audited, Called, Named, Searchable, Versioned, labelled, name_of
from app.models.document_types import DocumentType
from app.models.places import Province
from app.models.types import Figure, Money, Rate

if TYPE_CHECKING:
    from app.models.programme_versions import ProgrammeVersion


class ProgrammeStatus(LabelledEnum):
    """Whether applicants see the programme."""

    DRAFT = "draft", N_("Draft programme")
    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed to applications")


# Terms whose column has another name.
COLUMN_OF_TERM = {"longest_term": "longest_term_months"}

programme_province = Table(
    "programme_province",
    Model.metadata,
    Column("programme_id", ForeignKey("loan_programme.id", ondelete="CASCADE"), primary_key=True),
    Column("province_id", ForeignKey("province.id"), primary_key=True, index=True),
)


class LoanProgramme(Named, Searchable, Audited, Versioned, Model):
    """A time-limited loan programme under a notification of the fund board."""

    __tablename__ = "loan_programme"
    __table_args__ = (
        # In lists and choices nothing else tells two programmes apart.
        Index("uq_loan_programme_name", "name", unique=True),
        Index("uq_loan_programme_name_en", "name_en", unique=True),
        CheckConstraint("closes_on >= opens_on", name="ck_loan_programme_window"),
        CheckConstraint("envelope > 0 AND ceiling > 0", name="ck_loan_programme_amounts"),
        CheckConstraint("longest_term_months BETWEEN 1 AND 360", name="ck_loan_programme_term"),
        CheckConstraint("free_months >= 0", name="ck_loan_programme_free_months"),
        CheckConstraint("grace_months >= 0", name="ck_loan_programme_grace_months"),
        CheckConstraint("amount_unit > 0", name="ck_loan_programme_amount_unit"),
        CheckConstraint("interest_unit > 0", name="ck_loan_programme_interest_unit"),
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
    free_months: Mapped[int] = labelled(
        N_("Interest-free months for a first loan"),
        Integer,
        nullable=False,
        default=0,
        help_text=N_("For cooperatives that never borrowed from the fund; 0 for none"),
    )
    grace_months: Mapped[int] = labelled(
        N_("Instalments without principal"),
        Integer,
        nullable=False,
        default=0,
        help_text=N_(
            "In so many first instalments interest alone is paid; 0 for none. Not stated in the notifications found: "
            "an assumption"
        ),
    )
    instalment_kind: Mapped[str] = labelled(
        N_("Instalments"),
        String(20),
        choices=InstalmentKind,
        nullable=False,
        default=InstalmentKind.EQUAL_PRINCIPAL,
        help_text=N_("Not stated in the notifications found: an assumption"),
    )
    day_count: Mapped[str] = labelled(
        N_("Days of interest"),
        String(12),
        choices=DayCount,
        nullable=False,
        default=DayCount.ACT_365,
        help_text=N_("Not stated in the notifications found: an assumption"),
    )
    rounding: Mapped[str] = labelled(
        N_("Rounding"), String(12), choices=Rounding, nullable=False, default=Rounding.HALF_UP
    )
    amount_unit: Mapped[Decimal] = labelled(
        N_("Instalments rounded to (baht)"),
        Money(),
        nullable=False,
        default=Decimal("1.00"),
        help_text=N_("0.01 is a satang, 1 a baht, 100 a hundred baht; the last instalment takes the difference"),
    )
    interest_unit: Mapped[Decimal] = labelled(
        N_("Interest rounded to (baht)"), Money(), nullable=False, default=Decimal("0.01")
    )
    on_lending_rule: Mapped[str | None] = labelled(N_("Rule on the members' rate"), String(24), choices=OnLendingRule)
    on_lending_figure: Mapped[Decimal | None] = labelled(
        N_("Figure of the rule (per cent a year)"),
        Rate(),
        help_text=N_("The highest rate, or how far below the ordinary-loan rate it must lie"),
    )
    member_loan_cap: Mapped[Decimal | None] = labelled(N_("Most a member may borrow (baht)"), Money())
    member_income_cap: Mapped[Decimal | None] = labelled(N_("Highest income of a member (baht a month)"), Money())
    savings_may_apply: Mapped[bool] = labelled(
        N_("Savings cooperatives may apply"), Boolean, nullable=False, default=True
    )
    credit_unions_may_apply: Mapped[bool] = labelled(
        N_("Credit-union cooperatives may apply"), Boolean, nullable=False, default=True
    )
    waiting_list: Mapped[bool] = labelled(
        N_("Waiting list when the envelope is used up"), Boolean, nullable=False, default=False
    )
    rate_note: Mapped[str | None] = labelled(N_("Rate details"), Text)
    member_rate_rule: Mapped[str | None] = labelled(N_("Rule on the members' rate in words"), Text)
    eligible: Mapped[str | None] = labelled(N_("Who may apply"), Text)
    purpose: Mapped[str] = labelled(N_("Purpose"), Text, nullable=False)
    status: Mapped[str] = labelled(
        N_("Status"), String(16), choices=ProgrammeStatus, nullable=False, default=ProgrammeStatus.DRAFT
    )
    note: Mapped[str | None] = labelled(
        N_("Note (assumptions)"), Text, help_text=N_("Say which values are assumptions and not known from a source")
    )
    source: Mapped[str | None] = labelled(N_("Source"), Text)
    provinces: Mapped[list[Province]] = relationship(
        secondary=programme_province, info={"label": N_("Provinces it is for")}
    )
    rates: Mapped[list["ProgrammeRate"]] = relationship(
        back_populates="programme", order_by="ProgrammeRate.id", info={"label": N_("Rate steps")}
    )
    approval_levels: Mapped[list["ApprovalLevel"]] = relationship(
        back_populates="programme", order_by="ApprovalLevel.id", info={"label": N_("Approval levels")}
    )
    criteria: Mapped[list["ProgrammeCriterion"]] = relationship(
        back_populates="programme", order_by="ProgrammeCriterion.id", info={"label": N_("Criteria")}
    )
    versions: Mapped[list["ProgrammeVersion"]] = relationship(
        back_populates="programme", order_by="ProgrammeVersion.number", info={"label": N_("Versions")}
    )
    documents: Mapped[list["ProgrammeDocument"]] = relationship(
        back_populates="programme", order_by="ProgrammeDocument.id", info={"label": N_("Documents asked for")}
    )


class ProgrammeDocument(Called, Audited, Versioned, Model):
    """A document type a programme asks for, required or optional."""

    __tablename__ = "programme_document"
    __table_args__ = (UniqueConstraint("programme_id", "document_type_id", name="uq_programme_document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False)
    document_type_id: Mapped[int] = labelled(
        N_("Document type"), ForeignKey("document_type.id"), nullable=False, index=True
    )
    required: Mapped[bool] = labelled(N_("Required"), Boolean, nullable=False, default=True)
    condition: Mapped[str | None] = labelled(
        N_("Required only when"),
        String(24),
        choices=DocumentCondition,
        help_text=N_("Leave empty when it is always required, or always optional"),
    )
    programme: Mapped[LoanProgramme] = relationship(back_populates="documents")
    # Terms name each type by its code: one statement for all of a programme, not one for each.
    document_type: Mapped[DocumentType] = relationship(lazy="joined", innerjoin=True)

    def called(self, *, english: bool) -> str:
        return f"{name_of(self.programme, english=english)} – {name_of(self.document_type, english=english)}"


class ProgrammeRate(Called, Audited, Versioned, Model):
    """A rate that differs from the programme's own: for loans of some terms, from a month of the loan on."""

    __tablename__ = "programme_rate"
    __table_args__ = (
        CheckConstraint("shortest_term >= 1 AND from_month >= 1", name="ck_programme_rate_months"),
        CheckConstraint("longest_term IS NULL OR longest_term >= shortest_term", name="ck_programme_rate_terms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False, index=True)
    shortest_term: Mapped[int] = labelled(N_("For terms from (months)"), Integer, nullable=False, default=1)
    longest_term: Mapped[int | None] = labelled(N_("to (months)"), Integer, help_text=N_("Empty: to the longest term"))
    from_month: Mapped[int] = labelled(N_("From month of the loan"), Integer, nullable=False, default=1)
    annual_rate: Mapped[Decimal] = labelled(N_("Interest rate (per cent a year)"), Rate(), nullable=False)
    programme: Mapped[LoanProgramme] = relationship(back_populates="rates")

    def called(self, *, english: bool) -> str:
        return f"{name_of(self.programme, english=english)} – {self.annual_rate * 100:.2f}"


class ApprovalLevel(Called, Audited, Versioned, Model):
    """Who decides on amounts up to a bound."""

    __tablename__ = "approval_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False, index=True)
    up_to: Mapped[Decimal | None] = labelled(N_("Amounts up to (baht)"), Money(), help_text=N_("Empty: any amount"))
    body: Mapped[str] = labelled(N_("Decided by"), String(20), choices=ApprovingBody, nullable=False)
    programme: Mapped[LoanProgramme] = relationship(back_populates="approval_levels")

    def called(self, *, english: bool) -> str:
        return name_of(self.programme, english=english)


class ProgrammeCriterion(Called, Audited, Versioned, Model):
    """A criterion of a programme: a kind of the registry, with this programme's figures and severity."""

    __tablename__ = "programme_criterion"
    __table_args__ = (UniqueConstraint("programme_id", "kind", name="uq_programme_criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False)
    kind: Mapped[str] = labelled(N_("Criterion"), String(40), choices=CriterionKind, nullable=False)
    figure: Mapped[Decimal | None] = labelled(
        N_("Figure"),
        Figure(),
        help_text=N_("Years, times (savings cooperatives), years with a profit, worst class 1–4, or persons"),
    )
    second_figure: Mapped[Decimal | None] = labelled(
        N_("Second figure"),
        Figure(),
        help_text=N_("Times for credit unions, or how many years are looked at; otherwise empty"),
    )
    severity: Mapped[str] = labelled(
        N_("When it is not met"), String(8), choices=Severity, nullable=False, default=Severity.WARN
    )
    assumed: Mapped[bool] = labelled(
        N_("Assumed"), Boolean, nullable=False, default=True, help_text=N_("The figure is not known from a source")
    )
    source: Mapped[str | None] = labelled(N_("Source"), Text)
    programme: Mapped[LoanProgramme] = relationship(back_populates="criteria")

    @property
    def figures(self) -> tuple[tuple[str, Decimal | None], ...]:
        """The figures its kind judges by, each with what it is called."""
        return tuple(zip(figures_of(CriterionKind(self.kind)), (self.figure, self.second_figure), strict=False))

    def called(self, *, english: bool) -> str:
        return name_of(self.programme, english=english)
