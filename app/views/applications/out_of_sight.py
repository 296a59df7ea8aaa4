"""A proof in a page's forms that the person was shown an application, for whom its state takes it out of sight.

Once it is out of sight, it answers as any other that is not there: 404. Only who sends back the proof, which nobody
can make up, is told who changed it meanwhile. So no answer tells a foreign application from a missing one.
"""

from datetime import datetime

from flask import Response, abort, current_app, request
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.security.acting import acting
from app.security.reach import Reach
from app.services.applications.lost_sight import last_step_since
from app.ui.labels import explain
from app.views.shell.errors import page
from app.views.shell.places import row_id

# Who sees an application only in some of its states; from everybody else no move takes it away.
BY_STATE = frozenset({Reach.AGENDA, Reach.APPROVED})
FIELD = "shown"


def proof_of(application_id: int) -> str:
    """What the forms carry: which application, shown to whom, under which reach, and when; empty if it cannot go."""
    scope = acting().scope
    return _signer().dumps([application_id, scope.user_id, scope.reach.name]) if scope.reach in BY_STATE else ""


def out_of_sight(pk: str) -> Response:
    """The answer about an application that is not in the person's sight: 409 with what happened meanwhile, or 404."""
    key = row_id(pk)
    shown_at = _shown_at(key, request.form.get(FIELD, "")) if key is not None else None
    told = last_step_since(key, shown_at) if key is not None and shown_at is not None else None
    if told is None:
        abort(404)
    return page(409, explain(told), what_to_do=gettext("Go on with the other applications in your list."))


def _shown_at(application_id: int, proof: str) -> datetime | None:
    scope = acting().scope
    lifetime = int(current_app.config["PERMANENT_SESSION_LIFETIME"].total_seconds())
    try:
        said, at = _signer().loads(proof, max_age=lifetime, return_timestamp=True)
    except BadSignature:
        return None
    mine = scope.reach in BY_STATE and said == [application_id, scope.user_id, scope.reach.name]
    return at if mine else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="application shown")
