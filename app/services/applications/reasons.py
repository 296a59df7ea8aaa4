"""Why an application was not granted, in words: the lines of its judgement that are not met, for forms and letters."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext

from app.domain.eligibility import Line
from app.models.applications import LoanApplication
from app.services.eligibility.judgement import judgement_of
from app.ui.labels import explain


def unmet_rules(application: LoanApplication, day: date) -> tuple[Line, ...]:
    """The rules an application breaks on a day, as its check sheet shows them."""
    return tuple(line for line in judgement_of(application, day) if line.unmet)


def first_words(lines: Iterable[Line]) -> str:
    """What the form of a refusal begins with: one sentence for each rule that is not met; the person goes on."""
    return "\n".join(f"- {explain(line.refusal)}" for line in lines if line.refusal is not None)


def sheet_lines(lines: Iterable[Line]) -> list[str]:
    """Each rule that is not met with what was found, what is allowed, and where the limit comes from."""
    sheet = []
    for number, line in enumerate(lines, 1):
        sheet.append(f"{number}. {gettext(line.label)}")
        found, limit = explain(line.found), explain(line.limit)
        sheet.append("   " + gettext("Found: %(found)s. Allowed: %(limit)s.", found=found, limit=limit))
        if line.source is not None:
            sheet.append(f"   {explain(line.source)}")
        if line.assumed:
            sheet.append("   " + gettext("(assumed figure)"))
    return sheet
