"""The document of the workflow says what the table of moves says."""

from app.domain.states import State
from app.domain.workflow import MOVES
from tests.workflow_doc import PAGE, page


def test_document_is_what_the_table_of_moves_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: .venv/bin/python -m tests.workflow_doc"


def test_document_names_every_state_and_every_move() -> None:
    text = page()

    assert [move for move in MOVES if f"| `{move}` |" not in text] == []
    assert [state.value for state in State if f"| `{state.value}` |" not in text] == []
