"""Sends waiting mail: by SMTP when a server is set, else as files one can open."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from threading import Timer
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from sqlalchemy import select

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.logs.causes import cause_of
from app.logs.requests import HEADER
from app.models.notices import MailStatus, OutboxMail
from app.security.password_links import opened

log = structlog.get_logger()
Clock = Callable[[], datetime]
BATCH = 50
# A slow mail server keeps the worker's other work waiting no longer than this and one mail.
ROUND = timedelta(seconds=20)
SOCKET_SECONDS, SENDING_SECONDS = 20.0, 120.0
# A mail taken by a worker is nobody else's for so long: more than its sending can last.
LEASE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=1)
# Nobody wrote it by hand, so nobody's absence is to be told to us (RFC 3834; the second is Exchange's own).
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}


class MailServerAway(Exception):
    """No connection to the mail server, or no place for the files: the next mail would fare no better."""


def message_of(mail: OutboxMail, *, leaving: bool = False) -> EmailMessage:
    """The mail as it is kept, or as it leaves: links to choose a password open for their recipient alone."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    for name, value in BY_A_MACHINE.items():
        message[name] = value
    if mail.request_id:
        message[HEADER] = mail.request_id
    message.set_content(opened(mail.body) if leaving else mail.body)
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


def deliver(at: datetime, clock: Clock | None = None) -> int:
    """Send what is due, oldest first, and commit after each mail; returns how many were sent.

    A row is taken under its lock and kept by a lease from that moment, so that two workers never send the same mail.

    Args:
        at: when the round begins.
        clock: what time it is by now, which a round of slow sendings needs; without one the time stands still.
    """
    clock = clock or (lambda: at)
    sent = 0
    for _turn in range(BATCH):
        taken = _taken(clock()) if clock() - at <= ROUND else None
        if taken is None:
            break
        try:
            sent += _send(*taken, clock)
        except MailServerAway:
            break
    return sent


def _taken(now: datetime) -> tuple[int, int] | None:
    """The id of the next mail that is due, and its how manieth try this is; its lease is committed."""
    mail = db.session.scalar(
        select(OutboxMail)
        .where(OutboxMail.status == MailStatus.WAITING, OutboxMail.next_try_at <= now)
        .order_by(OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if mail is None:
        db.session.rollback()
        return None
    # Committed before anything can go wrong. A crash in between sends the mail again, under the same Message-ID.
    mail.tries += 1
    mail.next_try_at = now + LEASE
    taken = mail.id, mail.tries
    db.session.commit()
    return taken


def _send(mail_id: int, tries: int, clock: Clock) -> int:
    """Send one mail and note what became of it.

    Raises:
        MailServerAway: the server is away, not this mail at fault; that is noted, too.
    """
    try:
        message = message_of(db.session.get_one(OutboxMail, mail_id), leaving=True)
        db.session.commit()  # no lock is held while a mail server answers
        _hand_over(mail_id, message)
    except Exception as error:
        # Whatever is odd about one mail is noted on that mail: it must not keep back those of everybody else.
        db.session.rollback()
        log.warning("mail_not_sent", mail=mail_id, tries=tries, cause=cause_of(error))
        _note_failure(mail_id, tries, error, clock())
        if isinstance(error, MailServerAway):
            raise
        return 0
    _note_sent(mail_id, clock())
    return 1


def _note_sent(mail_id: int, now: datetime) -> None:
    mail = _locked(mail_id)
    mail.status, mail.sent_at, mail.last_error = MailStatus.SENT, now, None
    db.session.commit()


def _note_failure(mail_id: int, tries: int, error: Exception, now: datetime) -> None:
    mail = _locked(mail_id)
    if mail.status == MailStatus.WAITING and mail.tries == tries:  # else its lease is over, and it is another's
        mail.last_error = _in_words(error)
        mail.next_try_at = now + min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_PAUSE)
        if now - mail.waiting_since >= timedelta(hours=current_app.config["MAIL_GIVE_UP_HOURS"]):
            mail.status = MailStatus.FAILED
    db.session.commit()


def _locked(mail_id: int) -> OutboxMail:
    statement = select(OutboxMail).where(OutboxMail.id == mail_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def _in_words(error: Exception) -> str:
    """What went wrong, in characters that every database keeps."""
    first = error.__cause__ or error
    return "".join(letter if letter.isprintable() else "?" for letter in f"{type(first).__name__}: {first}"[:300])


def _hand_over(mail_id: int, message: EmailMessage) -> None:
    if current_app.config["SMTP_URL"]:
        with _connected(current_app.config["SMTP_URL"]) as server:
            server.send_message(message)
        return
    content = bytes(message)
    folder = Path(current_app.config["OUTBOX_DIR"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail_id:06d}.eml").write_bytes(content)
    except OSError as failure:
        raise MailServerAway from failure


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    """A connection that lasts no longer than its time, however slowly the server answers."""
    address = urlsplit(url)
    encrypted = address.scheme == "smtps"
    kind = smtplib.SMTP_SSL if encrypted else smtplib.SMTP
    try:
        server = kind(
            address.hostname or "localhost", address.port or (465 if encrypted else 25), timeout=SOCKET_SECONDS
        )
    except (OSError, smtplib.SMTPException) as failure:
        raise MailServerAway from failure
    end = Timer(SENDING_SECONDS, _cut_off, [server])
    end.daemon = True
    end.start()
    try:
        if address.scheme == "smtp+starttls":
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server
        # The mail is taken by now: an end that goes wrong must not have it sent again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        end.cancel()
        server.close()


def _cut_off(server: smtplib.SMTP) -> None:
    with suppress(OSError):
        if server.sock is not None:
            server.sock.shutdown(socket.SHUT_RDWR)
