"""The audit trail and the outbox, to read."""

from typing import Any

from flask import Response
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.text import N_
from app.domain.workflow import Role
from app.models.audit import AuditEvent, AuditKind
from app.models.notices import MailStatus, OutboxMail
from app.services.outbox import message_file
from app.ui.labels import NOTHING, choices, labelled
from app.views.base import FundModelView
from app.views.datamodel import FundInterface
from app.views.lists import ListFilter, holds, related_holds
from app.views.pages import Answer

ENTITIES = {
    "province": N_("Province"),
    "office": N_("Office"),
    "cooperative": N_("Cooperative"),
    "board_member": N_("Board member"),
    "membership": N_("Membership"),
    "office_post": N_("Officer"),
    "ab_user": N_("User"),
    "loan_programme": N_("Loan programme"),
    "document_type": N_("Document type"),
    "programme_document": N_("Document asked for"),
    "loan_application": N_("Loan application"),
    "document": N_("Document"),
}


def _entity(code: str) -> str:
    return gettext(ENTITIES[code]) if code in ENTITIES else code


def _role(code: str | None) -> str:
    return labelled(Role(code)) if code else NOTHING


def _columns(values: dict[str, Any] | None) -> str:
    if not values:
        return NOTHING
    return "\n".join(f"{key}: {value}" for key, value in values.items() if value not in (None, ""))


class AuditEventView(FundModelView):
    """Who did what, when, from where."""

    route_base = "/audit"
    datamodel = FundInterface(AuditEvent, eager=("actor",))
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Audit trail"), _("Event")
    list_columns = ["at", "actor", "actor_role", "kind", "entity", "summary"]
    show_columns = ["at", "actor", "actor_role", "address", "kind", "entity", "entity_id", "summary", "before", "after"]
    base_order = ("id", "desc")
    with_history = False
    found_by = (
        holds(AuditEvent.summary),
        related_holds(AuditEvent.actor, User.username, User.first_name, User.last_name),
    )
    extra_formatters = {"entity": _entity, "actor_role": _role, "before": _columns, "after": _columns}
    list_filters = (
        ListFilter("kind", N_("What"), lambda: choices(AuditKind), lambda code: AuditEvent.kind == code),
        ListFilter(
            "entity",
            N_("Record kind"),
            lambda: [(code, gettext(label)) for code, label in ENTITIES.items()],
            lambda code: AuditEvent.entity == code,
        ),
    )


class OutboxView(FundModelView):
    """Mail that waits, went out or failed; in the demo each can be opened as a file."""

    route_base = "/outbox"
    datamodel = FundInterface(OutboxMail)
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Outbox"), _("Mail")
    list_columns = ["subject", "recipient", "status", "created_at", "sent_at", "tries"]
    show_columns = ["subject", "recipient", "body", "status", "created_at", "sent_at", "tries", "last_error"]
    base_order = ("id", "desc")
    with_history = False
    show_template = "outbox/show.html"
    found_by = (holds(OutboxMail.subject), holds(OutboxMail.recipient))
    list_filters = (
        ListFilter("status", N_("Status"), lambda: choices(MailStatus), lambda code: OutboxMail.status == code),
    )

    @expose("/<pk>/message.eml", methods=["GET"])
    @has_access
    def message(self, pk: str) -> Answer:
        mail = self._row_or_404(pk)
        answer = Response(message_file(mail), mimetype="message/rfc822")
        answer.headers["Content-Disposition"] = f'attachment; filename="mail-{mail.id}.eml"'
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer
