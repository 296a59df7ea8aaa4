"""Kept figures are what the rows come to after any history, whenever changes were folded in between.

A tenth of ``PROPERTY_EXAMPLES`` histories: twenty at the desk, a thousand in ``.ci/run``.
"""

import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, String, bindparam, delete, insert, select, update

from app.domain.states import State
from app.extensions import db
from app.figures.checking import differences
from app.figures.folding import add_changes
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.envelopes import EntryKind, EnvelopeEntry
from app.models.transaction import own_transaction
from tests import make

HISTORIES = int(os.environ.get("PROPERTY_EXAMPLES", "200")) // 10
STEPS = 8
STATES = (State.APPROVED, State.APPROVED, State.REJECTED, State.SUBMITTED, State.WITHDRAWN)
PLACES = (make.CHONBURI, make.PATHUM_THANI, make.CHONBURI)
APPLICATIONS, COOPERATIVES, ENTRIES = LoanApplication.__table__, Cooperative.__table__, EnvelopeEntry.__table__

COPIED = [column for column in APPLICATIONS.c if column.name not in ("id", "request_key", "number")]
COPY = (
    insert(APPLICATIONS)
    .from_select(
        [*(column.name for column in COPIED), "request_key"],
        select(*COPIED, bindparam("key", type_=String)).where(APPLICATIONS.c.id == bindparam("copied")),
    )
    .returning(APPLICATIONS.c.id)
)


class Country:
    """The rows that histories happen to, and what may happen to them; all choices come out of one number."""

    def __init__(self, connection: Connection, drawn: bytes) -> None:
        self.connection = connection
        self.left = int.from_bytes(drawn, "big")
        self.cooperatives, self.programmes, self.applications, self.places = KNOWN[connection.dialect.name]
        self.added: list[int] = []

    def below(self, count: int) -> int:
        self.left, chosen = divmod(self.left, count)
        return chosen

    def of(self, things: Any) -> Any:
        return things[self.below(len(things))]

    def one(self) -> Any:
        """One application, or all of a cooperative at once, past the session's flush."""
        if self.below(4) == 0:
            return APPLICATIONS.c.cooperative_id == self.of(self.cooperatives)
        return APPLICATIONS.c.id == self.of([*self.applications, *self.added])

    def change(self, **values: Any) -> None:
        self.connection.execute(update(APPLICATIONS).where(self.one()).values(values))

    # What may happen

    def move(self) -> None:
        self.change(status=self.of(STATES))

    def decide(self) -> None:
        self.change(status=self.of(STATES), decided_fiscal_year=self.of((None, 2568, 2569)))

    def grant_otherwise(self) -> None:
        self.change(amount_approved=self.of((None, Decimal("0.01"), Decimal("1234567.89"))))

    def count_members_again(self) -> None:
        self.change(beneficiaries=self.below(9))

    def take_under_another_programme(self) -> None:
        self.change(programme_id=self.of(self.programmes))

    def take_back(self) -> None:
        self.change(submitted_at=self.of((None, make.AT)))

    def give_to_another_cooperative(self) -> None:
        self.change(cooperative_id=self.of(self.cooperatives))

    def move_a_cooperative(self) -> None:
        province, office = self.of(self.places)
        values = self.of(({"province_id": province}, {"office_id": office}))
        self.connection.execute(
            update(COOPERATIVES).where(COOPERATIVES.c.id == self.of(self.cooperatives)).values(values)
        )

    def add(self) -> None:
        values = {"copied": self.of(self.applications), "key": str(uuid4())}
        self.added += self.connection.execute(COPY, values).scalars()

    def take_away(self) -> None:
        if self.added:
            self.connection.execute(delete(APPLICATIONS).where(APPLICATIONS.c.id == self.added.pop()))

    def enter(self) -> None:
        row = {
            "cooperative_id": self.of(self.cooperatives),
            "application_id": self.of(self.applications),
            "programme_id": self.of(self.programmes),
            "kind": self.of(tuple(EntryKind)),
            "amount": Decimal(1 + self.below(10**8)) / 100,
            "at": make.AT,
        }
        self.connection.execute(insert(ENTRIES), row)

    def undo(self) -> None:
        with self.connection.begin_nested() as inner:
            self.move()
            self.move_a_cooperative()
            inner.rollback()

    def fold(self) -> None:
        add_changes(self.connection)


HAPPENINGS: tuple[Callable[[Country], None], ...] = (
    Country.move,
    Country.decide,
    Country.grant_otherwise,
    Country.count_members_again,
    Country.take_under_another_programme,
    Country.take_back,
    Country.give_to_another_cooperative,
    Country.move_a_cooperative,
    Country.add,
    Country.take_away,
    Country.enter,
    Country.undo,
    Country.fold,
    Country.fold,
)
KNOWN: dict[str, Any] = {}


def test_figures_are_what_the_rows_come_to_after_any_history(app: Flask, backend: str) -> None:
    with make.rows(app):
        cooperatives = [make.cooperative(place=place) for place in PLACES]
        programmes = [make.programme(required=0) for _programme in range(2)]
        rows = [
            make.application(state, of=of, under=programmes[place % 2])
            for place, of in enumerate(cooperatives)
            for state in (State.APPROVED, State.SUBMITTED)
        ]
        places = [(row.province_id, row.office_id) for row in cooperatives]
        KNOWN[backend] = (*([row.id for row in kind] for kind in (cooperatives, programmes, rows)), places)

    @settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
    @given(st.binary(min_size=60, max_size=60))
    def replay(drawn: bytes) -> None:
        with own_transaction(db.engine, writes=True) as connection:
            country = Country(connection, drawn)
            for _step in range(STEPS):
                country.of(HAPPENINGS)(country)
            assert list(differences(connection)) == []
            connection.rollback()

    with app.app_context():
        replay()
