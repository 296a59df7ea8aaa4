"""The seeded demonstration is a database the product itself could have come to."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.security import check_password_hash

from app.demo.people import PEOPLE
from app.demo.seed import seed_demo
from app.domain.roles import Role
from app.domain.states import FINAL, Outcome, State
from app.domain.values.calendar import BANGKOK, fiscal_year
from app.domain.workflow import MOVES
from app.extensions import db
from app.files.inspection.inspect import inspect
from app.files.store import document_store
from app.models.applications import Decision, DocumentRequest, LoanApplication, RunningNumber, StatusChange
from app.models.documents import Document
from app.models.notices import MailStatus, Notice, OutboxMail
from app.models.people import Membership, OfficePost
from app.models.programmes import LoanProgramme
from app.security.person import staff_roles
from app.security.scope import unscoped
from app.services.applications.numbers import APPLICATION_SERIES, next_number
from app.services.documents.checklist import missing_papers
from app.ui.clock import today

LATER = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


BY_USERNAME = {person.username: person for person in PEOPLE}


@pytest.fixture(autouse=True)
def all_rows(demo_app: Flask) -> Iterator[None]:
    with demo_app.app_context(), unscoped():
        yield
        db.session.rollback()


def applications() -> list[LoanApplication]:
    return list(db.session.scalars(select(LoanApplication).options(selectinload(LoanApplication.changes))))


def count_rows() -> dict[str, int]:
    return {
        table.name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in LoanApplication.metadata.sorted_tables
    }


def own(cooperative: str) -> list[LoanApplication]:
    return [each for each in applications() if cooperative in each.cooperative_name]


# Published figures


def test_fiscal_year_2566_is_the_published_table() -> None:
    lent = (LoanApplication.decided_fiscal_year == 2566, LoanApplication.status == State.APPROVED)

    rows = db.session.execute(
        select(LoanProgramme.key, func.count(), func.sum(LoanApplication.amount_approved))
        .join(LoanApplication.programme)
        .where(*lent)
        .group_by(LoanProgramme.key)
    )
    borrowers = db.session.scalar(select(func.count(LoanApplication.cooperative_id.distinct())).where(*lent))

    # 25 + 4 + 100 = 129 million in 3 + 1 + 7 = 11 loans; one cooperative borrowed twice.
    assert {key: (number, total) for key, number, total in rows} == {
        "normal-2566": (3, 25_000_000),
        "covid-2566": (1, 4_000_000),
        "top-up-2566": (7, 100_000_000),
    }
    assert borrowers == 10


def test_what_was_in_the_news_is_told_from_what_is_invented() -> None:
    decisions = db.session.scalars(select(Decision).where(Decision.outcome == Outcome.APPROVED)).all()
    named = [each for each in decisions if "ตัวอย่าง" not in each.application.cooperative_name]

    assert len(named) == 9
    assert all(each.reason and "ข้อสมมติ" in each.reason and "https://" in each.reason for each in named)
    assert not any(each.meeting_no for each in named)


# Numbers


def test_numbers_run_without_a_gap_in_order_of_submission() -> None:
    submitted = sorted((each for each in applications() if each.submitted_at), key=lambda each: each.submitted_at)
    by_year: dict[int, list[str | None]] = {}
    for each in submitted:
        by_year.setdefault(fiscal_year(each.submitted_at.astimezone(BANGKOK).date()), []).append(each.number)

    for year, numbers in by_year.items():
        assert numbers == [f"คก.{position:04d}/{year}" for position in range(1, len(numbers) + 1)]


def test_next_submission_gets_the_next_number() -> None:
    year = 2570
    last = db.session.get_one(RunningNumber, (APPLICATION_SERIES, year)).last

    assert next_number(APPLICATION_SERIES, LATER.date()) == f"คก.{last + 1:04d}/{year}"


# Histories and resolutions


def test_every_history_is_a_path_of_the_workflow_table() -> None:
    for application in applications():
        state = State.DRAFT
        for change in application.changes:
            move = MOVES[change.move]
            assert change.origin == state
            assert state in move.origins
            assert change.target == move.target
            assert Role(change.actor_role) in move.roles
            assert change.reason or not move.reason_required
            state = move.target
        assert application.state is state


def test_moves_follow_one_another_from_the_draft_to_the_day_of_the_demonstration() -> None:
    for application in applications():
        moments = [application.created_at, *(change.at for change in application.changes)]
        assert moments == sorted(set(moments))
        assert moments[-1] < datetime(2026, 11, 22, tzinfo=BANGKOK)
        assert application.submitted_at == (application.changes[0].at if application.changes else None)
        assert (application.number is None) == (application.submitted_at is None)


def test_every_state_is_there_and_some_histories_have_an_answer_and_a_second_resolution() -> None:
    moves = set(db.session.scalars(select(StatusChange.move)))
    resolutions = db.session.scalars(select(func.count()).select_from(Decision).group_by(Decision.application_id))

    assert {each.state for each in applications()} == set(State)
    assert moves | {"discard"} == set(MOVES)
    assert max(resolutions) == 2


def test_resolutions_agree_with_histories_and_amounts() -> None:
    deciding = {"approve": Outcome.APPROVED, "reject": Outcome.REJECTED, "defer": Outcome.DEFERRED}
    for application in applications():
        steps = [change for change in application.changes if change.move in deciding]
        decisions = db.session.scalars(
            select(Decision).where(Decision.application_id == application.id).order_by(Decision.id)
        ).all()
        assert [each.outcome for each in decisions] == [deciding[change.move] for change in steps]
        assert [each.decided_on for each in decisions] == [each.at.astimezone(BANGKOK).date() for each in steps]
        assert [each.recorded_by_id for each in decisions] == [change.actor_id for change in steps]
        assert all((each.amount is not None) == (each.outcome == Outcome.APPROVED) for each in decisions)


def test_an_application_carries_its_closing_resolution_and_no_other() -> None:
    for application in applications():
        closed = application.state in {State.APPROVED, State.REJECTED}
        last = application.decision if closed else None
        assert application.decided_on == (last.decided_on if last else None)
        assert application.decided_fiscal_year == (fiscal_year(last.decided_on) if last else None)
        assert application.amount_approved == (last.amount if last else None)


def test_nobody_decided_on_what_the_same_person_had_worked_on() -> None:
    for application in applications():
        deciders = {each.actor_id for each in application.changes if each.actor_role == Role.COMMITTEE}
        workers = {each.actor_id for each in application.changes if each.step.is_work}
        assert not (deciders - {None}) & workers


def test_people_acted_in_their_own_role_and_place() -> None:
    posts = {post.user_id: post.office_id for post in db.session.scalars(select(OfficePost))}
    members = {(each.user_id, each.cooperative_id): each.role for each in db.session.scalars(select(Membership))}
    for change in db.session.scalars(select(StatusChange).where(StatusChange.actor_id.is_not(None))):
        cooperative = change.application.cooperative
        if change.actor_role == Role.SIGNATORY:
            assert members[(change.actor_id, cooperative.id)] == Role.SIGNATORY
        else:
            assert Role(change.actor_role) in staff_roles(change.actor)
        if change.actor_role == Role.PROVINCIAL_OFFICER:
            assert posts[change.actor_id] == cooperative.office_id


def test_returned_applications_say_which_document_is_asked_for() -> None:
    for application in applications():
        returned = [change for change in application.changes if change.move == "return"]
        answered = any(change.move == "answer" for change in application.changes)
        asked = {row.document_type_id for row in application.programme.documents}
        assert [request.asked_at for request in application.requests] == [change.at for change in returned]
        assert all(request.document_type_id in asked for request in application.requests)
        assert all((request.answered_at is not None) == answered for request in application.requests)
    assert db.session.scalar(select(func.count(DocumentRequest.id)))


def test_every_row_belongs_to_its_applications_cooperative() -> None:
    for model in (StatusChange, Decision, DocumentRequest, Document, Notice, OutboxMail):
        strays = (
            select(func.count())
            .select_from(model)
            .join(LoanApplication, LoanApplication.id == model.application_id)
            .where(LoanApplication.cooperative_id != model.cooperative_id)
        )
        assert db.session.scalar(strays) == 0


# People


def test_every_sign_in_has_the_password_and_the_place_we_publish(demo_app: Flask) -> None:
    users = {user.username: user for user in db.session.scalars(select(User))}

    assert set(users) == {person.username for person in PEOPLE}
    for name, user in users.items():
        offices = db.session.scalars(select(OfficePost).where(OfficePost.user_id == user.id)).all()
        memberships = db.session.scalars(select(Membership).where(Membership.user_id == user.id)).all()
        assert user.active
        assert check_password_hash(user.password, demo_app.config["DEMO_PASSWORD"])
        assert [post.office.code for post in offices] == [code for code in [BY_USERNAME[name].office] if code]
        assert len(memberships) == len(BY_USERNAME[name].cooperatives)
        roles = [role.value for role in staff_roles(user)] or [each.role for each in memberships]
        assert set(roles) == set(BY_USERNAME[name].roles)


def test_cooperatives_have_a_board_and_a_manager_to_guarantee() -> None:
    (first, *_others) = own("ชลบุรี 1 ")
    positions = [member.position for member in first.cooperative.board]

    assert len(positions) == 8
    assert positions[0] == "ประธานกรรมการ"
    assert positions[-1] == "ผู้จัดการ"


# Documents


def test_every_document_has_its_bytes_in_the_store() -> None:
    store = document_store()
    documents = db.session.scalars(select(Document)).all()

    assert len({document.storage_key for document in documents}) == len(documents) > 100
    for document in documents:
        content = store.get(document.storage_key)
        assert hashlib.sha256(content).hexdigest() == document.sha256
        assert len(content) == document.size


def test_every_document_is_one_that_the_product_takes() -> None:
    store = document_store()
    different = {document.sha256: document for document in db.session.scalars(select(Document))}

    assert {document.kind for document in different.values()} == {"pdf", "png"}
    for document in different.values():
        assert inspect(store.get(document.storage_key), document.file_name) == document.kind


def test_applications_under_way_lack_only_what_was_asked_for() -> None:
    for application in applications():
        if application.state in FINAL or application.state is State.DRAFT:
            continue
        missing = {paper.id for paper in missing_papers(application, today())}
        assert missing == {request.document_type_id for request in application.requests if not request.answered_at}


def test_demonstration_cooperatives_have_files_to_look_at() -> None:
    def files(application: LoanApplication) -> int:
        return db.session.scalar(select(func.count(Document.id)).where(Document.application_id == application.id)) or 0

    (approved,) = [each for each in own("ชลบุรี 1 ") if each.state is State.APPROVED]
    (draft,) = [each for each in own("ปทุมธานี 1 ") if each.state is State.DRAFT]

    # Six required documents, and the newer one that the office asked for.
    assert files(approved) == 7
    assert files(draft) == 2
    assert missing_papers(approved, today()) == []


# Notices


def test_people_are_told_and_no_mail_waits_to_be_sent() -> None:
    told = set(db.session.scalars(select(User.username).join(Notice, Notice.user_id == User.id)))
    mails = db.session.scalars(select(OutboxMail)).all()

    assert {"coop1", "coop1s", "coop2s", "officer1", "officer2", "fund", "committee1", "committee2"} <= told
    assert mails
    assert {mail.status for mail in mails} == {MailStatus.SENT}
    assert all(mail.sent_at and mail.recipient.partition("@")[2].startswith("example.") for mail in mails)


def test_seeding_again_adds_nothing() -> None:
    before = count_rows()

    added = seed_demo(LATER)
    db.session.flush()

    assert added is False
    assert count_rows() == before
