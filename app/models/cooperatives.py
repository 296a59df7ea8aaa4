"""Cooperatives and their operating boards."""

from datetime import date
from decimal import Decimal

from flask_appbuilder import Model
from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.cooperatives import ControlClass, CooperativeKind
from app.domain.values.calendar import BuddhistYear
from app.domain.values.labels import LabelledEnum
from app.domain.values.money import ZERO
from app.domain.values.text import N_
from app.models.base import Audited, Called, Named, Owned, Searchable, Versioned, labelled
from app.models.places import Office, Province
from app.models.types import Money, Rate


class Workplace(LabelledEnum):
    """Where the members work."""

    ESTABLISHMENT = "establishment", N_("Establishment")
    STATE_ENTERPRISE = "state_enterprise", N_("State enterprise")


class CooperativeStatus(LabelledEnum):
    """Whether the cooperative may act."""

    ACTIVE = "active", N_("Active")
    SUSPENDED = "suspended", N_("Suspended")
    CLOSED = "closed", N_("Closed")


class Cooperative(Named, Searchable, Audited, Versioned, Model):
    """A savings or credit-union cooperative in a workplace: the fund's borrower."""

    __tablename__ = "cooperative"
    __table_args__ = (
        CheckConstraint("members >= 0", name="ck_cooperative_members"),
        CheckConstraint("share_capital >= 0 AND reserve >= 0", name="ck_cooperative_capital"),
        # What applications carry of it is held to these three.
        Index("uq_cooperative_place", "id", "office_id", "province_id", unique=True),
    )
    searched_columns = ("name", "registration_no", "cooperative_code", "tax_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_no: Mapped[str] = labelled(
        N_("Registration number"),
        String(40),
        unique=True,
        nullable=False,
        help_text=N_("As on the certificate, for example 0001/2530"),
    )
    cooperative_code: Mapped[str | None] = labelled(N_("13-digit cooperative code"), String(13), unique=True)
    tax_id: Mapped[str | None] = labelled(
        N_("Tax ID"), String(13), unique=True, help_text=N_("13 digits; the last one is checked")
    )
    name: Mapped[str] = labelled(
        N_("Thai name"), String(200), nullable=False, help_text=N_("The full name, ending with จำกัด")
    )
    kind: Mapped[str] = labelled(N_("Kind"), String(16), choices=CooperativeKind, nullable=False)
    workplace: Mapped[str] = labelled(N_("Workplace"), String(20), choices=Workplace, nullable=False)
    registered_on: Mapped[date | None] = labelled(N_("Registered on"), Date)
    address: Mapped[str] = labelled(N_("Address"), String(300), nullable=False, default="")
    sub_district: Mapped[str] = labelled(N_("Sub-district"), String(80), nullable=False, default="")
    district: Mapped[str] = labelled(N_("District"), String(80), nullable=False, default="")
    province_id: Mapped[int] = labelled(N_("Province"), ForeignKey("province.id"), nullable=False, index=True)
    postcode: Mapped[str] = labelled(N_("Postcode"), String(5), nullable=False, default="")
    office_id: Mapped[int] = labelled(
        N_("Responsible office"),
        ForeignKey("office.id"),
        nullable=False,
        index=True,
        help_text=N_("Applications go to this office"),
    )
    phone: Mapped[str | None] = labelled(N_("Telephone"), String(40))
    email: Mapped[str | None] = labelled(N_("E-mail"), String(200))
    members: Mapped[int] = labelled(N_("Members"), Integer, counted=True, nullable=False, default=0)
    share_capital: Mapped[Decimal] = labelled(N_("Share capital (baht)"), Money(), nullable=False, default=ZERO)
    reserve: Mapped[Decimal] = labelled(N_("Reserve (baht)"), Money(), nullable=False, default=ZERO)
    borrowing_ceiling: Mapped[Decimal | None] = labelled(
        N_("Annual borrowing ceiling (baht)"), Money(), help_text=N_("As approved by the Registrar of Cooperatives")
    )
    ceiling_fiscal_year: Mapped[int | None] = labelled(
        N_("Year of the ceiling (B.E.)"),
        Integer,
        help_text=N_("The fiscal year the ceiling is for, for example 2570"),
        reads={"buddhist_year": True},
    )
    ordinary_rate: Mapped[Decimal | None] = labelled(
        N_("Ordinary-loan rate (per cent a year)"), Rate(), reads={"yearly": True}
    )
    borrowed_before: Mapped[bool] = labelled(
        N_("Borrowed from the fund before this system"),
        Boolean,
        nullable=False,
        default=False,
        help_text=N_("Loans approved in this system are known by themselves"),
    )
    fund_arrears: Mapped[Decimal | None] = labelled(
        N_("Overdue with the fund (baht)"),
        Money(),
        help_text=N_("As the fund's accounts say; 0 when nothing is overdue, empty when not known"),
    )
    arrears_on: Mapped[date | None] = labelled(
        N_("Overdue as on"), Date, help_text=N_("The day the amount was taken from the fund's accounts")
    )
    year_end_day: Mapped[int | None] = labelled(N_("Accounting year ends: day"), Integer)
    year_end_month: Mapped[int | None] = labelled(N_("Accounting year ends: month"), Integer)
    status: Mapped[str] = labelled(
        N_("Status"), String(16), choices=CooperativeStatus, nullable=False, default=CooperativeStatus.ACTIVE
    )

    province: Mapped[Province] = relationship()
    office: Mapped[Office] = relationship()
    board: Mapped[list["BoardMember"]] = relationship(
        back_populates="cooperative", order_by="BoardMember.id", info={"label": N_("Operating board")}
    )
    financial_years: Mapped[list["FinancialYear"]] = relationship(
        back_populates="cooperative", order_by="FinancialYear.year", info={"label": N_("Financial years")}
    )


