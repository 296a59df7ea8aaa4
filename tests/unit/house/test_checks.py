"""The checks beside the tests: lint, format, types, and lock files that agree with pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("dev",)}
LEFT_OUT = {canonicalize_name(Requirement(line).name) for line in (ROOT / "overrides.txt").read_text().splitlines()}
OURS = "labour-fund-loans (pyproject.toml)"
ENTRY = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<rest>.*?)(?=^[A-Za-z0-9]|\Z)", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Locked:
    """One pinned version; a library may have two, for different Pythons."""

    name: str
    version: str
    hashes: int
    asked_by_us: bool


def locked(lock: str) -> list[Locked]:
    text = (ROOT / lock).read_text()
    return [
        Locked(canonicalize_name(m["name"]), m["version"], m["rest"].count("--hash=sha256:"), OURS in m["rest"])
        for m in ENTRY.finditer(text)
    ]


def wanted(extras: tuple[str, ...]) -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["lint", "format", "types"],
)
def test_the_code_passes(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_a_fitting_version_of_all_that_is_asked(lock: str) -> None:
    versions = {name: [entry.version for entry in locked(lock) if entry.name == name] for name in wanted(LOCKS[lock])}

    unfit = {
        name: found
        for name, found in versions.items()
        if not found or not all(wanted(LOCKS[lock])[name].specifier.contains(version) for version in found)
    }

    assert unfit == {}, "make the lock files again; pyproject.toml says how"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_asks_for_nothing_that_pyproject_dropped(lock: str) -> None:
    assert {entry.name for entry in locked(lock) if entry.asked_by_us} == set(wanted(LOCKS[lock]))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert [entry.name for entry in locked(lock) if entry.hashes == 0] == []
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_has_no_wheel_is_left_out(lock: str) -> None:
    assert LEFT_OUT.isdisjoint(entry.name for entry in locked(lock))


def test_the_testing_lock_holds_all_of_the_running_lock() -> None:
    running = {(entry.name, entry.version) for entry in locked("requirements.lock")}
    testing = {(entry.name, entry.version) for entry in locked("requirements-dev.lock")}

    assert running <= testing
