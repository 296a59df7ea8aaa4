"""What administrators write as Markdown never becomes a script, a foreign picture or an odd link."""

import pytest

from app.ui.markdown import as_html, odd_links, pictures_in

PICTURE = "/help/pictures/" + "a" * 32


def test_html_is_shown_as_it_was_typed() -> None:
    drawn = as_html('<script>alert(1)</script> <b onclick="x">ก</b>')
    assert "<script" not in drawn
    assert "<b" not in drawn
    assert "&lt;script&gt;" in drawn


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,x", "//elsewhere.example/x", "mailto:a@b.example",
     "vbscript:x", "/\\elsewhere.example", "ftp://elsewhere.example", "help/apply"],
)  # fmt: skip
def test_a_link_elsewhere_than_to_the_web_or_a_page_of_ours_is_named_and_not_drawn(address: str) -> None:
    text = f"[words]({address})"

    assert len(odd_links(text)) == 1
    assert "<a" not in as_html(text)


def test_links_to_the_web_and_to_own_pages_are_drawn() -> None:
    text = "[one](https://labour.example/x) [two](/help/apply) [three](#x)"

    assert odd_links(text) == []
    assert as_html(text, "/fund").count("<a ") == 3
    assert 'href="/fund/help/apply"' in as_html(text, "/fund")


def test_pictures_are_those_of_the_help() -> None:
    text = f'![a "b"]({PICTURE}) ![c](https://elsewhere.example/x.png)'

    assert odd_links(text) == ["https://elsewhere.example/x.png"]
    assert pictures_in(text) == {"a" * 32}
    assert as_html(text).count("<img") == 1
    assert "elsewhere" not in as_html(text)


def test_headings_begin_below_the_page_s_title() -> None:
    assert as_html("# ก\n\n## ข") == "<h2>ก</h2>\n<h3>ข</h3>\n"
