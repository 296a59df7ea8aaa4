"""A corpus of good, odd and hostile files gets the answers it must get, in time."""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.files.inspection.inspect import inspect
from tests.corpus import GOOD, HOSTILE, Made
from tests.further_corpus import FURTHER_GOOD, FURTHER_HOSTILE
from tests.make_files import docx_bytes, jpeg_bytes, pdf_bytes, png_bytes, xlsx_bytes
from tests.office_corpus import OFFICE_GOOD, OFFICE_HOSTILE


def named(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    """The rows as parameters, each known by its first column."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


@pytest.mark.parametrize(
    ("make", "name", "kind"), [pytest.param(*row[1:], id=row[0]) for row in [*GOOD, *FURTHER_GOOD, *OFFICE_GOOD]]
)
def test_good_file_is_taken(make: Made, name: str, kind: FileKind) -> None:
    assert inspect(make(), name) is kind


@pytest.mark.parametrize(
    ("make", "name", "reason"),
    [pytest.param(*row[1:], id=row[0]) for row in [*HOSTILE, *FURTHER_HOSTILE, *OFFICE_HOSTILE]],
)
def test_hostile_file_is_refused_with_its_reason(make: Made, name: str, reason: str) -> None:
    content = make()
    started = time.monotonic()

    with pytest.raises(RuleBroken) as refused:
        inspect(content, name)

    assert refused.value.template == reason
    assert "%(" not in str(refused.value)
    assert time.monotonic() - started < 5


def test_reason_says_what_was_found() -> None:
    with pytest.raises(RuleBroken) as refused:
        inspect(png_bytes(), "สัญญา.exe")

    assert refused.value.values == {"extension": ".exe", "kind": "PNG"}


@pytest.mark.parametrize("make", [pdf_bytes, png_bytes, jpeg_bytes, xlsx_bytes, docx_bytes])
def test_no_cut_of_a_good_file_is_taken(make: Made) -> None:
    content = make()
    cuts = range(1, len(content.rstrip(b"\n")), max(1, len(content) // 200))

    for cut in cuts:
        with pytest.raises(RuleBroken):
            inspect(content[:cut], "a")


@pytest.mark.parametrize("make", [pdf_bytes, png_bytes, jpeg_bytes, xlsx_bytes, docx_bytes])
def test_no_changed_byte_breaks_the_inspection(make: Made) -> None:
    """Whatever the answer, it is a kind or a reason, never an error page."""
    good = make()

    for position in range(0, len(good), max(1, len(good) // 150)):
        for replacement in (0x00, 0xFF, good[position] ^ 0x10):
            changed = good[:position] + bytes([replacement]) + good[position + 1 :]
            with suppress(RuleBroken):
                inspect(changed, "a")
