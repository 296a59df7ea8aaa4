"""Which roles one person has together, and which not."""

from collections.abc import Callable
from itertools import combinations

import pytest

from app.domain.capacities import refuse_mixed, refuse_own_retirement, refuse_own_roles
from app.domain.roles import Role
from app.domain.values.errors import RuleBroken

STAFF = (
    Role.PROVINCIAL_OFFICER,
    Role.FUND_OFFICER,
    Role.FINANCE_OFFICER,
    Role.COMMITTEE,
    Role.MANAGER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
# Written by hand: the only pairs that one person may hold.
TOGETHER = {
    frozenset({Role.PROVINCIAL_OFFICER, Role.FINANCE_OFFICER}),
    frozenset({Role.FUND_OFFICER, Role.FINANCE_OFFICER}),
    frozenset({Role.MANAGER, Role.AUDITOR}),
}
BESIDE_A_MEMBERSHIP = {Role.MANAGER, Role.AUDITOR}


@pytest.mark.parametrize("pair", list(combinations(STAFF, 2)))
def test_two_roles_go_together_only_where_we_mean(pair: tuple[Role, Role]) -> None:
    if frozenset(pair) in TOGETHER:
        refuse_mixed(pair, member=False)
        return

    with pytest.raises(RuleBroken):
        refuse_mixed(pair, member=False)


@pytest.mark.parametrize("role", STAFF)
def test_each_role_stands_alone(role: Role) -> None:
    refuse_mixed([role], member=False)


@pytest.mark.parametrize("role", STAFF)
def test_a_member_of_a_cooperative_works_for_no_side_but_his(role: Role) -> None:
    if role in BESIDE_A_MEMBERSHIP:
        refuse_mixed([role], member=True)
        return

    with pytest.raises(RuleBroken, match="does not also work for the fund"):
        refuse_mixed([role], member=True)


def test_a_member_without_staff_roles_is_fine() -> None:
    refuse_mixed([], member=True)


@pytest.mark.parametrize("rule", [refuse_own_roles, refuse_own_retirement])
def test_nobody_changes_the_own_account(rule: Callable[..., None]) -> None:
    rule(1, changed_by=2)

    with pytest.raises(RuleBroken):
        rule(1, changed_by=1)
