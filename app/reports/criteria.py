"""Conditions on applications that lists and figures share, so that a figure opens exactly its rows."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative


def in_province(province_id: int) -> ColumnElement[bool]:
    """Applications of cooperatives in a province."""
    return LoanApplication.cooperative_id.in_(select(Cooperative.id).where(Cooperative.province_id == province_id))


def in_fiscal_year(year: int) -> ColumnElement[bool]:
    """Applications decided in a fiscal year (B.E.)."""
    return LoanApplication.decided_fiscal_year == year


def latest_approved_year() -> int | None:
    """The newest fiscal year (B.E.) with an approved loan the person may see."""
    return db.session.scalar(
        select(func.max(LoanApplication.decided_fiscal_year)).where(LoanApplication.status == State.APPROVED.value)
    )


def application_years() -> list[tuple[str, str]]:
    """Fiscal years with a decision the person may see, newest first."""
    years = db.session.scalars(
        select(LoanApplication.decided_fiscal_year)
        .where(LoanApplication.decided_fiscal_year.is_not(None))
        .distinct()
        .order_by(LoanApplication.decided_fiscal_year.desc())
    )
    return [(str(year), str(year)) for year in years]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the dashboard is narrowed to; nothing means all."""

    fiscal_year: int | None = None
    programme_id: int | None = None

    def criteria(self) -> list[ColumnElement[bool]]:
        """Conditions on approved applications."""
        chosen: list[ColumnElement[bool]] = [LoanApplication.status == State.APPROVED.value]
        if self.fiscal_year is not None:
            chosen.append(in_fiscal_year(self.fiscal_year))
        if self.programme_id is not None:
            chosen.append(LoanApplication.programme_id == self.programme_id)
        return chosen
