"""A version's terms in words, line by line, for its page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from app.domain.costs import RateRule
from app.domain.criteria import figures_of
from app.domain.programme_file import from_plain
from app.domain.programmes import ApprovalStep, Criterion, DocumentAsked, ProgrammeTerms
from app.domain.values.labels import LabelledEnum
from app.models.base import labels_of
from app.models.document_types import DocumentType
from app.models.programmes import COLUMN_OF_TERM, LoanProgramme, ProgrammeCriterion, ProgrammeDocument, ProgrammeRate
from app.services.programmes.terms import documents_by_code
from app.ui.formatting import baht, be_date, figure, percent
from app.ui.labels import labelled
from app.ui.naming import named

RATES = frozenset({"annual_rate", "on_lending_figure"})
# The terms' own names where the table's differ.
NAMES = {**COLUMN_OF_TERM, "kinds": "eligible"}


def terms_in_words(plain: dict[str, Any]) -> str:
    """One line for each term: what it is called, and its value."""
    return "\n".join(_lines(from_plain(plain)))


def _lines(terms: ProgrammeTerms) -> Iterator[str]:
    labels = labels_of(LoanProgramme)
    papers = documents_by_code([asked.code for asked in terms.documents])
    for field in fields(terms):
        value = getattr(terms, field.name)
        if value in (None, ()):
            continue
        name = gettext(labels.get(NAMES.get(field.name, field.name), field.name))
        if isinstance(value, tuple):
            yield from (f"{name}: {_part(item, papers)}" for item in value)
        else:
            yield f"{name}: {_value(field.name, value)}"


def _value(name: str, value: Any) -> str:
    if isinstance(value, LabelledEnum):
        return labelled(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Decimal):
        return percent(value) if name in RATES else baht(value)
    return str(value) if isinstance(value, int | str) else be_date(value, "long")


def _part(item: Any, papers: Mapping[str, DocumentType]) -> str:
    match item:
        case RateRule():
            return _rate(item)
        case ApprovalStep():
            return f"{labelled(item.body)} ({baht(item.up_to)})"
        case Criterion():
            return _criterion(item)
        case DocumentAsked():
            return _document(item, papers.get(item.code))
        case LabelledEnum():
            return labelled(item)
    return str(item)


def _rate(rule: RateRule) -> str:
    from_month = labels_of(ProgrammeRate)["from_month"]
    terms = f"{rule.shortest_term}–{rule.longest_term or ''}"
    return f"{percent(rule.annual_rate)} ({terms}; {gettext(from_month)} {rule.from_month})"


def _criterion(criterion: Criterion) -> str:
    values = criterion.figure, criterion.second_figure
    figures = figures_in_words(tuple(zip(figures_of(criterion.kind), values, strict=False)))
    assumed = gettext(labels_of(ProgrammeCriterion)["assumed"]) if criterion.assumed else ""
    return _joined(labelled(criterion.kind), figures, labelled(criterion.severity), assumed)


def figures_in_words(figures: Sequence[tuple[str, Decimal | None]]) -> str:
    """A criterion's figures, each behind what it is called."""
    return ", ".join(f"{gettext(name)} {figure(value)}" for name, value in figures)


def _document(asked: DocumentAsked, paper: DocumentType | None) -> str:
    """A type that was deleted since is called by its code."""
    required = gettext(labels_of(ProgrammeDocument)["required"]) if asked.required else ""
    return _joined(
        named(paper) if paper else asked.code, required, labelled(asked.condition) if asked.condition else ""
    )


def _joined(*texts: str) -> str:
    return " · ".join(text for text in texts if text)
