"""``flask fund check-figures``: whether the kept sums are what the rows come to."""

from typing import Any

import click
from flask.cli import with_appcontext

from app.figures.checking import Checked, Difference, check
from app.models.figures import EVERY


def bind_figure_commands(fund: click.Group) -> None:
    """Add the command to the group ``flask fund``."""
    fund.add_command(check_figures_command)


@click.command("check-figures")
@click.option("--mend", "mends", is_flag=True, help="put what the rows come to in the place of what is kept")
@with_appcontext
def check_figures_command(mends: bool) -> None:
    """Work out every kept figure anew from the rows and name what differs; fails when something does.

    Nobody waits for it but the worker's folding: what is stored meanwhile is counted afterwards.
    """
    checked = check(mends=mends)
    click.echo("\n".join(_lines(checked)))
    if checked.differences and not mends:
        raise SystemExit(1)
    if checked.differences:
        click.echo(f"put right: {len(checked.differences):,}")


def _lines(checked: Checked) -> list[str]:
    """One line for each difference, then the counts."""
    lines = [
        f"{each.figure}: {_where(each)}: {each.measure} kept {each.kept}, true {each.true}"
        for each in checked.differences
    ]
    return [
        *lines,
        f"checked {checked.sums:,} sums, {checked.waiting:,} changes not folded yet",
        f"differences: {len(checked.differences):,}",
    ]


def _where(difference: Difference) -> str:
    named: dict[str, Any] = {name: value for name, value in difference.dimensions.items() if value != EVERY}
    return ", ".join(f"{name} {value}" for name, value in named.items())
