"""Which roles one person may have together, so that nobody works on both sides of an application."""

from collections.abc import Collection

from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_

# Roles whose holders work on applications, decide on them, pay them out or set up people.
WORKING = frozenset({Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER, Role.FINANCE_OFFICER, Role.COMMITTEE})
WATCHING = frozenset({Role.MANAGER, Role.AUDITOR})
APART_FROM_MEMBERSHIP = WORKING | {Role.ADMINISTRATOR}

# Whoever has a role of the first set has none of the second, and reads why.
APART: tuple[tuple[frozenset[Role], frozenset[Role], str], ...] = (
    (
        frozenset({Role.ADMINISTRATOR}),
        WORKING | WATCHING,
        N_("The administrator role cannot be combined with another role: who sets up users does not work on loans."),
    ),
    (
        frozenset({Role.COMMITTEE}),
        WORKING - {Role.COMMITTEE},
        N_("A committee member does not also prepare applications. Choose one of the roles."),
    ),
    (
        frozenset({Role.FUND_OFFICER}),
        frozenset({Role.PROVINCIAL_OFFICER}),
        N_("A fund officer sees all cooperatives, a provincial officer one office's. Choose one of the roles."),
    ),
    (
        WATCHING,
        WORKING,
        N_("An executive or inspector watches and does not work on applications. Choose one of the roles."),
    ),
)


def refuse_mixed(roles: Collection[Role], *, member: bool) -> None:
    """Raise ``RuleBroken`` when one person may not have these staff roles together, or beside a membership.

    Args:
        member: the person acts for a cooperative.
    """
    given = frozenset(roles)
    for these, others, why in APART:
        if given & these and given & others:
            raise RuleBroken(why)
    if member and given & APART_FROM_MEMBERSHIP:
        raise RuleBroken(
            N_(
                "Who acts for a cooperative does not also work for the fund. Set the membership out of use, or give "
                "the staff role to another person."
            )
        )


def refuse_own_roles(person: int, *, changed_by: int) -> None:
    """Raise ``RuleBroken`` for somebody who changes the roles of the own account; both are ids."""
    if person == changed_by:
        raise RuleBroken(N_("You cannot change your own roles. Ask another administrator."))


def refuse_own_retirement(person: int, *, changed_by: int) -> None:
    """Raise ``RuleBroken`` for somebody who sets the own account out of use; both are ids."""
    if person == changed_by:
        raise RuleBroken(N_("You cannot set your own account out of use. Ask another administrator."))
