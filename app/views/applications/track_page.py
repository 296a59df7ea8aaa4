"""What everybody sees of an application: where it is, what is waited for, its papers, and the moves one may make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from flask_babel import gettext

from app.domain.cooperatives import Board, board_mark
from app.domain.eligibility import Line
from app.domain.move_checks import own_draft
from app.domain.quotes import rows_of
from app.domain.roles import COOPERATIVE, Role
from app.domain.workflow import DECIDED, ApplicationMove, moves_for
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.kept_boards import boards_sent
from app.services.applications.reasons import first_words
from app.services.applications.receipts import last_sending, receipt_code
from app.services.applications.service_time import clock
from app.services.cooperatives.borrowers import first_time_beside, is_first_time
from app.services.cooperatives.figures import read_off
from app.services.cooperatives.guarantees import MOST_TOLD, guarantees_elsewhere
from app.services.documents.checklist import Paper, checklist, progress
from app.services.documents.verdicts import examined_of
from app.services.eligibility.judgement import grounds_of, judged
from app.services.programmes.envelopes import Balance, balance_for
from app.ui.clock import today
from app.ui.formatting import years_in_words
from app.ui.labels import labelled
from app.ui.naming import in_full
from app.views.applications.board import SentBoard, sent_board
from app.views.applications.finding import question_to
from app.views.applications.forms import MoveForm
from app.views.applications.out_of_sight import proof_of
from app.views.applications.request_form import RequestRow, note_to_fill, rows_to_fill, usual_reason
from app.views.applications.timeline import timeline_of, went_without
from app.views.shell.pages import Shown


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was sent and refused, with the list of documents that came with it."""

    name: str
    form: MoveForm
    asked: Sequence[RequestRow] = ()


@dataclass(frozen=True, slots=True)
class OfferedMove:
    """A move the person may make now, with its form; ``unfold`` says that the form stands open."""

    step: ApplicationMove
    form: MoveForm
    asked: Sequence[RequestRow]
    unfold: bool


def track_page(application: LoanApplication, *, refused: Refused | None = None, confirmation: bool = False) -> Shown:
    """The application's own page; words and moves follow the person's role.

    A move that was sent and ``refused`` stands open as it was filled in; ``confirmation`` is the page after sending.
    """
    cooperative_side = acting().is_any(*COOPERATIVE)
    facts = application.state.facts
    boards = boards_sent(application)
    timeline = timeline_of(application, boards, show_people=not cooperative_side)  # first, as it reads the history
    papers, lines, first_time, money, board = _judged(application)
    running = clock(application) if facts.office_has_it or facts.waits_for_answer else None
    promised = running.due if running and facts.office_has_it else None
    sent = last_sending(application)
    shown_board = sent_board(application, boards, board, show_people=not cooperative_side)
    values = {
        "application": application,
        "title": application.number or gettext("Draft application"),
        "confirmation": confirmation and application.number is not None,
        "cooperative_side": cooperative_side,
        "state_words": gettext(facts.public) if cooperative_side else labelled(application.state),
        "timeline": timeline,
        "went_without": None if cooperative_side else went_without(application),
        "waiting_for": _whose_turn(application),
        "question": question_to(application),
        **_papers_shown(application, papers),
        "editable": cooperative_side and facts.editable,
        "moves": _offered(application, papers, lines, board, refused),
        "board": shown_board,
        "elsewhere": () if cooperative_side else _elsewhere(application, shown_board),
        "most_told": MOST_TOLD,
        "shown": proof_of(application.id),
        "promised": promised,
        "stopped": running if facts.waits_for_answer else None,
        "late": promised is not None and promised < today(),
        "without_list": years_in_words(running.without_list) if running else "",
        "check_days": current_app.config["CHECK_WORKING_DAYS"],
        "final": facts.final,
        "receipt": receipt_code(application, sent.at) if sent is not None else "",
        "decided": application.state in DECIDED,
        "lines": lines,
        "money": None if cooperative_side else money,
        "first_time": first_time,
        "read_off": read_off(application.cooperative_id) if lines else [],
        "quote_rows": rows_of,
        "note_to_fill": note_to_fill,
    }
    return Shown("applications/track.html", values)


