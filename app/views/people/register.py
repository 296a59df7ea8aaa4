"""Registers of users, memberships and officers' posts."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import inspect, select
from wtforms.validators import InputRequired

from app.domain.capacities import refuse_mixed, refuse_own_retirement, refuse_own_roles
from app.domain.roles import Role as FundRole
from app.domain.values.errors import RuleBroken
from app.domain.values.identifiers import email
from app.domain.values.text import N_
from app.extensions import db
from app.models.audit import AuditKind
from app.models.people import USER_LABELS, Membership, OfficePost, names_of
from app.security.accounts import hashed
from app.security.audit import plain, record
from app.security.password_links import link_for, new_link
from app.security.person import STAFF_ROLES, staff_roles
from app.security.sessions import end_sessions_of, this_session
from app.services.applications.unattended import office_of, unattended
from app.services.locking import locked_people
from app.services.messages.account_links import mail_link
from app.ui.fields import FundForm, Longest, ThaiTextField, follows
from app.ui.labels import labelled
from app.views.people.passwords import own_account
from app.views.shell.datamodel import FundInterface
from app.views.shell.form_builder import UniqueValue
from app.views.shell.pages import Answer
from app.views.shell.register import FundModelView
from app.views.shell.related.field import RelatedRowsField
from app.views.shell.searching import holds, related_holds


def _staff_roles() -> Any:
    return select(Role).where(Role.name.in_([role.value for role in STAFF_ROLES])).order_by(Role.id)


def role_names(roles: list[Role]) -> str:
    """Roles in words."""
    return ", ".join(labelled(FundRole(role.name)) for role in roles) or "–"


class RolesField(RelatedRowsField):
    """Staff roles to tick, in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            query_func=lambda: list(db.session.scalars(_staff_roles())),
            get_label=lambda role: labelled(FundRole(role.name)),
            **kwargs,
        )


class UserView(FundModelView):
    """People who sign in. A person is set out of use, not deleted: history names them."""

    route_base = "/users"
    datamodel = FundInterface(User, eager=("roles",))
    exclude_route_methods = {"download", "delete"}
    list_title, show_title, add_title, edit_title = _("Users"), _("User"), _("Add a user"), _("Edit user")
    list_columns = ["username", "first_name", "last_name", "email", "roles", "active"]
    show_columns = list_columns
    add_columns = ["first_name", "last_name", "email", "roles", "active", "username"]
    edit_columns = ["first_name", "last_name", "email", "roles", "active"]
    base_order = ("username", "asc")
    found_by = (holds(names_of(User), User.email),)
    extra_labels = USER_LABELS
    extra_formatters = {"roles": role_names}
    checks = {"email": [follows(email)]}
    extra_fields = {
        "username": ThaiTextField(
            _("User name"),
            validators=[InputRequired(), Longest(128), UniqueValue(User, "username")],
            render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
        ),
        "roles": RolesField(
            _("Staff roles"),
            description=_("Leave empty for people who act for a cooperative; their role stands in the membership."),
        ),
    }

    def show_links(self, row: User) -> Sequence[tuple[str, str]]:
        if not self._may("reset_password"):
            return ()
        return ((gettext("End the password and send a link"), url_for("UserView.reset_password", pk=row.id)),)

    def hold(self, row: User) -> None:
        # Held with whoever changes it: two administrators at once must not both take the other's rights away.
        locked_people([row.id, current_user.id])

    def fill(self, form: Any, row: User) -> None:
        if row.id is not None:
            _refuse_no_longer_in_charge()
        super().fill(form, row)
        if row.id is None:
            row.username = form.username.data
        if row.id is not None and {role.id for role in row.roles} != {role.id for role in form.roles.data}:
            refuse_own_roles(row.id, changed_by=current_user.id)
            _refuse_mixed(row, form.roles.data)
        row.roles = list(form.roles.data)
        if row.id is None:
            row.password = hashed(secrets.token_urlsafe(32))

    def pre_add(self, row: User) -> None:
        _refuse_mixed(row, row.roles)

    def pre_update(self, row: User) -> None:
        if not row.active:
            refuse_own_retirement(row.id, changed_by=current_user.id)
        state = inspect(row)
        if state.attrs.roles.history.has_changes() or state.attrs.active.history.has_changes():
            # A new role must not go on under an old session.
            end_sessions_of(row.id, keep=this_session().sid if row.id == current_user.id else None)

    def saved(self, form: Any, row: User, *, created: bool) -> None:
        after = {
            name: plain(getattr(row, name))
            for name in ("username", "first_name", "last_name", "email", "active", "roles")
        }
        record(AuditKind.CREATED if created else AuditKind.CHANGED, row, summary=row.username, after=after)
        if not created:
            _warn_unattended(office_of(row))
        else:
            at = datetime.now(UTC)
            mail_link(row, link_for(row, at), at)
            flash(gettext("A link to choose a password was mailed to %(address)s.", address=row.email), "success")

    @expose("/reset-password/<pk>", methods=["GET", "POST"])
    @has_access
    def reset_password(self, pk: str) -> Answer:
        """End the person's password and mail a link to choose another; the administrator learns neither."""
        user, form = self._row_or_404(pk), FundForm()
        if form.validate_on_submit():
            at = datetime.now(UTC)
            mail_link(user, new_link(user, at), at)
            db.session.commit()
            flash(
                gettext(
                    "The password and all sessions of %(name)s ended. A link to choose a new password was mailed to "
                    "%(address)s.",
                    name=user.username,
                    address=user.email,
                ),
                "success",
            )
            return redirect(url_for("UserView.show", pk=user.id))
        return self.render_template(
            "people/send_link.html",
            form=form,
            title=gettext("New password for %(name)s", name=user.username),
            back=url_for("UserView.show", pk=user.id),
            user=user,
        )


