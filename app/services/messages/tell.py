"""Tells people something in the running transaction: a notice in the product, and a mail in the outbox.

It knows neither what happened nor to what: who is told, which text by key, with which values, and where it leads are
said by the subject. A worker sends the mails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.logs.requests import request_id
from app.models.notices import Notice, OutboxMail
from app.services.messages.text import write
from app.services.messages.texts import TEXTS
from app.ui.language import DEFAULT

LONGEST_SUBJECT = 300  # characters, the column's
MOST_COUNTED = 100  # whoever has more is told so, and counting the rest would take longer than drawing the page
# Built once, because every page asks it; a person's own rows are all that it can read.
_UNREAD = select(func.count()).select_from(
    select(Notice.id)
    .where(Notice.user_id == bindparam("user"), Notice.read_at.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: whose it is, which application, and the page it leads to, such as ``/track/7``.

    ``words`` say in a notice what it is about when that is no application; a mail may be about nobody's rows.
    """

    cooperative_id: int | None
    application_id: int | None
    page: str
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: to which address, which text by its key, and the values of the text's placeholders but the link."""

    address: str
    text: str
    values: Mapping[str, Any]


def tell(occasion: str, about: About, readers: Iterable[int], letters: Iterable[Letter], at: datetime) -> None:
    """Add a notice of an occasion for every reader once, and a mail for every address once.

    Args:
        occasion: the name in ``domain/occasions.py`` that says what happened.
        readers: ids of users.
        letters: of two to one address the later counts.
    """
    for user_id in sorted(set(readers)):
        db.session.add(
            Notice(
                user_id=user_id,
                cooperative_id=about.cooperative_id,
                application_id=about.application_id,
                about=about.words,
                move=occasion,
                at=at,
            )
        )
    by_address = {letter.address: letter for letter in letters if letter.address}
    with force_locale(DEFAULT):
        for address in sorted(by_address):
            db.session.add(_mail(by_address[address], about, at))


def _mail(letter: Letter, about: About, at: datetime) -> OutboxMail:
    subject, body = write(TEXTS[letter.text], {**letter.values, "link": absolute(about.page)})
    return OutboxMail(
        cooperative_id=about.cooperative_id,
        application_id=about.application_id,
        recipient=letter.address,
        subject=subject[:LONGEST_SUBJECT],
        body=body,
        message_id=f"<{uuid4().hex}@{current_app.config['MAIL_DOMAIN']}>",
        created_at=at,
        waiting_since=at,
        next_try_at=at,
        request_id=request_id() or None,
    )


def absolute(page: str) -> str:
    """The address of a page as people outside the product open it."""
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}{page}"


def unread_count(user_id: int) -> int:
    """How many notices the person has not read, up to ``MOST_COUNTED``."""
    return db.session.scalar(_UNREAD, {"user": user_id}, execution_options={"unscoped": True}) or 0
