"""What forms and filters of several subjects let people choose from."""

from sqlalchemy import select

from app.extensions import db
from app.models.places import Province


def provinces() -> list[tuple[str, str]]:
    """Provinces to choose from, in Thai order."""
    rows = db.session.execute(select(Province.id, Province.name).order_by(Province.name_sort))
    return [(str(key), name) for key, name in rows]
