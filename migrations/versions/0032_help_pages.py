"""Help pages with the versions of their texts, words that are explained, and pictures.

Administrators read of the trail what tells of pages and words, too.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from app.models.types import SEARCH_TEXT, SORT_KEY
from app.models.words import free_words, keep_words

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

WORDS = {
    "help_page": {"subject": ("preparing", "applying", "following", "money", "officers", "privacy")},
    "help_term": {"place": ("programme", "amount", "months", "purpose", "beneficiaries", "member_rate")},
    "help_picture": {"kind": ("pdf", "jpeg", "png", "xlsx", "docx")},
}
TRAIL = "ix_audit_event_registers"
BEFORE = (
    "ab_user", "approval_level", "board_member", "cooperative", "document_type", "financial_year", "holiday",
    "loan_programme", "membership", "office", "office_post", "programme_criterion", "programme_document",
    "programme_rate", "province", "waiting_board_change",
)  # fmt: skip


def _index_trail(entities: tuple[str, ...]) -> None:
    where = sa.text("entity IN ({})".format(", ".join(f"'{entity}'" for entity in sorted(entities))))
    op.drop_index(TRAIL, "audit_event")
    op.create_index(TRAIL, "audit_event", ["at", "id"], sqlite_where=where, postgresql_where=where)


def _searched() -> tuple[sa.Column, ...]:
    return (
        sa.Column("search_text", SEARCH_TEXT, nullable=False),
        sa.Column("name_sort", SORT_KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "help_page",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(60), nullable=False, unique=True),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(200)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_searched(),
    )
    op.create_index("ix_help_page_name_sort", "help_page", ["name_sort"])
    op.create_table(
        "help_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("page_id", sa.Integer(), sa.ForeignKey("help_page.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(200)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("ab_user.id")),
        sa.UniqueConstraint("page_id", "number", name="uq_help_version"),
    )
    op.create_table(
        "help_term",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False, unique=True),
        sa.Column("name_en", sa.String(120)),
        sa.Column("meaning", sa.String(600), nullable=False),
        sa.Column("meaning_en", sa.String(600)),
        sa.Column("place", sa.String(16)),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_searched(),
    )
    op.create_index("ix_help_term_name_sort", "help_term", ["name_sort"])
    op.create_table(
        "help_picture",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("public_id", sa.String(32), nullable=False, unique=True),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("storage_key", sa.String(80), nullable=False, unique=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), sa.ForeignKey("ab_user.id")),
    )
    for table, words in WORDS.items():
        keep_words(op.get_bind(), table, words)
    _index_trail((*BEFORE, "help_page", "help_term"))


def downgrade() -> None:
    _index_trail(BEFORE)
    for table, words in WORDS.items():
        free_words(op.get_bind(), table, words)
    for table in ("help_picture", "help_term", "help_version", "help_page"):
        op.drop_table(table)
