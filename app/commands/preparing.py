"""What a start has to have ready: the database, the roles, the demonstration."""

from datetime import UTC, datetime

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import Engine

from app.demo.seed import seed_demo
from app.extensions import db
from app.models.transaction import writing
from app.security.scope import unscoped
from app.security.sync import sync_roles


class DatabaseTooNew(Exception):
    """The database was migrated by a newer version of the product than this one."""


def database_state(app: Flask) -> tuple[str | None, str]:
    """The database's revision (None when it is empty) and this version's newest one.

    Raises:
        DatabaseTooNew: the database's revision is unknown to this version.
    """
    settings = Config()
    settings.set_main_option("script_location", app.config["MIGRATIONS_DIR"])
    scripts = ScriptDirectory.from_config(settings)
    head = scripts.get_current_head()
    known = {script.revision for script in scripts.walk_revisions()}
    with app.app_context(), db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise DatabaseTooNew(f"{current} > {head}")
    return current, str(head)


def give_back_room(engine: Engine) -> None:
    """Let SQLite's file shrink when a migration left a quarter of it empty; PostgreSQL sees to its own."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        empty, pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
        if empty * 4 > pages:
            connection.execute("VACUUM")
    finally:
        connection.close()


def prepare(app: Flask) -> list[str]:
    """Migrate, sync roles, and seed the demo when it is on; returns a line for each thing that was done."""
    done = []
    current, head = database_state(app)
    with app.app_context():
        if current != head:
            upgrade()
            give_back_room(db.engine)
            done.append(f"ปรับฐานข้อมูลเป็นรุ่น {head} / database migrated to {head}")
        with writing(), unscoped():
            changes = sync_roles()
            db.session.commit()
            if changes:
                done.append(f"ปรับสิทธิ์ {changes} รายการ / {changes} permissions brought in step")
            if app.config["DEMO"] and seed_demo(datetime.now(UTC)):
                db.session.commit()
                done.append("ใส่ข้อมูลสาธิตแล้ว / demo data added")
    return done
