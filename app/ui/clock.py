"""The clock of the pages: only they and the commands read it, everything below is told the moment."""

from datetime import UTC, date, datetime

from app.domain.values.calendar import bangkok_day


def today() -> date:
    """The day in Bangkok."""
    return bangkok_day(datetime.now(UTC))
