"""Quotes for programmes and applications; what was quoted is kept with the application and with the decision."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.programmes import ProgrammeTerms
from app.domain.quotes import Quote, QuoteKind, make_quote
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme
from app.services.cooperatives.borrowers import is_first_time
from app.services.programmes.terms import costs_of
from app.services.programmes.versions import terms_for


def programme_quote(
    programme: LoanProgramme, amount: Decimal, months: int, *, paid_out_on: date, first_time: bool
) -> Quote:
    """The quote of a loan under the programme's present terms."""
    return make_quote(costs_of(programme), amount, months, paid_out_on=paid_out_on, first_time=first_time)


def application_quote(application: LoanApplication, amount: Decimal, *, paid_out_on: date) -> Quote | None:
    """The quote of an application for an amount; None while its figures are beyond the programme's."""
    return quote_by(
        terms_for(application), application, amount, paid_out_on=paid_out_on, first_time=is_first_time(application)
    )


def quote_by(
    terms: ProgrammeTerms, application: LoanApplication, amount: Decimal, *, paid_out_on: date, first_time: bool
) -> Quote | None:
    """The same by terms that were read already."""
    try:
        return make_quote(terms, amount, application.months, paid_out_on=paid_out_on, first_time=first_time)
    except RuleBroken:
        return None


def packed_quote(application: LoanApplication, amount: Decimal, day: date) -> bytes | None:
    """The quote of an application as the database keeps it."""
    quote = application_quote(application, amount, paid_out_on=day)
    return quote.packed() if quote else None


def keep_quote(application: LoanApplication, day: date) -> None:
    """Keep what the cooperative was quoted on the day it submitted."""
    application.keep_quote(QuoteKind.SENT, packed_quote(application, application.amount_asked, day))


def keep_approved_quote(application: LoanApplication, amount: Decimal, day: date) -> None:
    """Keep the table of the amount approved; a contract has to equal it row by row."""
    application.keep_quote(QuoteKind.APPROVED, packed_quote(application, amount, day))


def programme_by_key(key: str) -> LoanProgramme:
    """The programme that files and commands call ``key``.

    Raises:
        LookupError: there is none.
    """
    found = db.session.scalar(select(LoanProgramme).where(LoanProgramme.key == key))
    if found is None:
        raise LookupError(key)
    return found
