"""What a dossier says of its application, in words: the same for the index page and for the PDF."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_login import current_user

from app.domain.eligibility import Line
from app.domain.papers import PaperState, ScanState, Verdict
from app.domain.programmes import Severity
from app.domain.quotes import rows_of
from app.domain.roles import COOPERATIVE
from app.domain.schedule import Instalment
from app.domain.states import FINAL
from app.domain.values.text import N_
from app.domain.workflow import DECIDED
from app.models.applications import LoanApplication
from app.models.documents import Document, DocumentVerdict
from app.reports.quote_files import column_labels
from app.security.acting import acting
from app.services.applications.kept_boards import boards_sent
from app.services.documents.checklist import Paper
from app.services.documents.dossier import DossierFile, DossierPaper
from app.services.eligibility.judgement import judgement_of
from app.ui.clock import today
from app.ui.formatting import baht, baht_words, be_date, be_datetime, count, file_size, percent
from app.ui.labels import NOTHING, explain, labelled
from app.ui.naming import named
from app.ui.tables import days_off_note, instalment_cells
from app.views.applications.board import SentBoard, sent_board
from app.views.applications.timeline import TimelineItem, timeline_of
from app.views.cooperatives.board_words import TERM
from app.views.programmes.rate_words import application_rate, decision_body

WORDS = {
    "checks": N_("Rules and criteria, as judged today"),
    "papers": N_("Documents"),
    "timeline": N_("Progress"),
    "no_timeline": N_("Not yet submitted."),
    "no_files": N_("No file is attached."),
    "pdf": N_("The application with its history (PDF)"),
    "sums": N_("Fingerprints of all files (SHA-256):"),
    "sha": N_("SHA-256"),
    "left_out": N_("Not in the dossier:"),
}
UNMET_WORDS = {
    Severity.BLOCK: N_("Not met"),
    Severity.WARN: N_("Look at it"),
    Severity.PASS: N_("Not met, shown only"),
}
CHECK_COLUMNS = (N_("Rule"), N_("Found"), N_("Allowed"), N_("Outcome"))


def title_of(application: LoanApplication) -> str:
    return gettext("Loan application %(number)s", number=application.number or gettext("(draft)"))


def sheet_of(application: LoanApplication, papers: list[DossierPaper], at: datetime) -> dict[str, Any]:
    """Everything the index page and the PDF show; a cooperative is told what its application's own page tells it."""
    show_people = not acting().is_any(*COOPERATIVE)
    state = application.state
    boards = boards_sent(application)
    board = sent_board(application, boards, show_people=show_people)
    return {
        "fund": gettext("Labour Fund"),
        "title": title_of(application),
        "cooperative": application.cooperative_name,
        "state": labelled(state) if show_people else gettext(state.facts.public),
        "made": gettext(
            "Dossier made on %(when)s by %(person)s", when=be_datetime(at), person=current_user.get_full_name()
        ),
        "parts": [part for part in (_answers(application), *_board(board), _decision(application)) if part],
        "instalments": _instalments(application),
        "checks": [] if state in FINAL else [_check(line) for line in judgement_of(application, today())],
        "papers": [_paper(place, paper, show_people=show_people) for place, paper in enumerate(papers, 1)],
        "timeline": [_moment(item) for item in timeline_of(application, boards, show_people=show_people)],
        "words": {
            **{key: gettext(text) for key, text in WORDS.items()},
            "check_columns": [gettext(label) for label in CHECK_COLUMNS],
            "instalment_columns": column_labels(),
            "days_off": days_off_note(),
        },
    }


def _in_baht(amount: Any) -> str:
    return f"{baht(amount)} {gettext('baht')} ({baht_words(amount)})"


def _answers(row: LoanApplication) -> dict[str, Any]:
    lines = [
        (gettext("Cooperative"), row.cooperative_name),
        (gettext("Programme"), named(row.programme)),
        (gettext("Amount asked"), _in_baht(row.amount_asked)),
        (gettext("Term"), f"{count(row.months)} {gettext('months')}"),
        (gettext("Interest rate of the programme"), application_rate(row)),
        (gettext("Purpose"), row.purpose),
        (gettext("Members who benefit"), count(row.beneficiaries)),
        (gettext("Rate to members"), gettext("%(rate)s per cent a year", rate=percent(row.member_rate))),
        (gettext("Submitted on"), be_datetime(row.submitted_at)),
    ]
    return {"heading": gettext("The application"), "lines": lines}


def _board(board: SentBoard | None) -> list[dict[str, Any]]:
    """The guarantors as they were sent, and what changed since."""
    if board is None:
        return []
    people = [
        (name, gettext(TERM, position=position, starts=starts, ends=ends))
        for name, position, starts, ends in board.rows
    ]
    parts = [{"heading": gettext("Guarantors as sent %(when)s", when=board.at), "lines": people}]
    changes = [
        (label, f"{before} → {after} ({change.who or NOTHING})")
        for change in board.changes
        for label, before, after in change.lines
    ]
    if changes:
        parts.append({"heading": gettext("Changes of the guarantors since then"), "lines": changes})
    return parts


