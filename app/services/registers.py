"""Rules that hold for every register: what is used is not deleted."""

from typing import Any

from flask_appbuilder import Model
from flask_babel import gettext
from sqlalchemy import func, select

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.security.scope import unscoped
from app.ui.naming import named

# How many rows of a table point to another row, in words; Thai puts a classifier behind the number.
COUNTED = {
    "approval_level": N_("%(number)s approval levels"),
    "audit_event": N_("%(number)s audit events"),
    "board_member": N_("%(number)s board members"),
    "cooperative": N_("%(number)s cooperatives"),
    "decision": N_("%(number)s resolutions"),
    "document": N_("%(number)s documents"),
    "document_request": N_("%(number)s requests for documents"),
    "document_example": N_("%(number)s blank forms"),
    "document_verdict": N_("%(number)s findings about documents"),
    "envelope_entry": N_("%(number)s entries of an envelope"),
    "financial_year": N_("%(number)s financial years"),
    "help_picture": N_("%(number)s pictures of the help"),
    "help_version": N_("%(number)s versions of help pages"),
    "holiday": N_("%(number)s holidays"),
    "kept_board": N_("%(number)s boards as sent"),
    "kept_quote": N_("%(number)s quotes"),
    "loan_application": N_("%(number)s loan applications"),
    "membership": N_("%(number)s memberships"),
    "notice": N_("%(number)s notices"),
    "office_post": N_("%(number)s officers"),
    "office_province": N_("%(number)s offices that serve it"),
    "outbox_mail": N_("%(number)s mails"),
    "programme_criterion": N_("%(number)s criteria of programmes"),
    "programme_document": N_("%(number)s programme documents"),
    "programme_edition": N_("%(number)s versions of a programme's terms"),
    "programme_province": N_("%(number)s programmes for it"),
    "programme_rate": N_("%(number)s interest rates"),
    "signing_request": N_("%(number)s applications handed to a signatory"),
    "status_change": N_("%(number)s moves of applications"),
    "waiting_board_change": N_("%(number)s changes of its board"),
}
OTHERS = N_("%(number)s other records")
# What takes a row out of use instead, by the column that does it.
INSTEAD = {
    "active": N_("%(name)s is used by %(uses)s, so it cannot be deleted. Set it out of use instead."),
    "status": N_("%(name)s is used by %(uses)s, so it cannot be deleted. Change its status instead."),
}
USED = N_("%(name)s is used by %(uses)s, so it cannot be deleted.")


def refuse_if_used(row: Any) -> None:
    """Raise ``RuleBroken`` naming what uses the row and how often, counted over all cooperatives."""
    uses = _uses(row)
    if uses:
        message = next((text for column, text in INSTEAD.items() if hasattr(row, column)), USED)
        raise RuleBroken(message, name=named(row), uses=", ".join(_in_words(uses)))


def _in_words(uses: dict[str, int]) -> list[str]:
    """Each named table's number, and one sum of all others."""
    words = [gettext(COUNTED[name], number=f"{number:,}") for name, number in uses.items() if name in COUNTED]
    others = sum(number for name, number in uses.items() if name not in COUNTED)
    return [*words, gettext(OTHERS, number=f"{others:,}")] if others else words


def _uses(row: Any) -> dict[str, int]:
    """How many rows of each table point to the row."""
    table = row.__table__
    found: dict[str, int] = {}
    with unscoped():
        for other in Model.metadata.sorted_tables:
            for column in other.columns:
                points_here = any(key.column.table is table for key in column.foreign_keys)
                if points_here and not any(key.ondelete == "CASCADE" for key in column.foreign_keys):
                    number = db.session.scalar(select(func.count()).select_from(other).where(column == row.id)) or 0
                    if number:
                        found[other.name] = found.get(other.name, 0) + number
    return found
