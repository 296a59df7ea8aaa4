"""Addresses of help pages, the notice that stays, and links that are named."""

import pytest

from app.domain.values.errors import RuleBroken
from app.domain.values.help_pages import refuse_links, refuse_lost_notice, refuse_odd_key


@pytest.mark.parametrize("key", ["", "Apply", "a b", "-a", "a-", "a--b", "1a", "ก", "a/b"])
def test_an_address_is_short_and_plain(key: str) -> None:
    with pytest.raises(RuleBroken, match="small English letters"):
        refuse_odd_key(key, ())


def test_an_address_of_the_program_is_taken() -> None:
    refuse_odd_key("how-to-2", ("terms",))
    with pytest.raises(RuleBroken, match="“terms”"):
        refuse_odd_key("terms", ("terms",))


def test_the_notice_keeps_its_address_and_stays_in_use() -> None:
    refuse_lost_notice("privacy", "privacy", active=True)
    refuse_lost_notice("other", "before", active=False)
    with pytest.raises(RuleBroken, match="keeps its address"):
        refuse_lost_notice("other", "privacy", active=True)
    with pytest.raises(RuleBroken, match="stays in use"):
        refuse_lost_notice("privacy", None, active=False)


def test_links_are_named() -> None:
    refuse_links([])
    with pytest.raises(RuleBroken, match="a:b, c:d"):
        refuse_links(["c:d", "a:b"])
