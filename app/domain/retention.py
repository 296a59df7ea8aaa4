"""How long files are kept after their application ended."""

from datetime import date


def kept_until(ended_on: date, years: int) -> date:
    """The last day a file is kept: the same day so many years later, the first of March after a leap day."""
    if ended_on.year + years > date.max.year:
        return date.max
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:
        return date(ended_on.year + years, 3, 1)
