"""Each word of the glossary is in use: its code name in the code, its Thai word on the screens."""

import ast
import re
from pathlib import Path

from app.ui.catalogue import read_catalogue

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| ([^|`]+) \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
FEWEST = 60


def rows() -> list[tuple[str, str, str]]:
    """Thai, code name and English of every row."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [(thai, code, english) for thai, code, english, _meaning in ROW.findall(text)]


def names_in_the_code() -> set[str]:
    """Every name the code defines or uses, and every text that is one, such as the name of a move."""
    found = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {getattr(node, field, None) for field in ("id", "attr", "arg", "name")}
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {name for name in found if isinstance(name, str)}


def test_the_glossary_has_its_terms_each_once() -> None:
    assert len(rows()) >= FEWEST
    for column in zip(*rows(), strict=True):
        assert sorted(set(column)) == sorted(column)


def test_every_code_name_is_in_the_code() -> None:
    known = names_in_the_code()

    assert [code for _thai, code, _english in rows() if code not in known] == []


def test_every_thai_word_is_on_the_screens() -> None:
    catalogue = " ".join(str(message.string) for message in read_catalogue() if message.id)

    assert [thai for thai, _code, _english in rows() if thai not in catalogue] == []
