"""The one instance of each Flask extension; create_app binds them."""

from flask_appbuilder import AppBuilder, Model
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

# One metadata for the framework's tables and ours, or Alembic would drop what it does not see.
db = SQLAlchemy(model_class=Model)
migrate = Migrate()


class FundBuilder(AppBuilder):
    """The framework without the pages it adds by itself: they change the session on GET or tell of its inside."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)


__all__ = ["FundBuilder", "db", "migrate"]
