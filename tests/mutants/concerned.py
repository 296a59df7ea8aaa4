"""Which unit tests concern a file of the rules, read from what they import."""

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = "app.domain"
# Tries ten thousand loans whatever the profile says, which takes a minute each time.
SLOW = frozenset({"test_schedule_properties.py"})


def path_of(module: str) -> Path:
    """Where a module stands; the path of its package's own file when it is a package."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def rule_files() -> list[str]:
    """The files with rules, from their folder on: ``schedule.py``, ``values/money.py``."""
    folder = path_of(RULES).parent
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py") if path.name != "__init__.py")


def module_of(file: str) -> str:
    """The module of a file with rules."""
    return f"{RULES}.{file.removesuffix('.py').replace('/', '.')}"


@cache
def imports_of(path: Path) -> frozenset[str]:
    """The project's own modules that a file imports by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            below = {f"{node.module}.{name.name}" for name in node.names}
            found.update({module for module in below if path_of(module).is_file()} or {node.module})
    return frozenset(module for module in found if module.split(".")[0] in ("app", "tests"))


def reached(path: Path, through: Callable[[str], bool]) -> frozenset[str]:
    """The modules a file imports, and those that these import, as far as ``through`` lets it follow."""
    found: set[str] = set()
    waiting = set(imports_of(path))
    while waiting:
        module = waiting.pop()
        found.add(module)
        if through(module):
            waiting |= imports_of(path_of(module)) - found
    return frozenset(found)


@cache
def quick_tests() -> tuple[Path, ...]:
    """The unit tests that need the rules and nothing else of the application."""
    every = sorted((ROOT / "tests" / "unit").rglob("test_*.py"))
    quick = [path for path in every if path.name not in SLOW]
    return tuple(path for path in quick if _rules_alone(reached(path, lambda module: module.startswith("tests."))))


def _rules_alone(modules: frozenset[str]) -> bool:
    ours = [module for module in modules if module.split(".")[0] == "app"]
    return bool(ours) and all(module.startswith(f"{RULES}.") for module in ours)


def near_and_far(file: str) -> list[Path]:
    """The quick tests that reach a file of the rules; those that import it themselves come first."""
    module = module_of(file)
    near = [path for path in quick_tests() if module in imports_of(path)]
    far = [path for path in quick_tests() if path not in near and module in reached(path, lambda _module: True)]
    return near + far
