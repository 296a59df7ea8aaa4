"""The ledger of the envelopes: what each move reserves, commits and frees, and that nothing passes an envelope."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.envelopes import EnvelopeEntry
from app.models.notices import Notice
from app.models.programmes import LoanProgramme
from app.models.transaction import writing
from app.security.acting import Acting
from app.security.scope import unscoped
from app.services.applications.moves import move
from app.services.programmes.envelopes import held_by, taken
from app.services.programmes.terms import money_left
from app.serving import THREADS
from tests import make
from tests.client import FundClient
from tests.client import signed as with_password
from tests.forms import fill_in
from tests.integration.applications.test_races import statuses

D = Decimal
FIVE = D(5_000_000)


def entries(application: LoanApplication) -> list[tuple[str, Decimal]]:
    """What the ledger says of an application, oldest first."""
    rows = db.session.execute(
        select(EnvelopeEntry.kind, EnvelopeEntry.amount)
        .where(EnvelopeEntry.application_id == application.id)
        .order_by(EnvelopeEntry.id)
    )
    return [(kind, amount) for kind, amount in rows]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.DRAFT, []),
        (State.SUBMITTED, [("reserve", FIVE)]),
        (State.RETURNED, [("reserve", FIVE)]),
        (State.APPROVED, [("reserve", FIVE), ("commit", FIVE)]),
        (State.REJECTED, [("reserve", FIVE), ("release", FIVE)]),
        (State.WITHDRAWN, []),
    ],
)
def test_each_state_holds_its_share(app: Flask, state: State, expected: list[tuple[str, Decimal]]) -> None:
    with make.rows(app):
        row = make.application(state)

        assert entries(row) == expected


def test_a_lower_approval_frees_the_rest(app: Flask) -> None:
    with make.rows(app), writing():
        member = make.person(Role.COMMITTEE)
        row = make.application(State.ON_AGENDA)
        wish = make.wish(row, "approve", amount=D("3000000.25"), meeting_no="1/2570", reason="ตามกำลังชำระ")
        move(row.id, wish, make.acting_as(member), make.AT)

        assert entries(row)[-2:] == [("commit", D("3000000.25")), ("release", D("1999999.75"))]
        assert money_left([row.programme])[row.programme_id] == row.programme.envelope - D("3000000.25")


def test_an_edit_of_a_returned_application_reserves_nothing_until_it_is_sent(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.RETURNED)
        row.amount_asked = D(29_000_000)
        db.session.flush()

        assert taken([row.programme_id]) == {row.programme_id: FIVE}


def test_money_that_comes_free_goes_to_the_first_in_the_list(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(6_000_000), ceiling=D(6_000_000), waiting_list=True)
        rows = []
        for _place in range(3):
            cooperative = make.cooperative()
            signatory = make.person(Role.SIGNATORY, of=cooperative)
            row = make.application(of=cooperative, under=programme)
            move(row.id, make.wish(row, "submit"), make.acting_as(signatory), make.AT)
            rows.append((row, signatory))
        (first, boss), (second, _), (third, _) = rows
        assert [row.waiting_since is None for row, _boss in rows] == [True, False, False]

        move(first.id, make.wish(first, "withdraw"), make.acting_as(boss), make.AT)

        assert held_by(first) == (D(0), D(0))
        assert held_by(second) == (FIVE, D(0))
        assert (second.waiting_since, third.waiting_since) == (None, make.AT)


def test_a_smaller_request_never_overtakes_the_one_before_it(app: Flask) -> None:
    with make.rows(app), writing():
        ten = D(10_000_000)
        programme = make.programme(envelope=ten, ceiling=ten, waiting_list=True)
        # The small request is drafted before the large one, and sent after it.
        asked = {"six": D(6_000_000), "half": D(500_000), "small": D(3_000_000), "large": D(5_000_000)}
        rows = {
            name: make.application(of=make.cooperative(), under=programme, amount_asked=amount)
            for name, amount in asked.items()
        }
        bosses = {name: make.acting_as(make.person(Role.SIGNATORY, of=row.cooperative)) for name, row in rows.items()}

        def take(name: str, step: str, minutes: int) -> dict[str, Decimal]:
            """Make a move and return what everybody holds."""
            row = rows[name]
            move(row.id, make.wish(row, step), bosses[name], make.AT + timedelta(minutes=minutes))
            return {name: held_by(row)[0] for name, row in rows.items()}

        take("six", "submit", 1)
        take("half", "submit", 2)
        take("large", "submit", 3)  # 3.5 million are left, less than its five
        queued = take("small", "submit", 4)  # its three million are left, but not for it
        after_half = take("half", "withdraw", 5)  # four million are left: still too little for the first in the list
        after_six = take("six", "withdraw", 6)  # ten million are left: enough for both

        assert queued == {"six": D(6_000_000), "half": D(500_000), "small": D(0), "large": D(0)}
        assert after_half == {"six": D(6_000_000), "half": D(0), "small": D(0), "large": D(0)}
        assert after_six == {"six": D(0), "half": D(0), "small": D(3_000_000), "large": D(5_000_000)}


def test_the_first_in_the_list_is_the_one_that_was_sent_first(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(6_000_000), ceiling=D(6_000_000), waiting_list=True)
        later, earlier = (make.application(of=make.cooperative(), under=programme) for _place in range(2))
        leaver = make.application(State.SUBMITTED, of=make.cooperative(), under=programme)
        for minutes, row in enumerate((earlier, later), 1):
            boss = make.acting_as(make.person(Role.SIGNATORY, of=row.cooperative))
            move(row.id, make.wish(row, "submit"), boss, make.AT + timedelta(minutes=minutes))
        boss = make.acting_as(make.person(Role.SIGNATORY, of=leaver.cooperative))

        move(leaver.id, make.wish(leaver, "withdraw"), boss, make.AT + timedelta(hours=2))

        assert (held_by(earlier)[0], held_by(later)[0]) == (FIVE, D(0))


def test_whoever_is_served_is_told_though_another_cooperative_freed_the_money(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(6_000_000), ceiling=D(6_000_000), waiting_list=True)
        waiting = make.application(State.SUBMITTED, under=programme, of=make.cooperative(), amount_asked=D(1))
        waiting.amount_asked, waiting.waiting_since = D(5_999_999), make.AT
        told = make.person(Role.PREPARER, of=waiting.cooperative)
        leaver = make.cooperative()
        boss = make.person(Role.SIGNATORY, of=leaver)
        row = make.application(State.SUBMITTED, under=programme, of=leaver)
        key, told_id, waiting_id, boss_id = row.id, told.id, waiting.id, boss.id

    with app.app_context(), writing(), unscoped():
        leaving = db.session.get_one(make.User, boss_id)
        with make.acting(leaving) as person:
            row = db.session.get_one(LoanApplication, key)
            move(key, make.wish(row, "withdraw"), person, make.AT)
            db.session.commit()

    with make.rows(app):
        notice = db.session.scalars(select(Notice).where(Notice.user_id == told_id)).one()
        assert (notice.move, notice.application_id) == ("served", waiting_id)
        assert db.session.get_one(LoanApplication, waiting_id).waiting_since is None


def test_nothing_is_approved_from_the_waiting_list(app: Flask) -> None:
    with make.rows(app), writing():
        member = make.person(Role.COMMITTEE)
        row = make.application(State.ON_AGENDA)
        row.waiting_since = make.AT
        db.session.flush()
        wish = make.wish(row, "approve", amount=FIVE, meeting_no="1/2570")

        with pytest.raises(RuleBroken, match="waiting list"):
            move(row.id, wish, make.acting_as(member), make.AT)


@pytest.mark.slow
def test_two_hundred_submissions_never_pass_the_envelope_by_a_satang(app: Flask) -> None:
    drafts: list[tuple[str, int, int]] = []  # who signs, which draft, its version
    with make.rows(app):
        programme = make.programme(envelope=D(10_000_000), ceiling=D(10_000_000), required=0)
        for number in range(20):
            cooperative = make.cooperative()
            make.person(Role.SIGNATORY, of=cooperative, username=f"signatory{number}")
            rows = [make.application(of=cooperative, under=programme, amount_asked=D("999999.99")) for _ in range(10)]
            drafts += [(f"signatory{number}", row.id, row.version) for row in rows]
        programme_id = programme.id
    signed_in = {name: signed(app, name) for name, _key, _version in drafts}

    def submit(draft: tuple[str, int, int]) -> object:
        name, key, version = draft
        cookie, token = signed_in[name]
        client = FundClient(app)
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        form = {"csrf_token": token, "submit-version": str(version), "submit-declared": "y"}
        path = f"/track/{key}/move/submit"
        return client.post(path, data=with_password(path, form))

    # Neighbours in time are of different cooperatives: nothing but the envelope stands between them.
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(submit, [drafts[place * 10 % 200 + place // 20] for place in range(200)]))

    with app.app_context(), unscoped():
        # Ten of 999,999.99 make 9,999,999.90: ten satang are left, an eleventh does not fit.
        assert statuses(answers) == {302: 10, 422: 190}  # type: ignore[arg-type]
        assert taken([programme_id]) == {programme_id: D("9999999.90")}


def signed(app: Flask, name: str) -> tuple[str, str]:
    """The session and the form token of a person who has signed in."""
    client = FundClient(app)
    client.sign_in(name, make.PASSWORD)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value, client.any_token()


def returned(row: LoanApplication) -> None:
    """The application goes back to the cooperative with a question."""
    officer = make.acting_as(make.person(Role.PROVINCIAL_OFFICER))
    move(row.id, make.wish(row, "receive"), officer, make.AT)
    move(row.id, make.wish(row, "return", reason="ขอข้อมูลเพิ่ม"), officer, make.AT)


def submitted(programme: LoanProgramme, amount: Decimal) -> tuple[LoanApplication, Acting]:
    cooperative = make.cooperative()
    signatory = make.acting_as(make.person(Role.SIGNATORY, of=cooperative))
    row = make.application(of=cooperative, under=programme, amount_asked=amount)
    move(row.id, make.wish(row, "submit"), signatory, make.AT)
    return row, signatory


def test_an_answer_for_more_never_passes_the_envelope(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(10_000_000), ceiling=D(10_000_000), waiting_list=True)
        row, signatory = submitted(programme, FIVE)
        submitted(programme, D(4_000_000))
        returned(row)
        row.amount_asked = D("6000000.01")
        db.session.flush()

        with pytest.raises(RuleBroken, match=r"6,000,000\.00 baht left"):
            move(row.id, make.wish(row, "answer"), signatory, make.AT)

        row.amount_asked = D(6_000_000)
        db.session.flush()
        move(row.id, make.wish(row, "answer"), signatory, make.AT)
        assert taken([programme.id]) == {programme.id: D(10_000_000)}


def test_an_answer_for_more_overtakes_nobody_who_waits(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(10_000_000), ceiling=D(10_000_000), waiting_list=True)
        row, signatory = submitted(programme, D(9_000_000))
        waiting, _ = submitted(programme, D(2_000_000))
        returned(row)
        row.amount_asked = D(10_000_000)
        db.session.flush()

        with pytest.raises(RuleBroken, match=r"9,000,000\.00 baht left"):
            move(row.id, make.wish(row, "answer"), signatory, make.AT)

        row.amount_asked = D(8_000_000)
        db.session.flush()
        move(row.id, make.wish(row, "answer"), signatory, make.AT)
        assert waiting.waiting_since is None
        assert taken([programme.id]) == {programme.id: D(10_000_000)}


def test_more_money_goes_to_who_waits(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(6_000_000), ceiling=D(6_000_000), waiting_list=True)
        submitted(programme, FIVE)
        waiting, _ = submitted(programme, FIVE)
        make.person(Role.ADMINISTRATOR, username="administrator")
        key, programme_id = waiting.id, programme.id
        assert waiting.waiting_since is not None
    client = FundClient(app)
    client.sign_in("administrator", make.PASSWORD)

    answer = fill_in(client, f"/programmes/edit/{programme_id}", envelope="60,000,000", why="เพิ่มวงเงิน")

    assert answer.status_code == 302
    with make.rows(app):
        row = db.session.get_one(LoanApplication, key)
        assert (row.waiting_since, held_by(row)) == (None, (FIVE, D(0)))


def test_who_keeps_programmes_and_who_decides_see_where_the_money_is(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(9_000_001), ceiling=D(9_000_000), waiting_list=True)
        submitted(programme, FIVE)
        submitted(programme, FIVE)
        make.person(Role.MANAGER, username="manager")
        key = programme.id
    client = FundClient(app)
    client.sign_in("manager", make.PASSWORD)

    shown = client.text(f"/programmes/show/{key}")

    assert make.in_thai(app, "Applications on the waiting list") in shown
    assert "4,000,001.00" in shown


def test_what_is_typed_and_not_sent_takes_no_money_from_the_list(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(6_000_000), ceiling=D(6_000_000), waiting_list=True)
        first, boss = submitted(programme, FIVE)
        second, _ = submitted(programme, D(4_000_000))
        third, _ = submitted(programme, D(2_000_000))
        returned(second)
        second.amount_asked = D(6_000_000)
        db.session.flush()

        move(first.id, make.wish(first, "withdraw"), boss, make.AT)

        assert held_by(second) == (D(4_000_000), D(0))
        assert held_by(third) == (D(2_000_000), D(0))


def test_nobody_passes_those_who_wait_when_the_list_is_switched_off(app: Flask) -> None:
    with make.rows(app), writing():
        programme = make.programme(envelope=D(6_000_000), ceiling=D(6_000_000), waiting_list=True)
        submitted(programme, FIVE)
        waiting, _ = submitted(programme, D(2_000_000))
        programme.waiting_list = False
        db.session.flush()

        with pytest.raises(RuleBroken, match=r"0\.00 baht left"):
            submitted(programme, D(1_000_000))

        assert waiting.waiting_since is not None
        assert taken([programme.id]) == {programme.id: FIVE}
