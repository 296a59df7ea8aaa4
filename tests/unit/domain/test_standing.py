"""How far a part of an application is, and what each member would borrow."""

from decimal import Decimal

import pytest

from app.domain.loan_checks import MemberShare
from app.domain.values.errors import RuleBroken
from app.domain.values.standing import SectionState, Standing, standing_by

WRONG = RuleBroken("Too much.")


def test_what_is_wrong_needs_attention_and_what_is_not_begun_does_not() -> None:
    assert standing_by(None) == Standing(SectionState.DONE)
    assert standing_by((WRONG, "amount")) == Standing(SectionState.ATTENTION, problem=WRONG, place="amount")
    assert standing_by((WRONG, "purpose"), begun=False) == Standing(
        SectionState.NOT_STARTED, problem=WRONG, place="purpose"
    )
    assert standing_by(None, begun=False) == Standing(SectionState.NOT_STARTED)
    assert [standing_by(each).done for each in (None, (WRONG, "amount"))] == [True, False]


def test_only_what_is_begun_counts_its_pieces() -> None:
    assert Standing(SectionState.IN_PROGRESS, 7, 9).counted
    assert not Standing(SectionState.IN_PROGRESS).counted
    assert not Standing(SectionState.DONE, 9, 9).counted


@pytest.mark.parametrize(
    ("amount", "members", "cap", "expected"),
    [
        # 5,000,000 / 10 = 500,000 each; 10 x 100,000 = 1,000,000; 5,000,000 / 100,000 = 50 members.
        ("5000000", 10, "100000", ("500000.00", False, "1000000", 50)),
        ("5000000", 50, "100000", ("100000.00", True, "5000000", 50)),
        ("5000000.01", 50, "100000", ("100000.00", False, "5000000", 51)),
        # 100 / 3 = 33.333… rounds to the satang.
        ("100", 3, None, ("33.33", True, "0", 0)),
    ],
)
def test_share_of_each_member(amount: str, members: int, cap: str | None, expected: tuple[str, bool, str, int]) -> None:
    share = MemberShare(Decimal(amount), members, Decimal(cap) if cap else None)

    each, fits, most, needed = expected
    assert (share.each, share.fits, share.most, share.members_needed) == (Decimal(each), fits, Decimal(most), needed)