def _decision(row: LoanApplication) -> dict[str, Any] | None:
    found = row.decision
    if found is None or row.state not in DECIDED:
        return None
    lines = [(gettext("Resolution"), labelled(row.state)), (gettext("Decided on"), be_date(found.decided_on, "long"))]
    if found.amount is not None:
        lines.append((gettext("Amount approved"), _in_baht(found.amount)))
        cut = row.amount_asked - found.amount
        if cut > 0:
            lines.append((gettext("Less than asked by"), _in_baht(cut)))
    if found.body:
        lines.append((gettext("Decided by"), decision_body(found)))
    lines += [(gettext("Meeting number"), found.meeting_no or NOTHING), (gettext("Reason"), found.reason or NOTHING)]
    return {"heading": gettext("Decision"), "lines": lines}


def _instalments(row: LoanApplication) -> list[dict[str, Any]]:
    """The tables kept with the decision and with the submission; a draft has none."""
    kept = [
        (row.approved_quote, gettext("Instalments of the amount approved")),
        (row.quote, gettext("Instalments as quoted when the application was last sent")),
    ]
    tables = [(heading, rows_of(quote)) for quote, heading in kept if quote is not None]
    return [{"heading": heading, "rows": instalment_cells(rows), "sums": _sums(rows)} for heading, rows in tables]


def _sums(rows: Sequence[Instalment]) -> list[str]:
    """The last line of an instalment table: principal, interest and payments added up."""
    added = [sum(getattr(row, name) for row in rows) for name in ("principal", "interest", "total")]
    return ["", gettext("Total"), "", "", *(baht(amount) for amount in added), ""]


def _check(line: Line) -> list[str]:
    label = f"{gettext(line.label)} ({explain(line.source)})" if line.source is not None else gettext(line.label)
    return [label, explain(line.found), explain(line.limit), _outcome(line)]


def _outcome(line: Line) -> str:
    if line.met:
        return gettext("Met")
    found = gettext("Cannot be told") if line.met is None else gettext(UNMET_WORDS[line.severity])
    return f"{found}: {explain(line.refusal)}" if line.refusal else found


def _paper(place: int, paper: DossierPaper, *, show_people: bool) -> dict[str, Any]:
    kind = paper.paper
    return {
        "number": place,
        "name": named(kind.type),
        "state": _state(kind),
        "files": [_file(file, kind.verdicts.get(file.document.id), show_people=show_people) for file in paper.files],
    }


def _state(paper: Paper) -> str:
    if paper.scanning:
        return labelled(ScanState.WAITING)
    if paper.state is PaperState.MISSING and paper.requested:
        return gettext("The office asks for it")
    if paper.state is PaperState.MISSING and not paper.required:
        return gettext("If you have it")
    return labelled(paper.state)


def _file(file: DossierFile, verdict: DocumentVerdict | None, *, show_people: bool) -> dict[str, Any]:
    document = file.document
    return {
        "name": document.file_name,
        "path": "" if file.left_out else file.path,
        "about": f"{file_size(document.size)}, {be_datetime(document.uploaded_at)}",
        "sha256": document.sha256,
        "left_out": explain(file.left_out) if file.left_out else "",
        "lines": [
            *_about(file, document),
            *_finding(verdict, show_people=show_people),
        ],
    }


def _about(file: DossierFile, document: Document) -> list[str]:
    lines = [gettext("Earlier version, kept for the record")] if file.earlier else []
    if document.issued_on is not None:
        lines.append(gettext("Day on the document: %(day)s", day=be_date(document.issued_on, "long")))
    if document.valid_until is not None:
        lines.append(gettext("May be used until %(day)s", day=be_date(document.valid_until, "long")))
    return lines


def _finding(verdict: DocumentVerdict | None, *, show_people: bool) -> list[str]:
    if verdict is None:
        return []
    parts = [gettext("Finding: %(finding)s", finding=labelled(Verdict(verdict.verdict)))]
    if verdict.page is not None:
        parts.append(gettext("page %(page)s", page=verdict.page))
    if verdict.note:
        parts.append(verdict.note)
    who = f" {verdict.judged_by.get_full_name()}" if show_people and verdict.judged_by is not None else ""
    return [", ".join(parts) + f" ({be_datetime(verdict.at)}{who})"]


def _moment(item: TimelineItem) -> dict[str, Any]:
    changes = [f"{label}: {before or NOTHING} → {after or NOTHING}" for label, before, after in item.changes]
    return {
        "when": item.when,
        "title": item.title,
        "detail": item.detail,
        "lines": [*changes, *filter(None, (item.note, item.without))],
    }
