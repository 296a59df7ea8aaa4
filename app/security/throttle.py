"""Tries at passwords, counted for all workers alike by account and place together, on every road in.

A place is a network address, or a browser in which the person has signed in before. Who types wrong passwords makes the
own place wait for that account, longer each time, and nobody else. What comes from very many places at one account, or
from one address at very many, is held up, too, but never a browser that is known.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, func, literal, select

from app.domain.values.thai import search_key
from app.domain.values.waiting import waiting_time
from app.extensions import db
from app.models.people import SignInAttempt

REMEMBERED = timedelta(days=1)  # how long a wrong password makes the next wait longer
NETWORK = 64  # bits of an IPv6 address that one subscriber has for one connection


@dataclass(frozen=True, slots=True)
class Place:
    """Where a try comes from; ``known`` is a browser in which this account has signed in before."""

    name: str
    known: bool = False


def place_of(address: str, browser: str | None) -> Place:
    """The place of a request from an address, in a browser known for the account by the name ``browser`` if any."""
    if browser is not None:
        return Place(f"browser:{browser}"[:64], known=True)
    try:
        there = ip_address(address)
    except ValueError:
        return Place(address[:64])
    return Place(str(ip_network((address, NETWORK), strict=False)) if there.version == 6 else address)


def may_try(account: str, place: Place) -> bool:
    """Whether another password may be tried now.

    If so it is counted as a wrong one in the running transaction, which is to be committed before the password is
    looked at: of many at once each finds those before it. A right one takes its count back by ``forget_failures``.
    """
    moment = datetime.now(UTC)
    _one_at_a_time(account)
    if _waits(account, place, moment) or (not place.known and _held_up(account, place, moment)):
        return False
    db.session.add(SignInAttempt(account=_key(account), address=place.name, at=moment))
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at <= moment - REMEMBERED))
    return True


def forget_failures(account: str, place: Place) -> None:
    """A right password clears what was counted for the account at this place, in the running transaction."""
    here = (SignInAttempt.account == _key(account)) & (SignInAttempt.address == place.name)
    db.session.execute(delete(SignInAttempt).where(here))


def _one_at_a_time(account: str) -> None:
    """Let the tries at one account be counted one after the other; SQLite lets one transaction write at a time."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(literal(f"sign-in {_key(account)}")))))


def _waits(account: str, place: Place, moment: datetime) -> bool:
    counted = select(func.count(SignInAttempt.id), func.max(SignInAttempt.at)).where(
        SignInAttempt.account == _key(account),
        SignInAttempt.address == place.name,
        SignInAttempt.at > moment - REMEMBERED,
    )
    number, last = db.session.execute(counted).one()
    wait = waiting_time(number, free=current_app.config["SIGN_IN_FAILURES_PER_ACCOUNT"], longest=_window())
    return last is not None and moment < last + wait


def _held_up(account: str, place: Place, moment: datetime) -> bool:
    """Whether the address has tried too many accounts, or the account was tried from too many addresses."""
    limit = current_app.config["SIGN_IN_FAILURES_PER_ADDRESS"]
    recent = select(func.count(SignInAttempt.id)).where(SignInAttempt.at > moment - _window())
    unknown = recent.where(SignInAttempt.account == _key(account), ~SignInAttempt.address.startswith("browser:"))
    return any(_number(each) >= limit for each in (recent.where(SignInAttempt.address == place.name), unknown))


def _number(statement: Select[Any]) -> int:
    return db.session.scalar(statement) or 0


def _window() -> timedelta:
    return timedelta(minutes=current_app.config["SIGN_IN_WINDOW_MINUTES"])


def _key(account: str) -> str:
    return search_key(account)[:64]


__all__ = ["Place", "forget_failures", "may_try", "place_of"]
