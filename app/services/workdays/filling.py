"""Fills in the holidays of years that nobody filled in before, from the library's list of Thai holidays."""

from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import insert, select

from app.domain.values.calendar import bangkok_day, from_be, to_be
from app.domain.values.workdays import civil_service_name, kind_of, years_to_fill
from app.extensions import db
from app.models.workdays import FilledYear, Holiday

CATEGORIES = ("public", "government")
# Texts of the register, which people change there: Thai, as all that they write.
SOURCE = "ปฏิทินวันหยุดราชการของไลบรารี holidays {version}"
AHEAD = "คำนวณล่วงหน้าด้วยไลบรารี holidays {version} ยังไม่ได้เทียบกับประกาศ"


def fill_years(at: datetime) -> list[int]:
    """Add the holidays of every year that was never filled in, beside the days that are there; returns those years.

    Nobody added them, so no event of the trail tells of it: their source does.
    """
    today = bangkok_day(at)
    filled = set(db.session.scalars(select(FilledYear.year)))
    years = [year for year in years_to_fill(today) if year not in filled]
    if not years:
        return []
    there = set(db.session.scalars(select(Holiday.day)))
    days = [row for year in years for row in _days_of(year, ahead=year > to_be(today.year)) if row["day"] not in there]
    db.session.execute(insert(Holiday), days)
    db.session.execute(insert(FilledYear), [{"year": year, "at": at} for year in years])
    return years


def civil_service_days(year: int) -> dict[date, tuple[str, str]]:
    """The Thai and the English name of each civil-service holiday of a year (B.E.) that the library knows."""
    # Here, as it brings every country's, and is needed when a year is filled in alone.
    from holidays import country_holidays

    thai, english = (
        country_holidays("TH", years=from_be(year), categories=CATEGORIES, language=language)
        for language in ("th", "en_US")
    )
    return {day: (name, english[day]) for day in sorted(thai) if (name := civil_service_name(thai[day]))}


def _days_of(year: int, *, ahead: bool) -> list[dict[str, Any]]:
    source = (AHEAD if ahead else SOURCE).format(version=version("holidays"))
    return [
        {"day": day, "name": name, "name_en": name_en, "kind": kind_of(name).value, "source": source, "version": 1}
        for day, (name, name_en) in civil_service_days(year).items()
    ]
