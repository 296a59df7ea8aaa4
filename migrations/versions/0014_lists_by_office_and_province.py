"""Each application carries its cooperative's office and province, and lists have an index for every order of theirs.

An office sees its cooperatives' applications; asked through the cooperative, the database reads all of them to show 25.
Both columns are kept by the database itself. On PostgreSQL a foreign key over all three columns refuses any other
value and hands a change of the cooperative on, and a trigger fills in what a new row does not say. SQLite adds no such
key to a table that is there, so triggers do both.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEPT_ELSEWHERE = ("loan_application.office_id", "loan_application.province_id")

TABLE = "loan_application"
SENT = "submitted_at IS NOT NULL"
# (name, columns, only of those that were sent, columns that PostgreSQL keeps beside them)
INDEXES = (
    ("under", ["programme_id", "id"], False, ["submitted_at"]),
    ("decided", ["decided_fiscal_year", "programme_id", "id"], False, ["submitted_at"]),
    ("province", ["province_id", "status", "amount_asked", "id"], True, []),
    ("numbered", ["number", "id"], True, []),
    ("asked", ["amount_asked", "id"], False, []),
    ("submitted", ["submitted_at", "id"], False, []),
    ("office", ["office_id", "id"], True, []),
    ("office_state", ["office_id", "status", "amount_asked", "id"], True, []),
    ("office_decided", ["office_id", "decided_fiscal_year", "id"], True, ["programme_id", "status"]),
    ("office_numbered", ["office_id", "number", "id"], True, []),
    ("office_borrower", ["office_id", "cooperative_name", "id"], True, []),
    ("office_asked", ["office_id", "amount_asked", "id"], True, []),
    ("office_granted", ["office_id", "amount_approved", "id"], True, []),
    ("office_submitted", ["office_id", "submitted_at", "id"], True, []),
)
# Each begins an index above that does the same and more.
BEFORE = (
    ("amount_asked", ["amount_asked"]),
    ("submitted_at", ["submitted_at"]),
    ("programme_id", ["programme_id"]),
    ("decided", ["decided_fiscal_year", "programme_id"]),
)
PLACE = "SELECT office_id, province_id FROM cooperative WHERE id = "
FILLED = (
    "UPDATE loan_application SET office_id = c.office_id, province_id = c.province_id"
    " FROM cooperative AS c WHERE c.id = loan_application.cooperative_id"
)


def upgrade() -> None:
    for name, _columns in BEFORE:
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    op.create_index("uq_cooperative_place", "cooperative", ["id", "office_id", "province_id"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        _keep_by_key()
    else:
        _keep_by_triggers()
    for name, columns, sent, beside in INDEXES:
        where = {"sqlite_where": sa.text(SENT), "postgresql_where": sa.text(SENT)} if sent else {}
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns, postgresql_include=beside, **where)


def _keep_by_key() -> None:
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN office_id INTEGER, ADD COLUMN province_id INTEGER")
    op.execute(FILLED)
    op.execute(f"ALTER TABLE {TABLE} ALTER office_id SET NOT NULL, ALTER province_id SET NOT NULL")
    op.create_foreign_key(
        "fk_loan_application_place", TABLE, "cooperative", ["cooperative_id", "office_id", "province_id"],
        ["id", "office_id", "province_id"], onupdate="CASCADE",
    )  # fmt: skip
    # The lock waits for who is changing the cooperative, and then reads what it changed to.
    op.execute(
        f"CREATE FUNCTION place_application() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {PLACE} NEW.cooperative_id"
        " FOR KEY SHARE INTO NEW.office_id, NEW.province_id; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_placed BEFORE INSERT OR UPDATE OF cooperative_id ON {TABLE}"
        " FOR EACH ROW EXECUTE FUNCTION place_application()"
    )


def _keep_by_triggers() -> None:
    for column in ("office_id", "province_id"):
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    op.execute(FILLED)
    placed = f"UPDATE {TABLE} SET (office_id, province_id) = ({PLACE} NEW.cooperative_id) WHERE id = NEW.id"
    op.execute(f"CREATE TRIGGER {TABLE}_placed AFTER INSERT ON {TABLE} BEGIN {placed}; END")
    op.execute(
        f"CREATE TRIGGER {TABLE}_placed_again AFTER UPDATE OF cooperative_id, office_id, province_id ON {TABLE}"
        f" WHEN (NEW.office_id, NEW.province_id) <> ({PLACE} NEW.cooperative_id) BEGIN {placed}; END"
    )
    op.execute(
        "CREATE TRIGGER cooperative_moved AFTER UPDATE OF office_id, province_id ON cooperative"
        f" BEGIN UPDATE {TABLE} SET office_id = NEW.office_id, province_id = NEW.province_id"
        " WHERE cooperative_id = NEW.id; END"
    )


def downgrade() -> None:
    for name, *_rest in reversed(INDEXES):
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {TABLE}_placed ON {TABLE}")
        op.execute("DROP FUNCTION place_application()")
        op.drop_constraint("fk_loan_application_place", TABLE, type_="foreignkey")
    else:
        for trigger in (f"{TABLE}_placed", f"{TABLE}_placed_again", "cooperative_moved"):
            op.execute(f"DROP TRIGGER {trigger}")
    for column in ("province_id", "office_id"):
        op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {column}")
    op.drop_index("uq_cooperative_place", "cooperative")
    for name, columns in BEFORE:
        op.create_index(f"ix_{TABLE}_{name}", TABLE, columns)
