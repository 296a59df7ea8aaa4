"""Thai text: digits, spelling, search and dictionary order."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values.thai import arabic_digits, normalise, search_key, sort_key

THAI_TEXT = st.text(alphabet=st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=12)
ANY_TEXT = st.one_of(THAI_TEXT, st.text(max_size=20))
IN_ORDER = st.sampled_from(["กก", "กา", "เก", "ไก", "ขา"])

# The 77 provinces as the Royal Institute's dictionary order has them.
DICTIONARY = """
กระบี่ กรุงเทพมหานคร กาญจนบุรี กาฬสินธุ์ กำแพงเพชร ขอนแก่น จันทบุรี ฉะเชิงเทรา ชลบุรี ชัยนาท ชัยภูมิ ชุมพร
เชียงราย เชียงใหม่ ตรัง ตราด ตาก นครนายก นครปฐม นครพนม นครราชสีมา นครศรีธรรมราช นครสวรรค์ นนทบุรี นราธิวาส น่าน
บึงกาฬ บุรีรัมย์ ปทุมธานี ประจวบคีรีขันธ์ ปราจีนบุรี ปัตตานี พระนครศรีอยุธยา พะเยา พังงา พัทลุง พิจิตร พิษณุโลก
เพชรบุรี เพชรบูรณ์ แพร่ ภูเก็ต มหาสารคาม มุกดาหาร แม่ฮ่องสอน ยโสธร ยะลา ร้อยเอ็ด ระนอง ระยอง ราชบุรี ลพบุรี
ลำปาง ลำพูน เลย ศรีสะเกษ สกลนคร สงขลา สตูล สมุทรปราการ สมุทรสงคราม สมุทรสาคร สระแก้ว สระบุรี สิงห์บุรี สุโขทัย
สุพรรณบุรี สุราษฎร์ธานี สุรินทร์ หนองคาย หนองบัวลำภู อ่างทอง อำนาจเจริญ อุดรธานี อุตรดิตถ์ อุทัยธานี อุบลราชธานี
"""
PROVINCES = DICTIONARY.split()


def test_thai_digits_become_arabic() -> None:
    assert arabic_digits("ที่ กษ ๐๔๐2/๑๒๓") == "ที่ กษ 0402/123"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น\u0e4d\u0e49า", "น\u0e49\u0e33"),  # NIKHAHIT, tone, AA
        ("น\u0e49\u0e4dา", "น\u0e49\u0e33"),  # tone, NIKHAHIT, AA
        ("น\u0e33\u0e49", "น\u0e49\u0e33"),  # SARA AM, then the tone
        ("จ\u0e4dาก\u0e31ด", "จำกัด"),
        ("เเพร่", "แพร่"),
        ("ท\u0e48\u0e35", "ท\u0e35\u0e48"),  # tone before the vowel sign
        ("ท\u0e35\u0e48\u0e48", "ท\u0e35\u0e48"),  # tone typed twice
        ("ก\u0e47\u0e34", "ก\u0e34\u0e47"),  # MAITAIKHU before the vowel sign
        ("\ufeffสหกรณ์\u200bครู", "สหกรณ์ครู"),
        ("  สหกรณ์ \t\n ครู\u00a0เลย ", "สหกรณ์ ครู เลย"),
        ("Cafe\u0301", "Caf\u00e9"),
    ],
)
def test_what_looks_the_same_is_spelled_the_same(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize("word", ["พันธุ์", "สิทธิ์", "น้ำมัน", "เก็บ", "ก๊าซ", "เชียงใหม่", "กตัญญู", "ศุกร์", "เปี๊ยะ"])
def test_correct_spelling_is_left_alone(word: str) -> None:
    assert normalise(word) == word


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_a_search_meets_other_digits_letter_case_and_spelling() -> None:
    assert search_key("  สหกรณ์ น\u0e4d\u0e49าตาล ABC ๑๒") == search_key("สหกรณ์ น้ำตาล abc 12")


def test_leading_vowels_sort_after_their_consonant() -> None:
    assert sorted(["ขา", "ไก", "เก", "กา", "กก"], key=sort_key) == ["กก", "กา", "เก", "ไก", "ขา"]


def test_a_tone_decides_only_between_equal_words() -> None:
    words = ["ปาก", "ป่า", "ป้า", "ปา", "เก้ง", "เก่ง", "เก็ง", "เกง"]

    assert sorted(words, key=sort_key) == ["เกง", "เก็ง", "เก่ง", "เก้ง", "ปา", "ป่า", "ป้า", "ปาก"]


def test_spaces_and_punctuation_do_not_count() -> None:
    assert sort_key("สหกรณ์ ครู (เลย)") == sort_key("สหกรณ์ครูเลย")


def test_digits_sort_by_value_before_latin_before_thai() -> None:
    assert sorted(["ก", "๒", "b", "1", "A"], key=sort_key) == ["1", "๒", "A", "b", "ก"]


def test_all_77_provinces_sort_as_in_the_dictionary() -> None:
    shuffled = random.Random(77).sample(PROVINCES, k=len(PROVINCES))

    assert len(PROVINCES) == 77
    assert sorted(shuffled, key=sort_key) == PROVINCES


@given(IN_ORDER, st.text(alphabet="กขคงจานทม", max_size=6))
def test_a_word_stands_before_its_own_continuation(word: str, rest: str) -> None:
    assert sort_key(word) <= sort_key(word + rest)


@given(ANY_TEXT)
def test_a_key_has_no_character_a_database_would_refuse(text: str) -> None:
    assert all(char.isprintable() or unicodedata.category(char).startswith("M") for char in sort_key(text))


def test_of_two_words_with_one_tone_the_one_that_has_it_later_stands_first() -> None:
    assert sorted(["ก่าปา", "กาป่า"], key=sort_key) == ["กาป่า", "ก่าปา"]


@pytest.mark.parametrize("mark", "\u0e4e\u0e4c\u0e47\u0e48\u0e49\u0e4a\u0e4b")
def test_every_mark_puts_a_word_behind_the_same_word_without_it(mark: str) -> None:
    assert sort_key("ก") < sort_key("ก" + mark)
