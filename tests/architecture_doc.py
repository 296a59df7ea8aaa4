"""Draws the picture of docs/architecture.md from the imports: ``python -m tests.architecture_doc``; tested."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- made from the imports by: .venv/bin/python -m tests.architecture_doc -->"
END = "<!-- end of the picture -->"
# Packages whose folders are rooms: shown one by one. The others are shown whole.
WITH_ROOMS = ("views", "services")
# What only puts the parts together would point everywhere and say nothing.
LEFT_OUT = {"__init__"}

Arrows = dict[str, set[str]]


def picture() -> str:
    """The diagram between its marks: layers as boxes, rooms inside, an arrow where one imports the other."""
    lines = [BEGIN, "", "```mermaid", "flowchart TD", *_boxes(), *_drawn(arrows()), "```", "", *_purposes(), "", END]
    return "\n".join(lines)


def with_picture(page: str) -> str:
    """The page with today's picture between its marks."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _old: picture(), page, flags=re.DOTALL)


@cache
def rooms() -> dict[str, list[Path]]:
    """Every part of the application, as ``layer`` or ``layer/room``, with its files."""
    found: dict[str, list[Path]] = {}
    for path in sorted(APP.rglob("*.py")):
        found.setdefault(room_of(path.relative_to(APP).with_suffix("").parts), []).append(path)
    return {room: files for room, files in found.items() if room not in LEFT_OUT}


def room_of(parts: tuple[str, ...]) -> str:
    """The room of a module, given as the names below ``app``."""
    layer, *rest = parts
    if layer in WITH_ROOMS and len(rest) > 1:
        return f"{layer}/{rest[0]}"
    return layer


@cache
def arrows() -> Arrows:
    """Which room imports which, without those that follow from others."""
    direct = {room: set(_imported(files)) - {room} for room, files in rooms().items()}
    for importer, used in direct.items():
        # A room's own layer holds it: the arrow from the layer's box says so already.
        used -= {importer.partition("/")[0]} if "/" in importer else set()
    return _shortened(direct)


def _imported(files: Iterable[Path]) -> Iterator[str]:
    known = set(rooms())
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                module = _module(tuple(name.split(".")))
                if module and room_of(module) in known:
                    yield room_of(module)


def _module(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The longest beginning of a dotted name that is a file of ours, below ``app``; nothing when it is not ours."""
    if parts[0] != "app":
        return ()
    for length in range(len(parts), 1, -1):
        place = ROOT.joinpath(*parts[:length])
        if place.with_suffix(".py").exists():
            return parts[1:length]
        if (place / "__init__.py").exists():
            return (*parts[1:length], "__init__")
    return ()


def _shortened(direct: Arrows) -> Arrows:
    """Without each arrow that a longer way says, too."""
    reach = {room: _reached(direct, room) for room in direct}
    return {
        room: {
            target
            for target in used
            if not any(target in reach[other] and room not in reach[other] for other in used - {target})
        }
        for room, used in direct.items()
    }


def _reached(direct: Arrows, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = direct.get(waiting.pop(), set()) - seen
        seen |= new
        waiting.extend(new)
    return seen


def _boxes() -> Iterator[str]:
    for layer in dict.fromkeys(room.partition("/")[0] for room in rooms()):
        inside = [room for room in rooms() if room.startswith(f"{layer}/")]
        if not inside:
            yield f"    {_id(layer)}[{layer}]"
            continue
        yield f"    subgraph {layer}"
        if layer in rooms():
            yield f"        {_id(layer)}[{layer} itself]"
        for room in inside:
            yield f"        {_id(room)}[{room.partition('/')[2]}]"
        yield "    end"


def _drawn(found: Arrows) -> Iterator[str]:
    for room, used in found.items():
        for target in sorted(used):
            yield f"    {_id(room)} --> {_id(target)}"


def _id(room: str) -> str:
    return "room_" + room.replace("/", "_")


def _purposes() -> Iterator[str]:
    yield from ("| Room | What is in it, in the words of its first lines |", "|---|---|")
    for room in rooms():
        module = APP / room / "__init__.py" if (APP / room).is_dir() else (APP / room).with_suffix(".py")
        words = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
        yield f"| `app/{room}` | {' '.join(words.partition(chr(10) * 2)[0].split())} |"


if __name__ == "__main__":
    PAGE.write_text(with_picture(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
