"""A cooperative's yearly figures as an officer reads them off a financial statement, with the page they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.domain.papers import check_page
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.cooperatives import FinancialYear
from app.models.documents import Document

FIGURES = ("members", "share_capital", "reserve", "debts", "profit", "control_class")


class OtherFigures(RuleBroken):
    """Other figures are recorded for the year; ``differing`` names the columns."""

    def __init__(self, differing: Sequence[str]) -> None:
        super().__init__(
            N_("Other figures are recorded for this year. Compare them below, and tick the box to replace them.")
        )
        self.differing = tuple(differing)


class FiguresChanged(RuleBroken):
    """Somebody else saved the year's figures since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else saved this year's figures meanwhile. Yours are not stored: compare them and save again.")
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read off a page: figures by column, in baht and persons.

    ``version`` is that of the row the person saw, 0 when there was none; ``replace`` says that the person saw which
    recorded figures differ.
    """

    year: int
    figures: dict[str, int | Decimal | str | None]
    page: int | None
    version: int
    replace: bool


def year_of(cooperative_id: int, year: int) -> FinancialYear | None:
    """The cooperative's figures of one accounting year (B.E.), if they are recorded."""
    rows = select(FinancialYear).where(FinancialYear.cooperative_id == cooperative_id, FinancialYear.year == year)
    return db.session.scalar(rows.execution_options(populate_existing=True))


def differing(row: FinancialYear, figures: dict[str, int | Decimal | str | None]) -> list[str]:
    """The columns in which a row has other figures."""
    return [name for name in FIGURES if getattr(row, name) != figures[name]]


def keep_figures(document: Document, reading: Reading) -> FinancialYear:
    """Store the figures in the cooperative's year, with the document and the page they were read off.

    Raises:
        RuleBroken: the file has no such page.
        FiguresChanged: the year was saved by somebody else since the form was opened.
        OtherFigures: other figures are recorded, and the person has not seen the difference.
    """
    check_page(reading.page, document.pages)
    row = year_of(document.cooperative_id, reading.year)
    if (row.version if row is not None else 0) != reading.version:
        raise FiguresChanged()
    if row is not None and not reading.replace and (different := differing(row, reading.figures)):
        raise OtherFigures(different)
    if row is None:
        row = FinancialYear(cooperative_id=document.cooperative_id, year=reading.year)
        db.session.add(row)
    for name in FIGURES:
        setattr(row, name, reading.figures[name])
    row.document_id, row.document_page = document.id, reading.page
    db.session.flush()
    return row


@dataclass(frozen=True, slots=True)
class ReadOff:
    """Where a year's figures were read off: the page, and the file with its application, as addresses name them."""

    year: int
    page: int | None
    application_id: int
    public_id: str
    file_name: str


def read_off(cooperative_id: int, *, year: int | None = None) -> list[ReadOff]:
    """The statements a cooperative's figures were read off, the last year first, as far as the person sees them."""
    rows = (
        select(
            FinancialYear.year,
            FinancialYear.document_page,
            Document.application_id,
            Document.public_id,
            Document.file_name,
        )
        .join(Document, Document.id == FinancialYear.document_id)
        .where(
            FinancialYear.cooperative_id == cooperative_id, Document.removed_at.is_(None), Document.erased_at.is_(None)
        )
        .order_by(FinancialYear.year.desc())
        .limit(10)
    )
    if year is not None:
        rows = rows.where(FinancialYear.year == year)
    return [ReadOff(*row) for row in db.session.execute(rows)]
