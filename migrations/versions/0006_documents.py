"""Document types say what they take and how long it holds; files are judged, scanned, replaced and taken over.

Columns are added with plain ALTER TABLE on both databases, as in revision 0005.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# (table, column, type, the rest with the value that rows of before take)
COLUMNS = (
    ("document_type", "purpose", "TEXT", ""),
    ("document_type", "kinds", "VARCHAR(60)", "NOT NULL DEFAULT ''"),
    ("document_type", "largest_mb", "INTEGER", ""),
    ("document_type", "most_files", "INTEGER", ""),
    ("document_type", "validity", "VARCHAR(16)", "NOT NULL DEFAULT 'always'"),
    ("document_type", "valid_months", "INTEGER", ""),
    ("document_type", "reusable", "BOOLEAN", "NOT NULL DEFAULT {false}"),
    ("document_type", "identity", "BOOLEAN", "NOT NULL DEFAULT {false}"),
    ("document_type", "has_figures", "BOOLEAN", "NOT NULL DEFAULT {false}"),
    ("document_type", "retention_years", "INTEGER", ""),
    ("document", "issued_on", "DATE", ""),
    ("document", "pages", "INTEGER", ""),
    ("document", "scan_state", "VARCHAR(12)", "NOT NULL DEFAULT 'not_scanned'"),
    ("document", "scanned_at", "{moment}", ""),
    ("document", "scan_finding", "VARCHAR(200)", ""),
    ("document", "upload_key", "VARCHAR(36)", ""),
    ("document", "replaces_id", "INTEGER", "REFERENCES document (id)"),
    ("document", "reused_from_id", "INTEGER", "REFERENCES document (id)"),
    ("document", "erased_at", "{moment}", ""),
    ("document_request", "note", "TEXT", ""),
    ("financial_year", "document_id", "INTEGER", "REFERENCES document (id)"),
    ("financial_year", "document_page", "INTEGER", ""),
)
POSTGRESQL = {"false": "false", "moment": "TIMESTAMP WITH TIME ZONE"}
SQLITE = {"false": "0", "moment": "DATETIME"}


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    words = POSTGRESQL if _on_postgresql() else SQLITE
    for table, column, kind, rest in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {rest}".format(**words))
    if _on_postgresql():  # the model gives new rows their values; SQLite cannot take a default away
        for table, column, _kind, rest in COLUMNS:
            if "DEFAULT" in rest:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")
    op.create_index("ix_document_scan_state", "document", ["scan_state"])
    upload = ["application_id", "document_type_id", "upload_key"]
    op.create_index("uq_document_upload", "document", upload, unique=True)
    op.create_table(
        "document_example",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_type_id", sa.Integer(), sa.ForeignKey("document_type.id"), nullable=False, unique=True),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("storage_key", sa.String(80), nullable=False, unique=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "document_verdict",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("cooperative_id", sa.Integer(), sa.ForeignKey("cooperative.id"), nullable=False, index=True),
        sa.Column("application_id", sa.Integer(), sa.ForeignKey("loan_application.id"), nullable=False, index=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("document.id"), nullable=False, index=True),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), sa.ForeignKey("ab_user.id"), nullable=True),
    )
    _keep("document_verdict")


def _keep(table: str) -> None:
    """Let the database refuse to change or delete rows, as it does for the tables of revision 0003."""
    if _on_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_kept_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'history is not rewritten: {table}'); END"
        )


def downgrade() -> None:
    op.drop_table("document_verdict")
    op.drop_table("document_example")
    op.drop_index("uq_document_upload", "document")
    op.drop_index("ix_document_scan_state", "document")
    for table, column, *_rest in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
