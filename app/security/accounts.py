"""Passwords: how long, which are refused, and what a change ends; accounts made by commands."""

import os
import secrets
from collections.abc import Sequence
from functools import lru_cache

from flask import Flask, current_app
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import or_, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.security import check_password_hash, generate_password_hash

from app.domain.roles import Role as FundRole
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.audit import AuditKind
from app.security.audit import record
from app.security.sessions import end_sessions_of
from config import ConfigurationError

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
# What people here would think of first, beside the tens of thousands of the estimator's lists.
OWN_WORDS = (
    "labour", "labor", "fund", "labourfund", "loan", "eservice", "cooperative", "thailand", "ministry", "raengngan",
    "กองทุน", "แรงงาน", "กองทุนแรงงาน", "กองทุนเพื่อผู้ใช้แรงงาน", "ผู้ใช้แรงงาน", "กองสวัสดิการแรงงาน", "สวัสดิการ", "คุ้มครองแรงงาน",
    "กรมสวัสดิการและคุ้มครองแรงงาน", "กระทรวงแรงงาน", "สหกรณ์", "ออมทรัพย์", "เครดิตยูเนี่ยน", "เงินกู้", "รหัสผ่าน", "ประเทศไทย",
)  # fmt: skip
_ESTIMATED = 72  # letters that are looked at: the work grows with the square
_STRONG = 3  # of 4: safe against ten thousand guesses a second at a stolen table for a long time


def refuse_weak(password: str, *names: str) -> None:
    """Raise ``RuleBroken`` for a password that is too short, too long, soon guessed, or holds the person's own name."""
    if len(password) < SHORTEST_PASSWORD:
        raise RuleBroken(
            N_("Use at least %(length)s characters; several words in a row are easy to remember."),
            length=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        raise RuleBroken(N_("Use at most %(length)s characters."), length=LONGEST_PASSWORD)
    folded = password.casefold()
    if any(len(name) > 3 and name.casefold() in folded for name in names) or _easy(password, names):
        raise RuleBroken(
            N_(
                "This password is easy to guess: it is used by many, or made of few or near words and numbers. Choose "
                "three or four words that do not belong together."
            )
        )


def _easy(password: str, names: Sequence[str]) -> bool:
    """Whether somebody who tries usual passwords, words, names, dates and rows of keys finds it soon."""
    from zxcvbn import zxcvbn  # its lists are some megabytes, for whoever chooses a password

    known = [*OWN_WORDS, *names, str(current_app.config["DEMO_PASSWORD"] or "")]
    found = zxcvbn(password[:_ESTIMATED], user_inputs=[word for word in known if word])
    return len(set(password.casefold())) < 5 or int(found["score"]) < _STRONG


def hashed(password: str) -> str:
    """The password as it is stored: salted, by the slow function that ``PASSWORD_HASH_METHOD`` names."""
    return generate_password_hash(password, method=current_app.config["PASSWORD_HASH_METHOD"], salt_length=16)


@lru_cache
def nobodys_password(method: str) -> str:
    """A stored password that nothing fits, for unknown accounts: looking at it takes as long as at a real one."""
    return generate_password_hash(secrets.token_urlsafe(32), method=method, salt_length=16)


def fits(user: User, password: str) -> bool:
    return bool(user.password) and check_password_hash(user.password, password)


def set_password(user: User, password: str, *, keep: str | None = None) -> None:
    """Store a new password and end every session of the person, except the one named ``keep``.

    Raises:
        RuleBroken: the password is weak, or the one the person has.
    """
    if fits(user, password):
        raise RuleBroken(N_("This is the password you have. Choose another one."))
    refuse_weak(password, user.username, user.first_name, user.last_name, user.email.partition("@")[0])
    user.password = hashed(password)
    record(AuditKind.PASSWORD_CHANGED, user, summary=user.username)
    end_sessions_of(user.id, keep=keep)


def accounts_with_password(password: str) -> list[str]:
    """User names of active accounts that have this password."""
    users = db.session.scalars(select(User).where(User.active))
    return [user.username for user in users if fits(user, password)]


def add_user(username: str, email: str, password: str, role: FundRole) -> User:
    """Add an account with one staff role, in the running transaction.

    Raises:
        RuleBroken: the name or address is taken, the password is weak, or roles were never synced.
    """
    refuse_weak(password, username, email.partition("@")[0])
    taken = db.session.scalar(select(User.id).where(or_(User.username == username, User.email == email)))
    if taken is not None:
        raise RuleBroken(N_("The user name or the e-mail is already used by another account."))
    row = db.session.scalar(select(Role).where(Role.name == role.value))
    if row is None:
        raise RuleBroken(N_("The roles are not in the database yet. Run flask sync-roles first."))
    user = User(
        username=username,
        email=email,
        first_name=username,
        last_name="–",
        active=True,
        password=hashed(password),
        roles=[row],
    )
    db.session.add(user)
    db.session.flush()
    record(AuditKind.CREATED, user, summary=username, after={"username": username, "roles": [role.value]})
    return user


def refuse_demo_accounts(app: Flask, names: Sequence[str]) -> None:
    """Refuse to serve in production while a demonstration account still opens with the demonstration password.

    Looks at the given ``names`` only, because each look costs a tenth of a second; ``flask fund check-accounts``
    looks at every account. A command line may run, so that the account can be put right.
    """
    if app.config["FUND_ENV"] != "production" or os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return
    with app.app_context():
        try:
            users = db.session.scalars(select(User).where(User.active, User.username.in_(names))).all()
        except (OperationalError, ProgrammingError):
            return  # no tables yet: there is nobody to sign in
        open_names = [user.username for user in users if fits(user, app.config["DEMO_PASSWORD"])]
    if open_names:
        raise ConfigurationError(
            f"ระบบจริงห้ามมีบัญชีที่ใช้รหัสผ่านสาธิต: {', '.join(open_names)}",
            f"production must not run while these accounts have the demonstration password: {', '.join(open_names)}",
        )
