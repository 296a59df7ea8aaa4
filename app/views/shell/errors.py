"""Every refusal is a page in the person's language that says what to do, with a reference for the office."""

from collections.abc import Callable

import structlog
from flask import Flask, Response, flash, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as WerkzeugResponse

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import StoreUnavailable
from app.logs.causes import cause_of, where_of
from app.logs.requests import request_id
from app.models.away import UNAVAILABLE
from app.models.transaction import committed, give_up_writing
from app.security.scope import OutOfScope
from app.ui.labels import explain
from app.views.shell.returning import own_path

log = structlog.get_logger()

PAGES: dict[int, tuple[str, str, str]] = {
    400: (
        N_("The request could not be read"),
        N_("Something in the address or the form was not understood."),
        N_("Go back, check what you entered, and try again."),
    ),
    401: (N_("Please sign in"), N_("This page is for signed-in people."), N_("Sign in and open the page again.")),
    403: (
        N_("You may not do this"),
        N_("Your role does not include this page or act."),
        N_("If you need it for your work, ask the system administrator."),
    ),
    404: (
        N_("Page not found"),
        N_("There is no such page, or it is not yours to see."),
        N_("Check the address, or start from the home page."),
    ),
    405: (
        N_("This address is not opened this way"),
        N_("The act has to be started from its own page."),
        N_("Go back to the page and press its button."),
    ),
    409: (
        N_("Somebody else was quicker"),
        N_("The record changed while you were working on it. Nothing of yours was stored."),
        N_("Open the record again, read what changed, and repeat what is still needed."),
    ),
    413: (
        N_("The file is too large"),
        N_("A file may be at most 20 MB, and files sent together at most 60 MB. Nothing was stored."),
        N_("Save the file with a smaller size, or scan it with a lower resolution, and attach it again."),
    ),
    429: (N_("Too many tries"), N_("Too many requests came in a short time."), N_("Wait a few minutes and try again.")),
    500: (
        N_("The system made a mistake"),
        N_("Nothing was stored. The fault has been recorded."),
        N_("Try again. If it happens again, tell the fund the reference number below."),
    ),
    503: (N_("The system is busy or cannot be reached"), N_("Nothing was stored."), N_("Wait a moment and try again.")),
}

# The act was done before the answer failed: nobody may be told that nothing was stored.
STORED_MEANWHILE = (
    N_("What you did may be stored already; only the answer could not be made."),
    N_("Open the page again and see whether it is stored before you repeat it."),
)

# A page that needs nothing: no address, no database, no language.
BARE_PAGE = """<!doctype html>
<html lang="th">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>กองทุนเพื่อผู้ใช้แรงงาน / Labour Fund</title></head>
<body>
<h1>{thai}</h1>
<p lang="en">{english}</p>
<p>{code} {reference}</p>
</body>
</html>
"""
BARE_WORDS = {
    True: (
        "อ่านคำขอนี้ไม่ได้ โปรดตรวจสอบที่อยู่เว็บแล้วเปิดใหม่อีกครั้ง",
        "The request could not be read. Check the address and open it again.",
    ),
    False: (
        "ระบบขัดข้องชั่วคราว โปรดรอสักครู่แล้วลองใหม่อีกครั้ง",
        "The system is in trouble for a moment. Wait a little and try again.",
    ),
}


def refusal(code: int, message: str | None = None, **more: str) -> Response:
    """The answer of a code: its page, or JSON for scripts and programs; ``more`` goes to the page."""
    return _made(code, lambda: _as_json(code, message) if _wants_json() else _drawn(code, message, more))


def page(code: int, message: str | None = None, **more: str) -> Response:
    """The error page of a code, whoever asks; an unknown code takes the page of its class."""
    return _made(code, lambda: _drawn(code, message, more))


def _made(code: int, make: Callable[[], str | Response]) -> Response:
    if request_ctx.url_adapter is None:
        return _bare(code)  # the host name was refused: no address can be written, so no page of ours drawn
    try:
        return make_response(make(), code)
    except Exception as error:
        # The last line of defence: whatever keeps a page from being drawn, the person gets an answer.
        if isinstance(error, UNAVAILABLE) and not g.get("in_trouble"):
            return _of_fault(503, error)  # a page with the person's menu on it asked for more than is there
        _note("page_not_drawn", error)
        return _bare(code)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json" or request.path.startswith("/api/")


