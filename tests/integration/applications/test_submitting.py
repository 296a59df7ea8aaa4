"""Submission: the number, the moment, and who sends what."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.states import State
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.services.applications.drafts import change
from app.services.applications.moves import MovedOn, move
from tests import make
from tests.integration.applications.people import LATER, People, applied, make_move

pytestmark = pytest.mark.usefixtures("all_rows")


def test_submission_gives_a_number_and_a_moment(people: People) -> None:
    row = applied(people)

    make_move(row, people.signatory, "submit")

    assert row.state is State.SUBMITTED
    assert row.number == "คก.0001/2570"
    assert row.submitted_at == LATER


@pytest.mark.parametrize(
    ("at", "number"),
    [
        # 23:59 on 30 September 2569 in Bangkok is 16:59 UTC; a minute later it is 1 October, fiscal year 2570.
        (datetime(2026, 9, 30, 16, 59, tzinfo=UTC), "คก.0001/2569"),
        (datetime(2026, 9, 30, 17, 0, tzinfo=UTC), "คก.0001/2570"),
        (datetime(2027, 9, 30, 16, 59, 59, tzinfo=UTC), "คก.0001/2570"),
    ],
)
def test_number_belongs_to_the_fiscal_year_in_bangkok(people: People, at: datetime, number: str) -> None:
    row = applied(people, at=at - timedelta(days=2))

    make_move(row, people.signatory, "submit", at=at)

    assert row.number == number


def test_numbers_go_on_within_a_year(people: People) -> None:
    drafts = [applied(people) for _each in range(3)]

    numbers = [make_move(row, people.signatory, "submit").number for row in drafts]

    assert numbers == ["คก.0001/2570", "คก.0002/2570", "คก.0003/2570"]


def test_refused_submission_uses_no_number(people: People) -> None:
    bad = applied(people, complete=False)
    good = applied(people)

    with pytest.raises(RuleBroken):
        make_move(bad, people.signatory, "submit")
    db.session.rollback()

    assert make_move(good, people.signatory, "submit").number == "คก.0001/2570"


def test_preparer_does_not_submit(people: People) -> None:
    row = applied(people)

    with pytest.raises(RuleBroken, match="Your role may not do this"):
        make_move(row, people.preparer, "submit")


def test_name_of_the_cooperative_is_kept_as_it_was_on_submission(people: People) -> None:
    row = applied(people)
    row.cooperative.name = "สหกรณ์ชื่อใหม่ จำกัด"
    db.session.commit()

    make_move(row, people.signatory, "submit")
    row.cooperative.name = "สหกรณ์ชื่อใหม่กว่า จำกัด"
    db.session.flush()

    assert row.cooperative_name == "สหกรณ์ชื่อใหม่ จำกัด"


def test_submitting_twice_is_one_move_and_says_who_was_first(people: People) -> None:
    row = applied(people)
    request = make.wish(row, "submit")
    with make.acting(people.signatory) as person:
        move(row.id, request, person, LATER)
        db.session.commit()

        with pytest.raises(MovedOn) as refusal:
            move(row.id, request, person, LATER)

    # 03:00 UTC is 10:00 in Bangkok.
    assert refusal.value.values["who"] == people.signatory.get_full_name()
    assert refusal.value.values["when"] == "10:00"
    assert [each.move for each in row.changes] == ["submit"]


def test_move_on_an_old_version_is_refused(people: People) -> None:
    row = applied(people, State.SUBMITTED)

    with pytest.raises(MovedOn):
        make_move(row, people.officer, "receive", version=row.version - 1)

    assert row.state is State.SUBMITTED


def test_draft_changed_meanwhile_is_not_submitted_unread(people: People) -> None:
    row = applied(people)
    seen = row.version
    change(row, make.answers(row.programme, amount_asked=Decimal(9_000_000)), make.AT)
    db.session.commit()

    with pytest.raises(MovedOn, match="changed while you had it open"):
        make_move(row, people.signatory, "submit", version=seen)


def test_unknown_move_is_not_found(people: People) -> None:
    with pytest.raises(LookupError):
        make_move(applied(people), people.signatory, "delete")
