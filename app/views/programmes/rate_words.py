"""Terms in words: rates of a programme at a glance and of one application by instalment, and who decides on it."""

from collections.abc import Sequence

from flask_babel import gettext

from app.domain.costs import Costs
from app.domain.programmes import ApprovingBody
from app.domain.schedule import RateStep
from app.models.applications import Decision, LoanApplication
from app.models.programmes import LoanProgramme
from app.services.cooperatives.borrowers import is_first_time
from app.services.programmes.terms import costs_of
from app.services.programmes.versions import deciding_body, terms_for
from app.ui.formatting import percent
from app.ui.labels import labelled


def programme_rate(programme: LoanProgramme) -> str:
    """One rate, or the lowest and the highest a loan under the programme may have."""
    return rate_range(costs_of(programme))


def rate_range(terms: Costs) -> str:
    """The same of terms, which may be an earlier version's."""
    lowest, highest = map(percent, terms.rate_bounds())
    return gettext("%(rate)s per cent a year", rate=lowest if lowest == highest else f"{lowest}–{highest}")


def application_rate(application: LoanApplication, first_time: bool | None = None) -> str:
    """The rate of this application's term, or its steps; whether it is a first loan is read unless it is known."""
    if first_time is None:
        first_time = is_first_time(application)
    return rate_words(terms_for(application).rate_steps(application.months, first_time=first_time), application.months)


def application_body(application: LoanApplication) -> str:
    """Who decides on the application, in words; empty when its terms name nobody."""
    return body_words(deciding_body(application))


def body_words(body: ApprovingBody | None) -> str:
    """Who decides, in words; empty when nobody is named."""
    return labelled(body) if body is not None else ""


def decision_body(decision: Decision) -> str:
    """Who decided, as it was kept with the resolution; empty when nobody was named."""
    return labelled(ApprovingBody(decision.body)) if decision.body else ""


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