def _refuse_mixed(user: User, roles: list[Role]) -> None:
    member = db.session.scalar(select(Membership.id).where(Membership.user_id == user.id, Membership.active).limit(1))
    refuse_mixed([FundRole(role.name) for role in roles], member=member is not None)


def _refuse_no_longer_in_charge() -> None:
    """Whoever changes a person is still who came in; the caller holds the row."""
    own = own_account()
    if not own.active or frozenset(staff_roles(own)) != current_user.staff_roles:
        raise RuleBroken(N_("Somebody changed your own account just now. Open the page again and go on from there."))


def _refuse_member(row: Membership) -> None:
    if row.active:
        person = row.user_id or row.user.id
        refuse_mixed(staff_roles(locked_people([person])[person]), member=True)


class MembershipView(FundModelView):
    """Who acts for which cooperative."""

    route_base = "/memberships"
    datamodel = FundInterface(Membership, eager=("user", "cooperative"))
    list_title, show_title = _("Memberships"), _("Membership")
    add_title, edit_title = _("Add a membership"), _("Edit membership")
    list_columns = ["user", "cooperative", "role", "active"]
    add_columns = ["user", "cooperative", "role", "active"]
    edit_columns = ["role", "active"]
    base_order = ("id", "desc")
    found_by = (related_holds(Membership.user, names_of(User)), related_holds(Membership.cooperative))

    def pre_add(self, row: Membership) -> None:
        _refuse_member(row)
        end_sessions_of(row.user.id)

    def pre_update(self, row: Membership) -> None:
        _refuse_member(row)
        end_sessions_of(row.user_id)

    def pre_delete(self, row: Membership) -> None:
        end_sessions_of(row.user_id)


class OfficePostView(FundModelView):
    """Which office an officer belongs to."""

    route_base = "/office-posts"
    datamodel = FundInterface(OfficePost, eager=("user", "office"))
    list_title, show_title = _("Officers"), _("Officer")
    add_title, edit_title = _("Place an officer"), _("Edit officer")
    list_columns = ["user", "office"]
    add_columns = ["user", "office"]
    edit_columns = ["office"]
    base_order = ("id", "desc")
    found_by = (related_holds(OfficePost.user, names_of(User)), related_holds(OfficePost.office))

    def pre_add(self, row: OfficePost) -> None:
        end_sessions_of(row.user.id)

    def pre_update(self, row: OfficePost) -> None:
        end_sessions_of(row.user_id)

    def pre_delete(self, row: OfficePost) -> None:
        end_sessions_of(row.user_id)

    def fill(self, form: Any, row: OfficePost) -> None:
        form.office_before = row.office_id
        super().fill(form, row)

    def saved(self, form: Any, row: OfficePost, *, created: bool) -> None:
        _warn_unattended(form.office_before)

    def deleted(self, row: OfficePost) -> None:
        _warn_unattended(row.office_id)


def _warn_unattended(office_id: int | None) -> None:
    left = unattended(office_id)
    if left is not None:
        flash(
            gettext(
                "%(office)s has no officer in use now; applications waiting there: %(number)s. Place another officer, "
                "or let another office serve its provinces.",
                office=left.office,
                number=left.waiting,
            ),
            "warning",
        )
