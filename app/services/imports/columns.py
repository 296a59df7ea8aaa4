"""The description of one column of an imported file; most of it is said at the column of the database."""

from dataclasses import dataclass
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import inspect

from app.domain.values.lengths import refuse_longer
from app.services.imports.readers import Reader, Rule, reader_of


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. Its label, help, choices and length are those of the database's column.

    Args:
        name: the row's attribute.
        words: headings people use besides our label.
        checks: rules of the domain; each returns the value's one spelling, or refuses it.
        missing: what a row is told that needs this column and has nothing in it; empty for what may stay empty.
        examples: what stands in the template's example rows, in their order.
    """

    name: str
    label: str
    reader: Reader
    words: tuple[str, ...] = ()
    checks: tuple[Rule, ...] = ()
    missing: str = ""
    examples: tuple[str, ...] = ()
    help: str = ""
    longest: int | None = None
    unique: bool = False

    def check(self, value: object) -> object:
        """Return the one spelling of what was read.

        Raises:
            RuleBroken: it is not allowed, or too long for the database.
        """
        for check in self.checks:
            value = check(value)
        if self.longest and isinstance(value, str):
            refuse_longer(value, self.longest)
        return value


def column_of(model: type[Model], name: str, *words: str, reader: Reader | None = None, **own: Any) -> Column:
    """Describe the file's column for a column of the database, or for a relation, which needs its ``reader``."""
    mapper = inspect(model)
    relation = mapper.relationships.get(name)
    stored = mapper.columns[name] if relation is None else next(iter(relation.local_columns))
    return Column(
        name,
        label=stored.info["label"],
        reader=reader or reader_of(stored.type, stored.info),
        words=words,
        help=stored.info.get("help", ""),
        longest=getattr(stored.type, "length", None),
        unique=bool(stored.unique),
        **own,
    )