class BoardMember(Owned, Audited, Versioned, Model):
    """A member of the operating board, or the manager: those who guarantee a loan."""

    __tablename__ = "board_member"
    __table_args__ = (
        CheckConstraint("term_ends_on >= term_starts_on", name="ck_board_member_term"),
        Index("ix_board_member_called", "full_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = labelled(N_("Full name"), String(160), nullable=False)
    position: Mapped[str] = labelled(N_("Position"), String(120), nullable=False)
    term_starts_on: Mapped[date] = labelled(N_("Term starts on"), Date, nullable=False)
    term_ends_on: Mapped[date] = labelled(N_("Term ends on"), Date, nullable=False)
    cooperative: Mapped[Cooperative] = relationship(back_populates="board")

    def __repr__(self) -> str:
        return self.full_name


class FinancialYear(Called, Owned, Audited, Versioned, Model):
    """A cooperative's figures at the end of one of its accounting years, from its audited statements."""

    __tablename__ = "financial_year"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "year", name="uq_financial_year"),
        CheckConstraint("members >= 0 AND debts >= 0 AND share_capital >= 0", name="ck_financial_year_figures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = labelled(
        N_("Accounting year (B.E.)"),
        Integer,
        nullable=False,
        help_text=N_("The year in which it ended, for example 2569"),
        reads={"buddhist_year": True},
    )
    members: Mapped[int] = labelled(N_("Members"), Integer, counted=True, nullable=False)
    share_capital: Mapped[Decimal] = labelled(N_("Share capital (baht)"), Money(), nullable=False)
    reserve: Mapped[Decimal] = labelled(N_("Reserve (baht)"), Money(), nullable=False)
    debts: Mapped[Decimal] = labelled(
        N_("Debts to all lenders (baht)"),
        Money(),
        nullable=False,
        help_text=N_("Loans taken and still owed, the fund's own included"),
    )
    profit: Mapped[Decimal] = labelled(
        N_("Net profit (baht)"), Money(), nullable=False, help_text=N_("With a minus for a loss")
    )
    control_class: Mapped[str | None] = labelled(N_("Class of internal control"), String(1), choices=ControlClass)
    document_id: Mapped[int | None] = labelled(N_("Read off the document"), ForeignKey("document.id"))
    document_page: Mapped[int | None] = labelled(N_("Page of the document"), Integer)

    cooperative: Mapped[Cooperative] = relationship(back_populates="financial_years")

    def called(self, *, english: bool) -> str:
        return f"{self.cooperative} – {BuddhistYear(self.year).shown(english=english)}"
