"""Each inner name of a framework that we touch stands in ``docs/framework.md``: the checklist for an upgrade.

The code is read as text, the frameworks as they are installed.
"""

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import app

APP = Path(__file__).resolve().parents[3] / "app"
DOCUMENT = APP.parent / "docs" / "framework.md"
FRAMEWORKS = ("flask", "flask_appbuilder", "flask_login", "flask_wtf", "jinja2", "waitress", "werkzeug", "wtforms")
# Its connections are not documented as something to build on, so every name counts.
ANY_NAME_OF = "waitress."
# Methods of it that we replace count, too, but for the hooks that its documents promise.
METHODS_OF = "flask_appbuilder."
PROMISED = {"pre_add", "pre_update", "pre_delete"}
ROW = re.compile(r"^\| `((?:\w+\.)+\w+)` \|", re.MULTILINE)


def is_inner(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def package_of(thing: type[Any]) -> str:
    return thing.__module__.split(".")[0]


@functools.cache
def names_set_on(thing: type[Any]) -> frozenset[str]:
    """Names that a class defines: in its body, or on ``self`` in one of its methods."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    on_self = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and getattr(node.value, "id", "") == "self"
    }
    return frozenset(vars(thing)) | on_self


def framework_classes(ours: type[Any]) -> list[type[Any]]:
    return [base for base in ours.__mro__ if package_of(base) in FRAMEWORKS]


def owner_of(ours: type[Any], name: str) -> str | None:
    """The framework's class that a name of ours comes from, and the name."""
    for base in framework_classes(ours):
        if name in names_set_on(base):
            return f"{base.__module__}.{base.__qualname__}.{name}"
    return None


def our_classes() -> Iterator[type[Any]]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        loaded = importlib.import_module(module.name)
        for _name, thing in inspect.getmembers(loaded, inspect.isclass):
            if thing.__module__ == module.name and framework_classes(thing):
                yield thing


def names_used_by(ours: type[Any]) -> set[str]:
    """Names that a class of ours overrides, or reaches for on itself or its base."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(ours))).body[0]
    assert isinstance(tree, ast.ClassDef)
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and of_oneself(node.value)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            used.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            used |= {target.id for target in targets if isinstance(target, ast.Name)}
    return used


def of_oneself(node: ast.expr) -> bool:
    return getattr(node, "id", "") in ("self", "cls") or (
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "super"
    )


def touched_by_classes() -> set[str]:
    found = set()
    for ours in our_classes():
        replaced = {name for name, thing in vars(ours).items() if inspect.isfunction(thing)} - PROMISED
        for name in names_used_by(ours):
            owner = None if name.startswith("__") else owner_of(ours, name)
            counts = is_inner(name) or (owner and owner.startswith(ANY_NAME_OF))
            if owner and (counts or (name in replaced and owner.startswith(METHODS_OF))):
                found.add(owner)
    return found


def touched_on_others(tree: ast.AST) -> set[str]:
    """Inner names that code reaches for on something else, where a framework's class that we build on has them."""
    return {
        known
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and not of_oneself(node.value)
        if (known := inner_names().get(node.attr))
    }


@functools.cache
def inner_names() -> dict[str, str]:
    """Where each inner name of the framework's classes that we build on is from."""
    return {
        name: f"{base.__module__}.{base.__qualname__}.{name}"
        for ours in our_classes()
        for base in framework_classes(ours)
        for name in names_set_on(base)
        if is_inner(name)
    }


def inner_imports(tree: ast.AST) -> set[str]:
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in FRAMEWORKS
        for alias in node.names
        if any(is_inner(part) for part in f"{node.module}.{alias.name}".split("."))
    }


@functools.cache
def touched() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(APP.rglob("*.py"))]
    return touched_by_classes().union(*(inner_imports(tree) | touched_on_others(tree) for tree in trees))


def listed() -> list[str]:
    text = DOCUMENT.read_text(encoding="utf-8").split("## Inner names that we touch", 1)[1]
    return ROW.findall(text)


def is_there(name: str) -> bool:
    """Whether the installed framework has a name: module.Class.name, or module.name."""
    owner, _dot, last = name.rpartition(".")
    module, _dot, kind = owner.rpartition(".")
    try:
        return hasattr(importlib.import_module(owner), last)
    except ModuleNotFoundError:
        thing = getattr(importlib.import_module(module), kind, None)
    return thing is not None and last in names_set_on(thing)


def test_every_inner_name_we_touch_is_listed() -> None:
    assert sorted(touched() - set(listed())) == []


def test_every_listed_name_is_still_touched() -> None:
    assert sorted(set(listed()) - touched()) == []


def test_every_listed_name_is_still_there() -> None:
    assert [name for name in listed() if not is_there(name)] == []


def test_list_is_in_order_and_says_each_name_once() -> None:
    assert listed() == sorted(set(listed()))
