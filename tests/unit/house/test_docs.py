"""The documents name files that are there, link to pages that are there, and stay short where that was promised."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|js|css|html|typ|po|txt|toml|lock|csv))(?::[^`]*)?`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
LONGEST_README = 170  # lines, both languages


def there() -> set[str]:
    """Every file of the code and of the documents, as a path from the root."""
    folders = ("app", "bench", "docs", "migrations", "tests", "translations")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix() for path in [*files, *ROOT.glob("*.*")]}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_every_file_named_in_a_document_is_there(page: Path) -> None:
    files = there()

    missing = [
        name
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
        if not any(file == name or file.endswith("/" + name) for file in files)
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_document_is_there(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]

    assert missing == []


def test_every_target_of_make_that_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    places = [*PAGES, ROOT / ".pre-commit-config.yaml"]

    named = {name for page in places for name in re.findall(r"`?make ([a-z]+)`", page.read_text(encoding="utf-8"))}

    assert named
    assert named <= targets


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README


def test_every_picture_is_small_and_used() -> None:
    shown = {link for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8"))}

    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert picture.stat().st_size < 200_000
        assert any(link.endswith(picture.name) for link in shown), picture.name


def test_every_decision_has_its_day_and_a_subject() -> None:
    _intro, *subjects = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").split("\n## ")

    for subject in subjects:
        title, *paragraphs = re.split(r"\n\n+", subject.strip())
        days = [re.match(r"20\d\d-\d\d-\d\d · \*\*", paragraph) for paragraph in paragraphs]
        assert days, title
        assert all(days), title


def test_every_promise_of_security_has_tests_that_are_there() -> None:
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    rows = re.findall(r"^\| (?!Promise|---)(.+) \| (.+) \|$", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.M)

    assert rows
    for promise, tests in rows:
        named = re.findall(r"`(\w+)`", tests)
        assert named, promise
        assert set(named) <= defined, promise
