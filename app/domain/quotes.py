"""A quote: the instalment table of a loan under a programme, its totals, and a fingerprint to compare it by."""

import hashlib
import json
import zlib
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.costs import Costs
from app.domain.schedule import Instalment, LoanTerms, RateStep, build_schedule, due_dates
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.money import ZERO, to_satang
from app.domain.values.text import N_

# How far a cell of two tables is named: its row's number, its column, and both values.
Difference = tuple[int, str, str, str]


class QuoteKind(LabelledEnum):
    """Which of an application's quotes one is."""

    SENT = "sent", N_("Instalments as quoted when the application was last sent")
    APPROVED = "approved", N_("Instalments of the amount approved")


@dataclass(frozen=True, slots=True)
class Quote:
    """The terms of a loan and its instalments; ``interest_saved`` is what interest-free months are worth, in baht."""

    terms: LoanTerms
    rows: tuple[Instalment, ...]
    interest_saved: Decimal

    @property
    def total_interest(self) -> Decimal:
        """All interest, in baht."""
        return sum((row.interest for row in self.rows), ZERO)

    @property
    def total(self) -> Decimal:
        """Principal and interest, in baht."""
        return self.terms.principal + self.total_interest

    @property
    def largest(self) -> Instalment:
        """The instalment with the largest payment; the first of several."""
        return max(self.rows, key=lambda row: row.total)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every cell of every row: two tables with one fingerprint are equal cell by cell."""
        return fingerprint_of(self.rows)

    def plain(self) -> dict[str, Any]:
        """The quote as the database keeps it: amounts and days as texts."""
        return {
            "principal": f"{self.terms.principal:.2f}",
            "paid_out_on": self.terms.paid_out_on.isoformat(),
            "first_due_on": self.terms.first_due_on.isoformat(),
            "instalments": self.terms.instalments,
            "rates": [[step.first_instalment, _rate(step.annual_rate)] for step in self.terms.rates],
            "kind": self.terms.kind.value,
            "day_count": self.terms.day_count.value,
            "rounding": self.terms.rounding.value,
            "amount_unit": _baht(self.terms.amount_unit),
            "interest_unit": _baht(self.terms.interest_unit),
            "principal_grace": self.terms.principal_grace,
            "total_interest": f"{self.total_interest:.2f}",
            "interest_saved": f"{self.interest_saved:.2f}",
            "rows": [_plain_row(row) for row in self.rows],
            "fingerprint": self.fingerprint,
        }

    def packed(self) -> bytes:
        """The same in a sixth of the room."""
        return pack(json.dumps(self.plain()))


def pack(text: str) -> bytes:
    """Return a quote's JSON as the database keeps it, letter by letter."""
    return zlib.compress(text.encode())


def unpack(content: bytes) -> dict[str, Any]:
    """Return the plain quote that was packed."""
    plain: dict[str, Any] = json.loads(zlib.decompress(content))
    return plain


def make_quote(terms: Costs, principal: Decimal, months: int, *, paid_out_on: date, first_time: bool) -> Quote:
    """Return the quote of a loan paid out on a day, with its first instalment a month later.

    Args:
        principal: baht, above zero and up to the programme's ceiling.
        months: the term, 1 up to the programme's longest.
        first_time: the cooperative never borrowed from the fund, so that interest-free months hold.

    Raises:
        RuleBroken: the amount or the term is beyond the programme's, or rounding leaves instalments without principal.
    """
    _refuse_beyond(terms, principal, months)
    first_due_on = month_later(paid_out_on)
    loan = terms.loan_terms(
        principal, months, paid_out_on=paid_out_on, first_due_on=first_due_on, first_time=first_time
    )
    rows = build_schedule(loan)
    _refuse_nothing(rows, loan)
    saved = ZERO
    if first_time and terms.free_months:
        plain = terms.loan_terms(
            principal, months, paid_out_on=paid_out_on, first_due_on=first_due_on, first_time=False
        )
        saved = _interest(build_schedule(plain)) - _interest(rows)
    return Quote(loan, rows, saved)


def _interest(rows: tuple[Instalment, ...]) -> Decimal:
    return sum((row.interest for row in rows), ZERO)


