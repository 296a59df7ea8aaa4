"""Approved loan volume: how it is measured, the columns that show it, and its head figures."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.values.money import ZERO
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.reports.chart import Column
from app.reports.criteria import Choice
from app.ui.formatting import baht, count

# Of the applications in a group: how many, of how many cooperatives, for how many baht and members.
MEASURES = (
    func.count(LoanApplication.id),
    func.count(LoanApplication.cooperative_id.distinct()),
    func.coalesce(func.sum(LoanApplication.amount_approved), ZERO),
    func.coalesce(func.sum(LoanApplication.beneficiaries), 0),
)
VOLUME_COLUMNS = (
    Column("baht", N_("Approved (baht)"), baht),
    Column("contracts", N_("Approved applications"), count),
    Column("cooperatives", N_("Cooperatives"), count),
    Column("members", N_("Members who benefit"), count),
)


@dataclass(frozen=True, slots=True)
class Totals:
    """The head figures; a cooperative with two loans counts once."""

    cooperatives: int
    contracts: int
    baht: Decimal
    members: int


def totals(choice: Choice) -> Totals:
    """Approved loans within the person's scope: distinct cooperatives, contracts, baht, members who benefit."""
    contracts, cooperatives, amount, members = db.session.execute(select(*MEASURES).where(*choice.criteria())).one()
    return Totals(cooperatives, contracts, amount or ZERO, members)
