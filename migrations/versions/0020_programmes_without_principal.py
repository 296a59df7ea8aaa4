"""A programme says in how many first instalments interest alone is paid, and no two programmes have one name.

Of two with one name the later one gets its key behind it: nothing else tells them apart in lists and choices.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE, COLUMN = "loan_programme", "grace_months"
NAMES = ("name", "name_en")
ROOM = 250  # of 300 letters; a key has 40


def upgrade() -> None:
    check = f"CONSTRAINT ck_{TABLE}_{COLUMN} CHECK ({COLUMN} >= 0)"
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {COLUMN} INTEGER NOT NULL DEFAULT 0 {check}")
    if op.get_bind().dialect.name == "postgresql":  # the model gives new rows their values
        op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {COLUMN} DROP DEFAULT")
    for name in NAMES:
        op.execute(
            f"UPDATE {TABLE} SET {name} = substr({name}, 1, {ROOM}) || ' (' || key || ')'"
            f" WHERE id NOT IN (SELECT min(id) FROM {TABLE} GROUP BY {name})"
        )
        op.create_index(f"uq_{TABLE}_{name}", TABLE, [name], unique=True)


def downgrade() -> None:
    for name in NAMES:
        op.drop_index(f"uq_{TABLE}_{name}", TABLE)
    op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {COLUMN}")
