"""The one instance of each Flask extension; create_app binds them."""

from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, Model
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import event

READ_COPY = "read_copy"  # config.py names the copy's address so
reading_copy: ContextVar[bool] = ContextVar("reading_copy", default=False)


class CopyWritten(RuntimeError):
    """A block that reads from the copy of the database meant to write."""


class FundSession(Session):
    """Reads from the copy of the database inside a block that says so, and writes nothing there."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Any:
        if bind is not None or not reading_copy.get():
            return super().get_bind(mapper, clause, bind, **kwargs)
        if getattr(clause, "is_dml", False):
            raise CopyWritten(str(clause))
        return self._db.engines[READ_COPY]


@event.listens_for(FundSession, "before_flush")
def _refuse_to_write(session: Any, *_more: Any) -> None:
    if reading_copy.get() and (session.new or session.dirty or session.deleted):
        raise CopyWritten("a flush")


# One metadata for the framework's tables and ours, or Alembic would drop what it does not see.
db = SQLAlchemy(model_class=Model, session_options={"class_": FundSession})


class Migrations:
    """Stands where Flask-Migrate looks for its settings, and brings it and Alembic once they are asked for."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        app.extensions["migrate"] = self

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=self._app.config["MIGRATIONS_DIR"], compare_type=True)
        return getattr(self._app.extensions["migrate"], name)


class FundBuilder(AppBuilder):
    """The framework without the pages it adds by itself: they change the session on GET or tell of its inside."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)


__all__ = ["FundBuilder", "Migrations", "db"]
