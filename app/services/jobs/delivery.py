"""Sends waiting mail: by SMTP when a server is set, else as files one can open."""

import smtplib
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from sqlalchemy import select

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.notices import MailStatus, OutboxMail

log = structlog.get_logger()
BATCH = 50
MOST_TRIES = 8


def message_of(mail: OutboxMail) -> EmailMessage:
    """The mail as it goes out."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    message.set_content(mail.body)
    return message


def message_file(mail: OutboxMail) -> bytes:
    """The mail as a file to open.

    Raises:
        RuleBroken: no mail can be made of it, because its address or subject holds what a header cannot.
    """
    try:
        return bytes(message_of(mail))
    except (ValueError, LookupError, AttributeError, TypeError, MessageError) as error:
        raise RuleBroken(
            N_("No mail can be made for the address “%(address)s”. Correct the e-mail address of the recipient."),
            address=mail.recipient,
        ) from error


def deliver(at: datetime) -> int:
    """Send what is due, oldest first, and commit after each mail; returns how many were sent.

    A row is taken under its lock before it is sent, so that two workers never send the same mail.
    """
    sent = 0
    for _turn in range(BATCH):
        mail = db.session.scalar(
            select(OutboxMail)
            .where(OutboxMail.status == MailStatus.WAITING, OutboxMail.next_try_at <= at)
            .order_by(OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            db.session.rollback()
            break
        # Taken for a while and committed before anything can go wrong. A crash in between sends the mail again
        # later, under the same Message-ID.
        mail.tries += 1
        mail.next_try_at = at + timedelta(minutes=2**mail.tries)
        db.session.commit()
        sent += _send(mail, at)
        db.session.commit()
    return sent


def _send(mail: OutboxMail, at: datetime) -> int:
    try:
        mail_id, message = mail.id, message_of(mail)
        db.session.commit()  # no lock is held while a mail server answers
        _hand_over(mail_id, message)
    except Exception as error:
        # Whatever is odd about one mail is noted on that mail: it must not keep back those of everybody else.
        mail.last_error = _in_words(error)
        if mail.tries >= MOST_TRIES:
            mail.status = MailStatus.FAILED
        log.warning("mail_not_sent", mail=mail.id, tries=mail.tries, error=type(error).__name__)
        return 0
    mail.status = MailStatus.SENT
    mail.sent_at = at
    mail.last_error = None
    return 1


def _in_words(error: Exception) -> str:
    """What went wrong, in characters that every database keeps."""
    return "".join(letter if letter.isprintable() else "?" for letter in f"{type(error).__name__}: {error}"[:300])


def _hand_over(mail_id: int, message: EmailMessage) -> None:
    url = current_app.config["SMTP_URL"]
    if not url:
        folder = Path(current_app.config["OUTBOX_DIR"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail_id:06d}.eml").write_bytes(bytes(message))
        return
    server = urlsplit(url)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with kind(
        server.hostname or "localhost", server.port or (465 if server.scheme == "smtps" else 25), timeout=30
    ) as smtp:
        if server.scheme == "smtp+starttls":
            smtp.starttls()
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
