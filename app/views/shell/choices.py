"""What forms and filters of several subjects let people choose from."""

from sqlalchemy import select

from app.extensions import db
from app.models.places import Province

_PROVINCES = select(Province.id, Province.name).order_by(Province.name_sort)


def provinces() -> list[tuple[str, str]]:
    """Provinces to choose from, in Thai order."""
    return [(str(key), name) for key, name in db.session.execute(_PROVINCES)]
