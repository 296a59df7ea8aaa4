"""Indexes by which the audit trail, the outbox, documents and people are searched and read in order among millions.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REGISTERS = (
    "entity IN ('ab_user', 'approval_level', 'board_member', 'cooperative', 'document_type', 'financial_year', "
    "'loan_programme', 'membership', 'office', 'office_post', 'programme_criterion', 'programme_document', "
    "'programme_rate', 'province')"
)
# (name, columns, condition)
BEFORE = (("ix_audit_event_at", ["at"], None), ("ix_audit_event_kind", ["kind", "id"], None))
AFTER = (
    ("ix_audit_event_at", ["at", "id"], None),
    ("ix_audit_event_kind", ["kind", "at", "id"], None),
    ("ix_audit_event_of", ["entity", "at", "id"], None),
    ("ix_audit_event_registers", ["at", "id"], REGISTERS),
)
# Of letters, three in a row: (table, what is searched, its words)
SEARCHED = (
    ("audit_event", "summary", "summary"),
    ("outbox_mail", "subject", "subject"),
    ("outbox_mail", "recipient", "recipient"),
    ("document", "file_name", "file_name"),
    ("board_member", "full_name", "full_name"),
    ("board_member", "position", "position"),
    ("ab_user", "names", "username || ' ' || first_name || ' ' || last_name"),
    ("ab_user", "email", "email"),
)


def _make(indexes: tuple[tuple[str, list[str], str | None], ...]) -> None:
    for name, columns, condition in indexes:
        where = sa.text(condition) if condition else None
        op.create_index(name, "audit_event", columns, sqlite_where=where, postgresql_where=where)


def _drop(indexes: tuple[tuple[str, list[str], str | None], ...]) -> None:
    for name, *_rest in reversed(indexes):
        op.drop_index(name, "audit_event")


def upgrade() -> None:
    _drop(BEFORE)
    _make(AFTER)
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    # As in revision 0004: without the extension a search is only slower.
    if not connection.scalar(sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")):
        return
    for table, name, words in SEARCHED:
        op.execute(f"CREATE INDEX ix_{table}_{name}_trgm ON {table} USING gin (lower({words}) gin_trgm_ops)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, name, _words in SEARCHED:
            op.execute(f"DROP INDEX IF EXISTS ix_{table}_{name}_trgm")
    _drop(AFTER)
    _make(BEFORE)
