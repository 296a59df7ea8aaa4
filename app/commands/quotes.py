"""``flask fund quote``: the instalments of a loan under a programme, printed."""

import json
import re
from datetime import date
from decimal import Decimal

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.domain.programmes import FIRST_YEAR, LAST_YEAR, LONGEST_TERM
from app.domain.quotes import Quote
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.models.programmes import LoanProgramme
from app.security.scope import unscoped
from app.services.loans.quotes import programme_by_key, programme_quote
from app.ui.labels import explain
from app.ui.language import DEFAULT

AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
MONTHS = re.compile(r"[0-9]{1,4}")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
YEARS_AHEAD = 543  # the Buddhist era is ahead of the common one
EXAMPLE = "2024-01-31"


def bind_quote_commands(fund: click.Group) -> None:
    """Add the command to the group ``flask fund``."""
    fund.add_command(quote_command)


@click.command("quote")
@click.option("--programme", "key", required=True, help="the programme's key; a draft's too")
@click.option("--amount", required=True, help="baht, for example 10000000 or 2500000.50")
@click.option("--months", required=True, help=f"the term, 1 to {LONGEST_TERM}")
@click.option("--start", required=True, help=f"the day of the pay-out in the common era, for example {EXAMPLE}")
@click.option("--first-time", is_flag=True, help="the cooperative never borrowed: interest-free months hold")
@click.option("--format", "shape", type=click.Choice(["json", "table"]), default="table", show_default=True)
@with_appcontext
def quote_command(key: str, amount: str, months: str, start: str, first_time: bool, shape: str) -> None:
    """Print the instalments of a loan under a programme.

    Drafts are quoted, too: an administrator tries next year's programme before opening it.
    """
    with force_locale(DEFAULT):
        try:
            with unscoped():
                quote = programme_quote(
                    _programme(key),
                    _amount(amount),
                    _months(months),
                    paid_out_on=_day(start),
                    first_time=first_time,
                )
        except RuleBroken as refusal:
            raise click.ClickException(explain(refusal)) from None
    click.echo(json.dumps(quote.plain(), indent=1) if shape == "json" else "\n".join(_lines(quote)))


def _programme(key: str) -> LoanProgramme:
    try:
        return programme_by_key(key)
    except LookupError:
        raise RuleBroken(
            N_("There is no programme with the key %(found)s. Look its key up on the programme's page."),
            found=key[:40],
        ) from None


def _amount(typed: str) -> Decimal:
    if not AMOUNT.fullmatch(typed) or not Decimal(typed):
        raise RuleBroken(
            N_(
                "%(found)s is no amount. Write baht above zero in the digits 0 to 9, without commas and with at most "
                "two decimals, for example 10000000 or 2500000.50."
            ),
            found=typed[:40],
        )
    return Decimal(typed)


def _months(typed: str) -> int:
    if not MONTHS.fullmatch(typed) or not 1 <= int(typed) <= LONGEST_TERM:
        raise RuleBroken(
            N_("%(found)s months are not between 1 and %(longest)s. Correct the number."),
            found=typed[:40],
            longest=LONGEST_TERM,
        )
    return int(typed)


def _day(typed: str) -> date:
    """The day, of the common era: a year of the Buddhist era would give a loan five hundred years from now."""
    found = DAY.fullmatch(typed)
    year, month, day = (int(part) for part in found.groups()) if found else (0, 0, 0)
    if found and not FIRST_YEAR <= year <= LAST_YEAR:
        meant = year - YEARS_AHEAD
        raise RuleBroken(
            N_("The year of %(found)s is not of the common era. Write the day as %(example)s."),
            found=typed,
            example=f"{meant}{typed[4:]}" if FIRST_YEAR <= meant <= LAST_YEAR else EXAMPLE,
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise RuleBroken(
            N_("There is no day %(found)s. Write year, month and day of the common era, for example %(example)s."),
            found=typed[:40],
            example=EXAMPLE,
        ) from None


def _lines(quote: Quote) -> list[str]:
    """A quote as a table of text: columns of one width, a line with the sums below."""
    wide = max(16, len(f"{quote.terms.principal:,.2f}"))
    less = max(14, len(f"{quote.total_interest:,.2f}"))
    head = f"{'principal':>{wide}} {'interest':>{less}} {'balance':>{wide}}"
    lines = [f"{'no.':>4} {'due on':<10} {'days':>4} {'rate %':>8} {head}"]
    lines += [
        f"{row.number:>4} {row.due_on.isoformat():<10} {row.days:>4} {row.annual_rate * 100:>8.4f} "
        f"{row.principal:>{wide},.2f} {row.interest:>{less},.2f} {row.balance:>{wide},.2f}"
        for row in quote.rows
    ]
    sums = f"{quote.terms.principal:>{wide},.2f} {quote.total_interest:>{less},.2f}"
    return [*lines, f"{'sum':>4} {'':<10} {'':>4} {'':>8} {sums}"]
