"""What a programme still lacks before it is opened to applicants: each point, and whether it keeps it from opening."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.programmes import ProgrammeTerms
from app.domain.quotes import make_quote
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Opening:
    """A programme that is to be opened, on which day."""

    key: str
    terms: ProgrammeTerms
    today: date


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list: what has to be so, what is wrong with it if anything, and whether that stops the opening.

    ``part`` names the terms it is about: a column of the programme, or its rows of a kind, such as ``rates``.
    """

    label: str
    part: str
    lacks: RuleBroken | None
    stops: bool


def _consistent(opening: Opening) -> None:
    opening.terms.refuse_odd()


def _key(opening: Opening) -> None:
    if not KEY.fullmatch(opening.key):
        raise RuleBroken(
            N_("The key “%(key)s” has more than small English letters, digits and hyphens. Write it like normal-2571."),
            key=opening.key,
        )


def _window(opening: Opening) -> None:
    if opening.terms.closes_on < opening.today:
        raise RuleBroken(N_("The programme's last day is over. Correct the dates, or leave it closed."))


def _decided(opening: Opening) -> None:
    if opening.terms.decided_by(opening.terms.ceiling) is None:
        raise RuleBroken(
            N_("No approval level reaches the ceiling of %(ceiling)s baht: add who decides on it."),
            ceiling=f"{opening.terms.ceiling:,.2f}",
        )


def _papers(opening: Opening) -> None:
    if not any(asked.required for asked in opening.terms.documents):
        raise RuleBroken(N_("No document is required. Add what applicants attach, unless nothing is needed."))


def _conditions(opening: Opening) -> None:
    odd = [asked.code for asked in opening.terms.documents if asked.condition is not None and not asked.required]
    if odd:
        raise RuleBroken(
            N_("These documents have a condition but are not required, so the condition means nothing: %(codes)s."),
            codes=", ".join(odd),
        )


def _rounded_sanely(opening: Opening) -> None:
    terms = opening.terms
    try:
        terms.refuse_odd()
    except RuleBroken:
        return  # a point of its own
    try:
        make_quote(terms, terms.ceiling, terms.longest_term, paid_out_on=opening.today, first_time=False)
    except RuleBroken:
        raise RuleBroken(
            N_(
                "Instalments are rounded to %(unit)s baht: of a loan of the ceiling over the longest term some would "
                "pay nothing back. Choose a smaller unit."
            ),
            unit=f"{terms.amount_unit:,.2f}",
        ) from None


def _rates_within(opening: Opening) -> None:
    longest = opening.terms.longest_term
    for rule in opening.terms.rates:
        if max(rule.shortest_term, rule.longest_term or 0, rule.from_month) > longest:
            raise RuleBroken(
                N_(
                    "A rate step is for terms of %(shortest)s–%(last)s months from month %(month)s on, but the longest "
                    "term of the programme is %(longest)s months. Correct one of the two."
                ),
                shortest=rule.shortest_term,
                last=rule.longest_term or longest,
                month=rule.from_month,
                longest=longest,
            )


def _rates_cover(opening: Opening) -> None:
    terms = opening.terms
    first = [rule for rule in terms.rates if rule.from_month == 1]
    bare = [
        months
        for months in range(1, terms.longest_term + 1)
        if first and not any(rule.shortest_term <= months <= (rule.longest_term or months) for rule in first)
    ]
    if bare:
        raise RuleBroken(
            N_(
                "No rate step is for terms of %(months)s months: the programme's own rate of %(rate)s per cent holds "
                "for these."
            ),
            months=_ranges(bare),
            rate=f"{terms.annual_rate * 100:.2f}",
        )


def _ranges(months: Sequence[int]) -> str:
    """Numbers as 1–12, 37–48."""
    parts: list[list[int]] = []
    for month in months:
        if parts and parts[-1][1] == month - 1:
            parts[-1][1] = month
        else:
            parts.append([month, month])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in parts)


@dataclass(frozen=True, slots=True)
class _Rule:
    label: str
    part: str
    check: Callable[[Opening], None]
    stops: bool = True


_RULES = (
    _Rule(N_("The terms do not contradict each other"), "", _consistent),
    _Rule(N_("The key can be used in files and commands"), "key", _key),
    _Rule(N_("The window is not over"), "closes_on", _window),
    _Rule(N_("Somebody decides on every amount"), "approval_levels", _decided),
    _Rule(N_("Documents are asked for"), "documents", _papers, stops=False),
    _Rule(N_("Conditions of documents mean something"), "documents", _conditions),
    _Rule(N_("A loan of the ceiling is paid back in every instalment"), "amount_unit", _rounded_sanely),
    _Rule(N_("Rate steps lie within the longest term"), "rates", _rates_within),
    _Rule(N_("Rate steps cover all terms"), "rates", _rates_cover, stops=False),
)


def readiness(opening: Opening) -> tuple[Point, ...]:
    """Every point with what it lacks."""
    return tuple(Point(rule.label, rule.part, _lacking(rule, opening), rule.stops) for rule in _RULES)


def _lacking(rule: _Rule, opening: Opening) -> RuleBroken | None:
    try:
        rule.check(opening)
    except RuleBroken as refusal:
        return refusal
    return None


def refuse_unready(opening: Opening) -> None:
    """Raise ``RuleBroken`` for everything that keeps a programme from being opened, the first of it in front."""
    stopping = [point.lacks for point in readiness(opening) if point.stops and point.lacks is not None]
    if stopping:
        first, *others = [each for refusal in stopping for each in refusal.every()]
        first.further = tuple(others)
        raise first
