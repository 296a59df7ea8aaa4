"""Who stands on the cooperative's side of an application, so that the same person does not work on it for the fund."""

from sqlalchemy import CompoundSelect, select, union

from app.domain.roles import COOPERATIVE
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from app.models.people import Membership


def applicants_of(application: LoanApplication) -> frozenset[int]:
    """Ids of who wrote, changed, attached to, cleared or sent the application, and of its cooperative's people now.

    Read beyond the scope: the committee sees neither the audit trail nor everything that was removed.
    """
    senders = {change.actor_id for change in application.changes if change.actor_role in COOPERATIVE}
    documents = Document.application_id == application.id
    others: CompoundSelect[int | None] = union(
        select(Document.uploaded_by_id).where(documents),
        select(Document.removed_by_id).where(documents),
        select(AuditEvent.actor_id).where(
            AuditEvent.entity == LoanApplication.__tablename__,
            AuditEvent.entity_id == application.id,
            AuditEvent.kind == AuditKind.CHANGED,
        ),
        select(Membership.user_id).where(Membership.cooperative_id == application.cooperative_id, Membership.active),
    )
    found = {*senders, application.created_by_id, *db.session.scalars(others, execution_options={"unscoped": True})}
    return frozenset(key for key in found if key is not None)
