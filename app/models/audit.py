"""What was done by whom, written in the same transaction and never changed."""

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.base import labelled, now
from app.models.types import Moment


class AuditKind(LabelledEnum):
    """What kind of act an event records."""

    CREATED = "created", N_("Added")
    CHANGED = "changed", N_("Changed")
    DELETED = "deleted", N_("Deleted")
    MOVED = "moved", N_("Moved")
    ATTACHED = "attached", N_("Attached a document")
    REMOVED = "removed", N_("Removed a document")
    OPENED = "opened", N_("Opened a document")
    DOWNLOADED = "downloaded", N_("Downloaded a document")
    JUDGED = "judged", N_("Judged a document")
    SCANNED = "scanned", N_("Scanned a document for malware")
    ERASED = "erased", N_("Erased a document past its retention")
    SIGNED_IN = "signed_in", N_("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", N_("Failed to sign in")
    SIGNED_OUT = "signed_out", N_("Signed out")
    PASSWORD_CHANGED = "password_changed", N_("Changed a password")
    IMPORTED = "imported", N_("Imported from a file")
    CONFIRMED = "confirmed", N_("Confirmed to have read")


# Entities of settings and people, not of applications: administrators read of the trail what tells of these.
REGISTER_ENTITIES = (
    "ab_user", "approval_level", "board_member", "cooperative", "document_type", "financial_year", "help_page",
    "help_term", "holiday", "loan_programme", "membership", "office", "office_post", "programme_criterion",
    "programme_document", "programme_rate", "province", "waiting_board_change",
)  # fmt: skip
_OF_REGISTERS = "entity IN ({})".format(", ".join(f"'{entity}'" for entity in REGISTER_ENTITIES))


class AuditEvent(Model):
    """Who, acting as what, from where, when, what, before and after; the database refuses to change or delete a row."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_entity", "entity", "entity_id"),
        Index("ix_audit_event_cooperative", "cooperative_id", "at"),
        # The list and each of its filters, in the list's order.
        Index("ix_audit_event_at", "at", "id"),
        Index("ix_audit_event_kind", "kind", "at", "id"),
        Index("ix_audit_event_of", "entity", "at", "id"),
        Index(
            "ix_audit_event_registers", "at", "id",
            sqlite_where=text(_OF_REGISTERS), postgresql_where=text(_OF_REGISTERS),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = labelled(N_("When"), Moment(), nullable=False, default=now)
    actor_id: Mapped[int | None] = labelled(N_("Who"), ForeignKey("ab_user.id"), index=True)
    actor_role: Mapped[str | None] = labelled(N_("Acting as"), String(32))
    address: Mapped[str | None] = labelled(N_("Network address"), String(64))
    kind: Mapped[str] = labelled(N_("What"), String(24), choices=AuditKind, nullable=False)
    entity: Mapped[str] = labelled(N_("Record kind"), String(40), nullable=False)
    entity_id: Mapped[int | None] = labelled(N_("Record"), Integer)
    # Kept without a foreign key: an event outlives the row it tells of.
    cooperative_id: Mapped[int | None] = mapped_column(Integer)
    summary: Mapped[str] = labelled(N_("Summary"), String(400), nullable=False, default="")
    before: Mapped[dict[str, Any] | None] = labelled(N_("Before"), JSON)
    after: Mapped[dict[str, Any] | None] = labelled(N_("After"), JSON)

    actor: Mapped[User | None] = relationship(User)
