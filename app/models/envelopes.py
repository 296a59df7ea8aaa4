"""The ledger of each programme's envelope: entries are added, never changed."""

from datetime import datetime
from decimal import Decimal

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.applications import LoanApplication
from app.models.base import Owned, labelled
from app.models.programmes import LoanProgramme
from app.models.types import Moment, Money


class EntryKind(LabelledEnum):
    """What an entry does: reserve takes from what is left, commit keeps what was reserved, release gives it back."""

    RESERVE = "reserve", N_("Reserved")
    COMMIT = "commit", N_("Committed")
    RELEASE = "release", N_("Released")


class EnvelopeEntry(Owned, Model):
    """One change of what an application holds of its programme's envelope, in baht above zero."""

    __tablename__ = "envelope_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_envelope_entry_amount"),
        Index("ix_envelope_entry_programme", "programme_id", "kind"),
        Index("ix_envelope_entry_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = labelled(N_("Programme"), ForeignKey("loan_programme.id"), nullable=False)
    application_id: Mapped[int] = labelled(
        N_("Application"), ForeignKey("loan_application.id"), nullable=False, index=True
    )
    kind: Mapped[str] = labelled(N_("Entry"), String(8), choices=EntryKind, nullable=False)
    amount: Mapped[Decimal] = labelled(N_("Amount (baht)"), Money(), nullable=False)
    at: Mapped[datetime] = labelled(N_("When"), Moment(), nullable=False)

    application: Mapped[LoanApplication] = relationship()
    programme: Mapped[LoanProgramme] = relationship()

    def __repr__(self) -> str:
        return f"{self.application} – {self.programme}"