def _elsewhere(application: LoanApplication, board: SentBoard | None) -> Sequence[Any]:
    """What else the guarantors guarantee, while it may matter to a decision."""
    if board is None or application.state.facts.final:
        return ()
    return guarantees_elsewhere(application, {row[0] for row in board.rows})


def _whose_turn(application: LoanApplication) -> str:
    """Who has to act, in words: the very office where it is an office."""
    facts = application.state.facts
    if facts.office_has_it:
        return in_full(application.cooperative.office)
    return gettext(facts.turn) if facts.turn else ""


def _papers_shown(application: LoanApplication, papers: Sequence[Paper]) -> dict[str, Any]:
    return {
        "papers": papers,
        "progress": progress(papers),
        "asked": [paper for paper in papers if paper.requested],
        "undated": [paper for paper in papers if paper.undated],
        "missing": [paper for paper in papers if paper.missing and not paper.requested],
        "judged": examined_of(application, papers),
        "unaccepted": [paper for paper in papers if paper.unaccepted],
    }


def _judged(
    application: LoanApplication,
) -> tuple[Sequence[Paper], Sequence[Line], bool, Balance | None, Board | None]:
    """The papers, the rules as judged today, whether it is a first loan, the money, and the board; what ended is not
    judged.
    """
    if application.state.facts.final:
        return checklist(application, today()), (), is_first_time(application), None, None
    grounds, balance = grounds_of(application, today()), balance_for(application)
    lines = judged(application, grounds, balance, today())
    first_time = first_time_beside(application, grounds.known.others)
    return grounds.papers, lines, first_time, balance, grounds.known.board


def offered_steps(application: LoanApplication) -> list[ApplicationMove]:
    """Moves with a form on the page; those that are checked first have the check page, a colleague's draft is his."""
    person = acting()
    own = person.is_any(Role.SIGNATORY) or application.created_by_id == person.user_id
    steps = moves_for(application.state, person.roles)
    return [step for step in steps if not step.checked_first and (own or own_draft not in step.checks)]


def _offered(
    application: LoanApplication,
    papers: Sequence[Paper],
    lines: Sequence[Line],
    board: Board | None,
    refused: Refused | None,
) -> list[OfferedMove]:
    steps = offered_steps(application)
    alone = len(steps) == 1 and not acting().is_any(*COOPERATIVE)
    offered = []
    for step in steps:
        sent = refused if refused is not None and refused.name == step.name else None
        offer = _sent_form(step, sent) if sent is not None else _empty_form(step, papers, lines, open_it=alone)
        offer.form.version.data = str(application.version)
        offer.form.papers_reason.flags.required = any(paper.unaccepted for paper in papers)
        offer.form.board.data = board_mark(board) if step.sends and board is not None else ""
        offered.append(offer)
    return offered


def _sent_form(step: ApplicationMove, sent: Refused) -> OfferedMove:
    """The form as it was sent, with what is wrong in the list of documents above it, too."""
    sent.form.fit(step)
    sent.form.form_errors = [*sent.form.form_errors, *(each for row in sent.asked for each in row.problems())]
    return OfferedMove(step, sent.form, sent.asked, unfold=True)


def _empty_form(step: ApplicationMove, papers: Sequence[Paper], lines: Sequence[Line], *, open_it: bool) -> OfferedMove:
    """The form to begin with: its text proposes what the papers or the rules ask for."""
    form = MoveForm(formdata=None, prefix=f"{step.name}-")
    form.fit(step)
    asked = rows_to_fill(papers) if step.asks_papers else []
    if any(row.ticked for row in asked):
        form.reason.data = usual_reason()
    if step.lists_unmet:
        form.reason.data = first_words(line for line in lines if line.unmet)
    return OfferedMove(step, form, asked, unfold=open_it or request.args.get("move") == step.name)
