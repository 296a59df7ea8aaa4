"""Quotes stand in a table of their own, packed: lists read many rows of applications, and a quote is long.

What is packed is the very text that stood in the row, so that taking the migration back puts the same letters there.

Revision ID: 0009
Revises: 0008
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEPT_ELSEWHERE = ("kept_quote",)
BATCH = 2000
# (column of before, kind of now)
QUOTES = (("quote", "sent"), ("approved_quote", "approved"))


def upgrade() -> None:
    op.create_table(
        "kept_quote",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("application_id", sa.Integer(), sa.ForeignKey("loan_application.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), sa.ForeignKey("cooperative.id"), nullable=False),
        sa.UniqueConstraint("application_id", "kind", name="uq_kept_quote_kind"),
    )
    connection = op.get_bind()
    adding = sa.text(
        "INSERT INTO kept_quote (application_id, cooperative_id, kind, content)"
        " VALUES (:application, :owner, :kind, :content)"
    )
    for rows in _batches(
        "SELECT id, cooperative_id, CAST(quote AS TEXT), CAST(approved_quote AS TEXT) FROM loan_application"
        " WHERE id > :after ORDER BY id LIMIT :most"
    ):
        packed = [
            {"application": key, "owner": owner, "kind": kind, "content": zlib.compress(text.encode())}
            for key, owner, *texts in rows
            for (_column, kind), text in zip(QUOTES, texts, strict=True)
            if text is not None and text != "null"
        ]
        if packed:
            connection.execute(adding, packed)
    op.create_index("ix_kept_quote_cooperative_id", "kept_quote", ["cooperative_id"])
    for column, _kind in QUOTES:
        op.execute(f"ALTER TABLE loan_application DROP COLUMN {column}")
    if connection.dialect.name == "postgresql":
        # Only a table that is written anew gives back the room of its dropped columns.
        op.execute("CLUSTER loan_application USING loan_application_pkey")
        op.execute("ALTER TABLE loan_application SET WITHOUT CLUSTER")


def _batches(statement: str) -> Iterator[Sequence[Any]]:
    """Rows by their first column, a few thousand at a time: all of them would not fit into memory."""
    connection, after = op.get_bind(), 0
    while rows := connection.execute(sa.text(statement), {"after": after, "most": BATCH}).all():
        yield rows
        after = rows[-1][0]


def downgrade() -> None:
    for column, _kind in QUOTES:
        op.execute(f"ALTER TABLE loan_application ADD COLUMN {column} JSON")
    columns = {kind: column for column, kind in QUOTES}
    for rows in _batches(
        "SELECT id, application_id, kind, content FROM kept_quote WHERE id > :after ORDER BY id LIMIT :most"
    ):
        for wanted, column in columns.items():
            texts = [
                {"application": key, "text": zlib.decompress(content).decode()}
                for _id, key, kind, content in rows
                if kind == wanted
            ]
            if texts:
                putting = f"UPDATE loan_application SET {column} = CAST(:text AS JSON) WHERE id = :application"
                if op.get_bind().dialect.name == "sqlite":
                    putting = putting.replace("CAST(:text AS JSON)", ":text")
                op.get_bind().execute(sa.text(putting), texts)
    op.drop_table("kept_quote")
