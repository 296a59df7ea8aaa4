"""The code on the receipt of an application, by which the office tells that a receipt is as it was given."""

import hashlib
import hmac
from datetime import datetime

from flask import current_app

from app.domain.states import EDITABLE
from app.models.applications import LoanApplication, StatusChange


def last_sending(application: LoanApplication) -> StatusChange | None:
    """The move that sent what stands in the application; none while it is being changed, when a receipt would lie."""
    if application.state in EDITABLE:
        return None
    return next((change for change in reversed(application.changes) if change.step.sends), None)


def receipt_code(application: LoanApplication, sent_at: datetime) -> str:
    """Twelve letters and digits in three groups, made of what was sent and of a secret of ours."""
    sent = (
        application.number,
        sent_at.isoformat(timespec="seconds"),
        application.amount_held_for,
        application.months,
        application.beneficiaries,
        application.member_rate,
    )
    key = current_app.config["SECRET_KEY"].encode()
    made = hmac.new(key, "|".join(map(str, sent)).encode(), hashlib.sha256).hexdigest()[:12].upper()
    return f"{made[:4]}-{made[4:8]}-{made[8:]}"
