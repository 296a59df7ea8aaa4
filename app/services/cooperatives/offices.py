"""The offices in use that serve a province, for everybody who looks for theirs."""

from sqlalchemy import select

from app.extensions import db
from app.models.places import Office, Province


def offices_serving(code: str) -> list[Office]:
    """The offices of a province by its code; none for a code that is no province's."""
    chosen = select(Office).join(Office.provinces).where(Province.code == code, Office.active)
    return list(db.session.scalars(chosen.order_by(Office.name_sort, Office.id)))


def provinces_by_name() -> list[Province]:
    """All provinces, in the order of the Thai alphabet."""
    return list(db.session.scalars(select(Province).order_by(Province.name_sort)))
