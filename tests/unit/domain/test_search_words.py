"""A search is its words, each in every spelling that a record may have."""

import pytest

from app.domain.values.search_words import MOST_WORDS, search_words

SAVINGS = "สหกรณ์ออมทรัพย์"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  ", ()),
        ("ออมทรัพย์  ชลบุรี ออมทรัพย์", (("ออมทรัพย์",), ("ชลบุรี",))),
        ("คก.12/2570", (("คก.12/2570",),)),
        ("ชลบุรี1", (("ชลบุรี1", "ชลบุรี 1"),)),
        ("จก.", (("จก.", "จำกัด"),)),
        ("สอ.กฟผ.", (("สอ.", SAVINGS), ("กฟผ.",))),
        ("เครดิตยูเนียน", (("เครดิตยูเนียน", "เครดิตยูเนี่ยน"),)),
        ("เครดิตยูเนี่ยน", (("เครดิตยูเนี่ยน",),)),
    ],
)
def test_words_of_a_search(typed: str, words: tuple[tuple[str, ...], ...]) -> None:
    assert search_words(typed) == words


def test_what_is_long_beyond_measure_asks_for_few_words() -> None:
    assert len(search_words(" ".join(f"w{number}" for number in range(50)))) == MOST_WORDS + 1
