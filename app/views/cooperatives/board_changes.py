"""Changes of boards that wait for the signatory: what each would do, and the answer to it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from sqlalchemy import select

from app.domain.cooperatives import BoardAct
from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.boards import WaitingBoardChange
from app.security.acting import acting
from app.services.applications.board_told import tell_of_board
from app.services.cooperatives.waiting_board import (
    SHOWN,
    consent,
    decline,
    guarantor_of,
    mark_of,
    take_back,
    waiting_changes,
    what_it_does,
)
from app.services.locking import hold_cooperative
from app.ui.formatting import be_datetime
from app.ui.labels import explain, labelled
from app.views.cooperatives.board_words import Lines, in_one_line, lines_of
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id

CONSENT, DECLINE, TAKE_BACK = "consent", "decline", "take-back"


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A change as the page draws it; no ``lines`` when the person it is about has left the board meanwhile."""

    id: int
    what: str
    name: str
    cooperative: str
    lines: Lines
    who: str
    seen: str
    signs: bool
    own: bool


class BoardChangesView(FundView):
    """What waits for a signatory, for everybody who may change the board; the signatory answers."""

    route_base = "/board-changes"
    default_view = "waiting"

    @expose("/", methods=["GET"])
    @has_access
    def waiting(self) -> Answer:
        return self._page()

    @expose("/<pk>/<name>", methods=["POST"])
    @has_access
    def settle(self, pk: str, name: str) -> Answer:
        change = self._change_or_404(pk)
        hold_cooperative(change.cooperative_id)
        person, at = acting(), datetime.now(UTC)
        try:
            if name == TAKE_BACK and change.typed_by_id == person.user_id:
                take_back(change, person.user_id, at)
                done = gettext("Taken back: the board stays as it is.")
            elif name == DECLINE and person.is_any(Role.SIGNATORY):
                decline(change, person.user_id, at)
                done = gettext("You did not consent: the board stays as it is.")
            elif name == CONSENT and person.is_any(Role.SIGNATORY):
                consent(change, request.form.get("seen", ""), person.user_id, at)
                tell_of_board(change.cooperative_id, person.user_id, at)
                done = gettext("You consented: the board was changed, and the offices were told.")
            else:
                abort(403)
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
            return self._page(), 409
        flash(done, "success")
        return redirect(url_for("BoardChangesView.waiting"))

    def _change_or_404(self, pk: str) -> WaitingBoardChange:
        key = row_id(pk)
        found = db.session.scalar(select(WaitingBoardChange).where(WaitingBoardChange.id == key)) if key else None
        if found is None:
            abort(404)
        return found

    def _page(self) -> str:
        changes = waiting_changes()
        effects = what_it_does(changes)
        person = acting()
        lines = []
        for change in changes:
            effect = effects[change.id]
            who = change.typed_by.get_full_name() if change.typed_by is not None else gettext("The system")
            lines.append(
                WaitingLine(
                    id=change.id,
                    what=labelled(BoardAct(change.act)),
                    name=change.full_name,
                    cooperative=change.cooperative.name,
                    lines=lines_of(effect) if effect is not None else [],
                    who=f"{who} · {be_datetime(change.typed_at)}",
                    seen=mark_of(effect.before if effect is not None else None),
                    signs=person.is_any(Role.SIGNATORY),
                    own=change.typed_by_id == person.user_id,
                )
            )
        page: str = self.render_template(
            "cooperatives/board_changes.html",
            title=gettext("Changes of the operating board that wait for the signatory"),
            changes=lines,
            cut=len(lines) == SHOWN,
            shown=SHOWN,
            wanted={change.id: in_one_line(guarantor_of(change)) for change in changes},
            own_side=person.scope.cooperative_id is not None,
        )
        return page
