"""Finds the places of a file at which a rule could be written wrongly, and what a slip would make of each."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("/",)),
    ast.Div: ("/", ("*",)),
    ast.FloorDiv: ("//", ("*",)),
    ast.Mod: ("%", ("*",)),
    ast.Pow: ("**", ("*",)),
    ast.BitOr: ("|", ("&",)),
    ast.BitAnd: ("&", ("|",)),
}
JUNCTIONS: dict[type[ast.boolop], tuple[str, tuple[str, ...]]] = {ast.And: ("and", ("or",)), ast.Or: ("or", ("and",))}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
PLAIN = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes ``start`` to ``end`` of a file, and each text that may stand there instead."""

    start: int
    end: int
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one place changed; ``before`` and ``after`` are the code of the lines around the change."""

    file: str
    line: int
    before: str
    after: str
    source: bytes


def places_in(source: bytes) -> list[Place]:
    """Every place in the order of the file."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    return sorted(finder.found, key=lambda place: (place.start, place.end))


def mutant_at(file: str, source: bytes, place: Place, instead: str) -> Mutant:
    """The file with the place changed."""
    changed = source[: place.start] + instead.encode() + source[place.end :]
    first = source.rfind(b"\n", 0, place.start) + 1
    last = source.find(b"\n", place.end)
    before, after = source[first:last], changed[first : last + len(changed) - len(source)]
    return Mutant(file, source.count(b"\n", 0, place.start) + 1, _one_line(before), _one_line(after), changed)


def _one_line(code: bytes) -> str:
    """The code without the comment behind it, which may be reworded."""
    return " ".join(re.sub(r"\s+# .*$", "", code.decode(), flags=re.MULTILINE).split())


class _Finder(ast.NodeVisitor):
    """Leaves out what decides nothing: annotations, decorators, texts, and the defaults of fields."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.lines = [0, *(found.end() for found in re.finditer(b"\n", source))]
        self.found: list[Place] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._each([*node.args.defaults, *node.args.kw_defaults, *node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._each(part for part in node.body if isinstance(part, ast.FunctionDef))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._each([node.value])

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """What stands in a text has no position of its own before Python 3.12."""

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            self._between(left, right, *COMPARISONS[type(operator)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between(left, right, *JUNCTIONS[type(node.op)])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._between(node.left, node.right, *ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._between(node.target, node.value, *ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        start, spelled = self._start(node), "not " if isinstance(node.op, ast.Not) else "-"
        self._add(start, start + len(spelled), "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._replace(node, str(not node.value))
        elif isinstance(node.value, int):
            self._replace(node, str(node.value + 1), *([str(node.value - 1)] if node.value else []))

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in CALLS:
            self._replace(node.func, CALLS[node.func.id])
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._replace(node.value, "None")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._replace(node, "pass")
        self.generic_visit(node)

    def visit_Break(self, node: ast.Break) -> None:
        self._replace(node, "continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replace(node, "break")

    def visit_If(self, node: ast.If) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._condition(test)
        self.generic_visit(node)

    def _each(self, nodes: Iterable[ast.AST | None] | Iterator[ast.AST]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _condition(self, test: ast.expr) -> None:
        """A condition without an operator of its own, which would be changed instead."""
        if isinstance(test, PLAIN):
            self._replace(test, f"not {self.source[self._start(test) : self._end(test)].decode()}")

    def _between(self, left: ast.expr, right: ast.expr, spelled: str, instead: Sequence[str]) -> None:
        """The operator between two operands; brackets and line ends may stand beside it."""
        start, end = self._end(left), self._start(right)
        pattern = rb"\s+".join(re.escape(word.encode()) for word in spelled.split())
        operator = re.search(pattern, self.source[start:end])
        assert operator is not None
        self._add(start + operator.start(), start + operator.end(), *instead)

    def _replace(self, node: ast.expr | ast.stmt, *instead: str) -> None:
        self._add(self._start(node), self._end(node), *instead)

    def _add(self, start: int, end: int, *instead: str) -> None:
        self.found.append(Place(start, end, instead))

    def _start(self, node: ast.expr | ast.stmt) -> int:
        return self.lines[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.lines[node.end_lineno - 1] + node.end_col_offset
