"""Markdown that people write, as HTML for everybody: no HTML of theirs, links to web pages and pages of ours only."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

PICTURES = "/help/pictures/"
_WEB = re.compile(r"https?://[^\\\s]+")
_OWN = re.compile(r"/(?!/|%5C)[^\\\s]*|#[^\\\s]*")  # a backslash comes as %5C
_PICTURE = re.compile(re.escape(PICTURES) + r"[0-9a-f]{32}")
_LOWEST = 6


def _is_link(address: str) -> bool:
    return bool(_WEB.fullmatch(address) or _OWN.fullmatch(address))


def _reader(*, every_link: bool) -> MarkdownIt:
    """Tables beside what CommonMark has; HTML is shown as the letters that were typed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    # The library looks a link over by this; what it does not let through stays text.
    reader.validateLink = lambda url: every_link or _is_link(url)  # type: ignore[method-assign]
    return reader


def _link(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    address = str(tokens[index].attrGet("href"))
    if address.startswith("/"):
        tokens[index].attrSet("href", env["root"] + address)
    elif not address.startswith("#"):
        tokens[index].attrSet("rel", "noopener")
    return self.renderToken(tokens, index, options, env)


def _picture(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A picture of the help; of any other only its text."""
    token = tokens[index]
    words, address = Markup.escape(token.content), str(token.attrGet("src"))
    if not _PICTURE.fullmatch(address):
        return str(words)
    return f'<img src="{Markup.escape(env["root"] + address)}" alt="{words}" loading="lazy">'


def _heading(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """One level lower than written: the page's title is its only heading of the first."""
    token = tokens[index]
    level = min(int(token.markup.count("#") or 1) + 1, _LOWEST)
    return f"</h{level}>\n" if token.nesting < 0 else f"<h{level}>"


def _table(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n" if tokens[index].nesting < 0 else '<div class="table-wrap"><table>\n'


_READER, _LENIENT = _reader(every_link=False), _reader(every_link=True)
for _name, _rule in (
    ("link_open", _link),
    ("image", _picture),
    ("heading_open", _heading),
    ("heading_close", _heading),
    ("table_open", _table),
    ("table_close", _table),
):
    _READER.add_render_rule(_name, _rule)


@lru_cache(maxsize=128)
def as_html(text: str, root: str = "") -> Markup:
    """The text as HTML.

    Args:
        root: what addresses of our own begin with, where the service does not stand at the top of its host.
    """
    return Markup(_READER.render(text, {"root": root}))  # noqa: S704  the renderer escapes whatever was written


def odd_links(text: str) -> list[str]:
    """Addresses of links and pictures in the text that a page does not show as such."""
    return [address for is_picture, address in _addresses(text) if not _shown(is_picture, address)]


def pictures_in(text: str) -> frozenset[str]:
    """Names of the pictures that the text shows."""
    return frozenset(
        address.removeprefix(PICTURES)
        for is_picture, address in _addresses(text)
        if is_picture and _shown(is_picture, address)
    )


def _shown(is_picture: bool, address: str) -> bool:
    return bool(_PICTURE.fullmatch(address)) if is_picture else _is_link(address)


def _addresses(text: str) -> Iterator[tuple[bool, str]]:
    for block in _LENIENT.parse(text):
        for token in block.children or ():
            if token.type == "link_open":
                yield False, str(token.attrGet("href"))
            elif token.type == "image":
                yield True, str(token.attrGet("src"))
