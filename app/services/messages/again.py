"""Mail that was given up or held back, sent again by whoever looks after the system."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models.audit import AuditKind
from app.models.notices import MailStatus, OutboxMail
from app.security.audit import record

# What leaves only when somebody says so.
STOPPED = (MailStatus.FAILED, MailStatus.HELD)
SHOWN = 5
MOST_AT_ONCE = 1000


def send_again(mails: Iterable[OutboxMail], at: datetime) -> int:
    """Let mails wait anew, as if they had just been written; those that wait or were sent are left alone."""
    number = 0
    for mail in mails:
        if mail.status not in STOPPED:
            continue
        record(
            AuditKind.CHANGED,
            mail,
            summary=mail.subject,
            before={"status": MailStatus(mail.status).value},
            after={"status": MailStatus.WAITING.value},
        )
        mail.status, mail.tries = MailStatus.WAITING, 0
        mail.waiting_since = mail.next_try_at = at
        number += 1
    return number


def stopped_mails(most: int = SHOWN) -> list[OutboxMail]:
    """The mails that leave only when somebody says so, the newest first."""
    statement = select(OutboxMail).where(OutboxMail.status.in_(STOPPED)).order_by(OutboxMail.id.desc()).limit(most)
    return list(db.session.scalars(statement))


def count_stopped() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).where(OutboxMail.status.in_(STOPPED))) or 0
