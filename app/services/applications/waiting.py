"""What start pages list: applications that wait for somebody, as the columns shown, and no row of a table in full."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select, union_all

from app.domain.programmes import ApprovingBody
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import versions_read

SHOWN = 20
_LISTED = select(
    LoanApplication.id,
    LoanApplication.number,
    LoanApplication.status,
    LoanApplication.cooperative_id,
    LoanApplication.cooperative_name,
    LoanApplication.programme_id,
    LoanApplication.edition_id,
    LoanApplication.amount_asked,
    LoanApplication.submitted_at,
    LoanApplication.changed_at,
    LoanApplication.first_time,
    LoanProgramme.name,
    LoanProgramme.name_en,
).outerjoin(LoanProgramme, LoanProgramme.id == LoanApplication.programme_id)


def newest() -> Sequence[Any]:
    """The applications that were begun last."""
    return db.session.execute(_LISTED.order_by(LoanApplication.id.desc()).limit(SHOWN)).all()


def longest_waiting(since_sent: Iterable[State], since_changed: Iterable[State]) -> tuple[list[Any], list[Any]]:
    """Those in some states that were sent first, and those in others that were changed first, by one statement.

    By state, as the index has them: the longest waiting of all are among the longest waiting of each.
    """
    sent, changed = frozenset(since_sent), frozenset(since_changed)
    parts = [_first_in(state, LoanApplication.submitted_at) for state in sorted(sent)]
    parts += [_first_in(state, LoanApplication.changed_at) for state in sorted(changed)]
    if not parts:
        return [], []
    rows = db.session.execute(union_all(*(select(part.subquery()) for part in parts))).all()
    first = sorted((row for row in rows if row.status in sent), key=lambda row: (row.submitted_at, row.id))
    then = sorted((row for row in rows if row.status in changed), key=lambda row: (row.changed_at, row.id))
    return first[:SHOWN], then[:SHOWN]


def _first_in(state: State, since: Any) -> Select[*tuple[Any, ...]]:
    return _LISTED.where(LoanApplication.status == state.value).order_by(since, LoanApplication.id).limit(SHOWN)


def bodies_of(applications: Iterable[Any]) -> dict[int, ApprovingBody | None]:
    """Who decides on each of some applications by its own terms, from the amount asked."""
    rows = list(applications)
    kept = versions_read({row.edition_id for row in rows if row.edition_id is not None})
    # Without a version of their own are drafts, and what came with its history.
    now = {row.programme_id for row in rows if row.edition_id not in kept}
    programmes = {key: terms_of(db.session.get_one(LoanProgramme, key)) for key in now}
    return {
        row.id: (kept.get(row.edition_id) or programmes[row.programme_id]).decided_by(row.amount_asked) for row in rows
    }
