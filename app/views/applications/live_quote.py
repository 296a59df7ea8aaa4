"""Beside an application's form: what the loan would cost, and the limits of the terms it is asked for under."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.loan_checks import MemberShare
from app.domain.quotes import Quote, make_quote
from app.domain.values.errors import RuleBroken
from app.models.programmes import LoanProgramme
from app.services.eligibility.judgement import ceiling_of
from app.services.programmes.terms import costs_of
from app.ui.clock import today
from app.ui.labels import explain
from app.views.applications.forms import ApplicationForm
from app.views.programmes.rate_words import rate_range


@dataclass(frozen=True, slots=True)
class Limits:
    """What one programme lends: baht, months and its rate in words, under the terms that count for this form."""

    programme: LoanProgramme
    ceiling: Decimal
    longest_term: int
    rate: str


def limits_of(form: ApplicationForm) -> Sequence[Limits]:
    """The limits of each programme the form offers; of a submitted application those of its own version."""
    found = []
    for programme in form.offered:
        terms = form.terms or costs_of(programme)
        found.append(Limits(programme, terms.ceiling, terms.longest_term, rate_range(terms)))
    return found


def own_ceiling(form: ApplicationForm) -> Decimal | None:
    """The cooperative's borrowing ceiling of this fiscal year, where the register has one."""
    return ceiling_of(form.cooperative, today()) if form.cooperative is not None else None


def share_of(form: ApplicationForm) -> MemberShare | None:
    """What each member would borrow on average of the figures typed so far; None while one is missing or wrong."""
    amount, members = form.amount.data, form.beneficiaries.data
    if not amount or not members or amount < 0 or members < 0:
        return None
    programme = next((row for row in form.offered if row.id == form.programme.data), None)
    terms = form.terms or programme
    return MemberShare(amount, members, terms.member_loan_cap if terms is not None else None)


def quoted(form: ApplicationForm, *, paid_out_on: date, first_time: bool) -> Quote | None:
    """What the loan typed so far would cost; the other fields may still be empty.

    None, with the reason in the form, while there is no amount or term, or one beyond the limits.
    """
    asked = (form.programme, form.amount, form.months)
    if not all([field.validate(form) for field in asked]):
        return None
    programme = next((row for row in form.offered if row.id == form.programme.data), None)
    if programme is None:
        return None
    terms = form.terms or costs_of(programme)
    filled: dict[str, Any] = form.data
    try:
        return make_quote(terms, filled["amount"], filled["months"], paid_out_on=paid_out_on, first_time=first_time)
    except RuleBroken as refusal:
        form.form_errors = [explain(refusal)]
        return None
