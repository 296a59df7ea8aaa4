"""Every text people may read has a Thai one, with the same figures in it."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.support import Translations

from app.domain.states import State
from app.ui.catalogue import (
    SOURCE,
    Wanted,
    compile_catalogue,
    own_messages,
    read_catalogue,
    refresh,
    source_messages,
    with_units,
)

PLACE = re.compile(r"%\(\w+\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]|%[sdr%]|\{\w*\}")
ONE_MEANING = Path(__file__).with_name("one_meaning.txt")  # short texts of several files, looked at one by one
THAI = re.compile("[\u0e01-\u0e5b]")
# Texts that are the same in Thai.
SAME_IN_THAI: frozenset[str] = frozenset()

STATES = {
    State.DRAFT: "ร่าง",
    State.SUBMITTED: "ยื่นคำขอแล้ว",
    State.RECEIVED: "รับเรื่องแล้ว",
    State.IN_REVIEW: "อยู่ระหว่างตรวจสอบ",
    State.RETURNED: "ขอข้อมูล/เอกสารเพิ่มเติม",
    State.RECOMMENDED: "เสนอพิจารณา",
    State.ON_AGENDA: "บรรจุวาระการประชุม",
    State.APPROVED: "อนุมัติ",
    State.REJECTED: "ไม่อนุมัติ",
    State.DEFERRED: "เลื่อนการพิจารณา",
    State.WITHDRAWN: "ถอนคำขอ",
    State.EXPIRED: "หมดอายุ",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read_catalogue()


@pytest.fixture(scope="module")
def wanted() -> set[Wanted]:
    return source_messages()


def kept(catalogue: Catalog) -> set[Wanted]:
    return {
        (message.id if isinstance(message.id, str) else tuple(message.id), message.context)
        for message in catalogue
        if message.id
    }


def pairs(catalogue: Catalog) -> list[tuple[str, str]]:
    """Each English text with its Thai one; a plural's two English texts share one Thai text."""
    found = []
    for message in catalogue:
        english = [message.id] if isinstance(message.id, str) else message.id
        thai = message.string if isinstance(message.string, str) else (message.string or [""])[0]
        found += [(text, thai) for text in english if text]
    return found


def places(text: str) -> Counter[str]:
    return Counter(PLACE.findall(text))


def test_the_sources_are_found(wanted: set[Wanted]) -> None:
    ours, framework, forms, plural = (
        "Submit application",
        "Added Row",
        "Not a valid choice.",
        ("Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long."),
    )

    assert {(text, None) for text in (ours, framework, forms, plural)} <= wanted
    assert {("Opened", "a file"), ("Opened", "a programme")} <= wanted


def test_every_text_is_in_the_catalogue(catalogue: Catalog, wanted: set[Wanted]) -> None:
    assert wanted - kept(catalogue) == set(), "run `make catalogue`, then write the Thai texts"


def test_nothing_unused_is_kept(catalogue: Catalog, wanted: set[Wanted]) -> None:
    assert kept(catalogue) - wanted == set(), "run `make catalogue`"
    assert list(catalogue.obsolete) == []


def test_nothing_is_guessed(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_every_text_is_written_in_thai(catalogue: Catalog) -> None:
    foreign = {english for english, thai in pairs(catalogue) if not THAI.search(thai)}

    assert foreign - SAME_IN_THAI == set()


def test_figures_stay_in_the_text(catalogue: Catalog) -> None:
    assert [english for english, thai in pairs(catalogue) if places(english) != places(thai)] == []


def test_texts_keep_the_spaces_around_them(catalogue: Catalog) -> None:
    def edges(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    assert [english for english, thai in pairs(catalogue) if edges(english) != edges(thai)] == []


@pytest.mark.parametrize("state", State)
def test_a_state_has_its_official_word(catalogue: Catalog, state: State) -> None:
    message = catalogue.get(state.label)

    assert message is not None
    assert message.string == STATES[state]


@pytest.mark.slow
def test_a_refresh_changes_nothing_when_all_is_there(tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    copy.write_bytes(SOURCE.read_bytes())

    refresh(copy)

    assert copy.read_text(encoding="utf-8") == SOURCE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_refresh_adds_what_is_missing_without_guessing(tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    entries = SOURCE.read_text(encoding="utf-8").split("\n\n")
    copy.write_text("\n\n".join(part for part in entries if 'msgid "Submit application"' not in part), encoding="utf-8")

    refresh(copy)

    added = read_catalogue(copy).get("Submit application")
    assert added is not None
    assert (added.string, added.fuzzy) == ("", False)


def test_the_compiled_catalogue_answers_in_thai(tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    copy.write_bytes(SOURCE.read_bytes())

    compile_catalogue(copy)

    with copy.with_suffix(".mo").open("rb") as file:
        texts = Translations(file)
    assert texts.gettext("Labour Fund") == "กองทุนเพื่อผู้ใช้แรงงาน"
    one, many = "Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters."
    assert texts.ngettext(one, many, 5) == "ต้องมีไม่เกิน %(max)d ตัวอักษร"


def test_only_an_older_compiled_catalogue_is_written_again(tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    copy.write_bytes(SOURCE.read_bytes())
    target = copy.with_suffix(".mo")
    target.write_bytes(b"kept")
    os.utime(copy, (1_000, 1_000))

    compile_catalogue(copy)
    untouched = target.read_bytes()
    os.utime(target, (500, 500))
    compile_catalogue(copy)

    assert untouched == b"kept"
    assert target.read_bytes() != b"kept"


def test_a_short_text_means_one_thing_wherever_it_stands() -> None:
    files: dict[str, set[str]] = {}
    for (text, meaning), name in own_messages():
        if isinstance(text, str) and meaning is None and len(text.split()) <= 2:
            files.setdefault(text, set()).add(name)
    shared = {text: sorted(names) for text, names in files.items() if len(names) > 1}
    known = set(ONE_MEANING.read_text(encoding="utf-8").splitlines())

    unseen = {text: names for text, names in shared.items() if text not in known}
    assert unseen == {}, "if it means something else in one place, use pgettext; if not, add it to one_meaning.txt"


def test_one_word_of_two_meanings_has_two_thai_words(tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    copy.write_bytes(SOURCE.read_bytes())

    compile_catalogue(copy)

    with copy.with_suffix(".mo").open("rb") as file:
        texts = Translations(file)
    assert texts.pgettext("a file", "Opened") == "เปิดดู"
    assert texts.pgettext("a programme", "Opened") == "เปิดรับคำขอ"


@pytest.mark.parametrize(
    ("text", "kept_together"),
    [
        ("ไม่เกิน %(amount)s บาท", "ไม่เกิน %(amount)s\N{NO-BREAK SPACE}บาท"),
        ("ร้อยละ %(rate)s ต่อปี", "ร้อยละ\N{NO-BREAK SPACE}%(rate)s ต่อปี"),
        ("เหลือ {count} ไฟล์ พ.ศ. 2569", "เหลือ {count}\N{NO-BREAK SPACE}ไฟล์ พ.ศ.\N{NO-BREAK SPACE}2569"),
        ("%(name)s ถูกลบแล้ว", "%(name)s ถูกลบแล้ว"),
    ],
)
def test_a_figure_stays_with_what_it_counts(text: str, kept_together: str) -> None:
    assert with_units(text) == kept_together