def _refuse_beyond(terms: Costs, principal: Decimal, months: int) -> None:
    if principal > terms.ceiling:
        raise RuleBroken(
            N_("The programme lends at most %(ceiling)s baht to a cooperative. Enter that or less."),
            ceiling=f"{terms.ceiling:,.2f}",
        ).at("amount")
    if months > terms.longest_term:
        raise RuleBroken(
            N_("The programme lends for at most %(longest)s months. Enter that or less."), longest=terms.longest_term
        ).at("months")


def _refuse_nothing(rows: Sequence[Instalment], loan: LoanTerms) -> None:
    """Refuse a loan so small for its term that, rounded, some instalments pay nothing back."""
    paying = rows[loan.principal_grace :]
    if any(row.principal <= 0 for row in paying):
        raise RuleBroken(
            N_(
                "The programme rounds instalments to %(unit)s baht. Of %(amount)s baht in %(count)s instalments some "
                "would pay nothing back. Enter a larger amount, or fewer months."
            ),
            unit=f"{loan.amount_unit:,.2f}",
            amount=f"{loan.principal:,.2f}",
            count=len(paying),
        ).at("amount")


def month_later(day: date) -> date:
    """Return the same day of the next month; the last day of a month is followed by the last day of the next."""
    if day.day == monthrange(day.year, day.month)[1]:
        first_of_next = day + timedelta(days=1)
        return first_of_next.replace(day=monthrange(first_of_next.year, first_of_next.month)[1])
    return due_dates(day, 2)[1]


def differences(kept: dict[str, Any], quote: Quote) -> list[Difference]:
    """Return each cell in which a kept quote and a table differ: (instalment, column, kept, now).

    Cells are compared by value: a kept 5000 equals 5000.00.
    """
    now = [_plain_row(row) for row in quote.rows]
    found: list[Difference] = []
    for number in range(max(len(kept["rows"]), len(now))):
        before = _spelled_row(kept["rows"][number]) if number < len(kept["rows"]) else {}
        after = now[number] if number < len(now) else {}
        for column in _COLUMNS:
            if before.get(column) != after.get(column):
                found.append((number + 1, column, str(before.get(column, "–")), str(after.get(column, "–"))))
    return found


def fingerprint_of(rows: Iterable[Instalment]) -> str:
    """SHA-256 over every cell of the rows; amounts and rates count by their value, however many zeros they have."""
    return hashlib.sha256(json.dumps([_plain_row(row) for row in rows]).encode()).hexdigest()


def _baht(amount: Decimal) -> str:
    """The one spelling of an amount: two decimals, and more only where there is a part of a satang."""
    return f"{amount:.2f}" if amount == to_satang(amount) else _rate(amount)


def _rate(rate: Decimal) -> str:
    """The one spelling of a rate: no zeros at its end, no exponent."""
    return f"{rate.normalize():f}"


_COLUMNS = tuple(field.name for field in fields(Instalment))
_SPELLED = {"annual_rate": _rate, "principal": _baht, "interest": _baht, "balance": _baht}


def _plain_row(row: Instalment) -> dict[str, Any]:
    return {name: _plain(name, getattr(row, name)) for name in _COLUMNS}


def _plain(name: str, value: Any) -> Any:
    if name in _SPELLED:
        return _SPELLED[name](value)
    return value.isoformat() if isinstance(value, date) else value


def _spelled_row(kept: dict[str, Any]) -> dict[str, Any]:
    """A kept row with its amounts and rates in their one spelling."""
    return {name: _SPELLED[name](Decimal(value)) if name in _SPELLED else value for name, value in kept.items()}


def rows_of(plain: dict[str, Any]) -> tuple[Instalment, ...]:
    """Return the rows of a kept quote."""
    return tuple(
        Instalment(
            row["number"],
            date.fromisoformat(row["due_on"]),
            row["days"],
            *(Decimal(row[name]) for name in ("annual_rate", "principal", "interest", "balance")),
        )
        for row in plain["rows"]
    )


def rates_of(plain: dict[str, Any]) -> tuple[RateStep, ...]:
    """Return the rates of a kept quote."""
    return tuple(RateStep(first, Decimal(rate)) for first, rate in plain["rates"])
