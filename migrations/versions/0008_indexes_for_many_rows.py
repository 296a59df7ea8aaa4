"""Indexes by which lists, homes and sums find their rows among a million.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SENT = "submitted_at IS NOT NULL"
APPROVED = "status = 'approved'"
# (name, table, columns, condition, columns that PostgreSQL keeps beside them)
INDEXES = (
    ("ix_loan_application_sent", "loan_application", ["id"], SENT, []),
    ("ix_loan_application_of", "loan_application", ["cooperative_id", "id"], SENT, []),
    ("ix_loan_application_state", "loan_application", ["status", "id"], None, []),
    ("ix_loan_application_borrower", "loan_application", ["cooperative_name", "id"], None, []),
    ("ix_loan_application_granted", "loan_application", ["amount_approved", "id"], None, []),
    (
        "ix_loan_application_volume",
        "loan_application",
        ["decided_fiscal_year", "cooperative_id"],
        APPROVED,
        ["amount_approved", "beneficiaries", "programme_id", "submitted_at"],
    ),
    (
        "ix_loan_application_lent",
        "loan_application",
        ["cooperative_id"],
        APPROVED,
        ["amount_approved", "beneficiaries", "programme_id", "submitted_at"],
    ),
    ("ix_audit_event_kind", "audit_event", ["kind", "id"], None, []),
)


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, columns, condition, beside in INDEXES:
        where = (
            {} if condition is None else {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
        )
        if on_postgresql and beside:
            where["postgresql_include"] = beside
        op.create_index(name, table, columns, **where)


def downgrade() -> None:
    for name, table, *_rest in reversed(INDEXES):
        op.drop_index(name, table)
