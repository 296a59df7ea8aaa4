"""Setting up on a bare machine: what can go wrong is told in one line, and done again cleanly."""

import argparse
import ast
import json
import socket
import sys
from pathlib import Path

import pytest

import bootstrap
import run

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the set-up at a finished, empty virtual environment of its own."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (folder / "pyvenv.cfg").write_text(f"version = {sys.version_info[0]}.{sys.version_info[1]}.0\n")
    (tmp_path / "requirements.lock").write_text("flask==3 --hash=sha256:00\n")
    (tmp_path / "requirements-dev.lock").write_text("flask==3 --hash=sha256:00\npytest==9 --hash=sha256:00\n")
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "VENV", str(folder))
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", str(folder / "bin" / "python"))
    monkeypatch.setattr(bootstrap, "UNFINISHED", str(folder / "fund-unfinished"))
    monkeypatch.setattr(bootstrap, "INSTALLED", str(folder / "fund-installed.json"))
    monkeypatch.setattr(bootstrap, "INSTALL_LOG", str(folder / "fund-install.log"))
    return folder


@pytest.mark.parametrize("name", ["run.py", "bootstrap.py"])
def test_an_old_python_can_read_the_file_that_refuses_it(name: str) -> None:
    # The grammar check of ast is a good deal of it; walrus, positional-only and match are refused.
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_which_one_is_needed() -> None:
    with pytest.raises(bootstrap.CannotStart, match=r"Python 3\.11 or newer is needed, this is 3\.9"):
        run.check_python((3, 9))


def test_this_python_is_new_enough() -> None:
    run.check_python(sys.version_info[:2])


def test_a_taken_port_is_told_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(bootstrap.CannotStart, match=f"port {port} is taken; try python3 run.py --port"):
            run.check_address("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(bootstrap.CannotStart, match="cannot be listened on"):
        run.check_address("192.0.2.1", 8080)


@pytest.mark.parametrize("typed", ["0", "65536", "-1", "http", ""])
def test_an_impossible_port_is_refused(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        run.port_number(typed)


def test_a_matching_stamp_installs_nothing(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = {"requirements.lock": bootstrap.fingerprint("requirements.lock")}
    (venv / "fund-installed.json").write_text(json.dumps(stamp))
    monkeypatch.setattr(bootstrap, "run_pip", lambda lock: pytest.fail("installed again"))

    bootstrap.install(bootstrap.RUNNING_LOCK)


def test_the_testing_lock_counts_for_the_running_lock_too(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "run_pip", lambda lock: None)

    bootstrap.install(bootstrap.TESTING_LOCK)

    assert bootstrap.is_installed(bootstrap.RUNNING_LOCK)
    assert bootstrap.is_installed(bootstrap.TESTING_LOCK)


def test_a_changed_lock_is_installed(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (venv / "fund-installed.json").write_text(json.dumps({"requirements.lock": "another"}))
    asked: list[str] = []
    monkeypatch.setattr(bootstrap, "run_pip", asked.append)

    bootstrap.install(bootstrap.RUNNING_LOCK)

    assert asked == ["requirements.lock"]
    assert bootstrap.is_installed(bootstrap.RUNNING_LOCK)


def test_an_interrupted_environment_is_not_sound(venv: Path) -> None:
    assert bootstrap.is_sound()

    (venv / "fund-unfinished").touch()

    assert not bootstrap.is_sound()


def test_an_environment_of_another_python_is_not_sound(venv: Path) -> None:
    (venv / "pyvenv.cfg").write_text("version = 3.8.1\n")

    assert not bootstrap.is_sound()


def test_an_unfinished_environment_is_removed_whole(venv: Path) -> None:
    bootstrap.remove_venv()

    assert not venv.exists()


def test_a_folder_that_is_no_environment_is_left_alone(venv: Path) -> None:
    (venv / "pyvenv.cfg").unlink()

    with pytest.raises(bootstrap.CannotStart, match="move it away"):
        bootstrap.make_venv()

    assert (venv / "bin" / "python").exists()


def test_a_python_without_venv_is_told_what_to_install(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(bootstrap.CannotStart, match="python3-venv"):
        bootstrap.make_venv()


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("NewConnectionError: ...\nERROR: No matching distribution found for flask==3", "index cannot be reached"),
        ("ERROR: No matching distribution found for flask==3", "no ready-made package"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "does not match the hash"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something new", "could not be installed"),
    ],
)
def test_a_failed_install_is_told_in_one_line(log: str, told: str) -> None:
    line = str(bootstrap.install_failure(log))

    assert told in line
    assert "\n" not in line


def test_the_environment_of_children_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")

    environment = bootstrap.child_environment()

    assert "/elsewhere" not in (environment.get("PYTHONHOME"), environment.get("PIP_TARGET"))


def test_tests_never_see_the_real_database(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    monkeypatch.setenv("DATABASE_URL", "postgresql://the-real-one")
    monkeypatch.setattr(run, "install", lambda lock: None)
    monkeypatch.setattr(run.subprocess, "call", lambda command, env: seen.append(env) or 0)
    monkeypatch.setattr(run, "become", lambda command, environment: seen.append(environment))

    run.test([])

    assert len(seen) == 2
    assert all("DATABASE_URL" not in environment and environment["FUND_ENV"] == "testing" for environment in seen)
