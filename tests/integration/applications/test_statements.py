"""How many statements a move takes, and that what changed between its judgement and its locks is looked at again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.engine import Engine

from app.domain.criteria import CriterionKind
from app.domain.programme_file import to_plain
from app.domain.programmes import Severity
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import BoardMember
from app.models.envelopes import EnvelopeEntry
from app.models.notices import Notice
from app.models.programme_versions import ProgrammeVersion
from app.models.programmes import LoanProgramme, ProgrammeCriterion
from app.models.transaction import writing
from app.services.applications import moves
from app.services.applications.moves import MovedOn, move
from app.services.programmes.envelopes import lock_envelope_for
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import keep_version
from tests import make
from tests.place import signed_in

# The whole request, looking the person up and keeping the session included. A move that looks at the papers reads four
# tables more, one that asks for papers reads them before and after it holds the application.
PLAIN, PAPERS = 16, 20
WAY: tuple[tuple[str, str, dict[str, str], int], ...] = (
    ("signatory", "submit", {"declared": "y"}, 36),  # eight for the password, counted before it is looked at
    ("province", "receive", {}, PLAIN),
    ("province", "review", {}, PLAIN),
    ("province", "return", {"reason": "ขอเอกสาร"}, 26),
    ("signatory", "answer", {}, 27),
    ("province", "recommend", {"reason": "ควรอนุมัติ", "papers_reason": "ดูต้นฉบับแล้ว"}, PAPERS),
    ("fund", "put_forward", {}, PAPERS),
    ("member", "defer", {"reason": "รอข้อมูล", "meeting_no": "1/2570"}, PLAIN),
    ("fund", "put_forward", {}, PAPERS),
    ("member", "approve", {"amount": "5,000,000", "meeting_no": "2/2570"}, PAPERS),
)
KINDS = (CriterionKind.BOARD_SIZE, CriterionKind.NO_ARREARS, CriterionKind.DOCUMENTS, CriterionKind.ONE_APPLICATION)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile; rows of one table that are added one after the other count as one."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        # SQLite is sent such rows one by one, and the beginning of a transaction beside.
        if statement.startswith("BEGIN") or (seen and statement.startswith("INSERT") and statement == seen[-1]):
            return
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def programme_of_many_parts() -> LoanProgramme:
    criteria = [ProgrammeCriterion(kind=kind, severity=Severity.WARN, figure=Decimal(1)) for kind in KINDS]
    made = make.programme(required=14, criteria=criteria)
    keep_version(made, "ประกาศใช้", None, make.AT)
    return made


@pytest.fixture
def draft(app: Flask) -> int:
    """The id of a complete draft, and people for all its moves, several of each kind to be told."""
    with make.rows(app):
        own = make.cooperative(email="coop@example.org")
        for name, role in (("signatory", Role.SIGNATORY), ("preparer", Role.PREPARER)):
            make.person(role, of=own, username=name)
        for name, role in (
            ("province", Role.PROVINCIAL_OFFICER),
            ("fund", Role.FUND_OFFICER),
            ("member", Role.COMMITTEE),
        ):
            make.person(role, username=name)
            make.person(role)
        return make.application(of=own, under=programme_of_many_parts()).id


def version_of(app: Flask, key: int) -> str:
    with make.rows(app):
        return str(db.session.get_one(LoanApplication, key).version)


def test_no_move_takes_more_statements_than_it_has_to(app: Flask, draft: int) -> None:
    people = {name: signed_in(app, name) for name in ("signatory", "province", "fund", "member")}
    taken = {}
    for who, name, form, most in WAY:
        fields = {f"{name}-version": version_of(app, draft), **{f"{name}-{key}": value for key, value in form.items()}}
        people[who].any_token()
        with statements() as seen:
            answer = people[who].send(f"/track/{draft}/move/{name}", fields)
        assert answer.status_code == 302, name
        taken[name] = (len(seen), most)

    assert {name: figures for name, figures in taken.items() if figures[0] > figures[1]} == {}


def test_a_submission_holds_its_programme_for_few_statements(app: Flask, draft: int) -> None:
    client = signed_in(app, "signatory")
    client.any_token()

    with statements() as seen:
        client.send(f"/track/{draft}/move/submit", {"submit-version": "1", "submit-declared": "y"})

    # SQLite has no locks of rows; the statement is the same but for its end.
    held = next(place for place, text in enumerate(seen) if text.startswith("SELECT loan_programme.version"))
    assert len(seen) - held <= 12
    # What was judged before is not read again.
    assert not [text for text in seen[held:] if "programme_criterion" in text or "document_type" in text]


@pytest.mark.parametrize(("path", "most"), [("/apply/{}/check", 17), ("/track/{}", 18)])
def test_pages_of_a_draft_read_each_table_once(app: Flask, draft: int, path: str, most: int) -> None:
    client = signed_in(app, "signatory")
    client.text(path.format(draft))

    with statements() as seen:
        client.text(path.format(draft))

    assert len(seen) <= most


def test_a_new_draft_reads_no_terms(app: Flask, draft: int) -> None:
    client = signed_in(app, "preparer")
    with make.rows(app):
        programme = make.programme().id
    form = {
        "programme": str(programme),
        "amount": "5,000,000",
        "months": "24",
        "purpose": "ให้สมาชิกปลดหนี้",
        "beneficiaries": "100",
        "member_rate": "4.75",
    }
    client.get("/apply/new")

    with statements() as seen:
        answer = client.send("/apply/new", form)

    assert answer.status_code == 302
    assert len(seen) <= 9


# What somebody else stores after a submission was judged and before it holds its programme. Through the tables, so
# that nothing of it is known to the session that submits, as when another process stores it.


def _lower_ceiling(programme: int) -> None:
    lowered = update(LoanProgramme.__table__).where(LoanProgramme.id == programme)  # type: ignore[arg-type]  # it is a Table
    db.session.execute(lowered.values(ceiling=Decimal(1_000_000), version=LoanProgramme.version + 1))


def _new_terms(programme: int) -> None:
    """A part changed, which the programme's own row does not show: its version of the terms does."""
    part = update(ProgrammeCriterion.__table__).where(ProgrammeCriterion.programme_id == programme)  # type: ignore[arg-type]  # it is a Table
    db.session.execute(part.values(severity=Severity.BLOCK.value, figure=Decimal(99)))
    last = db.session.scalar(
        select(func.max(ProgrammeVersion.number)).where(ProgrammeVersion.programme_id == programme)
    )
    terms = to_plain(terms_of(db.session.get_one(LoanProgramme, programme)))
    values = {"programme_id": programme, "number": (last or 0) + 1, "terms": terms, "at": make.AT, "why": "เปลี่ยน"}
    db.session.execute(insert(ProgrammeVersion.__table__).values(**values))  # type: ignore[arg-type]  # it is a Table


