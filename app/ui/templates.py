"""What templates may call to show dates, amounts and names."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import gettext

from app.domain.file_kinds import FileKind
from app.domain.papers import Verdict
from app.domain.states import STEPS
from app.ui import formatting
from app.ui.clock import today
from app.ui.labels import explain, labelled, papers_in_words
from app.ui.naming import in_full, named, told
from app.ui.tables import SLOT, days_off_note, drawn, filled, instalment_cells, slot

FILTERS = (
    "be_date",
    "be_datetime",
    "baht",
    "baht_words",
    "percent",
    "count",
    "million",
    "name_ends",
    "year_label",
    "file_size",
    "phone_number",
    "unbroken",
)


def application_steps() -> list[str]:
    """The steps an applicant counts, in words."""
    return [gettext(step) for step in STEPS]


def steps_of(application: Any, here: int, progress: Any = None) -> tuple[int, Sequence[int]]:
    """Which of the applicant's steps is the present one, and which are done.

    What was sent stays where it is while a question is answered. Before that a step is done when what it asks for is
    there: being on a later page does nothing.

    Args:
        application: None before it is stored.
        here: the step of the page.
        progress: of its papers, where they are known.
    """
    if application is None:
        return here, ()
    if application.number is not None:
        current = application.state.facts.step
        return current, range(1, current)
    return here, (1, 2) if progress is not None and progress.complete else (1,)


def bind_templates(app: Flask) -> None:
    """Register the filters; pages show no date or amount in any other way."""
    for name in FILTERS:
        app.jinja_env.filters[name] = getattr(formatting, name)
    app.jinja_env.filters["named"] = lambda row: formatting.unbroken(named(row))
    app.jinja_env.filters["in_full"] = in_full
    app.jinja_env.filters["told"] = told
    app.jinja_env.filters["labelled"] = labelled
    app.jinja_env.filters["explain"] = explain
    app.jinja_env.filters["papers_in_words"] = papers_in_words
    app.jinja_env.filters["verdict_words"] = lambda code: labelled(Verdict(code))
    app.jinja_env.filters["file_kind"] = lambda code: FileKind(code).label
    app.jinja_env.filters["decimal"] = Decimal
    app.jinja_env.filters["filled"] = filled
    app.jinja_env.filters["drawn"] = drawn
    app.jinja_env.filters["instalment_cells"] = instalment_cells
    app.jinja_env.globals["SLOT"] = SLOT
    app.jinja_env.globals["this_day"] = today
    app.jinja_env.globals["days_off_note"] = days_off_note
    app.jinja_env.globals["slot"] = slot
    app.jinja_env.globals["application_steps"] = application_steps
    app.jinja_env.globals["steps_of"] = steps_of
