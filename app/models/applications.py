"""Loan applications, their moves and the decisions on them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.domain.programmes import ApprovingBody
from app.domain.quotes import QuoteKind, unpack
from app.domain.states import Outcome, State
from app.domain.values.text import N_
from app.domain.workflow import MOVES, ApplicationMove
from app.models.base import Named, Owned, Searchable, Versioned, labelled, now
from app.models.cooperatives import Cooperative
from app.models.programme_versions import ProgrammeVersion
from app.models.programmes import LoanProgramme
from app.models.types import Moment, Money, Rate

_SENT, _APPROVED = "submitted_at IS NOT NULL", f"status = '{State.APPROVED.value}'"
# What is summed over years stands in the index, so that no row of a wide table is read for it.
_SUMMED: dict[str, Any] = {
    "sqlite_where": text(_APPROVED),
    "postgresql_where": text(_APPROVED),
    "postgresql_include": ["amount_approved", "beneficiaries", "programme_id", "submitted_at"],
}
_IF_SENT: dict[str, Any] = {"sqlite_where": text(_SENT), "postgresql_where": text(_SENT)}
# What else a list is narrowed by stands beside the key: counting, and two choices that few rows fit, read no row.
_BESIDE = ("submitted_at", "status", "province_id", "programme_id", "decided_fiscal_year")


def _narrowed(*by: str) -> dict[str, Any]:
    return {"postgresql_include": [name for name in _BESIDE if name not in by]}


class LoanApplication(Named, Owned, Searchable, Versioned, Model):
    """A cooperative's request for a loan under one programme; only a move of the workflow changes its status."""

    __tablename__ = "loan_application"
    called_by = "number"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "request_key", name="uq_loan_application_request"),
        CheckConstraint("amount_asked > 0", name="ck_loan_application_amount"),
        CheckConstraint(
            "amount_approved IS NULL OR amount_approved <= amount_asked", name="ck_loan_application_approved"
        ),
        Index("ix_loan_application_status", "status", "submitted_at"),
        Index("ix_loan_application_sent", "id", **_IF_SENT),
        Index("ix_loan_application_of", "cooperative_id", "id", **_IF_SENT),
        # One for each filter and each order of the list, with the key last: pages go by both.
        Index("ix_loan_application_state", "status", "id"),
        Index("ix_loan_application_under", "programme_id", "id", **_narrowed("programme_id")),
        Index("ix_loan_application_year", "decided_fiscal_year", "id", **_narrowed("decided_fiscal_year")),
        Index(
            "ix_loan_application_decided", "decided_fiscal_year", "programme_id", "id",
            **_narrowed("decided_fiscal_year", "programme_id"),
        ),
        Index("ix_loan_application_province", "province_id", "status", "amount_asked", "id", **_IF_SENT),
        # A province's in the list's order, for whoever sees by state, or its own cooperative's drafts.
        Index("ix_loan_application_there", "province_id", "id", **_narrowed("province_id")),
        Index("ix_loan_application_numbered", "number", "id", **_IF_SENT),
        Index("ix_loan_application_borrower", "cooperative_name", "id"),
        Index("ix_loan_application_asked", "amount_asked", "id"),
        Index("ix_loan_application_granted", "amount_approved", "id", postgresql_include=["status"]),
        Index("ix_loan_application_submitted", "submitted_at", "id"),
        # The same for the applications of one office.
        Index("ix_loan_application_office", "office_id", "id", **_IF_SENT),
        Index("ix_loan_application_office_state", "office_id", "status", "amount_asked", "id", **_IF_SENT),
        Index(
            "ix_loan_application_office_decided", "office_id", "decided_fiscal_year", "id",
            postgresql_include=["programme_id", "status"], **_IF_SENT,
        ),
        Index("ix_loan_application_office_numbered", "office_id", "number", "id", **_IF_SENT),
        Index("ix_loan_application_office_borrower", "office_id", "cooperative_name", "id", **_IF_SENT),
        Index("ix_loan_application_office_asked", "office_id", "amount_asked", "id", **_IF_SENT),
        Index("ix_loan_application_office_granted", "office_id", "amount_approved", "id", **_IF_SENT),
        Index("ix_loan_application_office_submitted", "office_id", "submitted_at", "id", **_IF_SENT),
        Index("ix_loan_application_volume", "decided_fiscal_year", "cooperative_id", **_SUMMED),
        Index("ix_loan_application_lent", "cooperative_id", **_SUMMED),
    )  # fmt: skip
    searched_columns = ("number", "purpose", "cooperative_name")
    sorted_column = "number"

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # SQLite hands a new row back before its triggers have filled in the place.
        return {"version_id_col": cls.version, "eager_defaults": False}

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = labelled(N_("Application number"), String(20), unique=True)
    request_key: Mapped[str] = mapped_column(String(36), nullable=False)
    cooperative_name: Mapped[str] = labelled(N_("Cooperative"), String(200), nullable=False, default="")
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False)
    amount_asked: Mapped[Decimal] = labelled(N_("Amount asked (baht)"), Money(), nullable=False)
    # What the envelope holds for it: a change that was typed and not sent yet takes no money.
    amount_sent: Mapped[Decimal | None] = mapped_column(Money())
    months: Mapped[int] = labelled(N_("Term (months)"), Integer, nullable=False)
    purpose: Mapped[str] = labelled(N_("Purpose"), Text, nullable=False)
    beneficiaries: Mapped[int] = labelled(N_("Members who benefit"), Integer, counted=True, nullable=False)
    member_rate: Mapped[Decimal] = labelled(N_("Rate to members (per cent a year)"), Rate(), nullable=False)
    status: Mapped[str] = labelled(N_("Status"), String(20), choices=State, nullable=False, default=State.DRAFT)
    created_at: Mapped[datetime] = labelled(N_("Created"), Moment(), nullable=False, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment(), nullable=False, default=now)
    created_by_id: Mapped[int | None] = labelled(N_("Prepared by"), ForeignKey("ab_user.id"))
    submitted_at: Mapped[datetime | None] = labelled(N_("Submitted on"), Moment())
    waiting_since: Mapped[datetime | None] = labelled(N_("Waits for money since"), Moment(), index=True)
    edition_id: Mapped[int | None] = labelled(N_("Terms of version"), ForeignKey("programme_edition.id"))
    # Whether the cooperative had never borrowed when it submitted; its own approval must not change its terms.
    first_time: Mapped[bool | None] = mapped_column(Boolean)
    amount_approved: Mapped[Decimal | None] = labelled(N_("Amount approved (baht)"), Money())
    decided_on: Mapped[date | None] = labelled(N_("Decided on"), Date)
    decided_fiscal_year: Mapped[int | None] = labelled(N_("Fiscal year of the decision"), Integer)

    # The cooperative's own, kept by the database whoever changes either: lists of an office and of a
    # province go by an index of them.
    office_id: Mapped[int] = mapped_column(Integer, FetchedValue(), nullable=False)
    province_id: Mapped[int] = mapped_column(Integer, FetchedValue(), nullable=False)

    cooperative: Mapped[Cooperative] = relationship()
    programme: Mapped[LoanProgramme] = relationship()
    terms_version: Mapped[ProgrammeVersion | None] = relationship()
    created_by: Mapped[User | None] = relationship(User)
    changes: Mapped[list["StatusChange"]] = relationship(
        back_populates="application", order_by="StatusChange.id", info={"label": N_("History")}
    )
    requests: Mapped[list["DocumentRequest"]] = relationship(order_by="DocumentRequest.id")
    decisions: Mapped[list["Decision"]] = relationship(back_populates="application", order_by="Decision.id")
    quotes: Mapped[list["KeptQuote"]] = relationship(back_populates="application", cascade="all, delete-orphan")

    @property
    def decision(self) -> "Decision | None":
        """The last resolution; a deferred application has an earlier one."""
        return self.decisions[-1] if self.decisions else None

    @property
    def quote(self) -> dict[str, Any] | None:
        """What was quoted when it was last sent."""
        return self._quoted(QuoteKind.SENT)

    @property
    def approved_quote(self) -> dict[str, Any] | None:
        """The instalments of the amount approved; a contract has to equal them row by row."""
        return self._quoted(QuoteKind.APPROVED)

    def _quoted(self, kind: QuoteKind) -> dict[str, Any] | None:
        return next((unpack(kept.content) for kept in self.quotes if kept.kind == kind), None)

    def keep_quote(self, kind: QuoteKind, packed: bytes | None) -> None:
        """Keep a quote in place of the one of its kind, or none."""
        kept = next((each for each in self.quotes if each.kind == kind), None)
        if packed is None:
            self.quotes = [each for each in self.quotes if each is not kept]
        elif kept is not None:
            kept.content = packed
        else:
            self.quotes.append(KeptQuote(cooperative_id=self.cooperative_id, kind=kind, content=packed))

    @property
    def amount_held_for(self) -> Decimal:
        """The amount last sent, in baht; a draft's is the one typed."""
        return self.amount_sent if self.amount_sent is not None else self.amount_asked

    @property
    def state(self) -> State:
        return State(self.status)


