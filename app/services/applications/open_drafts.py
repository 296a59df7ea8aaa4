"""How many drafts a cooperative may have open, so that nobody fills the database by pressing a button."""

from flask import current_app
from sqlalchemy import func, select

from app.domain.states import EDITABLE
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative


def refuse_one_more(cooperative: Cooperative) -> None:
    """Raise ``RuleBroken`` when the cooperative, whose row is held, has as many drafts as it may."""
    drafts = select(func.count(LoanApplication.id)).where(
        LoanApplication.cooperative_id == cooperative.id,
        LoanApplication.number.is_(None),
        LoanApplication.status.in_(sorted(EDITABLE)),
    )
    most = current_app.config["OPEN_DRAFTS_PER_COOPERATIVE"]
    if (db.session.scalar(drafts) or 0) >= most:
        raise RuleBroken(
            N_(
                "The cooperative has %(most)s drafts, as many as it may have at a time (an assumed number, until the "
                "fund says another). Send one of them, or withdraw one that is not needed."
            ),
            most=most,
        )
