"""Approved loan volume by programme, as a table."""

from sqlalchemy import select

from app.domain.values.text import N_
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.reports.chart import Chart, Row
from app.reports.criteria import Choice
from app.reports.volume import VOLUME_COLUMNS, volume_by
from app.ui.naming import named


def volume_by_programme(choice: Choice) -> list[Row]:
    """Programmes with an approved loan, most baht first."""
    found = volume_by("programme_id", choice)
    names = _programme_names(list(found))
    listed = [{"programme_id": key, "name": names[key], **figures} for key, figures in found.items()]
    return sorted(listed, key=lambda row: (-row["baht"], row["name"]))


def _programme_names(ids: list[int]) -> dict[int, str]:
    columns = (LoanProgramme.id, LoanProgramme.name, LoanProgramme.name_en)
    return {row.id: named(row) for row in db.session.execute(select(*columns).where(LoanProgramme.id.in_(ids)))}


# No sums: a cooperative with loans under two programmes would count twice.
CHART = Chart(
    key="volume-by-programme",
    place=20,
    title=N_("Approved loan volume by programme"),
    heading=N_("By programme"),
    row_heading=N_("Programme"),
    row_name=lambda row: str(row["name"]),
    rows=volume_by_programme,
    opens=lambda row: {"programme": row["programme_id"]},
    columns=VOLUME_COLUMNS,
)
