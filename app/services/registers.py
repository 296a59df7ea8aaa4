"""Rules that hold for every register: what is used is not deleted."""

from typing import Any

from flask_appbuilder import Model
from flask_babel import gettext
from sqlalchemy import func, select

from app.domain.errors import RuleBroken
from app.domain.text import N_
from app.extensions import db
from app.security.scope import unscoped

# What people call the rows of a table that may point to another.
PLURALS = {
    "board_member": N_("board members"),
    "cooperative": N_("cooperatives"),
    "document": N_("documents"),
    "document_request": N_("requests for documents"),
    "loan_application": N_("loan applications"),
    "membership": N_("memberships"),
    "office_post": N_("officers"),
    "office_province": N_("provinces served"),
    "programme_document": N_("programme documents"),
}

OTHERS = N_("other records")


def refuse_if_used(row: Any) -> None:
    """Raise ``RuleBroken`` naming what uses the row and how often, counted over all cooperatives."""
    uses = _uses(row)
    if uses:
        raise RuleBroken(
            N_("%(name)s is used by %(uses)s, so it cannot be deleted. Close it or set it out of use instead."),
            name=str(row),
            uses=", ".join(uses),
        )


def _uses(row: Any) -> list[str]:
    table = row.__table__
    found = []
    with unscoped():
        for other in Model.metadata.sorted_tables:
            for column in other.columns:
                points_here = any(key.column.table is table for key in column.foreign_keys)
                if points_here and not any(key.ondelete == "CASCADE" for key in column.foreign_keys):
                    number = db.session.scalar(select(func.count()).select_from(other).where(column == row.id)) or 0
                    if number:
                        found.append(f"{number} {gettext(PLURALS.get(other.name, OTHERS))}")
    return found
