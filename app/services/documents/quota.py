"""How much room the files of one cooperative take up, and the most they may."""

from flask import current_app
from sqlalchemy import func, select

from app.domain.papers import MIB
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.documents import Document


def room_taken(cooperative_id: int) -> int:
    """Bytes of the cooperative's files that are kept: removed and infected ones too, until they are erased."""
    kept = (Document.cooperative_id == cooperative_id, Document.erased_at.is_(None))
    return int(db.session.scalar(select(func.sum(Document.size)).where(*kept)) or 0)


def refuse_beyond_quota(cooperative_id: int, more: int) -> None:
    """Raise ``RuleBroken`` if ``more`` bytes would be too many for the cooperative, whose row the caller holds."""
    limit = current_app.config["COOPERATIVE_QUOTA_MB"]
    taken = room_taken(cooperative_id)
    if taken + more > limit * MIB:
        raise RuleBroken(
            N_(
                "The files of your cooperative take up %(taken)s MB of the %(limit)s MB it has, and %(more)s MB more "
                "do not fit. Send a smaller file, such as a scan in black and white, or ask the fund for more room."
            ),
            taken=f"{taken / MIB:,.1f}",
            limit=f"{limit:,}",
            more=f"{more / MIB:,.1f}",
        )
