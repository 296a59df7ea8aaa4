"""The picture of the code says what the imports say, and every room says what it is for."""

import re

from sqlalchemy.orm import Session

import app.factory  # noqa: F401  imports all that listens to a flush
from app import domain
from tests.architecture_doc import PAGE, arrows, picture, rooms


def test_picture_is_what_the_imports_make() -> None:
    assert picture() in PAGE.read_text(encoding="utf-8"), "run: .venv/bin/python -m tests.architecture_doc"


def test_every_room_says_in_a_sentence_what_it_is_for() -> None:
    words = {
        line.split("` | ")[0].strip("| `"): line.split("` | ")[1] for line in picture().splitlines() if "` | " in line
    }

    assert set(words) == {f"app/{room}" for room in rooms()}
    assert [room for room, sentence in words.items() if len(sentence) < 10] == []


def test_rules_point_at_nothing() -> None:
    assert domain.__doc__
    assert arrows()["domain"] == set()


def test_listeners_of_the_flush_run_in_the_order_the_page_says() -> None:
    session = Session()
    listening = [*session.dispatch.before_flush, *session.dispatch.after_flush]
    ours = [each.__name__ for each in listening if getattr(each, "__module__", "").startswith("app.")]

    _before, _found, told = PAGE.read_text(encoding="utf-8").partition("Listeners of the flush")

    assert re.findall(r"`(_\w+)`", told) == ours