class KeptQuote(Owned, Model):
    """A quote of an application as ``Quote.packed`` made it; beside the table, for lists read many of its rows."""

    __tablename__ = "kept_quote"
    __table_args__ = (UniqueConstraint("application_id", "kind", name="uq_kept_quote_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False)
    kind: Mapped[str] = labelled(N_("Quote"), String(8), choices=QuoteKind, nullable=False)
    content: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)

    application: Mapped[LoanApplication] = relationship(back_populates="quotes")


class StatusChange(Owned, Model):
    """One move of an application: who, when, from, to and why; never edited."""

    __tablename__ = "status_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False, index=True)
    move: Mapped[str] = labelled(N_("Move"), String(32), nullable=False)
    origin: Mapped[str] = labelled(N_("From"), String(20), choices=State, nullable=False)
    target: Mapped[str] = labelled(N_("To"), String(20), choices=State, nullable=False)
    reason: Mapped[str | None] = labelled(N_("Reason"), Text)
    # As they were then: the names of required documents that nobody had accepted, and why it went on without.
    unaccepted: Mapped[str | None] = labelled(N_("Documents not accepted"), Text)
    papers_reason: Mapped[str | None] = labelled(N_("Why without them"), Text)
    at: Mapped[datetime] = labelled(N_("When"), Moment(), nullable=False)
    actor_id: Mapped[int | None] = labelled(N_("Who"), ForeignKey("ab_user.id"))
    actor_role: Mapped[str] = labelled(N_("Role"), String(32), nullable=False)

    application: Mapped[LoanApplication] = relationship(back_populates="changes")
    actor: Mapped[User | None] = relationship(User)

    @property
    def step(self) -> ApplicationMove:
        """The row of the table by which the application was moved."""
        return MOVES[self.move]


class Decision(Owned, Model):
    """A resolution (มติ) of the committee on one application; a deferred item gets a further one later."""

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint("amount IS NULL OR amount > 0", name="ck_decision_amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False, index=True)
    outcome: Mapped[str] = labelled(N_("Resolution"), String(16), choices=Outcome, nullable=False)
    amount: Mapped[Decimal | None] = labelled(N_("Amount approved (baht)"), Money())
    body: Mapped[str | None] = labelled(N_("Decided by"), String(20), choices=ApprovingBody)
    decided_on: Mapped[date] = labelled(N_("Decided on"), Date, nullable=False)
    meeting_no: Mapped[str | None] = labelled(N_("Meeting number"), String(40))
    reason: Mapped[str | None] = labelled(N_("Reason"), Text)
    recorded_at: Mapped[datetime] = labelled(N_("Recorded"), Moment(), nullable=False)
    recorded_by_id: Mapped[int | None] = labelled(N_("Recorded by"), ForeignKey("ab_user.id"))

    application: Mapped[LoanApplication] = relationship(back_populates="decisions")
    recorded_by: Mapped[User | None] = relationship(User)


class DocumentRequest(Owned, Model):
    """A paper an officer asked the cooperative for when returning the application."""

    __tablename__ = "document_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False, index=True)
    document_type_id: Mapped[int] = mapped_column(ForeignKey("document_type.id"), nullable=False)
    note: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
    answered_at: Mapped[datetime | None] = mapped_column(Moment())


class RunningNumber(Model):
    """The last number given out of one series; taken under a row lock, so a series has no gap and no double."""

    __tablename__ = "running_number"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer, nullable=False)
