"""Notices in the product, and mail waiting in the outbox."""

from datetime import datetime

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.applications import LoanApplication
from app.models.base import Owned, labelled, now
from app.models.types import Moment


class MailStatus(LabelledEnum):
    """Where a mail is."""

    WAITING = "waiting", N_("Waiting to be sent")
    SENT = "sent", N_("Sent")
    FAILED = "failed", N_("Could not be sent")
    HELD = "held", N_("Held back after a restore")


class Notice(Owned, Model):
    """What happened to an application, or to a cooperative, told to one person; read by that person alone.

    ``about`` says to what when it is no application: the reader may not see the row any more.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unread", "user_id", "read_at"), Index("ix_notice_of", "user_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("loan_application.id"), index=True)
    about: Mapped[str | None] = mapped_column(String(600))
    move: Mapped[str] = mapped_column(String(32), nullable=False)
    at: Mapped[datetime] = mapped_column(Moment(), nullable=False, default=now)
    read_at: Mapped[datetime | None] = mapped_column(Moment())

    application: Mapped[LoanApplication | None] = relationship()
    user: Mapped[User] = relationship(User)


class OutboxMail(Model):
    """A mail written in the transaction of what it tells of; a worker sends it."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_waiting", "status", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Nothing in a mail that is about no single cooperative.
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("loan_application.id"), index=True)
    recipient: Mapped[str] = labelled(N_("Recipient"), String(320), nullable=False)
    subject: Mapped[str] = labelled(N_("Subject"), String(300), nullable=False)
    body: Mapped[str] = labelled(N_("Text"), Text, nullable=False)
    message_id: Mapped[str] = mapped_column(String(120), unique=True, nullable=False)
    status: Mapped[str] = labelled(
        N_("Status"), String(16), choices=MailStatus, nullable=False, default=MailStatus.WAITING
    )
    tries: Mapped[int] = labelled(N_("Tries"), Integer, nullable=False, default=0)
    created_at: Mapped[datetime] = labelled(N_("Written"), Moment(), nullable=False, default=now)
    waiting_since: Mapped[datetime] = labelled(N_("Waiting since"), Moment(), nullable=False, default=now)
    next_try_at: Mapped[datetime] = labelled(N_("Next try"), Moment(), nullable=False, default=now)
    sent_at: Mapped[datetime | None] = labelled(N_("Sent on"), Moment())
    last_error: Mapped[str | None] = labelled(N_("Last error"), String(300))
    request_id: Mapped[str | None] = labelled(N_("Reference"), String(64))

    application: Mapped[LoanApplication | None] = relationship()

    def __repr__(self) -> str:
        return self.subject
