"""A change of a board that guarantees a granted loan waits for the signatory.

Administrators read of the trail what tells of these changes, too.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from app.models.words import free_words, keep_words

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLE = "waiting_board_change"
WORDS = {
    "act": ("add", "change", "remove"),
    "outcome": ("agreed", "declined", "taken_back", "replaced"),
}
TRAIL = "ix_audit_event_registers"
BEFORE = (
    "ab_user", "approval_level", "board_member", "cooperative", "document_type", "financial_year", "holiday",
    "loan_programme", "membership", "office", "office_post", "programme_criterion", "programme_document",
    "programme_rate", "province",
)  # fmt: skip


def _index_trail(entities: tuple[str, ...]) -> None:
    where = sa.text("entity IN ({})".format(", ".join(f"'{entity}'" for entity in sorted(entities))))
    op.drop_index(TRAIL, "audit_event")
    op.create_index(TRAIL, "audit_event", ["at", "id"], sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("member_id", sa.Integer()),
        sa.Column("full_name", sa.String(160), nullable=False),
        sa.Column("position", sa.String(120), nullable=False),
        sa.Column("term_starts_on", sa.Date(), nullable=False),
        sa.Column("term_ends_on", sa.Date(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by_id", sa.Integer()),
        sa.Column("outcome", sa.String(12)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by_id", sa.Integer()),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("term_ends_on >= term_starts_on", name="ck_waiting_board_change_term"),
        sa.ForeignKeyConstraint(["typed_by_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["settled_by_id"], ["ab_user.id"]),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_waiting_board_change_cooperative_id", TABLE, ["cooperative_id"])
    waits = sa.text("outcome IS NULL")
    op.create_index(
        "ix_waiting_board_change_open", TABLE, ["cooperative_id", "id"], sqlite_where=waits, postgresql_where=waits
    )
    keep_words(op.get_bind(), TABLE, WORDS)
    _index_trail((*BEFORE, TABLE))


def downgrade() -> None:
    _index_trail(BEFORE)
    free_words(op.get_bind(), TABLE, WORDS)
    op.drop_table(TABLE)
