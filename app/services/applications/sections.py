"""The parts of an application that a cooperative fills in: the registry of its task list.

To add a part, add one ``Section`` to ``SECTIONS``: the list, its counts, "what next" and the links of findings follow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from app.domain.eligibility import Line
from app.domain.papers import PaperState
from app.domain.values.errors import RuleBroken
from app.domain.values.standing import SectionState, Standing, standing_by
from app.domain.values.text import N_
from app.models.applications import LoanApplication
from app.services.applications.drafts import obstacles
from app.services.documents.checklist import progress
from app.services.eligibility.judgement import Grounds, grounds_of, judged
from app.services.programmes.envelopes import balance_for
from app.ui.formatting import baht, count

Problem = tuple[RuleBroken, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An application that may be edited, with the one judgement all its parts are told by; each table is read once.

    ``problems`` stand in the way of sending, ``doubts`` do not and are looked at; each with the place to mend it.
    """

    application: LoanApplication
    grounds: Grounds
    lines: Sequence[Line]
    today: date
    problems: Sequence[Problem]
    doubts: Sequence[Problem]

    def wrong(self, places: frozenset[str]) -> Problem | None:
        """What is wrong first at one of the places."""
        return next((each for each in (*self.problems, *self.doubts) if each[1] in places), None)


def prepared(application: LoanApplication, today: date) -> Prepared:
    """Read and judge an application as it stands."""
    grounds = grounds_of(application, today)
    lines = judged(application, grounds, balance_for(application), today)
    doubts = [(line.refusal, line.place) for line in lines if line.unmet and not line.blocks and line.refusal]
    return Prepared(application, grounds, lines, today, obstacles(lines, grounds), doubts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of an application.

    ``heading`` groups neighbours of the same heading; ``page`` is the endpoint of its own page and takes the
    application as ``pk``; ``places`` are the names by which findings tell its fields, each an id on that page;
    ``answered`` says in a few words what was answered, ``state`` how far it is.
    """

    key: str
    heading: str
    title: str
    page: str
    state: Callable[[Prepared], Standing]
    answered: Callable[[Prepared], str]
    places: frozenset[str] = frozenset()


THE_LOAN = frozenset({"programme", "amount", "months", "beneficiaries", "member_rate"})
PURPOSE = frozenset({"purpose"})
BOARD = frozenset({"board"})
_SHORT = 90  # characters of a text in a row of the list


def _loan(each: Prepared) -> Standing:
    return standing_by(each.wrong(THE_LOAN))


def _loan_answered(each: Prepared) -> str:
    row = each.application
    return gettext(
        "%(amount)s baht for %(members)s members, %(months)s months",
        amount=baht(row.amount_asked),
        members=count(row.beneficiaries),
        months=row.months,
    )


def _purpose(each: Prepared) -> Standing:
    return standing_by(each.wrong(PURPOSE), begun=bool(each.application.purpose.strip()))


def _purpose_answered(each: Prepared) -> str:
    text = " ".join(each.application.purpose.split())
    return text if len(text) <= _SHORT else text[:_SHORT].rstrip() + "…"


def serving(each: Prepared) -> int:
    """How many guarantors have terms that have not ended."""
    return sum(1 for guarantor in each.grounds.known.board if guarantor.term_ends_on >= each.today)


def _guarantors(each: Prepared) -> Standing:
    board, wrong = each.grounds.known.board, each.wrong(BOARD)
    if wrong is not None or not board:
        return standing_by(wrong, begun=bool(board))
    there = serving(each)
    state = SectionState.DONE if there == len(board) else SectionState.IN_PROGRESS
    return Standing(state, there, len(board))


def _guarantors_answered(each: Prepared) -> str:
    board = each.grounds.known.board
    if not board:
        return gettext("No guarantor is registered.")
    return gettext(
        "%(number)s guarantors, %(ended)s of them with terms that ended",
        number=len(board),
        ended=len(board) - serving(each),
    )


def _papers(each: Prepared) -> Standing:
    """Unusable papers need attention; missing ones are merely not there yet."""
    far = progress(each.grounds.papers)
    unusable = {PaperState.EXPIRED, PaperState.REFUSED}
    bad = {f"paper-{paper.type.id}" for paper in each.grounds.papers if paper.missing and paper.state in unusable}
    bad |= {f"day-{file.id}" for paper in each.grounds.papers for file in paper.undated}
    wrong = each.wrong(frozenset(bad))
    if wrong is not None:
        return Standing(SectionState.ATTENTION, far.there, far.asked, *wrong)
    if far.complete:
        return Standing(SectionState.DONE, far.there, far.asked)
    lacking = each.wrong(frozenset(f"paper-{paper.type.id}" for paper in each.grounds.papers if paper.missing))
    state = SectionState.IN_PROGRESS if far.there else SectionState.NOT_STARTED
    return Standing(state, far.there, far.asked, *(lacking or (None, "")))


def _papers_answered(each: Prepared) -> str:
    far = progress(each.grounds.papers)
    return gettext("%(there)s of %(asked)s documents", there=far.there, asked=far.asked)


def _sending(each: Prepared) -> Standing:
    """Locked while anything stands in its way; what belongs to no other part is said here."""
    homeless = next((problem for problem in each.problems if not problem[1]), None)
    if homeless is not None:
        return Standing(SectionState.ATTENTION, problem=homeless[0])
    return Standing(SectionState.LOCKED if each.problems else SectionState.NOT_STARTED)


def _sending_answered(each: Prepared) -> str:
    if each.problems:
        return gettext("It opens once nothing above stands in the way.")
    return gettext("Look at all answers, then a signatory signs and sends.")


_APPLICATION, _DOCUMENTS, _SENDING = N_("What you ask for"), N_("Documents asked for"), N_("Check and submit")
SECTIONS: tuple[Section, ...] = (
    Section(key="loan", heading=_APPLICATION, title=N_("Amount and term"), page="ApplyView.edit", places=THE_LOAN,
            state=_loan, answered=_loan_answered),
    Section(key="purpose", heading=_APPLICATION, title=N_("What the members use the money for"),
            page="PurposeView.purpose", places=PURPOSE, state=_purpose, answered=_purpose_answered),
    Section(key="guarantors", heading=_APPLICATION, title=N_("Guarantors: the operating board"),
            page="TaskListView.guarantors", places=BOARD, state=_guarantors, answered=_guarantors_answered),
    Section(key="papers", heading=_DOCUMENTS, title=N_("Attach documents"), page="AttachView.documents",
            state=_papers, answered=_papers_answered),
    Section(key="sending", heading=_SENDING, title=N_("Check the answers, then sign"), page="ApplyView.check",
            state=_sending, answered=_sending_answered),
)  # fmt: skip


def page_of(place: str) -> str:
    """The endpoint of the page on which a finding is mended; empty where nothing on the cooperative's pages does."""
    if place.startswith(("paper-", "papers-", "day-")):
        return "AttachView.documents"
    return next((section.page for section in SECTIONS if place in section.places), "")
