"""Days on which offices are closed, and which years of them were filled in."""

from datetime import date, datetime

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.calendar import ENGLISH_MONTHS_SHORT, THAI_MONTHS_SHORT, to_be
from app.domain.values.text import N_
from app.domain.values.workdays import HolidayKind
from app.models.base import Audited, Called, Versioned, labelled
from app.models.types import Moment


class Holiday(Called, Audited, Versioned, Model):
    """A day that does not count as a working day."""

    __tablename__ = "holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = labelled(N_("Day"), Date, unique=True, nullable=False)
    name: Mapped[str] = labelled(N_("Thai name"), String(300), nullable=False)
    name_en: Mapped[str | None] = labelled(N_("English name"), String(300))
    kind: Mapped[str] = labelled(
        N_("Kind of holiday"), String(16), choices=HolidayKind, nullable=False, default=HolidayKind.SPECIAL
    )
    source: Mapped[str] = labelled(
        N_("Where it is announced"),
        String(300),
        nullable=False,
        help_text=N_("For example the cabinet's resolution, with its day"),
    )
    added_by_id: Mapped[int | None] = labelled(N_("Added by"), ForeignKey("ab_user.id"))
    added_by: Mapped[User | None] = relationship(User)

    def called(self, *, english: bool) -> str:
        day = self.day
        if english:
            return f"{self.name_en or self.name} {day.day} {ENGLISH_MONTHS_SHORT[day.month - 1]} {day.year}"
        return f"{self.name} {day.day} {THAI_MONTHS_SHORT[day.month - 1]} {to_be(day.year)}"


class FilledYear(Model):
    """A year (B.E.) whose holidays were filled in: what was changed or removed since stays so."""

    __tablename__ = "filled_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
