"""The audit trail and the outbox, to read."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from flask import Response, flash, redirect
from flask_appbuilder.actions import action
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, func, select

from app.domain.roles import Role
from app.domain.values.calendar import BANGKOK, bangkok_day, fiscal_year, fiscal_year_bounds
from app.domain.values.text import N_
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.notices import MailStatus, OutboxMail
from app.models.people import names_of
from app.services.jobs.delivery import message_file
from app.services.messages.again import MOST_AT_ONCE, send_again, stopped_mails
from app.ui.clock import today
from app.ui.formatting import fiscal_year_label
from app.ui.labels import NOTHING, choices, labelled
from app.views.shell.audit_words import ENTITIES, entity_words, summary_of, title_of, values_in_words
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.pages import Answer
from app.views.shell.register import FundModelView
from app.views.shell.searching import holds, related_holds

PERIODS = {"1": N_("Today"), "7": N_("The last 7 days"), "30": N_("The last 30 days")}  # days, today included


def _role(code: str | None) -> str:
    return labelled(Role(code)) if code else NOTHING


def _periods() -> list[tuple[str, str]]:
    """Periods to choose from: the last days, then the fiscal years that have events."""
    first = db.session.scalar(select(func.min(AuditEvent.at)))
    latest = fiscal_year(today())
    earliest = fiscal_year(bangkok_day(first)) if first else latest
    years = [(str(year), fiscal_year_label(year)) for year in range(latest, earliest - 1, -1)]
    return [*((code, gettext(label)) for code, label in PERIODS.items()), *years]


def _in_period(code: str) -> ColumnElement[bool]:
    if code in PERIODS:
        first, last = today() - timedelta(days=int(code) - 1), today()
    else:
        first, last = fiscal_year_bounds(int(code))
    start, end = (datetime.combine(day, time.min, BANGKOK) for day in (first, last + timedelta(days=1)))
    return and_(AuditEvent.at >= start, AuditEvent.at < end)


def _lines(event: AuditEvent, values: dict[str, Any] | None) -> str:
    return "\n".join(f"{label}: {value}" for label, value in values_in_words(event, values) if value != NOTHING)


class AuditInterface(FundInterface):
    """Reads events in words; a formatter sees one value only, and these need the whole event."""

    whole_rows = True
    told: ClassVar[dict[str, Callable[[AuditEvent], str]]] = {
        "summary": summary_of,
        "before": lambda event: _lines(event, event.before),
        "after": lambda event: _lines(event, event.after),
    }

    def value_of(self, row: AuditEvent, name: str) -> Any:
        return self.told[name](row) if name in self.told else super().value_of(row, name)

    def _get_attr_value(self, item: AuditEvent, col: str) -> Any:
        """The same for the page of one event, which the framework reads."""
        return self.value_of(item, col)


class AuditEventView(FundModelView):
    """Who did what, when, from where."""

    route_base = "/audit"
    datamodel = AuditInterface(AuditEvent, eager=("actor",))
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Audit trail"), _("Event")
    list_columns = ["at", "actor", "actor_role", "kind", "entity", "summary"]
    show_columns = ["at", "actor", "actor_role", "address", "kind", "entity", "entity_id", "summary", "before", "after"]
    base_order = ("at", "desc")
    sorted_by = ("at",)
    with_history = False
    found_by = (holds(AuditEvent.summary), related_holds(AuditEvent.actor, names_of(User)))
    extra_formatters = {"entity": entity_words, "actor_role": _role}
    list_filters = (
        ListFilter("period", N_("When"), _periods, _in_period),
        ListFilter("kind", N_("What"), lambda: choices(AuditKind), lambda code: AuditEvent.kind == code),
        ListFilter(
            "entity",
            N_("Record kind"),
            lambda: [(code, gettext(label)) for code, label in ENTITIES.items()],
            lambda code: AuditEvent.entity == code,
        ),
    )

    def title_of(self, row: AuditEvent) -> str:
        return title_of(row)


class OutboxView(FundModelView):
    """Mail that waits, went out or stopped; what stopped can be sent again by those who do not read it."""

    route_base = "/outbox"
    datamodel = FundInterface(OutboxMail)
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Outbox"), _("Mail")
    list_columns = ["subject", "recipient", "status", "created_at", "sent_at", "tries"]
    show_columns = [
        "subject", "recipient", "body", "status", "created_at", "waiting_since", "next_try_at", "sent_at", "tries",
        "last_error", "request_id",
    ]  # fmt: skip
    base_order = ("id", "desc")
    order_by = {"created_at": "id"}
    sorted_by = ("created_at",)
    with_history = False
    # A mail says what was asked, found and decided; whoever looks after the sending need not know that.
    shown_to = {"body": frozenset({Role.AUDITOR})}
    show_template = "outbox/show.html"
    found_by = (holds(OutboxMail.subject, OutboxMail.recipient),)
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

    @action("send_again", _("Send again"), _("Send the chosen mails again?"))
    def send_again(self, rows: OutboxMail | Sequence[OutboxMail]) -> Answer:
        return self._sent_again([rows] if isinstance(rows, OutboxMail) else rows)

    @expose("/send_all_again", methods=["POST"])
    @has_access
    def send_all_again(self) -> Answer:
        return self._sent_again(stopped_mails(MOST_AT_ONCE))

    def _sent_again(self, mails: Sequence[OutboxMail]) -> Answer:
        number = send_again(mails, datetime.now(UTC))
        db.session.commit()
        if number:
            flash(gettext("Mails that will be sent again: %(number)s.", number=number), "success")
        else:
            flash(gettext("None of these mails had stopped; nothing was changed."), "warning")
        return redirect(self._list_url())
