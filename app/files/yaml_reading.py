"""YAML read without surprises: texts, whole decimal numbers, yes and no; and the line on which every value stands."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_, UNPRINTABLE

UNREADABLE = N_("Line %(line)s cannot be read as YAML. Correct it.")
NOTHING_THERE = N_("The file has no names with values. Choose a file that was exported here.")
CORE = "tag:yaml.org,2002:"
# 010 stays text, which no count takes: other readers take it for eight, and the text 089 is exported without quotes.
NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
DEEPEST = 20  # lists and names inside one another; a programme has three
KEPT = {f"{CORE}{name}" for name in ("bool", "null", "str", "map", "seq")}


class LineRefused(RuleBroken):
    """A value of a file does not fit: the line, and the reason as a refusal of its own."""

    def __init__(self, line: int, reason: RuleBroken) -> None:
        self.line = line
        super().__init__(N_("Line %(line)s: %(reason)s"), line=line, reason=reason)


class _Loader(yaml.SafeLoader):
    """Leaves amounts, rates and days texts, and knows no octal, sexagesimal or hexadecimal numbers.

    No figure passes through binary fractions, and a day that does not exist is refused with its line.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag in KEPT]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors = {
        tag: make for tag, make in yaml.SafeLoader.yaml_constructors.items() if tag in KEPT or tag is None
    }


def _whole_number(loader: Any, node: yaml.ScalarNode) -> int | str:
    text = loader.construct_scalar(node)
    return int(text) if NUMBER.fullmatch(text) else str(text)


def _yes_or_no(loader: Any, node: yaml.ScalarNode) -> bool | str:
    text = str(loader.construct_scalar(node))
    return bool(loader.bool_values[text.lower()]) if text.lower() in loader.bool_values else text


_Loader.add_implicit_resolver(f"{CORE}int", re.compile(f"^(?:{NUMBER.pattern})$"), list("-+0123456789"))
_Loader.add_constructor(f"{CORE}int", _whole_number)
_Loader.add_constructor(f"{CORE}bool", _yes_or_no)


def read_yaml(content: bytes) -> tuple[yaml.Node, dict[str, Any]]:
    """Return a file's names with their values, and the nodes that know the lines.

    Raises:
        RuleBroken: it is no YAML, refers to parts of itself, or has a name twice; with the line.
    """
    try:
        text = content.decode("utf-8-sig")
        _refuse_tangled(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        for part in _parts(node):
            _refuse_odd(part)
        plain = loader.construct_document(node) if node is not None else None
    except UnicodeDecodeError:
        raise RuleBroken(N_("The file is not text in UTF-8. Save it as UTF-8 and try again.")) from None
    except yaml.reader.ReaderError as error:
        raise RuleBroken(UNREADABLE, line=text.count("\n", 0, error.position) + 1) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RuleBroken(UNREADABLE, line=mark.line + 1 if mark else 1) from None
    if not isinstance(plain, dict):
        raise RuleBroken(NOTHING_THERE)
    return node, plain


def _refuse_tangled(text: str) -> None:
    """Read the parts one by one and stop early: to make one tree of very many inside one another takes seconds."""
    deep = 0
    for event in yaml.parse(text):
        if isinstance(event, yaml.AliasEvent):
            raise RuleBroken(N_("The file refers to parts of itself. Write every value out."))
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if deep > DEEPEST:
            raise LineRefused(
                event.start_mark.line + 1, RuleBroken(N_("Too many lists stand inside one another here. Correct it."))
            )


def line_of(node: yaml.Node, path: tuple[str | int, ...]) -> int:
    """The line of the value that ``path`` leads to, or of the last part of the way that exists."""
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return _line(node)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _below(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if getattr(key, "value", None) == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _parts(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """Every node, in the order of the file."""
    waiting = [] if node is None else [node]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, yaml.MappingNode):
            waiting += [value for _key, value in reversed(part.value)]
        elif isinstance(part, yaml.SequenceNode):
            waiting += reversed(part.value)


def _refuse_odd(part: yaml.Node) -> None:
    if isinstance(part, yaml.ScalarNode) and UNPRINTABLE.search(part.value):
        raise LineRefused(
            _line(part),
            RuleBroken(N_("The text holds characters that cannot be shown. Type it instead of pasting.")),
        )
    if isinstance(part, yaml.MappingNode):
        _refuse_odd_names(part)


def _refuse_odd_names(mapping: yaml.MappingNode) -> None:
    """YAML itself takes the last of two values of one name, without a word."""
    seen: dict[str, int] = {}
    for key, _value in mapping.value:
        if key.tag != f"{CORE}str" or not isinstance(key, yaml.ScalarNode):
            raise LineRefused(_line(key), RuleBroken(N_("A name with a value is expected here. Correct it.")))
        if key.value in seen:
            raise LineRefused(
                _line(key),
                RuleBroken(
                    N_("%(name)s is there already, on line %(first)s. Leave one of them out."),
                    name=key.value[:60],
                    first=seen[key.value],
                ),
            )
        seen[key.value] = _line(key)
