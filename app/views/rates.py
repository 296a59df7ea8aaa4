"""Interest rates in words: of a programme at a glance, and of one application instalment by instalment."""

from collections.abc import Sequence

from flask_babel import gettext

from app.domain.programmes import ProgrammeTerms
from app.domain.schedule import RateStep
from app.models.applications import LoanApplication
from app.models.programmes import LoanProgramme
from app.services.borrowers import never_borrowed
from app.services.editions import terms_for
from app.services.programmes import terms_of
from app.ui.formatting import percent


def programme_rate(programme: LoanProgramme) -> str:
    """One rate, or the lowest and the highest a loan under the programme may have."""
    return rate_range(terms_of(programme))


def rate_range(terms: ProgrammeTerms) -> str:
    """The same of terms, which may be an earlier version's."""
    rates = {
        step.annual_rate
        for months in range(1, terms.longest_term + 1)
        for step in terms.rate_steps(months, first_time=False)
    }
    lowest, highest = percent(min(rates)), percent(max(rates))
    return gettext("%(rate)s per cent a year", rate=lowest if lowest == highest else f"{lowest}–{highest}")


def application_rate(application: LoanApplication) -> str:
    """The rate of this application's term, or its steps."""
    first_time = never_borrowed(application.cooperative_id)
    return rate_words(terms_for(application).rate_steps(application.months, first_time=first_time), application.months)


def rate_words(steps: Sequence[RateStep], months: int) -> str:
    """One rate in words, or each with the instalments it holds for."""
    if len(steps) == 1:
        return gettext("%(rate)s per cent a year", rate=percent(steps[0].annual_rate))
    last = [step.first_instalment - 1 for step in steps[1:]] + [months]
    return "; ".join(
        gettext(
            "instalments %(first)s–%(last)s: %(rate)s per cent a year",
            first=step.first_instalment,
            last=until,
            rate=percent(step.annual_rate),
        )
        for step, until in zip(steps, last, strict=True)
    )
