"""Tells both offices when another one becomes responsible for a cooperative, whatever changed it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext
from sqlalchemy import or_, select

from app.domain.cooperatives import OFFICE_CHANGED
from app.domain.values.text import N_
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.models.people import OfficePost
from app.models.places import Office
from app.services.messages.tell import About, Letter, tell
from app.ui.formatting import be_datetime
from app.ui.language import DEFAULT

FROM_TO = N_("%(cooperative)s: from %(before)s to %(now)s")
PAGE = "/notices/"
TEXT = "cooperative.office_changed"


def tell_offices(moved: Iterable[tuple[Cooperative, int]], at: datetime) -> None:
    """Tell those who work at each office that lost or got a cooperative: a notice for each, one mail for all.

    In the running transaction, once the new offices are stored.

    Args:
        moved: cooperatives, each with the id of the office before; one whose office is the same is left out.
    """
    changes = [(own, before) for own, before in moved if own.office_id != before]
    if not changes:
        return
    ids = {office for own, before in changes for office in (before, own.office_id)}
    names = {office.id: office.name for office in db.session.scalars(select(Office).where(Office.id.in_(ids)))}
    officers = _officers(ids)
    read: dict[User, list[str]] = defaultdict(list)
    with force_locale(DEFAULT):
        for own, before in changes:
            words = gettext(FROM_TO, cooperative=own.name, before=names[before], now=names[own.office_id])
            readers = [*officers[before], *officers[own.office_id]]
            tell(OFFICE_CHANGED.name, About(own.id, None, PAGE, words), (reader.id for reader in readers), (), at)
            for reader in readers:
                read[reader].append(words)
        letters = [Letter(one.email, TEXT, _values(one, words, at)) for one, words in read.items()]
    tell(OFFICE_CHANGED.name, About(None, None, PAGE), (), letters, at)


def _officers(offices: Iterable[int]) -> dict[int, list[User]]:
    """Active people in the roles that are told, by the office they are posted to."""
    roles = sorted(role.value for role in OFFICE_CHANGED.tells)
    chosen = (
        select(OfficePost.office_id, User)
        .join(User, OfficePost.user_id == User.id)
        .join(User.roles)
        .where(OfficePost.office_id.in_(offices), RoleRow.name.in_(roles), or_(User.active, User.active.is_(None)))
        .order_by(User.id)
    )
    found: dict[int, list[User]] = defaultdict(list)
    for office, officer in db.session.execute(chosen).unique():
        found[office].append(officer)
    return found


def _values(reader: User, changes: Sequence[str], at: datetime) -> dict[str, Any]:
    return {
        "reader": reader.get_full_name().strip() or gettext("the officer"),
        "happened": (gettext(OFFICE_CHANGED.done), gettext(str(OFFICE_CHANGED.next_for_staff))),
        "changes": changes,
        "when": be_datetime(at),
    }


__all__ = ["tell_offices"]
