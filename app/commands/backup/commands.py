"""The two commands, and what they say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from app.commands.backup.making import make_backup
from app.commands.backup.manifest import NotDone
from app.commands.backup.restoring import restore
from app.commands.preparing import WrongVersion, refuse_wrong_version
from app.commands.turn import preparing, working
from app.files.store import StoreUnavailable
from app.logs.causes import cause_of

FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


def bind_backup_commands(fund: click.Group) -> None:
    """Add the commands to the group ``flask fund``."""
    fund.add_command(backup_command)
    fund.add_command(restore_command)


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    try:
        yield
    except (NotDone, WrongVersion) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except (StoreUnavailable, DBAPIError, OSError) as failure:
        raise click.ClickException(f"not done: {cause_of(failure)}") from failure


@click.command("backup")
@FOLDER
@with_appcontext
def backup_command(folder: Path) -> None:
    """Copy the database and all documents into FOLDER, which is new or empty, while people go on working."""
    with _told_in_one_line(), working():
        refuse_wrong_version(current_app._get_current_object())  # type: ignore[attr-defined]
        made = make_backup(folder, datetime.now(UTC))
    manifest = made.manifest
    click.echo(
        f"backed up into {folder}: {len(manifest.rows):,} tables, {sum(manifest.rows.values()):,} rows, "
        f"{len(manifest.documents):,} files, {manifest.size / 2**20:,.1f} MB; version {manifest.migration}"
    )
    if made.missing:
        click.echo("\n".join(f"row without its file: {key}" for key in made.missing))
        raise click.ClickException(
            f"the backup is whole but for {len(made.missing):,} files that the document store has not; flask fund "
            "check-documents says of which rows"
        )


@click.command("restore")
@FOLDER
@click.option("--replace", "replacing", is_flag=True, help="take away, for ever, what the database and the store have")
@with_appcontext
def restore_command(folder: Path, replacing: bool) -> None:
    """Put a backup back into an empty database and an empty document store; stop the server and the worker first."""
    with _told_in_one_line(), preparing():
        restored = restore(folder, replacing=replacing)
    manifest = restored.manifest
    click.echo(
        f"restored what was backed up at {manifest.made_at}: {sum(manifest.rows.values()):,} rows, "
        f"{len(manifest.documents):,} files, {manifest.size / 2**20:,.1f} MB"
    )
    if restored.taken_away:
        click.echo(f"files of what was there before, taken away: {restored.taken_away:,}")
    if restored.held:
        click.echo(f"mails that waited, held back: {restored.held:,}; an administrator sends those that never left")
