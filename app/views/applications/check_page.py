"""What a cooperative checks before it sends: everything that will be sent, what is in the way, and the button."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext

from app.domain.cooperatives import board_mark
from app.domain.criteria import CriterionKind
from app.domain.eligibility import Line
from app.domain.papers import PaperState
from app.domain.roles import Role
from app.domain.workflow import sending_from
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.changed_answers import changed_since_sent
from app.services.applications.drafts import obstacles
from app.services.applications.kept_boards import board_changed_since_sent
from app.services.applications.sections import page_of
from app.services.applications.signing import last_request
from app.services.cooperatives.borrowers import first_time_beside
from app.services.documents.checklist import Paper, progress
from app.services.documents.lacking import lack_of
from app.services.eligibility.judgement import grounds_of, judged
from app.services.loans.quotes import quote_by
from app.services.programmes.envelopes import balance_for
from app.ui.clock import today
from app.ui.labels import explain
from app.views.applications.changed_answers import changes_in_words
from app.views.applications.finding import question_to
from app.views.applications.forms import MoveForm, SendBackForm, SigningForm
from app.views.cooperatives.board_words import all_lines, rows_of
from app.views.shell.pages import Shown


def _address(application: LoanApplication, place: str) -> str:
    """Where a finding can be mended; empty where nothing on the cooperative's pages does."""
    page = page_of(place)
    return url_for(page, pk=application.id, _anchor=place) if page else ""


def _doubts(application: LoanApplication, lines: Sequence[Line], papers: Sequence[Paper]) -> list[tuple[str, str]]:
    """What does not stop the sending and is looked at all the same: rules not met, and papers out of date."""
    # The papers themselves are named already, one by one.
    told = {CriterionKind.DOCUMENTS.label} if any(paper.missing for paper in papers) else set()
    unmet = (line for line in lines if line.unmet and not line.blocks and line.label not in told)
    rules = [(line.refusal, line.place) for line in unmet if line.refusal]
    late = [
        (lack_of(paper), f"paper-{paper.type.id}")
        for paper in papers
        if paper.state is PaperState.EXPIRED and not paper.missing
    ]
    return [(explain(refusal), _address(application, place)) for refusal, place in (*rules, *late)]


def check_page(
    application: LoanApplication, form: MoveForm | None = None, signing: SigningForm | SendBackForm | None = None
) -> Shown:
    """The page of an application that may be sent; ``form``, or ``signing``, is one that was refused."""
    step = sending_from(application.state)
    changed = changed_since_sent(application)
    # Each table is read once, whatever the page shows of it.
    grounds = grounds_of(application, today())
    lines = judged(application, grounds, balance_for(application), today())
    first_time = first_time_beside(application, grounds.known.others)
    form = form or MoveForm(formdata=None, prefix=f"{step.name}-")
    board = grounds.known.board
    board_changed = board_changed_since_sent(application, board)
    form.version.data, form.board.data = str(application.version), board_mark(board)
    form.fit(step, changed=bool(changed or board_changed))
    values = {
        "application": application,
        "papers": grounds.papers,
        "progress": progress(grounds.papers),
        "problems": [(explain(problem), _address(application, place)) for problem, place in obstacles(lines, grounds)],
        "lines": lines,
        "doubts": _doubts(application, lines, grounds.papers),
        "quote": quote_by(
            grounds.terms, application, application.amount_asked, paid_out_on=today(), first_time=first_time
        ),
        "first_time": first_time,
        "step": step,
        "form": form,
        "signing": signing or SigningForm(formdata=None),
        "send_back": signing if isinstance(signing, SendBackForm) else SendBackForm(formdata=None),
        "signs": acting().is_any(Role.SIGNATORY),
        "handed": last_request(application),
        "may_send": bool(step.roles & acting().roles)
        and (not (changed or board_changed) or acting().is_any(Role.SIGNATORY)),
        "changed": changes_in_words(changed),
        "board": rows_of(board),
        "other_guarantors": all_lines(board_changed),
        "question": question_to(application),
        "answering": step.answers,
        "title": gettext("Check and send the answer") if step.answers else gettext("Check and submit"),
    }
    return Shown("applications/check.html", values)
