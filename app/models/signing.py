"""Requests to a cooperative's signatory to check, sign and send what a colleague prepared."""

from datetime import datetime

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.text import N_
from app.models.applications import LoanApplication
from app.models.base import Owned, labelled
from app.models.types import Moment

_OPEN = text("ended_at IS NULL")


class SigningRequest(Owned, Model):
    """An application handed to whoever may sign for its cooperative; it ends with the sending, or is taken or given
    back.

    ``note`` is the preparer's, ``reply`` what has to be changed before it is signed.
    """

    __tablename__ = "signing_request"
    __table_args__ = (
        # One open request an application, whoever presses the button at the same moment.
        Index("uq_signing_request_open", "application_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_signing_request_of", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False)
    asked_at: Mapped[datetime] = labelled(N_("Handed over on"), Moment(), nullable=False)
    asked_by_id: Mapped[int | None] = labelled(N_("Handed over by"), ForeignKey("ab_user.id"))
    note: Mapped[str | None] = labelled(N_("Note to the signatory"), Text)
    ended_at: Mapped[datetime | None] = labelled(N_("Ended on"), Moment())
    ended_by_id: Mapped[int | None] = labelled(N_("Ended by"), ForeignKey("ab_user.id"))
    reply: Mapped[str | None] = labelled(N_("What has to be changed first"), Text)

    application: Mapped[LoanApplication] = relationship()
    asked_by: Mapped[User | None] = relationship(User, foreign_keys=[asked_by_id])
    ended_by: Mapped[User | None] = relationship(User, foreign_keys=[ended_by_id])
