"""The register of operating boards: who guarantees a cooperative's loans."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.cooperatives import BoardAct, refuse_backward_term
from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.cooperatives import BoardMember, Cooperative
from app.security.acting import acting
from app.services.applications.board_told import is_granted, tell_of_board
from app.services.cooperatives.waiting_board import VALUES, count_waiting, keep_waiting, waits_about
from app.services.locking import hold_cooperative
from app.ui.formatting import count
from app.views.shell.datamodel import FundInterface
from app.views.shell.pages import Answer
from app.views.shell.register import FundModelView
from app.views.shell.saving import show_refusal
from app.views.shell.searching import holds, related_holds

WAITS = N_(
    "Kept: the change waits for the consent of the cooperative's signatory. Until then the board stays as it is."
)
WILL_WAIT = N_(
    "A loan was granted to this cooperative, and its board guarantees it. What you save is kept and waits for the "
    "consent of the cooperative's signatory; until then the board stays as it is."
)
MAY_WAIT = N_(
    "If a loan was granted to the cooperative, what you save is kept and waits for the consent of its signatory; until "
    "then the board stays as it is."
)
REPLACES = N_("A change of this person waits already: what you save takes its place.")
SIGNED = N_(
    "A loan was granted to this cooperative, and its board guarantees it. With saving you consent to the change as a "
    "signatory, and the offices are told."
)


def _must_wait(cooperative_id: int) -> bool:
    """Whether a change of the board needs the act of somebody else: the signatory, once a loan was granted."""
    return not acting().is_any(Role.SIGNATORY) and is_granted(cooperative_id)


class BoardMemberView(FundModelView):
    """Members of operating boards; they guarantee the loans."""

    route_base = "/board"
    datamodel = FundInterface(BoardMember, eager=("cooperative",))
    list_title, show_title = _("Operating boards"), _("Board member")
    add_title, edit_title = _("Add a board member"), _("Edit board member")
    list_columns = ["full_name", "position", "cooperative", "term_starts_on", "term_ends_on"]
    add_columns = ["cooperative", "full_name", "position", "term_starts_on", "term_ends_on"]
    edit_columns = ["full_name", "position", "term_starts_on", "term_ends_on"]
    show_columns = add_columns
    base_order = ("id", "asc")
    found_by = (
        holds(BoardMember.full_name, BoardMember.position),
        related_holds(BoardMember.cooperative),
    )

    def list_links(self) -> Sequence[tuple[str, str, str]]:
        number = count_waiting() if self.appbuilder.sm.has_access("can_waiting", "BoardChangesView") else 0
        if not number:
            return ()
        words = gettext("Changes that wait for the signatory: %(number)s", number=count(number))
        return ((words, url_for("BoardChangesView.waiting"), "secondary"),)

    def form_intro(self, row: BoardMember | None) -> str:
        own = row.cooperative_id if row is not None else acting().scope.cooperative_id
        if own is None:
            return gettext(MAY_WAIT)
        if not is_granted(own):
            return ""
        if acting().is_any(Role.SIGNATORY):
            return gettext(SIGNED)
        waits = row is not None and waits_about(row.id)
        return f"{gettext(WILL_WAIT)} {gettext(REPLACES) if waits else ''}".strip()

    def pre_add(self, row: BoardMember) -> None:
        refuse_backward_term(row.term_starts_on, row.term_ends_on)

    def pre_update(self, row: BoardMember) -> None:
        self.pre_add(row)

    def hold(self, row: BoardMember) -> None:
        hold_cooperative(row.cooperative_id)

    def _stored(self, form: Any, row: Any, *, created: bool) -> bool:
        # Held before anything is looked at: what is sent meanwhile goes with the board before, or with the one after.
        cooperative: Cooperative = form.cooperative.data if created else row.cooperative
        hold_cooperative(cooperative.id)
        if not _must_wait(cooperative.id):
            return bool(super()._stored(form, row, created=created))
        try:
            _keep(cooperative, None if created else row, {name: form[name].data for name in VALUES})
        except RuleBroken as refusal:
            db.session.rollback()
            show_refusal(form, refusal, refusal.field)
            return False
        return True

    def fill(self, form: Any, row: BoardMember) -> None:
        super().fill(form, row)
        form.changes_something = db.session.is_modified(row)

    def saved(self, form: Any, row: BoardMember, *, created: bool) -> None:
        if created or form.changes_something:
            tell_of_board(row.cooperative_id, acting().user_id, datetime.now(UTC))

    def _to_row(self, row: BoardMember) -> Answer:
        # Somebody who was not added yet has no page, and a change that waits is not on the member's.
        if row.id is None or waits_about(row.id):
            return redirect(url_for("BoardChangesView.waiting"))
        return super()._to_row(row)

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Answer:
        row = self._row_or_404(pk)
        hold_cooperative(row.cooperative_id)
        if not _must_wait(row.cooperative_id):
            return super().delete(pk)
        _keep(row.cooperative, row, None)
        return self._to_row(row)

    def deleted(self, row: BoardMember) -> None:
        tell_of_board(row.cooperative_id, acting().user_id, datetime.now(UTC))


def _keep(cooperative: Cooperative, row: BoardMember | None, values: Mapping[str, Any] | None) -> None:
    """Keep what was typed until the signatory consents, and say so; no values are of somebody to be taken out."""
    act = BoardAct.ADD if row is None else BoardAct.CHANGE if values is not None else BoardAct.REMOVE
    given = values if values is not None else {name: getattr(row, name) for name in VALUES}
    keep_waiting(cooperative, act, row, given, acting().user_id, datetime.now(UTC))
    db.session.commit()
    flash(gettext(WAITS), "success")
