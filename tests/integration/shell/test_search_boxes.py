"""Every list with a search box finds what is there and nothing else."""

from collections.abc import Callable

import pytest

from tests.client import FundClient

# The list, who opens it, letters from inside a word of some rows.
BOXES = (
    ("/board/list/", "admin", "ธานกรรม"),
    ("/users/list/", "admin", "OOP1"),
    ("/memberships/list/", "admin", "ปทุม"),
    ("/office-posts/list/", "admin", "ลบุ"),
    ("/audit/list/", "admin", "ออมทรั"),
    ("/audit/list/", "admin", "DMI"),  # who did it: the administrator has just signed in
    ("/outbox/list/", "admin", "คก."),
    ("/programme-documents/list/", "fund", "ภัยพิ"),
    ("/documents/list/", "fund", "การเงิน"),
)


@pytest.mark.parametrize(("path", "username", "letters"), BOXES)
def test_search_box_finds_parts_of_words_and_nothing_else(
    client_for: Callable[[str], FundClient], path: str, username: str, letters: str
) -> None:
    client = client_for(username)

    found = client.get(path, query_string={"q": letters}).get_data(as_text=True)
    nothing = client.get(path, query_string={"q": "ไม่มีคำนี้แน่นอน%"}).get_data(as_text=True)

    assert 'name="q"' in found
    assert "<tbody>" in found
    assert "<tbody>" not in nothing
