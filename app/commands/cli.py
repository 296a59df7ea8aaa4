"""Commands: ``flask sync-roles`` and ``flask fund …``."""

import code
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask, current_app
from flask_appbuilder import Model
from sqlalchemy import select

from app.commands.backup.commands import bind_backup_commands
from app.commands.documents import bind_document_commands
from app.commands.figures import bind_figure_commands
from app.commands.preparing import WrongVersion, refuse_wrong_version
from app.commands.quotes import bind_quote_commands
from app.commands.turn import preparing, working
from app.commands.worker import work_forever, work_once
from app.demo.seed import seed_demo
from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.logs.causes import cause_of
from app.models.transaction import writing
from app.security.accounts import accounts_with_password, add_user
from app.security.scope import unscoped
from app.security.sync import sync_roles
from app.services.jobs.due_work import JobsFailed
from app.services.jobs.expiry import TooManyToExpire, expire

TOOLS = {"db": db, "select": select, "unscoped": unscoped, "writing": writing}


class DatabaseCommands(click.Group):
    """Flask-Migrate's commands, ``flask db upgrade`` and others; brought, with Alembic, once they are asked for."""

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        theirs = self._theirs()
        self.params, self.callback = theirs.params, theirs.callback
        return super().make_context(*given, **named)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._theirs().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._theirs().get_command(ctx, cmd_name)

    def _theirs(self) -> click.Group:
        from flask_migrate.cli import db as theirs

        group: click.Group = theirs
        return group


def bind_commands(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(DatabaseCommands("db", help="Perform database migrations."))

    @app.cli.command("sync-roles")
    def sync_roles_command() -> None:
        """Bring roles and permissions in step with the matrix."""
        with preparing(), writing(), unscoped():
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
        with preparing(), writing(), unscoped():
            added = seed_demo(datetime.now(UTC))
            db.session.commit()
        click.echo("added" if added else "already there")

    _bind_due_work(fund, app)
    _bind_shell(fund)
    bind_backup_commands(fund)
    bind_document_commands(fund)
    bind_figure_commands(fund)
    bind_quote_commands(fund)
    _bind_account_commands(fund)


def _bind_due_work(fund: Any, app: Flask) -> None:
    @fund.command("deliver")
    def deliver_command() -> None:
        """Do one round of what the worker does."""
        try:
            click.echo(work_once(app))
        except (WrongVersion, JobsFailed) as failure:
            raise click.ClickException(_in_one_line(failure)) from failure

    @fund.command("expire")
    @click.option("--even-many", is_flag=True, help="expire them although they are very many")
    def expire_command(even_many: bool) -> None:
        """Expire what nobody answered or sent, as the worker does; give it leave for more than it does by itself."""
        at = datetime.now(UTC)
        most = None if even_many else current_app.config["EXPIRY_MOST_A_ROUND"]
        try:
            with working(), writing(), unscoped():
                refuse_wrong_version(app)
                number = expire(at, most=most)
        except (WrongVersion, TooManyToExpire) as refusal:
            raise click.ClickException(str(refusal)) from refusal
        click.echo(f"{number:,} applications expired")

    @fund.command("worker")
    @click.option("--every", default=30.0, show_default=True, help="seconds between rounds")
    def worker_command(every: float) -> None:
        """Send mail and do the other due work until stopped."""
        try:
            work_forever(app, every)
        except WrongVersion as wrong:
            raise click.ClickException(str(wrong)) from wrong


def _in_one_line(failure: WrongVersion | JobsFailed) -> str:
    if isinstance(failure, WrongVersion):
        return str(failure)
    return "; ".join(f"{job}: {cause_of(error)}" for job, error in failure.failures.items())


def _bind_shell(fund: Any) -> None:
    @fund.command("shell")
    def shell_command() -> None:
        """Open a Python that sees the rows of everybody; it stores what is committed inside ``with writing():``."""
        models = {mapper.class_.__name__: mapper.class_ for mapper in Model.registry.mappers}
        with unscoped():
            code.interact("db, select, writing, unscoped and the models are here", local={**models, **TOOLS})


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
