"""Audit events in the reader's words; what is stored stays as it was written."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from sqlalchemy import Boolean, Column, Date, inspect
from sqlalchemy.types import TypeEngine

from app.domain.roles import Role
from app.domain.values.text import N_
from app.domain.workflow import MOVES
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.base import labels_of
from app.models.people import USER_LABELS
from app.models.types import Moment, Money, Rate
from app.services.imports.reports import RowState
from app.ui.formatting import baht, be_date, be_datetime, count, file_size, percent
from app.ui.labels import NOTHING, labelled
from app.ui.naming import named

ENTITIES = {
    "province": N_("Province"),
    "office": N_("Office"),
    "holiday": N_("Holiday"),
    "cooperative": N_("Cooperative"),
    "financial_year": N_("Financial year"),
    "board_member": N_("Board member"),
    "waiting_board_change": N_("Change of a board that waits for the signatory"),
    "membership": N_("Membership"),
    "office_post": N_("Officer"),
    "ab_user": N_("User"),
    "loan_programme": N_("Loan programme"),
    "programme_rate": N_("Interest rate of a programme"),
    "approval_level": N_("Approval level of a programme"),
    "programme_criterion": N_("Criterion of a programme"),
    "document_type": N_("Document type"),
    "programme_document": N_("Document asked for"),
    "loan_application": N_("Loan application"),
    "document": N_("Document"),
    "document_verdict": N_("Finding about a document"),
    "help_page": N_("Help page"),
    "help_term": N_("Explained word"),
    "outbox_mail": N_("Mail"),
}

# What events tell beside the columns of their table.
MORE_LABELS = {
    "reason": N_("Reason"),
    "meeting_no": N_("Meeting number"),
    "unaccepted": N_("Documents not accepted"),
    "papers_reason": N_("Why without them"),
    "file": N_("File"),
    "note": N_("Note"),
    "reused_from": N_("Taken from an earlier application"),
    "purpose_of_opening": N_("Opened for"),
    "in_dossier": N_("In the dossier"),
    "files": N_("Files"),
    "sha256": N_("SHA-256"),
    "provinces": N_("Provinces"),
    **{state.value: state.label for state in RowState},
}
LONGEST_NAME = 80
UNNAMED = ("", NOTHING)

# JSON keeps amounts, rates, days and moments as text; each is made what its column holds before it is shown.
READERS: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], str]], ...] = (
    (Money, lambda value: baht(Decimal(value))),
    (Rate, lambda value: percent(Decimal(value))),
    (Moment, lambda value: be_datetime(datetime.fromisoformat(value))),
    (Date, lambda value: be_date(date.fromisoformat(value))),
    (Boolean, lambda value: gettext("Yes") if value else gettext("No")),
)


def entity_words(code: str) -> str:
    """What kind of record an event tells of."""
    return gettext(ENTITIES[code]) if code in ENTITIES else code


def summary_of(event: AuditEvent) -> str:
    """What an event is about: a move by what was done, anything else by the record's name."""
    number, step = _moved(event)
    if step:
        return f"{number}: {gettext(MOVES[step].done)}"
    return _draft() if event.summary in UNNAMED and event.entity == "loan_application" else event.summary


def title_of(event: AuditEvent) -> str:
    """One line that tells an event from others: what was done, to which record, when."""
    number, step = _moved(event)
    name = number if step else summary_of(event)
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    return f"{labelled(AuditKind(event.kind))} {name} – {be_datetime(event.at)}"


def values_in_words(event: AuditEvent, values: dict[str, Any] | None) -> list[tuple[str, str]]:
    """(label, value) of everything an event keeps, in the reader's language; the id is the event's own ``Record``."""
    entity, kept = event.entity, (values or {}).items()
    return [(label_of(entity, key), value_of(entity, key, value)) for key, value in kept if key != "id"]


def label_of(entity: str, key: str) -> str:
    """The label of a table's column; a name that belongs to no column stays as it is."""
    model = _model(entity)
    labels = {**MORE_LABELS, **(labels_of(model) if model else {}), **(USER_LABELS if entity == "ab_user" else {})}
    return gettext(labels[key]) if key in labels else key


def value_of(entity: str, key: str, value: Any) -> str:
    """A kept value as people read it."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(_role(item) if key == "roles" else str(item) for item in value)
    model = _model(entity)
    column = inspect(model).columns.get(key) if model else None
    if column is None:
        return str(value)
    return _choice(column, value) or _related(column, value) or _typed(column, value)


def _moved(event: AuditEvent) -> tuple[str, str]:
    """The application's number and the move's name, when the event tells of a move."""
    number, _space, step = event.summary.rpartition(" ")
    return (number or _draft(), step) if event.kind == AuditKind.MOVED and step in MOVES else ("", "")


def _draft() -> str:
    return gettext("Draft application")


def _model(entity: str) -> type[Model] | None:
    return next((m.class_ for m in Model.registry.mappers if m.class_.__tablename__ == entity), None)


def _role(name: str) -> str:
    return labelled(Role(name)) if name in set(Role) else name


def _choice(column: Column[Any], value: Any) -> str:
    kind = column.info.get("choices")
    return labelled(kind(value)) if kind is not None and value in set(kind) else ""


def _related(column: Column[Any], value: Any) -> str:
    """The name of the row a foreign key points to, as far as the person may see it."""
    for key in column.foreign_keys:
        model = _model(key.column.table.name)
        row = db.session.get(model, int(value)) if model else None
        if row is not None:
            return str(row.get_full_name() if isinstance(row, User) else named(row))
    return ""


def _typed(column: Column[Any], value: Any) -> str:
    for kind, read in READERS:
        if isinstance(column.type, kind):
            return read(value)
    if column.info.get("counted"):
        return count(int(value))
    return file_size(int(value)) if column.key == "size" else str(value)
