"""The permission matrix, the registered pages and the reviewed list of routes say the same."""

from pathlib import Path

import pytest
from flask import Flask

from app.domain.roles import Role
from app.domain.workflow import MOVES
from app.factory import create_app
from app.security.roles import MATRIX, PUBLIC_ENDPOINTS, all_permissions, permissions_of

ROUTES = Path(__file__).with_name("routes.txt")
# Endpoints that are not methods of our views: files for browsers.
SERVED_TO_ALL = {"assets.serve", "appbuilder.static"}
DECIDING_OR_MOVING = {"can_move", "receive", "can_start", "can_attach", "can_remove", "can_autosave"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as it registers itself; no database is opened."""
    folder = tmp_path_factory.mktemp("matrix")
    return create_app(
        {"FUND_ENV": "testing", "TESTING": True, "INSTANCE_DIR": str(folder), "DATABASE_URL": "sqlite://"}
    )


def registered(app: Flask) -> dict[str, frozenset[str]]:
    """Views with at least one permission, and their permissions."""
    views = app.appbuilder.baseviews  # type: ignore[attr-defined]
    return {view.class_permission_name: frozenset(view.base_permissions) for view in views if view.base_permissions}


def test_every_registered_view_and_permission_is_in_the_matrix_and_nothing_else(built: Flask) -> None:
    assert registered(built) == all_permissions()


def test_every_role_and_permission_of_the_matrix_is_named_exactly() -> None:
    for view, permissions, roles in MATRIX:
        assert view.isidentifier()
        assert roles, view
        assert Role.SYSTEM not in roles
        assert all(name.startswith("can_") or name in ("receive", "send_again") for name in permissions), view


def test_every_role_of_people_may_open_something() -> None:
    for role in set(Role) - {Role.SYSTEM}:
        assert permissions_of(role), role


def test_the_system_has_no_permission() -> None:
    assert permissions_of(Role.SYSTEM) == frozenset()


def test_an_administrator_neither_moves_nor_decides() -> None:
    names = {permission for permission, _view in permissions_of(Role.ADMINISTRATOR)}
    views = {view for _permission, view in permissions_of(Role.ADMINISTRATOR)}

    assert names & DECIDING_OR_MOVING == set()
    assert (
        views & {"MoveView", "ApplyView", "TrackView", "LoanApplicationView", "DocumentFileView", "DocumentView"}
        == set()
    )
    assert all(Role.ADMINISTRATOR not in move.roles for move in MOVES.values())


def test_watchers_have_no_permission_that_changes_a_record() -> None:
    own = {("can_change", "PasswordView"), ("can_read", "NoticeView")}
    changing = {"can_add", "can_edit", "can_delete", "can_move", "can_upload", "can_reset_password", "receive"}

    for role in (Role.MANAGER, Role.AUDITOR, Role.FINANCE_OFFICER):
        assert {name for name, _view in permissions_of(role) - own} & changing == set(), role


def test_only_an_administrator_gives_roles() -> None:
    keys = [
        ("can_add", "UserView"),
        ("can_edit", "UserView"),
        ("can_add", "MembershipView"),
        ("can_edit", "OfficePostView"),
    ]

    for key in keys:
        assert {role for role in Role if key in permissions_of(role)} == {Role.ADMINISTRATOR}, key


def test_a_cooperative_opens_no_register_of_people_or_policy() -> None:
    closed = {
        "UserView",
        "MembershipView",
        "OfficePostView",
        "AuditEventView",
        "OutboxView",
        "CooperativeImportView",
        "DashboardView",
    }

    for role in (Role.PREPARER, Role.SIGNATORY):
        assert {view for _permission, view in permissions_of(role)} & closed == set()


def test_every_route_asks_for_a_permission_or_is_listed_as_public(built: Flask) -> None:
    permissions = registered(built)
    open_to_all = set()
    for rule in built.url_map.iter_rules():
        view, _dot, method = rule.endpoint.partition(".")
        if rule.endpoint in SERVED_TO_ALL or view in permissions:
            continue
        open_to_all.add(f"{view}.{method}")

    assert open_to_all == PUBLIC_ENDPOINTS


def test_every_route_is_in_the_reviewed_list(built: Flask) -> None:
    found = sorted(f"{rule} {' '.join(sorted(rule.methods - {'OPTIONS'}))}" for rule in built.url_map.iter_rules())

    assert found == ROUTES.read_text(encoding="utf-8").splitlines()


def test_what_deletes_or_acts_is_opened_by_post_only(built: Flask) -> None:
    for rule in built.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[2] in (
            "delete",
            "action",
            "action_post",
            "move",
            "attach",
            "remove",
            "logout",
            "read",
        ):
            assert rule.methods - {"OPTIONS"} == {"POST"}, rule


def test_rest_only_reads(built: Flask) -> None:
    for rule in built.url_map.iter_rules():
        if str(rule).startswith("/api/"):
            assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule
