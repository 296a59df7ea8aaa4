"""Failed sign-ins, counted per account and per address for all workers alike, on every road in."""

from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from app.domain.values.thai import search_key
from app.extensions import db
from app.models.people import SignInAttempt


def _since(moment: datetime) -> datetime:
    return moment - timedelta(minutes=current_app.config["SIGN_IN_WINDOW_MINUTES"])


def too_many_failures(account: str, address: str) -> bool:
    """Whether this account, or this address, has used up its failures in the window."""
    since = _since(datetime.now(UTC))
    recent = select(func.count(SignInAttempt.id)).where(SignInAttempt.at > since)
    by_account = db.session.scalar(recent.where(SignInAttempt.account == _key(account)))
    by_address = db.session.scalar(recent.where(SignInAttempt.address == address))
    limits = current_app.config
    return (by_account or 0) >= limits["SIGN_IN_FAILURES_PER_ACCOUNT"] or (by_address or 0) >= limits[
        "SIGN_IN_FAILURES_PER_ADDRESS"
    ]


def note_failure(account: str, address: str) -> None:
    """Count one failure, in the running transaction."""
    db.session.add(SignInAttempt(account=_key(account), address=address))
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at <= _since(datetime.now(UTC)) - timedelta(days=1)))


def forget_failures(account: str) -> None:
    """A right password clears the account's count, in the running transaction."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.account == _key(account)))


def _key(account: str) -> str:
    return search_key(account)[:64]


__all__ = ["forget_failures", "note_failure", "too_many_failures"]
