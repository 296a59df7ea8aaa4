"""Commands over the attached files: ``flask fund check-documents``, ``scan-documents`` and ``erase-documents``."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.extensions import db
from app.files.store import StoreUnavailable
from app.models.transaction import writing
from app.security.scope import unscoped
from app.services.jobs.retention import erase, past_retention
from app.services.jobs.scan import queue_unscanned, release_waiting
from app.services.jobs.store_check import MOST_ORPHANS, Checked, Wrong, check_documents, clean

AGE = re.compile(r"([0-9]{1,5})([hd])")
HOURS = {"h": 1, "d": 24}
BEYOND_CLEANING = frozenset({Wrong.MISSING, Wrong.CHANGED, Wrong.UNREADABLE})


class Age(click.ParamType[timedelta]):
    """A number of hours or days: 24h, 7d. Never less than an hour: a file may just be on its way to its row."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        found = AGE.fullmatch(str(value))
        age = timedelta(hours=int(found[1]) * HOURS[found[2]]) if found else timedelta(0)
        if age < timedelta(hours=1):
            self.fail(f"{value!r} is no age of at least one hour, such as 24h or 7d", param, ctx)
        return age


def bind_document_commands(fund: click.Group) -> None:
    """Add the commands to the group ``flask fund``."""
    for command in (check_documents_command, scan_documents_command, erase_documents_command):
        fund.add_command(command)


@click.command("check-documents")
@click.option("--clean", "cleaning", is_flag=True, help="take away files without rows, and what was to be erased")
@click.option("--older-than", type=Age(), default="24h", show_default=True, help="age of a file that must have a row")
@click.option("--even-many", is_flag=True, help="clean although very many files have no row")
@with_appcontext
def check_documents_command(cleaning: bool, older_than: timedelta, even_many: bool) -> None:
    """Compare the document store with the database and hash every file again; fails when something is wrong."""
    before = datetime.now(UTC) - older_than
    try:
        with unscoped():
            checked = check_documents(before)
        click.echo("\n".join(_lines(checked)))
        if checked.broken_off:
            raise click.ClickException(
                "the document store cannot be read: it went away, and this is what was found until then"
            )
        if cleaning and checked.odd and not even_many:
            raise click.ClickException(
                f"nothing was cleaned: more than {MOST_ORPHANS} files, and more than a tenth, have no row. Is this the "
                "database of this store? If it is, add --even-many"
            )
        if cleaning:
            click.echo(f"taken away: {clean(checked, before)}")
    except StoreUnavailable as failure:
        raise click.ClickException(f"the document store cannot be written: {failure}") from failure
    beyond_cleaning = [finding for finding in checked.findings if finding.what in BEYOND_CLEANING]
    if beyond_cleaning if cleaning else checked.findings:
        raise SystemExit(1)


def _lines(checked: Checked) -> list[str]:
    """One line for each finding, then the counts."""
    lines = []
    for finding in checked.findings:
        row = f"  {finding.table} {finding.row_id}  {finding.name}" if finding.table else ""
        lines.append(f"{finding.what}: {finding.key}{row}")
    lines.append(
        f"checked {checked.files:,} files, {checked.size / 2**20:,.1f} MB, all bytes; {checked.erased:,} rows erased"
    )
    return lines + [f"{what}: {len(checked.found(what)):,}" for what in Wrong]


@click.command("scan-documents")
@click.option("--release", is_flag=True, help="the scanner was taken away: let waiting files be opened unscanned")
@with_appcontext
def scan_documents_command(release: bool) -> None:
    """Let files that were never scanned wait for the scanner; the worker scans them, until then nobody opens them."""
    scanner = current_app.config["CLAMD_SOCKET"]
    if release and scanner:
        raise click.ClickException("CLAMD_SOCKET is set: the worker scans the waiting files")
    if not release and not scanner:
        raise click.ClickException("CLAMD_SOCKET is not set: there is no scanner to wait for")
    with writing(), unscoped():
        number = release_waiting() if release else queue_unscanned()
        db.session.commit()
    click.echo(f"{number:,} files {'may be opened unscanned' if release else 'wait for the scanner'}")


@click.command("erase-documents")
@click.option("--erase", "erasing", is_flag=True, help="erase them; without it they are listed only")
@with_appcontext
def erase_documents_command(erasing: bool) -> None:
    """List the files that are past their type's retention, or erase them; the record of each stays."""
    at = datetime.now(UTC)
    with writing(), unscoped():
        past = list(past_retention(at))
        db.session.rollback()
        for file in past:
            click.echo(
                f"document {file.document_id}  {file.type_name}: {file.file_name}  application {file.application}  "
                f"kept until {file.kept_until.isoformat()}"
            )
        if not erasing:
            click.echo(f"{len(past):,} files are past their retention; --erase erases them")
            return
        try:
            erased = sum(erase(file.document_id, at) for file in past)
        except StoreUnavailable as failure:
            raise click.ClickException(
                f"the document store cannot be written: {failure}; check-documents --clean takes away what is left"
            ) from failure
    click.echo(f"{erased:,} files erased")
