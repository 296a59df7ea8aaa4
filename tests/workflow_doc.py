"""Writes docs/workflow.md from the table of moves: ``python -m tests.workflow_doc``; a test compares the two."""

from collections.abc import Iterable
from pathlib import Path

from app.domain.roles import Role
from app.domain.states import BEFORE_DECISION, FINAL, State
from app.domain.workflow import MOVES, ApplicationMove
from app.ui.catalogue import read_catalogue

PAGE = Path(__file__).resolve().parents[1] / "docs" / "workflow.md"
HEAD = """# เส้นทางของคำขอกู้เงิน / The life of a loan application

เอกสารนี้สร้างจาก `app/domain/workflow.py` ด้วยคำสั่ง `.venv/bin/python -m tests.workflow_doc` โปรดแก้ที่ตารางในไฟล์นั้น ไม่ใช่ที่นี่

This page is made from `app/domain/workflow.py` by `.venv/bin/python -m tests.workflow_doc`. Change the table there, not
this page; a test fails while the two differ. Buttons, permissions, checks, history and notices follow the same table.
"""
COLUMNS = (
    "Move",
    "ปุ่ม / Button",
    "จาก / From",
    "ไป / To",
    "ผู้ดำเนินการ / Who",
    "เงื่อนไข / Checks",
    "ข้อความ / Text",
    "แจ้ง / Tells",
)


def page() -> str:
    """The whole document."""
    return "\n".join([HEAD, *_diagram(), "", *_states(), "", *_moves(), "", *_checks(), ""])


def _thai() -> dict[str, str]:
    return {str(message.id): str(message.string) for message in read_catalogue() if message.id}


THAI = _thai()


def _both(label: str) -> str:
    return f"{THAI[label]} / {label}"


def _diagram() -> Iterable[str]:
    # An arrow from every state would hide the others; the text says it instead.
    everywhere = [move for move in MOVES.values() if move.origins == BEFORE_DECISION]
    yield from ("## แผนภาพ / Diagram", "", "```mermaid", "stateDiagram-v2")
    for state in State:
        yield f'    state "{THAI[state.label]} ({state.value})" as {state.value}'
    yield f"    [*] --> {State.DRAFT.value}"
    for move in MOVES.values():
        if move in everywhere:
            continue
        for origin in _ordered(move.origins):
            yield f"    {origin.value} --> {move.target.value} : {THAI[move.label]}"
    for state in _ordered(FINAL):
        yield f"    {state.value} --> [*]"
    yield from ("```", "")
    for move in everywhere:
        yield f"- `{move.name}` ({_both(move.label)}): จากทุกสถานะก่อนมีมติ / from every state before a decision"


def _states() -> Iterable[str]:
    yield from ("## สถานะ / States", "")
    yield "| Code | สถานะที่เจ้าหน้าที่เห็น / Officers read | ที่สหกรณ์เห็น / The cooperative reads | Final |"
    yield "|---|---|---|---|"
    for state in State:
        final = "✓" if state in FINAL else ""
        yield f"| `{state.value}` | {_both(state.label)} | {_both(state.facts.public)} | {final} |"


def _moves() -> Iterable[str]:
    yield from ("## การดำเนินการ / Moves", "")
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|---" * len(COLUMNS) + "|"
    for move in MOVES.values():
        cells = (
            f"`{move.name}`",
            _both(move.label),
            ", ".join(f"`{state.value}`" for state in _ordered(move.origins)),
            f"`{move.target.value}`",
            _roles(move.roles),
            ", ".join(f"`{check.__name__}`" for check in move.checks) or "–",
            _text(move),
            _roles(move.tells),
        )
        yield "| " + " | ".join(cells) + " |"


def _text(move: ApplicationMove) -> str:
    if not move.reason_required and move.reason_label is None:
        return "–"
    need = "ต้องกรอก / required" if move.reason_required else "กรอกหรือไม่ก็ได้ / optional"
    return f"{_both(move.reason_label)} ({need})" if move.reason_label else need


def _checks() -> Iterable[str]:
    yield from ("## เงื่อนไข / Checks", "")
    checks = dict.fromkeys(check for move in MOVES.values() for check in move.checks)
    for check in checks:
        yield f"- `{check.__name__}`: {(check.__doc__ or '').splitlines()[0]}"


def _roles(roles: Iterable[Role]) -> str:
    chosen = set(roles)
    return ", ".join(THAI[role.label] for role in Role if role in chosen) or "–"


def _ordered(states: Iterable[State]) -> list[State]:
    chosen = set(states)
    return [state for state in State if state in chosen]


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
