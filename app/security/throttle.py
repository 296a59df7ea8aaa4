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
    attempts = select(func.count(SignInAttempt.id)).where(SignInAttempt.at > _since(datetime.now(UTC)))
    by_account = attempts.where(SignInAttempt.account == _key(account)).scalar_subquery()
    by_address = attempts.where(SignInAttempt.address == address).scalar_subquery()
    of_account, of_address = db.session.execute(select(by_account, by_address)).one()
    limits = current_app.config
    return bool(
        of_account >= limits["SIGN_IN_FAILURES_PER_ACCOUNT"] or of_address >= limits["SIGN_IN_FAILURES_PER_ADDRESS"]
    )


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
