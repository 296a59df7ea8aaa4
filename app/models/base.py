"""What our tables have in common: labelled columns, a version, the owner, the search text."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Integer, event
from sqlalchemy.orm import Mapped, MappedColumn, Mapper, Session, declared_attr, mapped_column

from app.domain.values.text import N_, Name
from app.domain.values.thai import search_key, sort_key
from app.models.types import SEARCH_TEXT, SORT_KEY


def labelled(
    label: str,
    *args: Any,
    help_text: str = "",
    choices: Any = None,
    counted: bool = False,
    reads: Mapping[str, Any] | None = None,
    **kwargs: Any,
) -> MappedColumn[Any]:
    """A column whose label (and help, and choices) every screen takes from here.

    Args:
        label: English text marked with ``N_``.
        help_text: one line shown under the field.
        counted: a number of things, shown with separators (a year is not).
        reads: what a form's field and an import's reader of the column are told besides (``ui/number_fields.py``):
            that a number is a ``buddhist_year``, or a rate a ``yearly`` one.
        choices: a ``LabelledEnum`` whose values the column holds; the database knows them, too (``models/words.py``).
    """
    info = {"label": label, "help": help_text, "choices": choices, "counted": counted, "reads": reads or {}}
    return mapped_column(*args, info=info, **kwargs)


def now() -> datetime:
    """The present moment for column defaults."""
    return datetime.now(UTC)


class Versioned:
    """A row two people may edit: the second to save is told, not obeyed."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Owned:
    """A row that belongs to one cooperative; ``security/scope.py`` narrows every read and write of it."""

    @declared_attr
    def cooperative_id(cls) -> Mapped[int]:
        return mapped_column(
            ForeignKey("cooperative.id"), nullable=False, index=True, info={"label": N_("Cooperative")}
        )


class Called:
    """A row that people know by a name; in Thai wherever it is kept, as in the audit trail."""

    def called(self, *, english: bool) -> str:
        """Its name in one of the languages."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.called(english=False)


def name_of(row: Called | None, *, english: bool) -> str:
    """The name of a row that may not be known yet, as of one that is just being added."""
    return "–" if row is None else row.called(english=english)


class Named(Called):
    """A row that people know by one of its columns, which lists read alone; in English by another, if it has one."""

    called_by: ClassVar[str] = "name"

    @classmethod
    def name_column(cls, *, english: bool) -> str:
        """The column of its name in one of the languages."""
        return "name_en" if english and hasattr(cls, "name_en") else cls.called_by

    def called(self, *, english: bool) -> str:
        return str(getattr(self, self.name_column(english=english)) or getattr(self, self.called_by) or "–")

    @property
    def both_names(self) -> Name:
        """What messages call it, whose reader's language is known when they are shown."""
        return Name(self.called(english=False), self.called(english=True))


class Audited:
    """A register row: every insert, change and delete becomes an AuditEvent in the same transaction."""

    unaudited_columns: ClassVar[frozenset[str]] = frozenset({"version", "search_text", "name_sort"})


class Searchable:
    """A row found by any part of the texts named in ``searched_columns``, in Thai too."""

    searched_columns: ClassVar[tuple[str, ...]] = ()
    sorted_column: ClassVar[str] = "name"

    search_text: Mapped[str] = mapped_column(SEARCH_TEXT, nullable=False, default="")
    name_sort: Mapped[str] = mapped_column(SORT_KEY, nullable=False, default="", index=True)

    def refresh_search_text(self) -> None:
        """Fill the search text and the sort key from the columns they stand for."""
        texts = (getattr(self, name) for name in self.searched_columns)
        self.search_text = search_key(" ".join(str(text) for text in texts if text))
        self.name_sort = sort_key(str(getattr(self, self.sorted_column) or ""))[:400]


# Around a flush, whatever is imported first (``insert`` puts a listener before the others):
#   before: search texts are filled in here, then security/scope.py checks what is to be written, texts and all;
#   after: security/scope.py checks the keys that the flush filled in, then security/audit.py records what passed.
@event.listens_for(Session, "before_flush", insert=True)
def _refresh_search_texts(session: Session, _context: object, _instances: Iterable[object] | None) -> None:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Searchable) and session.is_modified(row, include_collections=False):
            row.refresh_search_text()


def labels_of(model: type[Model]) -> dict[str, str]:
    """English labels of a model's columns and relationships; a relationship takes its column's label."""
    mapper: Mapper[Any] = model.__mapper__
    labels = {
        attr.key: attr.columns[0].info["label"] for attr in mapper.column_attrs if "label" in attr.columns[0].info
    }
    for relation in mapper.relationships:
        if "label" in relation.info:
            labels[relation.key] = relation.info["label"]
            continue
        for column in relation.local_columns:
            if "label" in column.info and relation.direction.name == "MANYTOONE":
                labels[relation.key] = column.info["label"]
    return labels
