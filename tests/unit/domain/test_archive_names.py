"""Names in a dossier unpack everywhere."""

import re

import pytest

from app.domain.archive_names import numbered, safe_folder, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("งบการเงิน 2568.pdf", "งบการเงิน 2568.pdf"),
        ("งบ/ปี: 2568?.pdf", "งบ-ปี- 2568-.pdf"),
        ('a<b>"c"|d*.xlsx', "a-b--c--d-.xlsx"),
        ("CON.pdf", "-CON.pdf"),
        ("aux", "-aux"),
        ("ชื่อ... ", "ชื่อ"),
        ("..", "document"),
    ],
)
def test_a_name_that_windows_refuses_is_changed(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("letter", ["ก", "a", "😀"])
def test_a_long_name_keeps_its_extension_and_fits_every_disk(letter: str) -> None:
    name = numbered(7, 200, safe_name(letter * 115 + ".pdf"))

    assert name.startswith(f"007 {letter}")
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 255
    assert len(name.encode("utf-16-le")) / 2 <= 84


def test_a_cut_name_does_not_end_in_a_space_or_full_stop() -> None:
    assert not re.search(r"[ .]$", safe_folder("ก" * 70 + " . " + "ข" * 30))


@pytest.mark.parametrize(("place", "of", "name"), [(1, 9, "01 ก"), (12, 99, "12 ก"), (3, 100, "003 ก")])
def test_numbers_sort_as_the_checklist_does(place: int, of: int, name: str) -> None:
    assert numbered(place, of, "ก") == name


# Windows counts UTF-16 units: a Thai letter is one, a smiley two.
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("ก" * 72, "ก" * 72),
        ("ก" * 73, "ก" * 72),
        ("😀" * 36, "😀" * 36),
        ("😀" * 37, "😀" * 36),
        # Not inside a word where a space tells words apart, and no vowel without its letter.
        ("02 " + "ก" * 60 + " ขขขขขขขขขขขข", "02 " + "ก" * 60),
        ("ก" * 71 + "เข", "ก" * 71),
    ],
)
def test_a_folder_has_so_many_units_at_most(name: str, safe: str) -> None:
    assert safe_folder(name) == safe


@pytest.mark.parametrize(("stem", "kept"), [(76, 76), (77, 76)])
def test_a_file_has_eighty_units_at_most_with_its_extension(stem: int, kept: int) -> None:
    assert safe_name("a" * stem + ".pdf") == "a" * kept + ".pdf"
