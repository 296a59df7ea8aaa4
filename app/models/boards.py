"""Operating boards as they were when an application was sent, and changes of a board that wait for the signatory."""

from datetime import date, datetime

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.cooperatives import BoardAct, BoardOutcome
from app.domain.values.text import N_
from app.models.applications import LoanApplication
from app.models.base import Audited, Owned, Versioned, labelled
from app.models.cooperatives import Cooperative
from app.models.types import Moment

_WAITS = text("outcome IS NULL")


class KeptBoard(Owned, Model):
    """The guarantors as an application was sent with them, packed; one for each sending, and never edited.

    ``at`` is the moment of the move that sent it.
    """

    __tablename__ = "kept_board"
    __table_args__ = (Index("ix_kept_board_of", "application_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("loan_application.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
    content: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)

    application: Mapped[LoanApplication] = relationship()


class WaitingBoardChange(Owned, Audited, Versioned, Model):
    """A change of a board that guarantees a granted loan, as typed: it waits for the signatory, and stays on record.

    ``member_id`` is the register's row, nothing for somebody who is to be added; kept without a foreign key, because
    the change outlives the row. What is to be taken out is kept with the values it had.
    """

    __tablename__ = "waiting_board_change"
    __table_args__ = (
        CheckConstraint("term_ends_on >= term_starts_on", name="ck_waiting_board_change_term"),
        Index("ix_waiting_board_change_open", "cooperative_id", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = labelled(N_("What is to be done"), String(8), choices=BoardAct, nullable=False)
    member_id: Mapped[int | None] = labelled(N_("Board member"), Integer)
    full_name: Mapped[str] = labelled(N_("Full name"), String(160), nullable=False)
    position: Mapped[str] = labelled(N_("Position"), String(120), nullable=False)
    term_starts_on: Mapped[date] = labelled(N_("Term starts on"), Date, nullable=False)
    term_ends_on: Mapped[date] = labelled(N_("Term ends on"), Date, nullable=False)
    typed_at: Mapped[datetime] = labelled(N_("Typed on"), Moment(), nullable=False)
    typed_by_id: Mapped[int | None] = labelled(N_("Typed by"), ForeignKey("ab_user.id"))
    outcome: Mapped[str | None] = labelled(N_("Outcome of the change"), String(12), choices=BoardOutcome)
    settled_at: Mapped[datetime | None] = labelled(N_("Settled on"), Moment())
    settled_by_id: Mapped[int | None] = labelled(N_("Settled by"), ForeignKey("ab_user.id"))

    cooperative: Mapped[Cooperative] = relationship()
    typed_by: Mapped[User | None] = relationship(User, foreign_keys=[typed_by_id])

    def __repr__(self) -> str:
        return self.full_name