def _take_the_rest(programme: int) -> None:
    other = db.session.scalars(select(LoanApplication).where(LoanApplication.status == State.APPROVED)).one()
    values = {
        "programme_id": programme,
        "application_id": other.id,
        "cooperative_id": other.cooperative_id,
        "kind": "reserve",
        "amount": Decimal(990_000_000),
        "at": make.AT,
    }
    db.session.execute(insert(EnvelopeEntry.__table__).values(**values))  # type: ignore[arg-type]  # it is a Table


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        (_lower_ceiling, r"above the programme's ceiling of 1,000,000\.00"),
        (_new_terms, r"guarantors have terms that have not ended, 99 are asked"),
        (_take_the_rest, r"The programme has 5,000,000\.00 baht left, less than the 6,000,000\.00"),
    ],
)
def test_what_changed_since_the_judgement_is_judged_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[int], None], refusal: str
) -> None:
    with make.rows(app), writing():
        criteria = [ProgrammeCriterion(kind=CriterionKind.BOARD_SIZE, severity=Severity.WARN, figure=Decimal(1))]
        programme = make.programme(criteria=criteria)
        make.application(State.APPROVED, of=make.cooperative(), under=programme)
        own = make.cooperative(board=[make_member()])
        row = make.application(of=own, under=programme, amount_asked=Decimal(6_000_000))
        signatory = make.acting_as(make.person(Role.SIGNATORY, of=own))

        def hold(application: LoanApplication) -> tuple[int | None, int | None]:
            meanwhile(application.programme_id)
            return lock_envelope_for(application)

        monkeypatch.setattr(moves, "lock_envelope_for", hold)

        with pytest.raises(RuleBroken, match=refusal):
            move(row.id, make.wish(row, "submit"), signatory, make.AT)
        db.session.rollback()


def make_member() -> BoardMember:
    day = make.AT.date()
    return BoardMember(
        full_name="ประธาน",
        position="ประธานกรรมการ",
        term_starts_on=day - timedelta(days=365),
        term_ends_on=day + timedelta(days=365),
    )


def test_an_application_changed_since_the_judgement_has_moved_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with make.rows(app), writing():
        own = make.cooperative()
        row = make.application(of=own)
        signatory = make.acting_as(make.person(Role.SIGNATORY, of=own))
        key, wish = row.id, make.wish(row, "submit")

        def hold(application: LoanApplication) -> tuple[int | None, int | None]:
            typed = update(LoanApplication.__table__).where(LoanApplication.id == key)  # type: ignore[arg-type]  # it is a Table
            db.session.execute(typed.values(version=LoanApplication.version + 1))
            return lock_envelope_for(application)

        monkeypatch.setattr(moves, "lock_envelope_for", hold)

        with pytest.raises(MovedOn):
            move(key, wish, signatory, make.AT)
        db.session.rollback()


def test_everybody_is_told_once_whatever_their_roles(app: Flask) -> None:
    with make.rows(app), writing():
        own = make.cooperative()
        signatory = make.person(Role.SIGNATORY, of=own)
        both = make.person(Role.PREPARER, Role.PROVINCIAL_OFFICER, of=own)
        make.person(Role.PROVINCIAL_OFFICER, place=make.PATHUM_THANI)
        colleague = make.person(Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER)
        row = make.application(of=own)

        move(row.id, make.wish(row, "submit"), make.acting_as(signatory), make.AT)

        told = db.session.scalars(select(Notice.user_id).where(Notice.application_id == row.id)).all()
        assert sorted(told) == sorted([signatory.id, both.id, colleague.id])
