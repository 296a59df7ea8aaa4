"""Approved loan volume: how it is measured, the columns that show it, and its head figures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select

from app.domain.values.money import ZERO
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.types import Money
from app.reports.chart import Column
from app.reports.criteria import Choice
from app.ui.formatting import baht, count

# Each cooperative's loans are summed first, for that needs no look at who was counted before.
_EACH = (
    LoanApplication.cooperative_id.label("owner"),
    func.count().label("contracts"),
    func.coalesce(func.sum(LoanApplication.amount_approved), ZERO).label("baht"),
    func.coalesce(func.sum(LoanApplication.beneficiaries), 0).label("members"),
)
VOLUME_COLUMNS = (
    Column("baht", N_("Approved (baht)"), baht),
    Column("contracts", N_("Approved applications"), count),
    Column("cooperatives", N_("Cooperatives"), count),
    Column("members", N_("Members who benefit"), count),
)


def by_cooperative(choice: Choice, *keys: Any) -> Subquery:
    """Approved applications of each cooperative, within ``keys`` of the application: contracts, baht, members."""
    chosen = select(*keys, *_EACH).where(*choice.criteria())
    return chosen.group_by(*keys, LoanApplication.cooperative_id).subquery()


def measures_of(each: Subquery) -> tuple[ColumnElement[Any], ...]:
    """Of a group of ``by_cooperative``: how many applications, of how many cooperatives, for how much, how many."""
    return (
        func.coalesce(func.sum(each.c.contracts), 0),
        func.count(),
        func.coalesce(func.sum(each.c.baht, type_=Money()), ZERO),
        func.coalesce(func.sum(each.c.members), 0),
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
    contracts, cooperatives, amount, members = db.session.execute(select(*measures_of(by_cooperative(choice)))).one()
    return Totals(cooperatives, int(contracts), amount or ZERO, int(members))
