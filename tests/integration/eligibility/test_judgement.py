"""What an application is judged by: other loans, the registers, its own terms; the same answer for everybody."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.criteria import RULES, CriterionKind
from app.domain.eligibility import Line
from app.domain.programmes import ApprovingBody, DocumentCondition, Severity
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import BoardMember, Cooperative, FinancialYear
from app.models.notices import OutboxMail
from app.models.programmes import ApprovalLevel, ProgrammeCriterion, ProgrammeDocument
from app.models.transaction import writing
from app.security.acting import Acting
from app.services.applications.drafts import problems_of
from app.services.applications.moves import move
from app.services.cooperatives.borrowers import never_borrowed
from app.services.documents.checklist import missing_papers
from app.services.eligibility.dry_runs import dry_run
from app.services.eligibility.judgement import judgement_of
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import keep_version
from app.ui.clock import today
from tests import make
from tests.client import FundClient, seen

D = Decimal
FIVE = D(5_000_000)
TODAY = make.AT.date()
ENDED = date(2026, 9, 30)


def criterion(kind: CriterionKind, figure: Decimal | None = None) -> ProgrammeCriterion:
    return ProgrammeCriterion(kind=kind, severity=Severity.BLOCK, figure=figure, source="ระเบียบข้อ 7")


def line(row: LoanApplication, label: str) -> Line:
    return next(each for each in judgement_of(row, TODAY) if each.label == label)


def signatory_of(cooperative: Cooperative) -> Acting:
    return make.acting_as(make.person(Role.SIGNATORY, of=cooperative))


def submit(row: LoanApplication, signatory: Acting) -> LoanApplication:
    return move(row.id, make.wish(row, "submit"), signatory, make.AT)


# ---- other loans of the cooperative


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.APPROVED])
def test_the_ceiling_holds_for_all_loans_of_a_cooperative_in_the_programme(app: Flask, state: State) -> None:
    with make.rows(app), writing():
        cooperative, programme = make.cooperative(), make.programme(ceiling=D(8_000_000))
        signatory = signatory_of(cooperative)
        make.application(state, of=cooperative, under=programme)
        further = make.application(of=cooperative, under=programme, amount_asked=D("3000000.01"))

        with pytest.raises(RuleBroken, match=r"5,000,000\.00 baht .* at most 3,000,000\.00 baht"):
            submit(further, signatory)

        further.amount_asked = D(3_000_000)
        db.session.flush()
        assert submit(further, signatory).state is State.SUBMITTED


@pytest.mark.parametrize("state", [State.DRAFT, State.REJECTED, State.WITHDRAWN])
def test_what_came_to_nothing_does_not_count_against_the_ceiling(app: Flask, state: State) -> None:
    with make.rows(app), writing():
        cooperative, programme = make.cooperative(), make.programme(ceiling=D(8_000_000))
        make.application(state, of=cooperative, under=programme)
        make.application(State.APPROVED, of=cooperative)  # of another programme
        row = make.application(of=cooperative, under=programme, amount_asked=D(8_000_000))

        assert submit(row, signatory_of(cooperative)).state is State.SUBMITTED


def test_debts_hold_what_is_on_the_way_and_what_was_granted_since_the_year_ended(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative(
            borrowing_ceiling=D(30_000_000), ceiling_fiscal_year=2570, year_end_day=30, year_end_month=9
        )
        db.session.add(year_of(cooperative, 2569, debts=D(10_000_000)))
        make.application(State.SUBMITTED, of=cooperative, amount_asked=D(4_000_000))
        make.application(State.APPROVED, of=cooperative, amount_asked=D(3_000_000))
        old = make.application(State.APPROVED, of=cooperative, amount_asked=D(9_000_000))
        old.decided_on = ENDED  # in the year's debts already
        rule = criterion(CriterionKind.CEILING_WITH_DEBTS)
        row = make.application(of=cooperative, under=make.programme(criteria=[rule]), amount_asked=D("12999999.99"))

        found = line(row, CriterionKind.CEILING_WITH_DEBTS.label)

        assert (str(found.found), str(found.limit), found.met) == ("29,999,999.99 baht", "30,000,000.00 baht", True)


def year_of(cooperative: Cooperative, year: int, **values: Decimal) -> FinancialYear:
    figures = {"members": 1000, "share_capital": D(1), "reserve": D(1), "debts": D(0), "profit": D(1), **values}
    return FinancialYear(cooperative=cooperative, cooperative_id=cooperative.id, year=year, **figures)


# ---- what the fund knows of the borrower


def test_overdue_sums_of_the_register_stop_an_application(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        rule = criterion(CriterionKind.NO_ARREARS)
        row = make.application(of=cooperative, under=make.programme(criteria=[rule]))
        label = CriterionKind.NO_ARREARS.label
        assert line(row, label).met is None

        cooperative.fund_arrears, cooperative.arrears_on = D(0), TODAY
        assert line(row, label).met is True
        cooperative.fund_arrears = D("0.01")
        assert "0.01 baht are overdue" in str(problems_of(row, TODAY)[0])


def test_a_loan_from_before_this_system_makes_a_borrower(app: Flask) -> None:
    with make.rows(app):
        new, old = make.cooperative(), make.cooperative(borrowed_before=True)

        assert (never_borrowed(new.id), never_borrowed(old.id)) == (True, False)


def test_its_own_approval_changes_nothing_of_what_an_application_is_judged_by(app: Flask) -> None:
    with make.rows(app), writing():
        asked = ProgrammeDocument(
            document_type=make.document_type(), required=True, condition=DocumentCondition.REPEAT_BORROWER
        )
        programme = make.programme(documents=[asked], free_months=6)
        cooperative = make.cooperative()
        row = submit(make.application(of=cooperative, under=programme), signatory_of(cooperative))
        row.status = State.ON_AGENDA
        db.session.flush()

        member = make.acting_as(make.person(Role.COMMITTEE))
        move(row.id, make.wish(row, "approve", amount=FIVE, meeting_no="1/2570"), member, make.AT)

        assert not never_borrowed(cooperative.id)
        assert missing_papers(row, today()) == []
        assert (row.approved_quote or {})["rates"][0] == [1, "0"]
        later = make.application(of=cooperative, under=programme, complete=False)
        assert missing_papers(later, today()) == [asked.document_type]


def test_an_answer_renews_the_quote(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative()
        signatory = signatory_of(cooperative)
        row = submit(make.application(of=cooperative), signatory)
        row.status, row.amount_asked = State.RETURNED, D(4_000_000)
        db.session.flush()

        move(row.id, make.wish(row, "answer"), signatory, make.AT)

        assert (row.amount_sent, (row.quote or {})["principal"]) == (D(4_000_000), "4000000.00")


# ---- one answer for every reader


def test_officer_committee_and_cooperative_read_the_same_judgement(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative(registered_on=date(2010, 1, 1), fund_arrears=D(0), arrears_on=TODAY)
        db.session.add(year_of(cooperative, 2568))
        ends = {"term_starts_on": date(2026, 1, 1), "term_ends_on": date(2027, 12, 31)}
        db.session.add(BoardMember(cooperative=cooperative, full_name="กรรมการ", position="ประธาน", **ends))
        programme = make.programme(
            ceiling=D(20_000_000),
            criteria=[criterion(kind, D(1) if kind in FIGURED else None) for kind in RULES if kind not in TWO_FIGURES],
        )
        make.application(State.RETURNED, of=cooperative, under=programme)
        row = make.application(State.ON_AGENDA, of=cooperative, under=programme)
        people = [
            make.person(Role.SIGNATORY, of=cooperative),
            *(make.person(role) for role in (Role.PROVINCIAL_OFFICER, Role.FUND_OFFICER, Role.COMMITTEE, Role.AUDITOR)),
        ]
        key = row.id
        ids = [person.id for person in people]

    read = []
    for user_id in ids:
        with app.app_context():
            with make.unscoped():
                reader = db.session.get_one(make.User, user_id)
                scope = make.acting_as(reader).scope
            db.session.expire_all()
            with make.scoped(scope):
                found = db.session.scalars(select(LoanApplication).where(LoanApplication.id == key)).one()
                read.append([(each.label, str(each.found), each.met) for each in judgement_of(found, TODAY)])

    assert all(each == read[0] for each in read)
    assert ("Guarantors whose terms have not ended", "1 persons", True) in read[0]
    assert ("No other application under way in the programme", "1 others", False) in read[0]


FIGURED = {CriterionKind.YEARS_REGISTERED, CriterionKind.CONTROL_CLASS, CriterionKind.BOARD_SIZE}
TWO_FIGURES = {CriterionKind.DEBT_TO_CAPITAL, CriterionKind.PROFIT_YEARS}


# ---- who decides, and what a refusal says


def resolve(client: FundClient, key: int, version: int, name: str, **typed: str) -> TestResponse:
    """Send the form of a resolution as it is filled in."""
    path = f"/track/{key}"
    fields = {f"{name}-{field}": text for field, text in {"version": str(version), **typed}.items()}
    return client.post(f"{path}/move/{name}", data={"csrf_token": client.token(path), **fields})


def test_the_deciding_body_follows_the_amount_asked_and_is_kept_with_the_decision(app: Flask) -> None:
    with make.rows(app), writing():
        levels = [
            ApprovalLevel(up_to=D(5_000_000), body=ApprovingBody.SUBCOMMITTEE),
            ApprovalLevel(up_to=None, body=ApprovingBody.BOARD),
        ]
        programme = make.programme(approval_levels=levels)
        make.person(Role.COMMITTEE, username="member")
        cooperative = make.cooperative(email="coop@example.or.th")
        row = make.application(State.ON_AGENDA, of=cooperative, under=programme, amount_asked=D("5000000.01"))
        key, version = row.id, row.version
    client = FundClient(app)
    client.sign_in("member", make.PASSWORD)

    before = client.text(f"/track/{key}")
    answer = resolve(client, key, version, "approve", amount="3,000,000", meeting_no="1/2570", reason="ตามกำลังชำระ")

    board = make.in_thai(app, ApprovingBody.BOARD.label)
    assert answer.status_code == 302
    words = "By the programme's terms, an amount like this is decided by: %(body)s"
    assert make.in_thai(app, words, body=board) in before
    assert board in client.text(f"/track/{key}")
    with make.rows(app):
        row = db.session.get_one(LoanApplication, key)
        assert row.decision is not None
        assert row.decision.body == ApprovingBody.BOARD
        mail = db.session.scalars(select(OutboxMail.body).where(OutboxMail.application_id == key)).first() or ""
        assert make.in_thai(app, "Decided by: %(body)s", body=board) in mail


def test_a_refusal_begins_with_the_rules_that_are_not_met_and_its_letter_lists_them(app: Flask) -> None:
    with make.rows(app), writing():
        rule = criterion(CriterionKind.BOARD_SIZE, D(5))
        rule.severity = Severity.WARN
        cooperative = make.cooperative(email="coop@example.or.th")
        ends = {"term_starts_on": date(2026, 1, 1), "term_ends_on": date(2099, 12, 31)}
        db.session.add(BoardMember(cooperative=cooperative, full_name="กรรมการ", position="ประธาน", **ends))
        make.person(Role.COMMITTEE, username="member")
        row = make.application(State.ON_AGENDA, of=cooperative, under=make.programme(criteria=[rule]))
        key, version = row.id, row.version
        values = {"found": 1, "wanted": 5}
    client = FundClient(app)
    client.sign_in("member", make.PASSWORD)
    words = "%(found)s guarantors have terms that have not ended, %(wanted)s are asked for. Bring the board up to date."
    sentence = make.in_thai(app, words, **values)

    offered = client.text(f"/track/{key}")
    answer = resolve(client, key, version, "reject", meeting_no="1/2570", reason="คณะกรรมการไม่ครบ")

    assert f"- {sentence}</textarea>" in offered
    assert answer.status_code == 302
    with make.rows(app):
        mails = select(OutboxMail).where(OutboxMail.application_id == key)
        letters = {mail.recipient: mail.body for mail in db.session.scalars(mails)}
    letter = seen(letters["coop@example.or.th"])
    persons = make.in_thai(app, "%(number)s persons")
    found, limit = persons % {"number": 1}, persons % {"number": 5}
    assert make.in_thai(app, "Rules that are not met as judged on this day:") in letter
    assert "1. " + make.in_thai(app, CriterionKind.BOARD_SIZE.label) in letter
    assert make.in_thai(app, "Found: %(found)s. Allowed: %(limit)s.", found=found, limit=limit) in letter
    assert make.in_thai(app, "Source: %(source)s", source="ระเบียบข้อ 7") in letter


def test_a_refusal_s_letter_leaves_out_the_rules_that_are_met_or_stop_nobody(app: Flask) -> None:
    with make.rows(app), writing():
        broken, idle = criterion(CriterionKind.DOCUMENTS), criterion(CriterionKind.ONE_APPLICATION)
        idle.severity = Severity.PASS
        programme = make.programme(criteria=[broken, idle, criterion(CriterionKind.NO_ARREARS)])
        cooperative = make.cooperative(email="coop@example.or.th")
        make.application(State.SUBMITTED, of=cooperative, under=programme)
        row = make.application(State.ON_AGENDA, of=cooperative, under=programme, complete=False)
        member = make.acting_as(make.person(Role.COMMITTEE))
        judged = {each.label: each.met for each in judgement_of(row, TODAY)}

        move(row.id, make.wish(row, "reject", meeting_no="1/2570", reason="เอกสารไม่ครบ"), member, make.AT)
        mails = select(OutboxMail.body).where(OutboxMail.recipient == "coop@example.or.th")
        letter = db.session.scalars(mails.where(OutboxMail.application_id == row.id)).one()

    # Many rules are met; one is broken without a consequence in this programme; one cannot be told.
    assert list(judged.values()).count(True) > 1
    assert (judged[CriterionKind.ONE_APPLICATION.label], judged[CriterionKind.NO_ARREARS.label]) == (False, None)
    named = [label for label in judged if make.in_thai(app, label) in letter]
    assert named == [CriterionKind.DOCUMENTS.label]


# ---- what is offered, and what a change would do


def test_a_used_up_programme_is_offered_only_with_a_waiting_list(app: Flask) -> None:
    with make.rows(app):
        left = {"envelope": FIVE, "ceiling": FIVE}
        queue = make.programme(name="โครงการมีบัญชีรอ", waiting_list=True, **left)
        closed = make.programme(name="โครงการเต็มวงเงิน", **left)
        for programme in (queue, closed):
            make.application(State.SUBMITTED, under=programme)
        make.programme(name="โครงการมีเงินเหลือ")
        make.person(Role.PREPARER, of=make.cooperative(), username="preparer")
    client = FundClient(app)
    client.sign_in("preparer", make.PASSWORD)

    text = client.text("/apply/new")

    assert [name in text for name in ("โครงการมีบัญชีรอ", "โครงการมีเงินเหลือ", "โครงการเต็มวงเงิน")] == [True, True, False]


def test_a_dry_run_sees_window_papers_envelope_and_caps(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme(envelope=D(12_000_000), ceiling=D(12_000_000), required=1)
        first = make.application(State.SUBMITTED, under=programme)
        second = make.application(State.SUBMITTED, under=programme, at=make.AT.replace(day=17))
        keep_version(programme, "เปิด", None, make.AT)
        old = terms_of(programme)

        def outcome(**change: object) -> dict[str, list[str]]:
            for name, value in change.items():
                setattr(programme, name, value)
            db.session.flush()
            report = dry_run(programme.id, old, terms_of(programme), make.AT.date().replace(day=30))
            assert (report.tried, report.submitted) == (2, 2)
            return {each.number: [label for label, *_rest in each.reasons] for each in report.changed}

        assert outcome() == {}
        assert outcome(closes_on=date(2026, 11, 16)) == {second.number: ["The programme takes applications today"]}
        assert outcome(closes_on=date(2028, 9, 30), envelope=D(9_000_000)) == {
            second.number: ["Money left in the programme"]
        }
        caps = outcome(envelope=D(12_000_000), member_loan_cap=D(10_000))
        assert caps == {row.number: ["Loan of each member"] for row in (first, second)}
        further = ProgrammeDocument(document_type=make.document_type(), required=True)
        papers = outcome(member_loan_cap=None, documents=[*programme.documents, further])
        assert papers == {row.number: ["Documents asked for"] for row in (first, second)}


def test_a_dry_run_leaves_out_what_is_older_than_a_year(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme()
        make.application(State.SUBMITTED, under=programme, at=make.AT.replace(year=2025, day=14))
        terms = terms_of(programme)

        report = dry_run(programme.id, terms, terms, make.AT.date())

        assert (report.tried, report.submitted) == (0, 0)
