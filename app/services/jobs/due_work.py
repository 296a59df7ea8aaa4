"""One round of what is due: mail, expiry, sessions, kept figures, scans."""

from datetime import datetime, timedelta

from app.extensions import db
from app.figures.folding import fold
from app.models.transaction import writing
from app.security.scope import unscoped
from app.security.sessions import drop_expired_sessions
from app.services.jobs.delivery import deliver
from app.services.jobs.expiry import expire
from app.services.jobs.scan import scan_waiting


def run_due_work(at: datetime, *, answer_days: int = 90) -> dict[str, int]:
    """Send waiting mail, expire what nobody answered, drop ended sessions, fold figures, scan files; how many of each.

    ``answer_days`` is an assumed value: no source says how long the fund waits for an answer.
    """
    with writing(), unscoped():
        sent = deliver(at)
        expired = expire(at - timedelta(days=answer_days), at)
        dropped = drop_expired_sessions(at)
        db.session.commit()
        folded = fold()
        scanned = scan_waiting(at)
    return {"sent": sent, "expired": expired, "sessions": dropped, "folded": folded, "scanned": scanned}
