"""Dated versions of a programme's terms."""

import json
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.programme_file import from_plain
from app.domain.programmes import ProgrammeTerms
from app.domain.values.text import N_
from app.models.base import Called, labelled, name_of
from app.models.programmes import LoanProgramme
from app.models.types import Moment


@lru_cache(maxsize=128)
def terms_from(text: str) -> ProgrammeTerms:
    """Terms by the text they are kept as; the values cannot change, so all requests of a process may share them."""
    terms: ProgrammeTerms = from_plain(json.loads(text))
    return terms


class ProgrammeVersion(Called, Model):
    """The terms of a programme as they were from a moment on; never changed, so an application can point to it."""

    # Its page's permission has the older word, too: a new name would be a migration that changes nothing for people.
    __tablename__ = "programme_edition"
    __table_args__ = (UniqueConstraint("programme_id", "number", name="uq_programme_edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False)
    number: Mapped[int] = labelled(N_("Version"), Integer, nullable=False)
    terms: Mapped[dict[str, Any]] = labelled(N_("Terms"), JSON, nullable=False)
    at: Mapped[datetime] = labelled(N_("In force from"), Moment(), nullable=False)
    made_by_id: Mapped[int | None] = labelled(N_("Who"), ForeignKey("ab_user.id"))
    why: Mapped[str] = labelled(N_("Why"), Text, nullable=False)
    programme: Mapped[LoanProgramme] = relationship(back_populates="versions")
    made_by: Mapped[User | None] = relationship(User)

    @cached_property
    def read(self) -> ProgrammeTerms:
        """The terms as values; read once, because a page asks many times and the row never changes."""
        return terms_from(json.dumps(self.terms))

    def called(self, *, english: bool) -> str:
        return f"{name_of(self.programme, english=english)} – {self.number}"
