"""Who acts for whom: memberships of cooperatives, posts in offices, what a person prefers."""

from datetime import datetime

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.base import Audited, Called, Owned, Versioned, labelled, name_of, now
from app.models.cooperatives import Cooperative
from app.models.places import Office
from app.models.types import Moment

# What people call the columns of the framework's table of users.
USER_LABELS = {
    "username": N_("User name"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "email": N_("E-mail"),
    "active": N_("In use"),
    "roles": N_("Staff roles"),
    "last_login": N_("Last sign-in"),
    "password": N_("Password"),
}


def full_name(person: type[User]) -> ColumnElement[str]:
    """A person's name as the framework's row tells it, for a statement that does not read the row."""
    return person.first_name + " " + person.last_name


def names_of(person: type[User]) -> ColumnElement[str]:
    """All names that people look for somebody by, as one text; the index of letters has it in these words."""
    space: ColumnElement[str] = literal_column("' '")
    return person.username.concat(space).concat(person.first_name).concat(space).concat(person.last_name)


class CooperativeRole(LabelledEnum):
    """What a person does for a cooperative."""

    PREPARER = "cooperative_preparer", N_("Cooperative officer (prepares)")
    SIGNATORY = "cooperative_signatory", N_("Cooperative signatory (submits)")


class Membership(Owned, Audited, Versioned, Model):
    """A person acting for a cooperative, in one role there."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "cooperative_id", name="uq_membership_person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = labelled(N_("Person"), ForeignKey("ab_user.id"), nullable=False, index=True)
    role: Mapped[str] = labelled(N_("Role"), String(32), choices=CooperativeRole, nullable=False)
    active: Mapped[bool] = labelled(N_("In use"), Boolean, nullable=False, default=True)
    user: Mapped[User] = relationship(User)
    cooperative: Mapped[Cooperative] = relationship()

    def __repr__(self) -> str:
        return f"{self.user} – {self.cooperative}"


class OfficePost(Called, Audited, Versioned, Model):
    """The office an officer belongs to; a provincial officer sees the cooperatives of this office alone."""

    __tablename__ = "office_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = labelled(N_("Person"), ForeignKey("ab_user.id"), nullable=False, unique=True)
    office_id: Mapped[int] = labelled(N_("Office"), ForeignKey("office.id"), nullable=False, index=True)
    user: Mapped[User] = relationship(User)
    office: Mapped[Office] = relationship()

    def called(self, *, english: bool) -> str:
        return f"{self.user} – {name_of(self.office, english=english)}"


class Account(Model):
    """What the product keeps about a person beside the framework's user row."""

    __tablename__ = "account"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    locale: Mapped[str] = mapped_column(String(8), nullable=False, default="th")


class ServerSession(Model):
    """A signed-in browser; the cookie holds a random id, this row its SHA-256, so the table opens no session."""

    __tablename__ = "server_session"
    __table_args__ = (Index("ix_server_session_expires_at", "expires_at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    content: Mapped[str] = mapped_column(Text, nullable=False)
    started_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
    seen_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
    expires_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)


class PasswordLink(Model):
    """A way to choose a new password once; only with the secret key does an address follow from the row."""

    __tablename__ = "password_link"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False, unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)


class SyncedMatrix(Model):
    """Which state of the roles' permissions is stored: another text each time they change, in one row."""

    __tablename__ = "synced_matrix"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(32), nullable=False)


class SignInAttempt(Model):
    """A failed sign-in, counted per account and per address by all workers alike."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    account: Mapped[str] = mapped_column(String(64), nullable=False)
    address: Mapped[str] = mapped_column(String(64), nullable=False)
    at: Mapped[datetime] = mapped_column(Moment(), nullable=False, default=now)
