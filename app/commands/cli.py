"""Commands: ``flask sync-roles`` and ``flask fund …``; and what a start has to have ready."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import structlog
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from app.commands.documents import bind_document_commands
from app.commands.quotes import bind_quote_commands
from app.demo.seed import seed_demo
from app.domain.errors import RuleBroken
from app.domain.workflow import MOVES, Role
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.transaction import writing
from app.security.accounts import accounts_with_password, add_user
from app.security.acting import Acting
from app.security.reach import EVERYTHING
from app.security.scope import unscoped
from app.security.sessions import drop_expired_sessions
from app.security.sync import sync_roles
from app.services.applications.moves import SYSTEM_ROLES, MoveRequest, move
from app.services.jobs.scan import scan_waiting
from app.services.messages.outbox import deliver

log = structlog.get_logger()
THE_SYSTEM = Acting(user_id=0, roles=SYSTEM_ROLES, scope=EVERYTHING)


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


def prepare(app: Flask) -> list[str]:
    """Migrate, sync roles, and seed the demo when it is on; returns a line for each thing that was done."""
    done = []
    current, head = database_state(app)
    with app.app_context():
        if current != head:
            upgrade()
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


def run_due_work(at: datetime, *, answer_days: int = 90) -> dict[str, int]:
    """Send waiting mail, expire what nobody answered, drop ended sessions, scan files; returns how many of each.

    ``answer_days`` is an assumed value: no source says how long the fund waits for an answer.
    """
    with writing(), unscoped():
        sent = deliver(at)
        expired = _expire(at - timedelta(days=answer_days), at)
        dropped = drop_expired_sessions(at)
        db.session.commit()
        scanned = scan_waiting(at)
    return {"sent": sent, "expired": expired, "sessions": dropped, "scanned": scanned}


def _expire(before: datetime, at: datetime) -> int:
    """Expire drafts and unanswered applications nobody touched since ``before``."""
    step = MOVES["expire"]
    stale = db.session.execute(
        select(LoanApplication.id, LoanApplication.version).where(
            LoanApplication.status.in_([state.value for state in step.origins]), LoanApplication.changed_at < before
        )
    ).all()
    number = 0
    for application_id, version in stale:
        try:
            move(application_id, MoveRequest("expire", version), THE_SYSTEM, at)
            db.session.commit()
            number += 1
        except (RuleBroken, LookupError, StaleDataError):
            # Somebody worked on it just now: it is not stale any more.
            db.session.rollback()
    return number


def work_forever(app: Flask, every: float = 5.0) -> None:
    """Do the due work again and again; the demo runs this in a thread, production as ``flask fund worker``."""
    while True:
        with app.app_context():
            try:
                run_due_work(datetime.now(UTC))
            except Exception:
                # The only worker there is: whatever one round fails on, mail and expiry go on in the next.
                log.warning("due_work_failed", exc_info=True)
        time.sleep(every)


def bind_commands(app: Flask) -> None:
    """Register the commands."""

    @app.cli.command("sync-roles")
    def sync_roles_command() -> None:
        """Bring roles and permissions in step with the matrix."""
        with writing(), unscoped():
            changes = sync_roles()
            db.session.commit()
        click.echo(f"{changes} changes")

    @app.cli.group("fund")
    def fund() -> None:
        """The fund's own commands."""

    @fund.command("seed-demo")
    def seed_demo_command() -> None:
        """Add the demonstration data, once."""
        if current_app.config["FUND_ENV"] == "production":
            raise click.ClickException("production holds no demonstration data")
        with writing(), unscoped():
            added = seed_demo(datetime.now(UTC))
            db.session.commit()
        click.echo("added" if added else "already there")

    @fund.command("deliver")
    def deliver_command() -> None:
        """Send waiting mail once."""
        click.echo(run_due_work(datetime.now(UTC)))

    @fund.command("worker")
    @click.option("--every", default=30.0, show_default=True, help="seconds between rounds")
    def worker_command(every: float) -> None:
        """Send mail and do the other due work until stopped."""
        work_forever(current_app._get_current_object(), every)  # type: ignore[attr-defined]

    bind_document_commands(fund)
    bind_quote_commands(fund)
    _bind_account_commands(fund)


def _bind_account_commands(fund: Any) -> None:
    @fund.command("add-administrator")
    @click.argument("username")
    @click.argument("email")
    @click.password_option(help="at least 12 characters; asked for when not given")
    def add_administrator_command(username: str, email: str, password: str) -> None:
        """Add the first system administrator, who then adds everybody else on the screens."""
        with writing(), unscoped():
            try:
                add_user(username, email, password, Role.ADMINISTRATOR)
                db.session.commit()
            except RuleBroken as refusal:
                raise click.ClickException(str(refusal)) from refusal
        click.echo(f"added {username}")

    @fund.command("check-accounts")
    def check_accounts_command() -> None:
        """Fail when an account still has the demonstration password."""
        names = accounts_with_password(current_app.config["DEMO_PASSWORD"])
        if names:
            raise click.ClickException(f"demonstration password: {', '.join(names)}")
        click.echo("ok")
