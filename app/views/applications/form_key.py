"""What the form of a new application carries along: the key that makes one draft of it, and for whom it was opened."""

from uuid import UUID, uuid4

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.security.acting import acting, signed_in


def form_key(sent: str | None) -> str:
    """The form's key; a new one for a form that lost it."""
    try:
        return str(UUID(sent or ""))
    except ValueError:
        return str(uuid4())


def refuse_other_capacity(opened_for: str | None) -> None:
    """Raise ``RuleBroken`` when the form was opened while the person acted for another cooperative."""
    now = acting().membership_id
    if not opened_for or opened_for == str(now):
        return
    names = {str(row.id): row.cooperative for row in signed_in().capacities}
    raise RuleBroken(
        N_(
            "This form was opened for %(opened)s, but you act for %(now)s now. Nothing was saved. Switch back to the "
            "first cooperative and save again, or open a new form."
        ),
        opened=names.get(opened_for, "–"),
        now=names[str(now)],
    )
