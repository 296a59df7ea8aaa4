"""Brings the framework's role and permission tables in step with the matrix."""

import uuid

from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from sqlalchemy import select

from app.domain.roles import Role as FundRole
from app.extensions import db
from app.models.people import SyncedMatrix
from app.security.roles import all_permissions, permissions_of


def sync_roles() -> int:
    """Write roles, views and permissions; remove what the matrix no longer names. Returns the number of changes."""
    before = _stored()
    pairs = _sync_pairs()
    changes = 0
    roles = {role.name: role for role in db.session.scalars(select(Role))}
    for role in FundRole:
        if role is FundRole.SYSTEM:
            continue
        row = roles.get(role.value)
        if row is None:
            row = Role(name=role.value)
            db.session.add(row)
        wanted = {pair: pairs[pair] for pair in permissions_of(role)}
        have = {(pv.permission.name, pv.view_menu.name) for pv in row.permissions}
        if have != set(wanted):
            row.permissions = list(wanted.values())
            changes += len(have ^ set(wanted))
    db.session.flush()
    _tell_processes(changed=_stored() != before)
    return changes


def _stored() -> set[tuple[str, str, str]]:
    """Role, permission and view of each right that is stored."""
    rows = select(Role.name, Permission.name, ViewMenu.name).select_from(Role).join(Role.permissions)
    return {
        (role, permission, view) for role, permission, view in db.session.execute(rows.join(Permission).join(ViewMenu))
    }


def _tell_processes(*, changed: bool) -> None:
    """Give the state of the permissions another name, by which those who keep them notice."""
    row = db.session.get(SyncedMatrix, 1)
    if row is None:
        db.session.add(SyncedMatrix(id=1, version=uuid.uuid4().hex))
    elif changed:
        row.version = uuid.uuid4().hex
    db.session.flush()


def _sync_pairs() -> dict[tuple[str, str], PermissionView]:
    permissions = {row.name: row for row in db.session.scalars(select(Permission))}
    views = {row.name: row for row in db.session.scalars(select(ViewMenu))}
    have = {(row.permission.name, row.view_menu.name): row for row in db.session.scalars(select(PermissionView))}
    wanted = {(permission, view) for view, names in all_permissions().items() for permission in names}
    for permission, view in sorted(wanted - set(have)):
        if permission not in permissions:
            permissions[permission] = Permission(name=permission)
        if view not in views:
            views[view] = ViewMenu(name=view)
        row = PermissionView(permission=permissions[permission], view_menu=views[view])
        db.session.add(row)
        have[(permission, view)] = row
    for pair in set(have) - wanted:
        stale = have.pop(pair)
        for role in list(stale.role):
            role.permissions.remove(stale)
        db.session.delete(stale)
    db.session.flush()
    return have
