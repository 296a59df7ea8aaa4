"""The forms of registers when two people saved one row."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.ui.labels import NOTHING
from app.views.shell.cells import formatter_for
from app.views.shell.typed.meeting import Desk, Meeting, meet


def met_in_register(view: Any, form: Any, row: Any) -> tuple[Any, Meeting | None]:
    """The form to go on with, and what there is to choose; the row is held until the transaction ends."""
    view.hold(row)
    model = type(row)
    db.session.execute(select(model.id).where(model.id == row.id).with_for_update(key_share=True))
    db.session.refresh(row)

    def make(sent: Any) -> Any:
        made = view.edit_form(formdata=sent, obj=row)
        made._id = row.id
        view.withheld_from(made, view.edit_columns)
        return made

    def shown(name: str, value: Any) -> str:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = " ".join(value)  # as the row keeps them
        formatter = view.extra_formatters.get(name) or formatter_for(view.datamodel.obj, name)
        return str(formatter(value)) if value not in (None, "") else NOTHING

    return meet(form, Desk(row, [name for name in view.edit_columns if name in form], make, shown))
