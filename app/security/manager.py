"""The framework's security manager, narrowed: our sign-in, our pages, permissions read once a request."""

from typing import Any, cast

import structlog
from flask import current_app, g, request
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, User, ViewMenu
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.extensions import db
from app.models.audit import AuditKind
from app.security.accounts import nobodys_password
from app.security.acting import acting, this_person
from app.security.audit import record, record_failed_sign_in
from app.security.known_browsers import know_browser, known_browser
from app.security.person import Person
from app.security.sessions import this_session
from app.security.throttle import forget_failures, may_try, place_of

log = structlog.get_logger()

Pairs = frozenset[tuple[str, str]]


class FundSecurityManager(SecurityManager):
    """Answers from the synced matrix for the capacity the person acts in, never from a role's name alone."""

    def register_views(self) -> None:
        """Register nothing of the framework's own; ``app.views`` registers what we offer."""

    def create_db(self) -> None:
        """Never touch the database while the application starts; migrations and ``flask sync-roles`` do."""

    def load_user(self, pk: str) -> Person | None:
        """Whose session this is; it was read together with it."""
        person = this_session().person
        return person if person is not None and str(person.id) == str(pk) and person.active else None

    def get_user_by_id(self, pk: int) -> User | None:
        user = db.session.get(User, int(pk)) if str(pk).isdigit() else None
        return user if user is not None and user.is_active else None

    def has_access(self, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self.permissions()

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        return False

    def permissions(self) -> Pairs:
        """What the person may do in the capacity this request runs under."""
        found = g.get("permissions")
        if found is None:
            found = g.permissions = self._permissions_of(frozenset(role.value for role in acting().roles))
        return cast(Pairs, found)

    def _permissions_of(self, roles: frozenset[str]) -> Pairs:
        """The synced permissions of some roles, kept by this process as long as the database has no others."""
        person = this_person()
        if not roles or person is None:
            return frozenset()
        kept: dict[frozenset[str], tuple[str, Pairs]] = current_app.extensions.setdefault("fund_permissions", {})
        version, pairs = kept.get(roles, ("", frozenset()))
        if not version or version != person.matrix:
            pairs = self._read_permissions(roles)
            kept[roles] = (person.matrix, pairs)
        return pairs

    def _read_permissions(self, roles: frozenset[str]) -> Pairs:
        rows = db.session.execute(
            select(Permission.name, ViewMenu.name)
            .select_from(Role)
            .join(Role.permissions)
            .join(Permission, Permission.id == PermissionView.permission_id)
            .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
            .where(Role.name.in_(roles))
        )
        return frozenset((permission, view) for permission, view in rows)

    def auth_user_db(self, username: str, password: str) -> User | None:
        """Check a sign-in; the same answer and about the same time for a known and an unknown account.

        Returns the user, or nothing when the pair is wrong, the account is off, or the limit is reached.
        """
        address, user = request.remote_addr or "", self._find(username)
        place = place_of(address, known_browser(user))
        if not may_try(username, place):
            db.session.rollback()
            log.warning("sign_in_refused", address=address, why="too many failures")
            return None
        db.session.commit()
        stored = user.password if user is not None and user.is_active else None
        nobodys = nobodys_password(current_app.config["PASSWORD_HASH_METHOD"])
        fits = check_password_hash(stored or nobodys, password)
        if user is None or stored is None or not fits:
            record_failed_sign_in(user, username)
            db.session.commit()
            # Never what was typed: a password typed into the wrong field would be in it.
            log.warning("sign_in_failed", address=address, account=None if user is None else user.id)
            return None
        forget_failures(username, place)
        record(AuditKind.SIGNED_IN, user, summary=user.username, actor_id=user.id)
        know_browser(user)
        db.session.commit()
        return user

    def _find(self, username: str) -> User | None:
        found: Any = db.session.scalar(select(User).where(User.username == username))
        return cast(User | None, found)
