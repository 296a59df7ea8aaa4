"""Terms read once are those of the very version that is asked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.programme_file import to_plain
from app.domain.programmes import ProgrammeTerms
from app.models.programme_versions import ProgrammeVersion

TERMS = ProgrammeTerms(
    opens_on=date(2026, 10, 1),
    closes_on=date(2027, 9, 30),
    envelope=Decimal(80_000_000),
    ceiling=Decimal(30_000_000),
    longest_term=60,
    annual_rate=Decimal("0.03"),
)
DEARER = replace(TERMS, annual_rate=Decimal("0.0325"))


def test_versions_that_differ_are_never_taken_for_each_other() -> None:
    # The same key, as in two databases of one process.
    rows = [ProgrammeVersion(id=1, number=1, terms=to_plain(terms)) for terms in (TERMS, DEARER, TERMS)]

    assert [row.read for row in rows] == [TERMS, DEARER, TERMS]


def test_versions_with_the_same_terms_share_what_was_read() -> None:
    first, second = (ProgrammeVersion(id=key, number=1, terms=to_plain(TERMS)) for key in (1, 2))

    assert first.read is second.read
