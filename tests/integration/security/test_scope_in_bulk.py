"""Changes, deletions and additions in bulk stay within reach."""

from datetime import date

import pytest
from sqlalchemy import delete, insert, update

from app.extensions import db
from app.models.cooperatives import BoardMember
from app.models.notices import Notice
from app.security.reach import Reach, Scope
from app.security.scope import OWNED, OutOfScope, scoped
from tests.integration.security.world import NOW, SCOPES, World, changed_ids, of_a, table_rows


@pytest.mark.parametrize("reach", sorted(SCOPES))
def test_rows_are_not_changed_or_deleted_in_bulk(world: World, reach: str) -> None:
    scope = SCOPES[reach](world)

    with scoped(scope):
        for model in OWNED:
            for statement in (update(model).values(id=model.id), delete(model)):
                if model is Notice:
                    continue
                with pytest.raises(OutOfScope):
                    db.session.execute(statement)


def test_who_only_reads_still_marks_own_notices_as_read(world: World) -> None:
    with scoped(Scope(Reach.ALL, world.b.user)):
        db.session.execute(update(Notice).values(read_at=NOW))
        db.session.commit()

    own = {row["id"] for row in world.rows["notice"] if row["user_id"] == world.b.user}
    assert changed_ids(Notice, "read_at", NOW) >= own
    assert {row["user_id"] for row in table_rows(Notice) if row["read_at"] == NOW} == {world.b.user}


def test_a_bulk_update_by_ids_is_refused(world: World) -> None:
    theirs = [{"id": row["id"], "read_at": NOW} for row in world.rows["notice"] if row["user_id"] == world.b.user]

    with scoped(of_a(world)), pytest.raises(OutOfScope):
        db.session.execute(update(Notice), theirs)

    db.session.rollback()
    assert changed_ids(Notice, "read_at", NOW) == set()


def test_a_bulk_insert_of_owned_rows_is_refused(world: World) -> None:
    values = [
        {
            "cooperative_id": world.b.cooperative,
            "full_name": "ก",
            "position": "ข",
            "term_starts_on": date(2026, 1, 1),
            "term_ends_on": date(2026, 1, 2),
        }
    ]

    with scoped(of_a(world)), pytest.raises(OutOfScope):
        db.session.execute(insert(BoardMember), values)
    with scoped(of_a(world)), pytest.raises(OutOfScope):
        db.session.scalars(insert(BoardMember).values(values[0]).returning(BoardMember.id)).all()
