"""Which papers must be there: what the terms require always, and under the conditions that hold for an application."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Protocol

from sqlalchemy import select

from app.domain.programmes import DocumentCondition
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.services.cooperatives.borrowers import borrowers_among
from app.services.programmes.versions import PaperTerms


class Asked(Protocol):
    """What the checklist reads of an application: its row, or these columns of it."""

    @property
    def id(self) -> int: ...
    @property
    def cooperative_id(self) -> int: ...
    @property
    def programme_id(self) -> int: ...
    @property
    def edition_id(self) -> int | None: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def first_time(self) -> bool | None: ...


class Owners:
    """What conditions need of the cooperatives of some applications; read only when a paper has a condition."""

    def __init__(self, applications: Iterable[Asked]) -> None:
        self._ids = {row.cooperative_id for row in applications}

    @cached_property
    def borrowers(self) -> frozenset[int]:
        return borrowers_among(self._ids)

    @cached_property
    def kinds(self) -> dict[int, str]:
        kinds = db.session.execute(select(Cooperative.id, Cooperative.kind).where(Cooperative.id.in_(self._ids)))
        return {key: kind for key, kind in kinds}


def needed_codes(application: Asked, terms: PaperTerms, owners: Owners) -> set[str]:
    """Codes of the papers that must be there by the terms."""
    conditional = any(document.condition for document in terms.documents)
    holding = _conditions(application, terms, owners) if conditional else {None}
    return {document.code for document in terms.documents if document.required and document.condition in holding}


def _conditions(application: Asked, terms: PaperTerms, owners: Owners) -> set[DocumentCondition | None]:
    """The conditions that hold for this application; None stands for no condition at all."""
    owner = application.cooperative_id
    first_time = application.first_time if application.first_time is not None else owner not in owners.borrowers
    holding: set[DocumentCondition | None] = {None}
    # A committee member reaches the application but not always the cooperative's register.
    if owner in owners.kinds:
        holding.add(DocumentCondition(owners.kinds[owner]))
    holding.add(DocumentCondition.NEW_BORROWER if first_time else DocumentCondition.REPEAT_BORROWER)
    if terms.provinces:
        holding.add(DocumentCondition.DISASTER)
    return holding
