"""Days on which offices are closed are rows that administrators keep; a start fills in each year once.

Administrators read of the trail what tells of these days, too.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from app.models.words import free_words, keep_words

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WORDS = {"kind": ("civil_service", "substitution", "special")}
TRAIL = "ix_audit_event_registers"
BEFORE = (
    "ab_user", "approval_level", "board_member", "cooperative", "document_type", "financial_year", "loan_programme",
    "membership", "office", "office_post", "programme_criterion", "programme_document", "programme_rate", "province",
)  # fmt: skip


def _index_trail(entities: tuple[str, ...]) -> None:
    where = sa.text("entity IN ({})".format(", ".join(f"'{entity}'" for entity in sorted(entities))))
    op.drop_index(TRAIL, "audit_event")
    op.create_index(TRAIL, "audit_event", ["at", "id"], sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_en", sa.String(300)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("added_by_id", sa.Integer(), sa.ForeignKey("ab_user.id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day"),
    )
    keep_words(op.get_bind(), "holiday", WORDS)
    op.create_table(
        "filled_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    _index_trail((*BEFORE, "holiday"))


def downgrade() -> None:
    _index_trail(BEFORE)
    op.drop_table("filled_year")
    free_words(op.get_bind(), "holiday", WORDS)
    op.drop_table("holiday")
