"""A move of an application: an office receives it and starts checking at once."""

from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.domain.workflow import MOVES, moves_for
from app.extensions import db
from app.models.applications import LoanApplication
from app.security.scope import unscoped
from tests import make
from tests.client import FundClient
from tests.recipes import Added, Replaced

TITLE = "A move of an application"
ROW = """        _move(
            name="take_up", label=N_("Receive and check at once"),
            done=N_("The office received the application and began to check it"),
            origins=frozenset({S.SUBMITTED}), target=S.IN_REVIEW, roles=frozenset({R.PROVINCIAL_OFFICER}),
            checks=(not_applicant,), is_work=True, tells=COOPERATIVE,
        ),
"""
TEST = "tests/unit/domain/test_workflow.py"
EDITS = (
    Added("app/domain/workflow.py", ROW, after=r"^MOVES\b.*\n.*\n    for move in \($"),
    Replaced(
        TEST,
        'State.SUBMITTED: {"receive": State.RECEIVED, ',
        'State.SUBMITTED: {"take_up": State.IN_REVIEW, "receive": State.RECEIVED, ',
    ),
    Added(TEST, '    "take_up": {Role.PROVINCIAL_OFFICER},\n', after=r"^MADE_BY = {$"),
    Replaced(TEST, 'WORK = {"submit", ', 'WORK = {"submit", "take_up", '),
    Replaced(TEST, 'WORK_OF_THE_FUND = ("receive", ', 'WORK_OF_THE_FUND = ("take_up", "receive", '),
)
THAI = {
    "Receive and check at once": "รับเรื่องและตรวจสอบทันที",
    "The office received the application and began to check it": "สำนักงานรับเรื่องและเริ่มตรวจสอบแล้ว",
}
RUN = {"tests.workflow_doc": "docs/workflow.md"}
CHECKED_BY = (TEST,)


def test_the_move_is_offered_to_its_role_alone() -> None:
    assert MOVES["take_up"] in moves_for(State.SUBMITTED, {Role.PROVINCIAL_OFFICER})
    assert MOVES["take_up"] not in moves_for(State.SUBMITTED, {Role.FUND_OFFICER, Role.SIGNATORY})


def test_the_officer_has_its_button_and_the_cooperative_reads_what_happened(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.SUBMITTED)
        officer = make.person(Role.PROVINCIAL_OFFICER).username
        preparer = make.person(Role.PREPARER, of=row.cooperative).username
        key, version = row.id, row.version
    browser, cooperative = FundClient(app), FundClient(app)
    browser.sign_in(officer, make.PASSWORD)
    cooperative.sign_in(preparer, make.PASSWORD)
    page = browser.text(f"/track/{key}")

    browser.send(f"/track/{key}/move/take_up", {"take_up-version": str(version)})

    assert "รับเรื่องและตรวจสอบทันที" in page
    with app.app_context(), unscoped():
        assert db.session.get_one(LoanApplication, key).status == State.IN_REVIEW
    assert "สำนักงานรับเรื่องและเริ่มตรวจสอบแล้ว" in cooperative.text(f"/track/{key}")
    assert "สำนักงานรับเรื่องและเริ่มตรวจสอบแล้ว" in cooperative.text("/notices/")
