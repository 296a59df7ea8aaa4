"""What rows are called: the one place that chooses between their Thai and their English name."""

from typing import Any

from markupsafe import Markup, escape

from app.ui.language import in_english


def in_full(row: Any) -> str:
    """The whole name of what lists call by a short one, as an office."""
    return str(row.name_en if in_english() else row.name)


def told(row: Any, column: str) -> Markup:
    """A text that people wrote of a row, in the reader's language; marked as Thai where it is kept in Thai alone."""
    thai = getattr(row, column) or ""
    if not thai or not in_english():
        return escape(thai)
    english = getattr(row, f"{column}_en", None)
    return escape(english) if english else Markup('<span lang="th">{}</span>').format(thai)


def named(row: Any) -> str:
    """A row's name in the reader's language, where it has an English one; of a row's columns, too."""
    english = in_english()
    if hasattr(row, "called"):
        return str(row.called(english=english))
    return str((english and getattr(row, "name_en", None)) or getattr(row, "name", row))
