"""What was sent is kept apart from what is typed; what the fund knows of a borrower; who decided.

Columns are added with plain ALTER TABLE on both databases, as in revision 0005.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# (table, column, type)
COLUMNS = (
    ("cooperative", "borrowed_before", "BOOLEAN NOT NULL DEFAULT {false}"),
    ("cooperative", "fund_arrears", "{money}"),
    ("cooperative", "arrears_on", "DATE"),
    ("loan_application", "amount_sent", "{money}"),
    ("loan_application", "first_time", "BOOLEAN"),
    ("decision", "body", "VARCHAR(20)"),
)
POSTGRESQL = {"false": "false", "money": "NUMERIC(15, 2)"}
SQLITE = {"false": "0", "money": "BIGINT"}


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, column, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}".format(**POSTGRESQL if on_postgresql else SQLITE))
    if on_postgresql:  # the model gives new rows their value; SQLite cannot take a default away
        op.execute("ALTER TABLE cooperative ALTER COLUMN borrowed_before DROP DEFAULT")
    # What was typed into a returned application before is taken as sent: nothing older was kept.
    op.execute("UPDATE loan_application SET amount_sent = amount_asked WHERE number IS NOT NULL")
    op.execute(
        "UPDATE loan_application SET first_time = NOT EXISTS (SELECT 1 FROM loan_application AS earlier "
        "WHERE earlier.cooperative_id = loan_application.cooperative_id AND earlier.id <> loan_application.id "
        "AND earlier.status = 'approved' AND earlier.decided_on <= date(loan_application.submitted_at)) "
        "WHERE number IS NOT NULL"
    )


def downgrade() -> None:
    for table, column, _kind in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
