"""The recipes of CONTRIBUTING.md are true: each change is made in a copy, in the files named there and no other."""

import filecmp
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.ui.catalogue import compile_catalogue
from tests.recipes import CATALOGUE, chart, field, move, page, setting, write_thai

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "CONTRIBUTING.md"
RECIPES = (setting, page, chart, move, field)
COPIED = ("app", "bench", "docs", "migrations", "tests", "translations")
# What must hold after any change, and says so quickly.
HOUSE = (
    "tests/unit/house/test_layers.py",
    "tests/unit/house/test_settings_doc.py",
    "tests/unit/house/test_docs.py",
    "tests/unit/house/test_workflow_doc.py",
    "tests/unit/house/test_architecture_doc.py",
    "tests/unit/security/test_matrix.py",
    "tests/unit/ui/test_catalogue.py::test_every_text_is_in_the_catalogue",
    "tests/unit/ui/test_catalogue.py::test_every_text_is_written_in_thai",
    "tests/unit/ui/test_catalogue.py::test_nothing_unused_is_kept",
)


def named(title: str) -> list[str]:
    """The files a recipe names, one a line of its list; ``<…>`` stands for a name the newcomer chooses."""
    found = re.search(rf"^### {re.escape(title)}\n(.*?)(?=^##|\Z)", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    assert found is not None, f"no recipe called {title!r}"
    return re.findall(r"^- `([^`]+)`", found[1], re.MULTILINE)


def fits(path: str, pattern: str) -> bool:
    return re.fullmatch(re.sub(r"<[^>]*>", r"[^/]+", re.sub(r"[.+]", r"\\\g<0>", pattern)), path) is not None


def touched(recipe: ModuleType) -> set[str]:
    """Every file that the change touches, made ones included."""
    words = {CATALOGUE} if recipe.THAI else set()
    return {edit.path for edit in recipe.EDITS} | words | set(recipe.RUN.values())


@pytest.fixture
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code with all the changes; they do not meet, so one copy serves them all."""
    copy = tmp_path_factory.mktemp("recipes") / "copy"
    left_out = shutil.ignore_patterns("__pycache__", "*.mo")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, copy / folder, ignore=left_out)
    for file in [*ROOT.glob("*.*"), ROOT / "Makefile", ROOT / "LICENSE", ROOT / "NOTICE"]:
        if file.is_file():
            shutil.copy(file, copy / file.name)
    if (ROOT / "instance" / "assets").exists():
        shutil.copytree(ROOT / "instance" / "assets", copy / "instance" / "assets")
    for recipe in RECIPES:
        for edit in recipe.EDITS:
            edit.make(copy)
    run(copy, "app.ui.catalogue")
    for recipe in RECIPES:
        write_thai(copy, recipe.THAI)
        for program in recipe.RUN:
            run(copy, program)
    compile_catalogue(copy / CATALOGUE)
    return copy


def run(copy: Path, program: str, *arguments: str) -> None:
    """Run a Python program of the copy; it must succeed."""
    environment = {**os.environ, "FUND_ENV": "testing", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def differing(copy: Path) -> Iterator[str]:
    """Every file of the copy that is new or not as it was."""
    for file in sorted(copy.rglob("*")):
        name = file.relative_to(copy).as_posix()
        if file.is_file() and file.suffix not in (".mo", ".pyc") and not name.startswith("instance/"):
            original = ROOT / name
            if not original.exists() or not filecmp.cmp(file, original, shallow=False):
                yield name


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.TITLE)
def test_recipe_names_each_file_that_the_change_touches_and_no_other(recipe: ModuleType) -> None:
    files, patterns = touched(recipe), named(recipe.TITLE)

    assert [file for file in files if not any(fits(file, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(fits(file, pattern) for file in files)] == []


def test_the_changes_work_and_the_house_accepts_them_with_nothing_else_changed(changed: Path) -> None:
    assert set(differing(changed)) == set().union(*map(touched, RECIPES))

    probes = [f"tests/recipes/{recipe.__name__.rpartition('.')[2]}.py" for recipe in RECIPES]
    own = [test for recipe in RECIPES for test in getattr(recipe, "CHECKED_BY", ())]
    run(changed, "pytest", *probes, *own, *HOUSE, "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql")
