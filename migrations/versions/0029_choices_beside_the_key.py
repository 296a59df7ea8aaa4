"""Lists narrowed by a year, or by two choices at once, find their rows in an index.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "loan_application"
SENT, STATE, PROVINCE, PROGRAMME, YEAR = "submitted_at", "status", "province_id", "programme_id", "decided_fiscal_year"
# The index, its columns, what stands beside them from now on, and what did before.
INDEXES = (
    ("ix_loan_application_under", [PROGRAMME, "id"], [SENT, STATE, PROVINCE, YEAR], [SENT]),
    ("ix_loan_application_decided", [YEAR, PROGRAMME, "id"], [SENT, STATE, PROVINCE], [SENT]),
    ("ix_loan_application_there", [PROVINCE, "id"], [SENT, STATE, PROGRAMME, YEAR], None),
    ("ix_loan_application_granted", ["amount_approved", "id"], [STATE], None),
)
OF_A_YEAR = "ix_loan_application_year"


def upgrade() -> None:
    for name, columns, beside, _before in INDEXES:
        op.drop_index(name, TABLE)
        op.create_index(name, TABLE, columns, postgresql_include=beside)
    op.create_index(OF_A_YEAR, TABLE, [YEAR, "id"], postgresql_include=[SENT, STATE, PROVINCE, PROGRAMME])


def downgrade() -> None:
    op.drop_index(OF_A_YEAR, TABLE)
    for name, columns, _beside, before in INDEXES:
        op.drop_index(name, TABLE)
        op.create_index(name, TABLE, columns, postgresql_include=before)
