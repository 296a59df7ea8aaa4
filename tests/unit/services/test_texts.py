"""Texts of mails say what is on their list of placeholders, and nothing else."""

import re

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from app.domain.values.text import N_
from app.services.messages.text import BLANK, Block, Line, Text, line, write
from app.services.messages.texts import TEXTS

LETTER = Text(
    line(N_("Loan %(number)s"), number="number"),
    (
        line(N_("To %(name)s"), name="reader"),
        BLANK,
        line(N_("Due: %(day)s"), day="due"),
        Block("rows", heading="heading"),
    ),
)


@pytest.fixture
def english() -> Flask:
    app = Flask("texts")
    Babel(app)
    return app


def written(app: Flask, **values: object) -> tuple[str, str]:
    with app.app_context(), force_locale("en"):
        return write(LETTER, {"number": "7/2570", "reader": "ก", "due": "1 ม.ค.", "rows": (), "heading": "-", **values})


def test_a_text_takes_its_values(english: Flask) -> None:
    assert written(english) == ("Loan 7/2570", "To ก\n\nDue: 1 ม.ค.")


def test_a_line_without_its_value_is_left_out(english: Flask) -> None:
    assert written(english, due=None)[1] == "To ก\n"


def test_lines_stand_below_their_heading(english: Flask) -> None:
    assert written(english, rows=["1", "2"], heading="Papers")[1] == "To ก\n\nDue: 1 ม.ค.\n\nPapers\n1\n2"


def test_a_percent_sign_in_a_value_stays_one(english: Flask) -> None:
    assert written(english, reader="100%s")[1].startswith("To 100%s\n")


@pytest.mark.parametrize("values", [{"amount": "1"}, {}])
def test_a_value_that_is_not_on_the_list_or_missing_is_refused(english: Flask, values: dict[str, object]) -> None:
    given = {"number": "7", "reader": "ก", "due": None, "rows": (), "heading": "", **values}
    if not values:
        del given["due"]

    with english.app_context(), pytest.raises(LookupError, match="amount" if values else "due"):
        write(LETTER, given)


@pytest.mark.parametrize("key", TEXTS)
def test_every_placeholder_of_a_line_has_a_value(key: str) -> None:
    for part in (TEXTS[key].subject, *TEXTS[key].body):
        if isinstance(part, Line):
            assert set(re.findall(r"%\((\w+)\)s", part.text)) == {placeholder for placeholder, _value in part.values}
