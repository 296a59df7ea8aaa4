"""YAML as people mean it: decimal numbers, days as texts, no name twice, and the line of everything odd."""

import re
from typing import Any

import pytest
import yaml

from app.domain.values.errors import RuleBroken
from app.files.yaml_reading import LineRefused, line_of, read_yaml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12", 12),
        ("-3", -3),
        ("010", "010"),
        ("089", "089"),
        ("0x10", "0x10"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("0.0275", "0.0275"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2026-10-01", "2026-10-01"),
        ("2026-02-30", "2026-02-30"),
        ("9" * 30, "9" * 30),
        ("'12'", "12"),
        ("yes", True),
        ("no", False),
        ("true", True),
        ("null", None),
        ("", None),
        ("!!int 0x10", "0x10"),
        ("!!bool maybe", "maybe"),
        ("ธนาคาร", "ธนาคาร"),
    ],
)
def test_values_are_read_as_they_are_written(written: str, read: Any) -> None:
    _node, plain = read_yaml(f"value: {written}\n".encode())

    assert plain == {"value": read}
    assert type(plain["value"]) is type(read)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a is there already, on line 1"),
        ("a:\n  b: 1\n  c:\n    - d: 1\n      e: 2\n      d: 3\n", 6, "d is there already, on line 4"),
        ("a: {b: 1, c: 2,\n b: 3}\n", 2, "b is there already, on line 1"),
        ("a: 1\n2: 3\n", 2, "name with a value"),
        ("a: 1\nyes: 3\n", 2, "name with a value"),
        ("a: 1\n? [b, c]\n: 3\n", 2, "name with a value"),
        ('a: 1\nb: "x\\0y"\n', 2, "cannot be shown"),
        ('a: 1\nb: "\\ud800"\n', 2, "cannot be shown"),
    ],
)
def test_odd_names_and_texts_are_refused_with_their_line(text: str, line: int, said: str) -> None:
    with pytest.raises(LineRefused, match=said) as refused:
        read_yaml(text.encode())

    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: \x01\n", 2),
        ("a: 1\nb: !!timestamp 2026-02-30\n", 2),
        ("a: 1\nb: !!python/object/apply:os.system [x]\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(RuleBroken, match=re.escape(f"Line {line} cannot be read")):
        read_yaml(text.encode())


@pytest.mark.parametrize("text", ["- 1\n", ""])
def test_a_file_of_no_names_with_values_is_said_to_be_one(text: str) -> None:
    with pytest.raises(RuleBroken, match="has no names with values"):
        read_yaml(text.encode())


def test_a_merge_of_names_is_a_name_like_any_other() -> None:
    assert read_yaml(b"<<: {a: 1}\n")[1] == {"<<": {"a": 1}}


def test_the_line_is_that_of_the_last_part_of_the_way_that_exists() -> None:
    node, _plain = read_yaml(b"terms:\n  rates:\n  - from_month: 1\n  - from_month: 2\n    longest_term: 3\n")

    assert line_of(node, ("terms", "rates", 1, "longest_term")) == 5
    assert line_of(node, ("terms", "rates", 1, "annual_rate")) == 4
    assert line_of(node, ("terms", "closes_on")) == 2


@pytest.mark.parametrize(
    "content",
    [b"[" * 5000, b"a: " + b"[" * 5000 + b"]" * 5000, b"- " * 5000, b"{a: " * 5000, b"[\n" * 100_000, b"? " * 5000],
)
def test_lists_inside_one_another_are_refused_before_a_tree_is_made(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    parse = yaml.parse
    monkeypatch.setattr(yaml, "parse", lambda text: (read.append(event) or event for event in parse(text)))

    with pytest.raises(RuleBroken):
        read_yaml(content)

    assert len(read) < 60