def _words(code: int, message: str | None) -> tuple[str, str, str]:
    """The title of a code, what happened, and what to do."""
    title, words, what_to_do = PAGES.get(code, PAGES[400 if code < 500 else 500])
    if code >= 500 and committed():
        words, what_to_do = STORED_MEANWHILE
    return gettext(title), message or gettext(words), gettext(what_to_do)


def _drawn(code: int, message: str | None, more: dict[str, str]) -> str:
    title, words, what_to_do = _words(code, message)
    values = {"code": code, "title": title, "message": words, "what_to_do": what_to_do, "reference": request_id()}
    return render_template("errors/error.html", **{**values, **more})


def _as_json(code: int, message: str | None) -> Response:
    return jsonify(message=message or " ".join(_words(code, message)), reference=request_id())


def _bare(code: int) -> Response:
    thai, english = BARE_WORDS[code < 500]
    return make_response(BARE_PAGE.format(code=code, thai=thai, english=english, reference=request_id()), code)


FOR_VISITORS = frozenset({"AuthView.login", "PreferenceView.language"})  # nobody need be signed in to send these


def _session_ended() -> Response:
    """Say what became of the sign-in, and lead back to the form; fund.js has kept what was typed there."""
    if current_user.is_authenticated or request.endpoint in FOR_VISITORS:
        return page(
            400, gettext("The page was open too long, or your session ended. Open it again and repeat what you did.")
        )
    return page(
        400,
        gettext("Your sign-in has ended. Nothing was stored."),
        title=gettext("Please sign in again"),
        what_to_do=gettext(
            "Sign in, and the form offers what you typed. If it does not, go back with the back button of your "
            "browser and copy what you typed before you sign in."
        ),
        sign_in=url_for("AuthView.login", next=own_path(request.referrer) or "/"),
    )


def bind_errors(app: Flask) -> None:
    """Register a page for everything that can go wrong."""

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> Response | WerkzeugResponse:
        give_up_writing(db.session)
        if error.code is None or error.code < 400:
            return error.get_response()
        if error.code != 413:
            return refusal(error.code)
        return refusal(413, back=own_path(request.referrer) or "")

    @app.errorhandler(InternalServerError)
    def on_failure_outside_a_view(error: InternalServerError) -> Response | WerkzeugResponse:
        """Answer what failed after the view, as when the session was to be kept, like what fails in one."""
        if not isinstance(error.original_exception, Exception):
            return on_http(error)
        return app.make_response(app.handle_user_exception(error.original_exception))

    @app.errorhandler(CSRFError)
    def on_csrf(_error: CSRFError) -> Response:
        give_up_writing(db.session)
        return _session_ended()

    @app.errorhandler(RuleBroken)
    def on_refusal(error: RuleBroken) -> Response | WerkzeugResponse:
        give_up_writing(db.session)
        came_from = own_path(request.referrer)
        if came_from and request.method == "POST":
            flash(explain(error), "danger")
            return redirect(came_from)
        return refusal(400, explain(error))

    _bind_lost_rows(app)
    _bind_faults(app)


def _bind_lost_rows(app: Flask) -> None:
    @app.errorhandler(OutOfScope)
    def on_out_of_scope(error: OutOfScope) -> Response:
        give_up_writing(db.session)
        log.warning("write_out_of_scope", what=str(error))
        return refusal(404)

    @app.errorhandler(StaleDataError)
    def on_stale(_error: StaleDataError) -> Response:
        give_up_writing(db.session)
        return refusal(409)

    @app.errorhandler(DataError)
    def on_data(_error: DataError) -> Response:
        # A number longer than its column in an address: there is no such row.
        give_up_writing(db.session)
        return refusal(404)


def _bind_faults(app: Flask) -> None:
    def on_unavailable(error: Exception) -> Response:
        return _of_fault(503, error)

    # An error of the system is the machine's state: a disk that is full, read-only or away, no room for another file.
    for kind in (*UNAVAILABLE, StoreUnavailable, OSError):
        app.register_error_handler(kind, on_unavailable)

    @app.errorhandler(Exception)
    def on_fault(error: Exception) -> Response:
        return _of_fault(500, error)


def _of_fault(code: int, error: Exception) -> Response:
    g.in_trouble = True  # whoever draws the answer asks nothing of what has just failed
    give_up_writing(db.session)
    _note("fault", error)
    return refusal(code)


def _note(event: str, error: Exception) -> None:
    log.error(event, method=request.method, cause=cause_of(error), where=where_of(error))
