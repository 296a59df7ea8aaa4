"""The conditions that narrow every statement to a scope, added to it as one option."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.orm.interfaces import CriteriaOption

Criterion = ColumnElement[bool]
# A short name for each way that the conditions of a scope can read, whatever the values in them.
_SHAPES: dict[Any, object] = {}


class Narrowing(CriteriaOption):
    """Conditions by model, whose place in SQLAlchemy's cache of statements is worked out once.

    As options of their own they would be looked at, walked and named anew for every statement, which takes longer
    than most statements.

    Raises:
        TypeError: a condition has something in it that no statement with it could be kept for.
    """

    propagate_to_loaders = True

    def __init__(self, criteria: Mapping[type[Any], Criterion]) -> None:
        self.options = [
            with_loader_criteria(model, criterion, include_aliases=True) for model, criterion in criteria.items()
        ]
        keys = [criterion._generate_cache_key() for criterion in criteria.values()]
        kept = [key for key in keys if key is not None]
        if len(kept) < len(keys):
            raise TypeError("a condition of the scope cannot be kept")
        named = tuple(zip(criteria, (key.key for key in kept), strict=True))
        self.shape = _SHAPES.setdefault(named, object())
        self.parameters = [parameter for key in kept for parameter in key.bindparams]

    def _gen_cache_key(self, _anon_map: Any, bindparams: list[Any]) -> Any:
        bindparams.extend(self.parameters)
        return Narrowing, self.shape

    def process_compile_state(self, compile_state: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, _mapper_entities: Any) -> None:
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        for option in self.options:
            option.get_global_criteria(attributes)
