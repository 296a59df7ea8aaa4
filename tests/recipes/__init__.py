"""Changes of each common kind, as CONTRIBUTING.md tells to make them; made in a copy of the code and tried there.

A module holds one: ``TITLE`` of its recipe, ``EDITS``, ``THAI`` words, programs to ``RUN`` afterwards with the
page that each writes, and tests that run in the copy alone.
"""

import re
from dataclasses import dataclass
from pathlib import Path

CATALOGUE = "translations/th/LC_MESSAGES/messages.po"


@dataclass(frozen=True, slots=True)
class Added:
    """Text put after the one line that matches; into a new file when no line is named."""

    path: str
    text: str
    after: str = ""

    def make(self, root: Path) -> None:
        """Change the file under ``root``."""
        file = root / self.path
        if not self.after:
            assert not file.exists(), f"{self.path} is there already"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, encoding="utf-8")
            return
        before = file.read_text(encoding="utf-8")
        found = list(re.finditer(self.after, before, re.MULTILINE))
        assert len(found) == 1, f"{self.path}: {len(found)} lines match {self.after!r}"
        end = before.index("\n", found[0].end() - 1) + 1
        file.write_text(before[:end] + self.text + before[end:], encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text that stands in a file once, put in place of another."""

    path: str
    old: str
    new: str

    def make(self, root: Path) -> None:
        """Change the file under ``root``."""
        file = root / self.path
        before = file.read_text(encoding="utf-8")
        assert before.count(self.old) == 1, f"{self.path}: {self.old!r} stands there {before.count(self.old)} times"
        file.write_text(before.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Sorted:
    """A line put where it belongs in a file that is sorted."""

    path: str
    line: str

    def make(self, root: Path) -> None:
        """Change the file under ``root``."""
        file = root / self.path
        lines = [*file.read_text(encoding="utf-8").splitlines(), self.line]
        file.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")


def write_thai(root: Path, words: dict[str, str]) -> None:
    """Write the Thai words of texts that a refresh of the catalogue has added without them."""
    file = root / CATALOGUE
    text = file.read_text(encoding="utf-8")
    for english, thai in words.items():
        empty = f'msgid "{english}"\nmsgstr ""\n'
        assert text.count(empty) == 1, f"{english!r} is not new in the catalogue"
        text = text.replace(empty, f'msgid "{english}"\nmsgstr "{thai}"\n')
    file.write_text(text, encoding="utf-8")
