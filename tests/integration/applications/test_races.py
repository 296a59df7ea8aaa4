"""Many people at once, each with a browser and a thread of their own: one effect, and everybody learns which."""

import html
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.criteria import CriterionKind
from app.domain.programmes import Severity
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.calendar import fiscal_year
from app.extensions import db
from app.models.applications import Decision, LoanApplication, RunningNumber, StatusChange
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import Cooperative, FinancialYear
from app.models.programmes import ProgrammeCriterion
from app.services.applications.numbers import APPLICATION_SERIES
from app.ui.clock import today
from tests import make
from tests.at_once import Send, at_once, browser, ready, statuses


def submission(app: Flask, username: str, key: int, version: int) -> Send:
    return ready(
        browser(app, username), f"/track/{key}/move/submit", {"submit-version": str(version), "submit-declared": "y"}
    )


@pytest.mark.slow
def test_fifty_submissions_at_once_have_fifty_numbers_without_a_gap(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme()
        drafts = []
        for place in range(50):
            cooperative = make.cooperative()
            make.person(Role.SIGNATORY, of=cooperative, username=f"signatory{place}")
            row = make.application(of=cooperative, under=programme)
            drafts.append((f"signatory{place}", row.id, row.version))
    sends = [submission(app, *draft) for draft in drafts]

    answers = at_once(sends)

    with make.rows(app):
        numbers = db.session.scalars(select(LoanApplication.number).where(LoanApplication.number.is_not(None))).all()
        years = db.session.scalars(select(RunningNumber).where(RunningNumber.series == APPLICATION_SERIES)).all()
        assert statuses(answers) == {302: 50}
        (year,) = years
        assert year.last == 50
        assert sorted(map(str, numbers)) == [f"คก.{number:04}/{year.fiscal_year}" for number in range(1, 51)]
        assert db.session.scalar(select(func.count(StatusChange.id))) == 50


def test_ten_resolutions_at_once_are_one_decision(app: Flask) -> None:
    with make.rows(app):
        for number in range(10):
            make.person(Role.COMMITTEE, username=f"member{number}")
        row = make.application(State.ON_AGENDA)
        key, version = row.id, str(row.version)
    sends = []
    for number in range(10):
        name = ("approve", "reject")[number % 2]
        form = {f"{name}-version": version, f"{name}-reason": "เหตุผล", f"{name}-meeting_no": "1/2569"}
        form["approve-amount"] = "1,000,000"
        sends.append(ready(browser(app, f"member{number}"), f"/track/{key}/move/{name}", form))

    answers = at_once(sends)

    with make.rows(app):
        row = db.session.get_one(LoanApplication, key)
        (decision,) = db.session.scalars(select(Decision)).all()
        assert statuses(answers) == {302: 1, 409: 9}
        assert decision.outcome == row.status
        assert [change.target for change in row.changes][-1] == row.status
        assert sum(change.move in ("approve", "reject") for change in row.changes) == 1
        winner = row.changes[-1].actor
        assert winner is not None
        told = [html.unescape(answer.get_data(as_text=True)) for answer in answers if answer.status_code == 409]
        assert all(winner.get_full_name() in text for text in told)


def test_last_money_of_a_programme_is_asked_for_once(app: Flask) -> None:
    with make.rows(app):
        # 5 million each under an envelope of 33 million: six fit, a seventh would make 35.
        programme = make.programme(envelope=Decimal(33_000_000), ceiling=Decimal(33_000_000))
        drafts = []
        for place in range(20):
            cooperative = make.cooperative()
            make.person(Role.SIGNATORY, of=cooperative, username=f"signatory{place}")
            row = make.application(of=cooperative, under=programme)
            drafts.append((f"signatory{place}", row.id, row.version))
    sends = [submission(app, *draft) for draft in drafts]

    answers = at_once(sends)

    with make.rows(app):
        held = db.session.scalar(
            select(func.sum(LoanApplication.amount_asked)).where(LoanApplication.status == State.SUBMITTED)
        )
        assert statuses(answers) == {302: 6, 422: 14}
        assert held == 30_000_000
        assert db.session.scalars(select(RunningNumber.last)).one() == 6


def test_one_cooperatives_ceiling_is_used_up_once_in_two_programmes(app: Flask) -> None:
    with make.rows(app):
        # 5 million each, with a ceiling of 8 for all debts of the year: one fits, both would make 10.
        cooperative = make.cooperative(borrowing_ceiling=Decimal(8_000_000), ceiling_fiscal_year=fiscal_year(today()))
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        year = fiscal_year(today()) - 1
        nothing = dict.fromkeys(("share_capital", "reserve", "debts", "profit"), Decimal(0))
        db.session.add(FinancialYear(cooperative_id=cooperative.id, year=year, members=1000, **nothing))
        rows = [
            make.application(
                of=cooperative,
                under=make.programme(
                    criteria=[ProgrammeCriterion(kind=CriterionKind.CEILING_WITH_DEBTS, severity=Severity.BLOCK)]
                ),
            )
            for _programme in range(4)
        ]
        drafts = [(row.id, row.version) for row in rows]
    sends = [submission(app, "signatory", *draft) for draft in drafts]

    answers = at_once(sends)

    assert statuses(answers) == {302: 1, 422: 3}


def test_one_cooperatives_ceiling_is_used_up_once_by_answers_that_ask_for_more(app: Flask) -> None:
    with make.rows(app):
        # 3 million each fit a ceiling of 8 for all debts of the year; one of the two may raise its own to 5.
        cooperative = make.cooperative(borrowing_ceiling=Decimal(8_000_000), ceiling_fiscal_year=fiscal_year(today()))
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        nothing = dict.fromkeys(("share_capital", "reserve", "debts", "profit"), Decimal(0))
        db.session.add(
            FinancialYear(cooperative_id=cooperative.id, year=fiscal_year(today()) - 1, members=9, **nothing)
        )
        rows = []
        for _programme in range(2):
            rule = ProgrammeCriterion(kind=CriterionKind.CEILING_WITH_DEBTS, severity=Severity.BLOCK)
            row = make.application(
                State.RETURNED, of=cooperative, under=make.programme(criteria=[rule]), amount_asked=Decimal(3_000_000)
            )
            row.amount_asked = Decimal(5_000_000)
            rows.append(row)
        db.session.flush()
        drafts = [(row.id, row.version) for row in rows]
    sends = [
        ready(browser(app, "signatory"), f"/track/{key}/move/answer", {"answer-version": str(version)})
        for key, version in drafts
    ]

    answers = at_once(sends)

    assert statuses(answers) == {302: 1, 422: 1}


def test_one_form_sent_at_the_same_moment_is_one_application(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        programme = make.programme().id
    form = {
        "programme": str(programme),
        "amount": "5,000,000",
        "months": "24",
        "purpose": "ให้สมาชิกปลดหนี้",
        "beneficiaries": "100",
        "member_rate": "4.75",
        "request_key": str(uuid4()),
    }
    sends = [ready(browser(app, "preparer"), "/apply/new", form, page="/apply/new") for _tab in range(4)]

    answers = at_once(sends)

    with make.rows(app):
        assert statuses(answers) == {302: 4}
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert db.session.scalar(select(func.count(LoanApplication.id))) == 1


def test_answer_and_withdrawal_at_once_are_one_move(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        row = make.application(State.RETURNED, of=cooperative)
        key, version, before = row.id, str(row.version), len(row.changes)
    sends = [
        ready(
            browser(app, "signatory"),
            f"/track/{key}/move/{name}",
            {f"{name}-version": version, f"{name}-reason": "ได้เงินจากที่อื่น"},
        )
        for name in ("answer", "withdraw") * 2
    ]

    answers = at_once(sends)

    with make.rows(app):
        assert statuses(answers) == {302: 1, 409: 3}
        assert len(db.session.get_one(LoanApplication, key).changes) == before + 1


@pytest.mark.parametrize("tabs", [2, 6])
def test_edits_of_one_register_row_are_one_saved_and_the_others_told(app: Flask, tabs: int) -> None:
    with make.rows(app):
        cooperative = make.cooperative(address="เดิม", sub_district="เดิม", district="เดิม", postcode="20000")
        key, version = cooperative.id, str(cooperative.version)
        form = {
            "name": cooperative.name,
            "registration_no": cooperative.registration_no,
            "kind": cooperative.kind,
            "workplace": cooperative.workplace,
            "province": str(cooperative.province_id),
            "office": str(cooperative.office_id),
            "members": "1000",
            "share_capital": "0",
            "reserve": "0",
            "status": "active",
            "version": version,
            **{name: "เดิม" for name in ("sub_district", "district")},
            "postcode": "20000",
        }
        for tab in range(tabs):
            make.person(Role.FUND_OFFICER, username=f"fund{tab}")
    path = f"/cooperatives/edit/{key}"
    sends = [
        ready(browser(app, f"fund{tab}"), path, {**form, "address": f"ที่อยู่จากหน้าต่าง {tab}"}, page=path)
        for tab in range(tabs)
    ]

    answers = at_once(sends)

    with make.rows(app):
        address = db.session.get_one(Cooperative, key).address
        changed = db.session.scalar(
            select(func.count()).where(AuditEvent.kind == AuditKind.CHANGED, AuditEvent.entity == "cooperative")
        )
    # Told on a form that shows both values, or on the page of a conflict when both saved in the same instant.
    assert statuses(answers)[302] == 1
    assert all(answer.status_code in (200, 302, 409, 422) for answer in answers)
    assert changed == 1
    (saved,) = [tab for tab, answer in enumerate(answers) if answer.status_code == 302]
    assert address == f"ที่อยู่จากหน้าต่าง {saved}"
