"""What a move or a state means stands on its row: nothing elsewhere decides by a move's name or lists states."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.workflow import EVENTS, MOVES

APP = Path(__file__).resolve().parents[3] / "app"
# Where the rows are. The demonstration tells stories: it names the moves it makes up.
TABLES = ("domain/states.py", "domain/workflow.py", "demo/")
NAMES = {*MOVES, *EVENTS}
# Figures over loans that were granted: the one state a query may name.
IN_QUERIES = {"LoanApplication.status == State.APPROVED.value", "status=State.APPROVED.value"}
IN_TEMPLATES = re.compile(
    r"\b(?:step|move|change)\.(?:name|move)\s*(?:[!=]=|in\b)|\bapplication\.(?:state|status)\s*(?:[!=]=|in\b)"
)


def deciding(source: str) -> Iterator[tuple[int, str]]:
    """Lines that compare with a move's name or a state, or make a table of either."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr) and _decides(node):
            yield node.lineno, ast.unparse(node)


def _decides(node: ast.expr) -> bool:
    match node:
        case ast.Compare():
            parts = [node.left, *node.comparators]
            found = any(_is_move(part) or _is_state(part) or _is_table(part) for part in parts)
            return found and ast.unparse(node) not in IN_QUERIES
        case ast.Dict():
            return any(_is_move(key) or _is_state(key) for key in node.keys)
        case _:
            return _is_table(node)


def _is_move(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value in NAMES


def _is_state(node: ast.expr | None) -> bool:
    while isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in ("State", "S") and node.attr.isupper():
            return True
        node = node.value
    return False


def _is_table(node: ast.expr) -> bool:
    if isinstance(node, ast.Set | ast.Tuple | ast.List):
        return any(map(_is_state, node.elts)) or sum(map(_is_move, node.elts)) > 1
    return False


def test_nothing_in_the_code_decides_by_a_moves_name_or_a_list_of_states() -> None:
    found = [
        (str(path.relative_to(APP)), number, text)
        for path in sorted(APP.rglob("*.py"))
        if not str(path.relative_to(APP)).startswith(TABLES)
        for number, text in deciding(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_no_template_decides_by_a_moves_name_or_a_state() -> None:
    found = [
        (path.name, line.strip())
        for path in sorted((APP / "templates").rglob("*.html"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if IN_TEMPLATES.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "if step.name == 'submit': pass",
        "sends = step.name in ('submit', 'answer')",
        "if application.state is State.RETURNED: pass",
        "waiting = [row for row in rows if row.state in (State.DRAFT, State.RETURNED)]",
        "TONES = {State.DRAFT: 'neutral'}",
        "QUEUE = (State.SUBMITTED, State.RECEIVED)",
        "if change.move == 'return': pass",
    ],
)
def test_such_a_line_would_be_found(line: str) -> None:
    assert list(deciding(line))


@pytest.mark.parametrize("line", ["move(row.id, MoveRequest('receive', 1), person, at)", "state = State.DRAFT"])
def test_naming_the_move_one_makes_or_the_state_one_starts_in_is_no_decision(line: str) -> None:
    assert list(deciding(line)) == []
