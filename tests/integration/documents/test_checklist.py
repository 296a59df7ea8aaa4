"""What an application still needs: the state of each paper, and the count that stands wherever the application is."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.domain.papers import PaperState, Progress, Validity, Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import DocumentRequest, LoanApplication
from app.services.documents.checklist import checklist, missing_papers, progress, progress_of
from app.ui.clock import today
from tests import make
from tests.client import FundClient


def test_states_follow_files_and_findings(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.RECEIVED, under=make.programme(required=5), complete=False)
        kinds = [asked.document_type for asked in row.programme.documents]
        kinds[4].validity, kinds[4].valid_months = Validity.MONTHS, 3
        make.document(row, kinds[1])
        make.verdict(make.document(row, kinds[2]))
        make.verdict(make.document(row, kinds[3]), Verdict.UNREADABLE, "มืดทั้งหน้า")
        make.document(row, kinds[4], issued_on=date(2025, 1, 1))

        papers = checklist(row, today())

        assert [paper.state for paper in papers] == [
            PaperState.MISSING,
            PaperState.UPLOADED,
            PaperState.ACCEPTED,
            PaperState.REFUSED,
            PaperState.EXPIRED,
        ]
        assert progress(papers) == Progress(there=2, accepted=1, asked=5)
        assert missing_papers(row, today()) == [kinds[0], kinds[3], kinds[4]]
        assert [file.file_name for file in papers[3].to_replace] == ["เอกสาร.pdf"]


def test_a_paper_valid_at_the_submission_stays_valid_while_the_fund_checks(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.IN_REVIEW, under=make.programme(required=1), at=make.AT)
        kind = row.programme.documents[0].document_type
        kind.validity, kind.valid_months = Validity.MONTHS, 1
        for file in checklist(row, today())[0].files:
            file.issued_on = make.AT.date() - timedelta(days=27)

        assert checklist(row, today())[0].state is PaperState.UPLOADED


def test_a_paper_of_a_draft_is_judged_by_the_day_it_is_asked_for(app: Flask) -> None:
    with make.rows(app):
        row = make.application(under=make.programme(required=1))
        kind = row.programme.documents[0].document_type
        kind.validity, kind.valid_months = Validity.MONTHS, 1
        for file in checklist(row, make.AT.date())[0].files:
            file.issued_on = date(2026, 11, 1)

        states = [checklist(row, day)[0].state for day in (date(2026, 12, 1), date(2026, 12, 2))]

        assert states == [PaperState.UPLOADED, PaperState.EXPIRED]


def test_a_paper_asked_for_again_says_why(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.RETURNED, under=make.programme(required=0, optional=1))
        kind = row.programme.documents[0].document_type
        about = {"cooperative_id": row.cooperative_id, "application_id": row.id}
        db.session.add(DocumentRequest(**about, document_type_id=kind.id, note="ขอฉบับลงนาม", asked_at=make.AT))

        (paper,) = checklist(row, today())

        assert (paper.required, paper.requested, paper.missing) == (True, True, True)
        assert paper.request_note == "ขอฉบับลงนาม"


@pytest.mark.parametrize("number", [1, 8])
def test_counting_takes_as_many_statements_for_one_application_as_for_many(app: Flask, number: int) -> None:
    with make.rows(app):
        programme = make.programme(required=2)
        rows = [make.application(of=make.cooperative(), under=programme, complete=False) for _ in range(number)]
        for row in rows:
            make.document(row)
        db.session.commit()
        keys = [row.id for row in rows]
        db.session.expunge_all()
        rows = list(db.session.scalars(select(LoanApplication).where(LoanApplication.id.in_(keys))))
        statements = []

        def count(*_details: object) -> None:
            statements.append(1)

        event.listen(db.engine, "before_cursor_execute", count)
        found = progress_of(rows, today())
        event.remove(db.engine, "before_cursor_execute", count)

        assert set(found.values()) == {Progress(there=1, accepted=0, asked=2)}
        assert len(statements) <= 5


def test_a_list_counts_the_papers_of_each_application_as_its_checklist_does(demo_app: Flask) -> None:
    with make.rows(demo_app):
        judged_twice = make.application(State.IN_REVIEW, under=make.programme(required=2))
        file = make.document(judged_twice)
        make.verdict(file, Verdict.UNREADABLE, "มืดทั้งหน้า")
        make.verdict(file)
        rows = list(db.session.scalars(select(LoanApplication)))

        assert len({row.state for row in rows}) > 10
        assert progress_of(rows, today()) == {row.id: progress(checklist(row, today())) for row in rows}


def test_the_count_of_papers_stands_wherever_the_application_is(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        programme = make.programme(required=3, optional=1)
        draft = make.application(of=cooperative, under=programme, complete=False)
        make.document(draft)
        sent = make.application(State.RECEIVED, of=cooperative, under=programme, complete=False)
        make.document(sent)
        pages = {
            "preparer": ["/", "/applications/list/", f"/track/{draft.id}", f"/apply/{draft.id}/check"],
            "officer": ["/", "/applications/list/", f"/track/{sent.id}", f"/desk/{sent.id}"],
        }

    for username, paths in pages.items():
        client = FundClient(app)
        client.sign_in(username, make.PASSWORD)
        for path in paths:
            assert "1 จาก 3" in client.get(path).get_data(as_text=True), (username, path)
