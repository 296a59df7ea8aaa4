"""What each scope is meant to show, worked out row by row in plain Python."""

from functools import lru_cache
from typing import Any

from app.security.reach import Reach, Scope
from tests.integration.security.world import BY_APPLICATION, World, sent

COMMITTEE_STATES = frozenset({"on_agenda", "approved", "rejected", "deferred"})
ADMINISTRATORS_TABLES = {
    "cooperative",
    "board_member",
    "waiting_board_change",
    "financial_year",
    "membership",
    "outbox_mail",
}
ADMINISTRATORS_ENTITIES = {
    "financial_year",
    "programme_rate",
    "approval_level",
    "programme_criterion",
    "province",
    "holiday",
    "office",
    "cooperative",
    "board_member",
    "waiting_board_change",
    "membership",
    "office_post",
    "ab_user",
    "loan_programme",
    "document_type",
    "help_page",
    "help_term",
    "programme_document",
}


@lru_cache(maxsize=8)
def meant(world: World, scope: Scope) -> dict[str, set[int]]:
    """Ids of each table that the scope is meant to show, worked out row by row in plain Python."""
    return {name: {row["id"] for row in rows if shown(world, scope, name, row)} for name, rows in world.rows.items()}


def shown(world: World, scope: Scope, table: str, row: dict[str, Any]) -> bool:
    if table == "notice":
        return scope.user_id is not None and row["user_id"] == scope.user_id
    owner = row["id"] if table == "cooperative" else row["cooperative_id"]
    match scope.reach:
        case Reach.ALL:
            return True
        case Reach.COOPERATIVE:
            return bool(owner == scope.cooperative_id) and (table != "document_verdict" or told(world, row))
        case Reach.OFFICE:
            return owner is not None and world.offices.get(owner) == scope.office_id and sent(world, table, row)
        case Reach.SENT:
            return sent(world, table, row)
        case Reach.AGENDA:
            return in_states(world, table, row, owner, COMMITTEE_STATES)
        case Reach.APPROVED:
            return in_states(world, table, row, owner, frozenset({"approved"}))
        case Reach.REGISTERS:
            return (
                row["entity"] in ADMINISTRATORS_ENTITIES if table == "audit_event" else table in ADMINISTRATORS_TABLES
            )
    return False


def told(world: World, verdict: dict[str, Any]) -> bool:
    return any(
        change["move"] in ("return", "recommend", "put_forward")
        and change["application_id"] == verdict["application_id"]
        and change["at"] >= verdict["at"]
        for change in world.rows["status_change"]
    )


def in_states(world: World, table: str, row: dict[str, Any], owner: int, states: frozenset[str]) -> bool:
    if table == "loan_application":
        return row["status"] in states
    if table == "audit_event":
        return False
    applications, cooperatives = theirs(world, states)
    return row["application_id"] in applications if table in BY_APPLICATION else owner in cooperatives


@lru_cache(maxsize=8)
def theirs(world: World, states: frozenset[str]) -> tuple[set[int], set[int]]:
    """The applications in some states, and the cooperatives that made them."""
    found = [each for each in world.rows["loan_application"] if each["status"] in states]
    return {each["id"] for each in found}, {each["cooperative_id"] for each in found}
