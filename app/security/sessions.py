"""Sessions kept on the server: signing out, a new password or a new role ends every copy of the cookie.

Of visitors nothing is kept here: their cookie holds all there is, signed.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, request, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from app.extensions import db
from app.logs.causes import cause_of
from app.logs.requests import note_person
from app.models.away import UNAVAILABLE
from app.models.people import ServerSession
from app.models.transaction import SAFE_METHODS, own_transaction
from app.security.person import Kept, Person, kept_session
from app.security.visitors import is_visitors, visitors_content, visitors_cookie

log = structlog.get_logger()

USER_KEY = "_user_id"
SEEN_EVERY = timedelta(minutes=1)
# The same for everybody: what may be kept by anybody, and whether this process answers and what else is there.
SERVED_TO_ALL = ("/assets/", "/health/", "/ready/")


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """A session whose content lives in ``server_session``."""

    accessed = True

    def __init__(self, content: dict[str, Any], sid: str, row: Kept | None) -> None:
        def on_change(session: "StoredSession") -> None:
            session.modified = True

        super().__init__(content, cast(Callable[..., None], on_change))
        self.sid = sid
        self.old_sid: str | None = None
        self.started_at = row.started_at if row else None
        self.seen_at = row.seen_at if row else None
        self.person: Person | None = row.person if row else None
        self.modified = False
        self.failure: SQLAlchemyError | None = None

    def rotate(self) -> None:
        """Take a new id, so that an id known before signing in is worth nothing after."""
        self.old_sid = self.old_sid or self.sid
        self.sid = secrets.token_urlsafe(32)
        self.started_at = None
        self.person = None
        self.modified = True


def this_session() -> StoredSession:
    """The session of the request under way."""
    return cast(StoredSession, session)


def digest(sid: str) -> str:
    return hashlib.sha256(sid.encode()).hexdigest()


class StoredSessionInterface(SessionInterface):
    """Opens and saves sessions in short transactions of their own."""

    serializer = TaggedJSONSerializer()

    def open_session(self, app: Flask, asked: Request) -> StoredSession:
        sid = "" if asked.path.startswith(SERVED_TO_ALL) else asked.cookies.get(self.get_cookie_name(app), "")
        if is_visitors(sid):
            return StoredSession(visitors_content(app, sid), secrets.token_urlsafe(32), None)
        if not 20 <= len(sid) <= 80:
            return _fresh()
        try:
            row = _find(sid, datetime.now(UTC))
        except SQLAlchemyError as failure:
            # No page is chosen yet and none could be drawn: raised again as soon as one can be.
            unknown = _fresh()
            unknown.failure = failure
            return unknown
        if row is None:
            return _fresh()
        if row.person is not None:
            note_person(row.person.id)
        return StoredSession(self.serializer.loads(row.content), sid, row)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        stored = cast(StoredSession, session)
        if request.path.startswith(SERVED_TO_ALL):
            return
        response.vary.add("Cookie")
        if stored.failure is not None:
            return
        try:
            self._keep(app, stored, response)
        except UNAVAILABLE as failure:
            stored.failure = failure  # the page that says so is not kept waiting by another try
            if stored.modified and request.method not in SAFE_METHODS:
                raise
            # What was read was read: nothing that a person did is lost with a visit that cannot be noted.
            log.warning("session_not_kept", cause=cause_of(failure))

    def _keep(self, app: Flask, stored: StoredSession, response: Response) -> None:
        moment = datetime.now(UTC)
        if not stored:
            if stored.modified and stored.seen_at is not None:
                _drop(stored)
                response.delete_cookie(self.get_cookie_name(app), path=self.get_cookie_path(app))
            return
        stale = stored.seen_at is None or moment - stored.seen_at > SEEN_EVERY
        if not (stored.modified or (stale and stored.seen_at is not None)):
            return
        if USER_KEY in stored:
            _save(stored, self.serializer.dumps(dict(stored)), moment, _expiry(app, stored, moment))
        elif stored.seen_at is not None:
            _drop(stored)  # whoever signs out is a visitor again, of whom nothing is kept here
        response.set_cookie(
            self.get_cookie_name(app),
            stored.sid if USER_KEY in stored else visitors_cookie(app, dict(stored)),
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite=self.get_cookie_samesite(app),
            path=self.get_cookie_path(app),
        )


def bind_sessions(app: Flask) -> None:
    """Keep sessions on the server; to be called before anything else that looks at a request."""
    app.session_interface = StoredSessionInterface()

    @app.before_request
    def tell_of_failure() -> None:
        failure = this_session().failure
        if failure is not None:
            raise failure


def _fresh() -> StoredSession:
    return StoredSession({}, secrets.token_urlsafe(32), None)


def _find(sid: str, moment: datetime) -> Kept | None:
    # Beside the ORM session, whose row scope asks who is signed in, which is only known after this.
    with own_transaction(db.engine, writes=False) as own:
        return kept_session(own, digest(sid), moment)


def _expiry(app: Flask, stored: StoredSession, moment: datetime) -> datetime:
    """The earlier of idle time and whole life."""
    started = stored.started_at or moment
    whole = started + timedelta(hours=app.config["SESSION_LIFETIME_HOURS"])
    return min(whole, moment + timedelta(minutes=app.config["SESSION_IDLE_MINUTES"]))


def _save(stored: StoredSession, content: str, moment: datetime, expires_at: datetime) -> None:
    values = {"user_id": int(stored[USER_KEY]), "content": content, "seen_at": moment, "expires_at": expires_at}
    with own_transaction(db.engine, writes=True) as own:
        if stored.old_sid is not None:
            own.execute(delete(ServerSession).where(ServerSession.digest == digest(stored.old_sid)))
        if stored.seen_at is not None and stored.old_sid is None:
            # A session ended meanwhile by another request stays ended: it is updated, never made again.
            own.execute(update(ServerSession).where(ServerSession.digest == digest(stored.sid)).values(**values))
        else:
            own.execute(insert(ServerSession).values(digest=digest(stored.sid), started_at=moment, **values))


def _drop(stored: StoredSession) -> None:
    with own_transaction(db.engine, writes=True) as own:
        sids = [sid for sid in (stored.sid, stored.old_sid) if sid]
        own.execute(delete(ServerSession).where(ServerSession.digest.in_([digest(sid) for sid in sids])))


def end_sessions_of(user_id: int, *, keep: str | None = None) -> None:
    """End all sessions of a person in the running transaction, except the one whose id is ``keep``."""
    statement = delete(ServerSession).where(ServerSession.user_id == user_id)
    if keep is not None:
        statement = statement.where(ServerSession.digest != digest(keep))
    db.session.execute(statement)


def drop_expired_sessions(moment: datetime) -> int:
    """Delete sessions past their end; returns how many."""
    result = db.session.execute(delete(ServerSession).where(ServerSession.expires_at <= moment))
    return int(cast(Any, result).rowcount)
