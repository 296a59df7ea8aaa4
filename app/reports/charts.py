"""Charts: each is one function over the signed-in person's rows, registered with its title and table."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import func, select

from app.domain.money import ZERO
from app.domain.states import State
from app.domain.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.places import Province
from app.models.programmes import LoanProgramme
from app.reports.criteria import in_fiscal_year

PROVINCE_COLUMNS = ["province_id", "code", "name", "name_en", "sort", "contracts", "cooperatives", "baht", "members"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the dashboard is narrowed to; nothing means all."""

    fiscal_year: int | None = None
    programme_id: int | None = None

    def criteria(self) -> list[Any]:
        """Conditions on approved applications."""
        chosen: list[Any] = [LoanApplication.status == State.APPROVED.value]
        if self.fiscal_year is not None:
            chosen.append(in_fiscal_year(self.fiscal_year))
        if self.programme_id is not None:
            chosen.append(LoanApplication.programme_id == self.programme_id)
        return chosen


@dataclass(frozen=True, slots=True)
class Totals:
    """The head figures; a cooperative with two loans counts once."""

    cooperatives: int
    contracts: int
    baht: Decimal
    members: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A registered chart: its title and the function that gives its rows."""

    key: str
    title: str
    rows: Callable[[Choice], list[dict[str, Any]]]


CHARTS: dict[str, Chart] = {}

_MEASURES = (
    func.count(LoanApplication.id),
    func.count(LoanApplication.cooperative_id.distinct()),
    func.coalesce(func.sum(LoanApplication.amount_approved), ZERO),
    func.coalesce(func.sum(LoanApplication.beneficiaries), 0),
)


def chart(key: str, title: str) -> Callable[[Callable[[Choice], list[dict[str, Any]]]], Any]:
    """Register a chart under ``key``."""

    def register(rows: Callable[[Choice], list[dict[str, Any]]]) -> Callable[[Choice], list[dict[str, Any]]]:
        CHARTS[key] = Chart(key, title, rows)
        return rows

    return register


def totals(choice: Choice) -> Totals:
    """Approved loans within the person's scope: distinct cooperatives, contracts, baht, members who benefit."""
    contracts, cooperatives, baht, members = db.session.execute(select(*_MEASURES).where(*choice.criteria())).one()
    return Totals(cooperatives, contracts, baht or ZERO, members)


@chart("volume-by-province", N_("Approved loan volume by province"))
def volume_by_province(choice: Choice) -> list[dict[str, Any]]:
    """All 77 provinces, most baht first, then in Thai order; money stays Decimal."""
    rows = db.session.execute(
        select(Cooperative.province_id, *_MEASURES)
        .join(Cooperative, Cooperative.id == LoanApplication.cooperative_id)
        .where(*choice.criteria())
        .group_by(Cooperative.province_id)
    ).all()
    figures = pd.DataFrame(
        [tuple(row) for row in rows], columns=["province_id", "contracts", "cooperatives", "baht", "members"]
    ).astype({"baht": object})
    places = pd.DataFrame(
        db.session.execute(
            select(Province.id, Province.code, Province.name, Province.name_en, Province.name_sort)
        ).all(),
        columns=["province_id", "code", "name", "name_en", "sort"],
    )
    merged = places.merge(figures, on="province_id", how="left")
    merged = merged.fillna({"contracts": 0, "cooperatives": 0, "members": 0})
    merged["baht"] = merged["baht"].map(lambda value: value if isinstance(value, Decimal) else ZERO)
    merged = merged.astype({"contracts": int, "cooperatives": int, "members": int, "province_id": int})
    merged = merged.sort_values(["baht", "sort"], ascending=[False, True])
    return [{str(key): value for key, value in row.items()} for row in merged[PROVINCE_COLUMNS].to_dict("records")]


@chart("volume-by-programme", N_("Approved loan volume by programme"))
def volume_by_programme(choice: Choice) -> list[dict[str, Any]]:
    """Programmes with an approved loan, most baht first."""
    rows = db.session.execute(
        select(LoanApplication.programme_id, *_MEASURES)
        .where(*choice.criteria())
        .group_by(LoanApplication.programme_id)
    ).all()
    names = programme_names([row[0] for row in rows])
    listed = [
        {
            "programme_id": programme_id,
            "name": names[programme_id],
            "contracts": contracts,
            "cooperatives": cooperatives,
            "baht": baht,
            "members": members,
        }
        for programme_id, contracts, cooperatives, baht, members in rows
    ]
    return sorted(listed, key=lambda row: (-row["baht"], row["name"]))


def programme_names(ids: list[int]) -> dict[int, str]:
    """Names of programmes by id."""
    found = db.session.execute(select(LoanProgramme.id, LoanProgramme.name).where(LoanProgramme.id.in_(ids)))
    return {key: name for key, name in found}
