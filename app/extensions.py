"""The one instance of each Flask extension; create_app binds them."""

from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, Model
from flask_sqlalchemy import SQLAlchemy

# One metadata for the framework's tables and ours, or Alembic would drop what it does not see.
db = SQLAlchemy(model_class=Model)


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
