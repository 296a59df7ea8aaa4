"""Where a paper stands, by the files attached to it and what was found about them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.file_kinds import ALLOWED_KINDS, LARGEST_FILE, FileKind
from app.domain.papers import (
    FileFacts,
    PaperLimits,
    PaperState,
    Progress,
    Validity,
    Verdict,
    check_page,
    check_verdict,
    kinds_from,
    progress_over,
    refuse_odd_validity,
    standing_of,
    valid_until,
)
from app.domain.values.errors import RuleBroken

AT = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 16)
S, V = PaperState, Verdict


def file(number: int, verdict: Verdict | None = None, *, later: int = 0, **values: Any) -> FileFacts:
    return FileFacts(number, AT + timedelta(hours=later), verdict, **values)


@pytest.mark.parametrize(
    ("files", "state", "counting", "to_replace"),
    [
        ([], S.MISSING, (), ()),
        ([file(1)], S.UPLOADED, (1,), ()),
        ([file(1, V.ACCEPTED)], S.ACCEPTED, (1,), ()),
        ([file(1, V.ACCEPTED), file(2)], S.UPLOADED, (1, 2), ()),
        ([file(1, V.UNREADABLE)], S.REFUSED, (), (1,)),
        # One good page does not make up for the one refused.
        ([file(1, V.ACCEPTED), file(2, V.INCOMPLETE)], S.REFUSED, (1,), (2,)),
        ([file(1, V.WRONG_YEAR), file(2, replaces=1)], S.UPLOADED, (2,), ()),
        ([file(1, V.WRONG_YEAR), file(2, V.ACCEPTED, replaces=1)], S.ACCEPTED, (2,), ()),
        # A replacement that is refused in its turn waits for another one, the first does not come back.
        ([file(1, V.WRONG_YEAR), file(2, V.UNREADABLE, replaces=1)], S.REFUSED, (), (2,)),
        ([file(1, infected=True)], S.MISSING, (), ()),
        ([file(1, valid_until=DAY)], S.UPLOADED, (1,), ()),
        ([file(1, valid_until=DAY - timedelta(days=1))], S.EXPIRED, (1,), ()),
        ([file(1, V.ACCEPTED, valid_until=date(2025, 1, 1)), file(2)], S.UPLOADED, (1, 2), ()),
    ],
)
def test_state_of_a_paper(
    files: list[FileFacts], state: PaperState, counting: tuple[int, ...], to_replace: tuple[int, ...]
) -> None:
    found = standing_of(files, None, DAY)

    assert (found.state, found.counting, found.to_replace) == (state, counting, to_replace)
    assert sorted((*found.counting, *found.kept)) == sorted(each.id for each in files), "nothing is lost"


def test_what_was_sent_before_the_office_asked_again_does_not_answer_it() -> None:
    asked_at = AT + timedelta(hours=1)

    assert standing_of([file(1)], asked_at, DAY).state is S.MISSING
    assert standing_of([file(1), file(2, later=2)], asked_at, DAY).counting == (2,)


def test_office_that_refused_one_file_asks_for_that_one_alone() -> None:
    asked_at = AT + timedelta(hours=1)
    good, bad = file(1, V.ACCEPTED), file(2, V.WRONG_YEAR)

    assert standing_of([good, bad, file(3, later=2, replaces=2)], asked_at, DAY).counting == (1, 3)
    # Replaced before the office asked once more: now all of the paper is asked for.
    replaced = [good, bad, file(3, V.ACCEPTED, replaces=2)]
    assert standing_of(replaced, asked_at, DAY).state is S.MISSING


@pytest.mark.parametrize(
    ("validity", "months", "issued", "last"),
    [
        (Validity.ALWAYS, None, date(2020, 1, 1), None),
        (Validity.MONTHS, 6, None, None),
        (Validity.MONTHS, None, date(2026, 5, 16), date(2026, 5, 16)),
        (Validity.MONTHS, 6, date(2026, 5, 16), date(2026, 11, 16)),
        (Validity.MONTHS, 1, date(2026, 1, 31), date(2026, 2, 28)),
        (Validity.MONTHS, 12, date(2024, 2, 29), date(2025, 2, 28)),
        (Validity.FISCAL_YEAR, None, date(2026, 9, 30), date(2026, 9, 30)),
        (Validity.FISCAL_YEAR, None, date(2026, 10, 1), date(2027, 9, 30)),
    ],
)
def test_last_day_a_paper_may_be_used(
    validity: Validity, months: int | None, issued: date | None, last: date | None
) -> None:
    assert valid_until(validity, months, issued) == last


def test_count_of_papers() -> None:
    assert progress_over([S.MISSING, S.UPLOADED, S.ACCEPTED, S.REFUSED, S.EXPIRED]) == Progress(2, 1, 5)
    assert progress_over([S.UPLOADED]).complete
    assert progress_over([]).complete


@pytest.mark.parametrize(
    ("limits", "kind", "size", "already", "says"),
    [
        (PaperLimits(kinds=(FileKind.PDF,)), FileKind.PNG, 1, 0, "taken as PDF only"),
        (PaperLimits(largest=2**20), FileKind.PDF, 2**20 + 1, 0, "at most 1 MB"),
        (PaperLimits(most_files=2), FileKind.PDF, 1, 2, "At most 2 files"),
    ],
)
def test_what_a_paper_does_not_take(limits: PaperLimits, kind: FileKind, size: int, already: int, says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        limits.check(kind, size, already)


def test_what_a_paper_takes() -> None:
    PaperLimits(kinds=(FileKind.PDF,), largest=2**20, most_files=2).check(FileKind.PDF, 2**20, 1)
    PaperLimits().check(FileKind.XLSX, LARGEST_FILE, 150)
    assert kinds_from("png pdf nonsense") == (FileKind.PDF, FileKind.PNG)
    assert kinds_from("") == ALLOWED_KINDS


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"verdict": V.UNREADABLE, "note": "  "}, "note"),
        ({"verdict": V.UNREADABLE, "note": "มืด", "page": 4}, "page"),
        ({"verdict": V.UNREADABLE, "note": "มืด", "page": 0}, "page"),
        ({"verdict": V.ACCEPTED, "issued_on": DAY + timedelta(days=1)}, "issued_on"),
        ({"verdict": V.ACCEPTED, "validity": Validity.FISCAL_YEAR}, "issued_on"),
    ],
)
def test_verdict_that_leaves_something_out(given: dict[str, Any], field: str) -> None:
    usual: dict[str, Any] = {"note": "", "page": None, "pages": 3, "issued_on": None, "validity": Validity.ALWAYS}

    with pytest.raises(RuleBroken) as refusal:
        check_verdict(**{**usual, **given}, today=DAY)

    assert refusal.value.field == field


def test_verdict_that_says_everything() -> None:
    check_verdict(V.WRONG_YEAR, "ของปี 2567", 3, 3, None, Validity.FISCAL_YEAR, DAY)
    check_verdict(V.ACCEPTED, "", None, None, DAY, Validity.FISCAL_YEAR, DAY)


def test_what_comes_at_the_very_moment_of_the_question_answers_it() -> None:
    asked_at = AT + timedelta(hours=1)

    assert standing_of([file(1, later=1)], asked_at, DAY).state is S.UPLOADED


def test_a_file_refused_after_the_office_asked_does_not_narrow_what_was_asked_for() -> None:
    asked_at = AT + timedelta(hours=1)

    found = standing_of([file(1, V.ACCEPTED), file(2, V.UNREADABLE, later=1)], asked_at, DAY)

    assert (found.state, found.counting, found.to_replace) == (S.REFUSED, (), (2,))


@pytest.mark.parametrize(("page", "pages"), [(None, 3), (1, 3), (3, 3), (1, None), (500, None)])
def test_a_page_that_may_be_there_is_taken(page: int | None, pages: int | None) -> None:
    check_page(page, pages)


@pytest.mark.parametrize(("page", "pages", "said"), [(0, 3, "1 to 3"), (4, 3, "1 to 3"), (0, None, "1 to 1")])
def test_a_page_that_is_not_there_is_answered_with_those_that_are(page: int, pages: int | None, said: str) -> None:
    with pytest.raises(RuleBroken, match=f"pages {said}"):
        check_page(page, pages)


@pytest.mark.parametrize(
    ("validity", "months"), [(Validity.MONTHS, 6), (Validity.ALWAYS, None), (Validity.FISCAL_YEAR, None)]
)
def test_months_go_with_papers_that_count_them(validity: Validity, months: int | None) -> None:
    refuse_odd_validity(validity, months)

    with pytest.raises(RuleBroken) as refusal:
        refuse_odd_validity(validity, 1 if months is None else None)

    assert refusal.value.field == "valid_months"
