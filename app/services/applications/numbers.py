"""Running numbers without gaps or doubles."""

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite

from app.domain.values.calendar import fiscal_year
from app.extensions import db
from app.models.applications import RunningNumber

APPLICATION_SERIES = "คก."


def next_number(series: str, day: date) -> str:
    """The next number of a series in the fiscal year of ``day``, like ``คก.0001/2570``.

    The row stays locked until the caller's transaction ends, so a number is used exactly when its move is stored.
    """
    year = fiscal_year(day)
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    first = dialect.insert(RunningNumber).values(series=series, fiscal_year=year, last=1)
    taken = db.session.scalar(
        first.on_conflict_do_update(
            index_elements=[RunningNumber.series, RunningNumber.fiscal_year], set_={"last": RunningNumber.last + 1}
        ).returning(RunningNumber.last)
    )
    return f"{series}{taken:04d}/{year}"
