"""Approved loan volume: the columns that show it, and its head figures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.values.money import ZERO
from app.domain.values.text import N_
from app.figures.reading import loans_by
from app.reports.chart import Column
from app.reports.criteria import Choice
from app.ui.formatting import baht, count

VOLUME_COLUMNS = (
    Column("baht", N_("Approved (baht)"), baht),
    Column("contracts", N_("Approved applications"), count),
    Column("cooperatives", N_("Cooperatives"), count),
    Column("members", N_("Members who benefit"), count),
)


def volume_by(dimension: str, choice: Choice) -> dict[int, dict[str, Any]]:
    """Approved loans within the person's scope, as a row's figures by the id of a province or a programme."""
    return {
        row[0]: {
            "contracts": int(row.number),
            "cooperatives": int(row.cooperatives),
            "baht": row.baht,
            "members": int(row.members),
        }
        for row in loans_by(dimension, choice.fiscal_year, choice.programme_id)
    }


@dataclass(frozen=True, slots=True)
class Totals:
    """The head figures; a cooperative with two loans counts once."""

    cooperatives: int
    contracts: int
    baht: Decimal
    members: int


def totals(choice: Choice) -> Totals:
    """Approved loans within the person's scope: distinct cooperatives, contracts, baht, members who benefit."""
    rows = volume_by("province_id", choice).values()  # a cooperative lies in one province
    return Totals(
        sum(row["cooperatives"] for row in rows),
        sum(row["contracts"] for row in rows),
        sum((row["baht"] for row in rows), ZERO),
        sum(row["members"] for row in rows),
    )
