"""Turns and places are shared by all processes of a machine, and free again once their holder has died."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.files.turns import Held, Turns, names_held, turns_folder

HOLDING = """
import sys, time
from pathlib import Path
from flask import Flask
from app.files.turns import Held, Turns, turns_folder
app = Flask("other")
app.config["INSTANCE_DIR"] = sys.argv[1]
with app.app_context(), Turns("trial", 2).one() as taken:
    held = Held(turns_folder() / "held" / "7-100")
    print(taken, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(machine: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a turn and a place."""
    (turns_folder() / "held").mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(machine)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


@pytest.mark.usefixtures("machine")
def test_no_more_than_so_many_have_a_turn() -> None:
    turns = Turns("trial", 2)

    with turns.one() as first, turns.one() as second, turns.one(0.05) as third:
        assert (first, second, third) == (True, True, False)
    with turns.one() as again, Turns("other", 1).one() as of_another_kind:
        assert (again, of_another_kind) == (True, True)


def test_another_process_counts_until_it_ends_however_it_ends(other: subprocess.Popen[str]) -> None:
    turns, folder = Turns("trial", 2), turns_folder() / "held"

    with turns.one() as ours, turns.one() as too_many:
        assert (ours, too_many) == (True, False)
        assert names_held(folder) == ["7-100"]
        other.kill()
        other.wait()
        with turns.one() as now_free:
            assert now_free
    assert names_held(folder) == []
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("machine")
def test_what_is_let_go_is_gone_however_often_it_is_closed() -> None:
    folder = turns_folder() / "held"
    folder.mkdir()
    held = Held(folder / "1-2")
    assert names_held(folder) == ["1-2"]

    held.close()
    held.close()

    assert list(folder.iterdir()) == []
