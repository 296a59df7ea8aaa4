"""What a start has to have ready: the database, the roles, the demonstration."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Select, column, func, select, table
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.commands.turn import preparing
from app.demo.seed import seed_demo
from app.extensions import db
from app.models.transaction import writing
from app.security.scope import unscoped
from app.security.sync import sync_roles
from app.services.help.delivered import fill_help
from app.services.workdays.filling import fill_years
from config import CONNECTIONS_KEPT, CONNECTIONS_MORE


class WrongVersion(Exception):
    """The database is not of this program's version; the message is one line, Thai then English."""


class DatabaseTooNew(WrongVersion):
    """The database was migrated by a newer version of the product than this one."""

    def __init__(self, versions: str) -> None:
        super().__init__(
            "ฐานข้อมูลเป็นของโปรแกรมรุ่นใหม่กว่านี้ ให้ใช้โปรแกรมรุ่นใหม่ ข้อมูลไม่ถูกเปลี่ยน / the database belongs to a newer version "
            f"of this program; use that one, nothing was changed ({versions})"
        )


class DatabaseTooOld(WrongVersion):
    """The database was not migrated to this version yet."""

    def __init__(self, versions: str) -> None:
        super().__init__(
            "ฐานข้อมูลยังเป็นรุ่นเก่า ให้สั่ง flask db upgrade ก่อน ยังไม่ได้ทำสิ่งใด / the database is of an older version; run "
            f"flask db upgrade first, nothing was done ({versions})"
        )


def database_state(app: Flask) -> tuple[str | None, str]:
    """The database's revision (None when it is empty) and this version's newest one.

    Raises:
        DatabaseTooNew: the database's revision is unknown to this version.
    """
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

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


def _too_many_connections(app: Flask) -> list[str]:
    """A line when this machine's processes and the worker may need more connections than the server has."""
    if db.engine.dialect.name != "postgresql":
        return []
    needed = (app.config["FUND_PROCESSES"] + 1) * (CONNECTIONS_KEPT + CONNECTIONS_MORE)
    with db.engine.connect() as connection:
        names = ("max_connections", "superuser_reserved_connections")
        most, kept = (int(connection.scalar(select(func.current_setting(name))) or 0) for name in names)
    if needed <= most - kept:
        return []
    return [
        f"โปรเซสและ worker อาจใช้ {needed} การเชื่อมต่อ แต่ฐานข้อมูลให้ {most - kept}: ลด FUND_PROCESSES หรือเพิ่ม "
        f"max_connections / processes and worker may need {needed} connections, the database gives {most - kept}: "
        "lower FUND_PROCESSES or raise max_connections"
    ]


def prepare(app: Flask) -> list[str]:
    """Migrate, sync roles, and seed the demo when it is on; returns a line for each thing that was done.

    Of several starts at once one does it, the others wait and find it done.
    """
    with app.app_context(), preparing():
        done = [*_prepared(app), *_too_many_connections(app)]
        # What was opened for this is not what is needed from now on.
        db.session.remove()
    return done


def refuse_wrong_version(app: Flask) -> None:
    """Return only when the tables are those that this program knows.

    Raises:
        WrongVersion: they are newer, older, or not there.
    """
    if is_newest(app):
        return
    current, head = database_state(app)
    if current != head:
        raise DatabaseTooOld(f"{current} < {head}")


def is_newest(app: Flask) -> bool:
    """Whether the database is at this version's newest revision, found without Alembic, whose turn comes if not."""
    try:
        return stored_versions() == [newest_version(app.config["MIGRATIONS_DIR"])]
    except SQLAlchemyError:
        return False  # empty, or away: Alembic tells


def newest_version(folder: str) -> str:
    """The revision that this program's tables have."""
    return max(Path(folder, "versions").glob("[0-9]*.py")).name.partition("_")[0]


def stored_versions() -> list[str]:
    """The revision that the database says it is of."""
    stored: Select[Any] = select(column("version_num")).select_from(table("alembic_version"))
    with db.engine.connect() as connection:
        return list(connection.scalars(stored))


def _prepared(app: Flask) -> list[str]:
    done = [] if is_newest(app) else _migrated(app)
    with writing(), unscoped():
        changes = sync_roles()
        db.session.commit()
        if changes:
            done.append(f"ปรับสิทธิ์ {changes} รายการ / {changes} permissions brought in step")
        if years := fill_years(datetime.now(UTC)):
            db.session.commit()
            span = f"{years[0]}–{years[-1]}"
            done.append(f"ใส่วันหยุดราชการปี {span} แล้ว / civil-service holidays of B.E. {span} added")
        if number := fill_help(datetime.now(UTC)):
            db.session.commit()
            done.append(f"ใส่หน้าช่วยเหลือและคำศัพท์ {number} รายการ / {number} help pages and words added")
        if app.config["DEMO"] and seed_demo(datetime.now(UTC)):
            db.session.commit()
            done.append("ใส่ข้อมูลสาธิตแล้ว / demo data added")
    return done


def _migrated(app: Flask) -> list[str]:
    from flask_migrate import upgrade

    current, head = database_state(app)
    if current == head:
        return []
    upgrade()
    give_back_room(db.engine)
    return [f"ปรับฐานข้อมูลเป็นรุ่น {head} / database migrated to {head}"]
