"""Conditions on applications that lists and figures share, so that a figure opens exactly its rows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, select

from app.domain.states import State
from app.extensions import db
from app.figures.reading import years_of_loans
from app.models.applications import LoanApplication
from app.security.reach import Reach
from app.security.scope import current_scope
from app.ui.formatting import year_label


def in_province(province_id: int) -> ColumnElement[bool]:
    """Applications of cooperatives in a province."""
    return LoanApplication.province_id == province_id


def in_fiscal_year(year: int) -> ColumnElement[bool]:
    """Applications decided in a fiscal year (B.E.)."""
    return LoanApplication.decided_fiscal_year == year


def latest_approved_year() -> int | None:
    """The newest fiscal year (B.E.) with an approved loan the person may see."""
    return next(iter(years_of_loans()), None)


def application_years() -> list[tuple[str, str]]:
    """Fiscal years with a decision the person may see, newest first."""
    return [(str(year), year_label(year)) for year in db.session.scalars(decided_years())]


def decided_years() -> Select[Any]:
    """The same as a statement."""
    # Who sees few decisions has them gathered by cooperative; on their way through all years others' would be read.
    few = current_scope().reach is Reach.COOPERATIVE
    return _YEARS_OF_FEW if few else _YEARS


_YEARS_OF_FEW = (
    select(LoanApplication.decided_fiscal_year)
    .where(LoanApplication.decided_fiscal_year.is_not(None))
    .distinct()
    .order_by(LoanApplication.decided_fiscal_year.desc())
)


def _newest_year(*criteria: ColumnElement[bool]) -> ScalarSelect[int | None]:
    year = LoanApplication.decided_fiscal_year
    return select(year).where(year.is_not(None), *criteria).order_by(year.desc()).limit(1).scalar_subquery()


def _years() -> Select[tuple[int]]:
    """From each year to the next older one by the index: as many steps as years, whatever the number of decisions."""
    newest = select(_newest_year().label("year")).cte("decided_year", recursive=True)
    older = _newest_year(LoanApplication.decided_fiscal_year < newest.c.year)
    years = newest.union_all(select(older).where(newest.c.year.is_not(None)))
    return select(years.c.year).where(years.c.year.is_not(None)).order_by(years.c.year.desc())


_YEARS = _years()


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
