"""The 77 provinces and 87 offices, because no cooperative can be entered without them.

Revision ID: 0002
Revises: 0001
"""

import csv
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from app.domain.values.thai import search_key, sort_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DATA = Path(__file__).resolve().parent.parent / "data"

province = sa.table(
    "province",
    *[sa.column(name) for name in ("id", "code", "name", "name_en", "region", "version", "search_text", "name_sort")],
)
office = sa.table(
    "office",
    *[
        sa.column(name)
        for name in (
            "id", "code", "kind", "name", "short_name", "name_en", "phone", "version", "search_text", "name_sort",
        )
    ],
    sa.column("active", sa.Boolean),
)  # fmt: skip
office_province = sa.table("office_province", sa.column("office_id"), sa.column("province_id"))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _found(name: str, *texts: str) -> dict[str, object]:
    return {"version": 1, "search_text": search_key(" ".join(texts)), "name_sort": sort_key(name)}


def upgrade() -> None:
    """Number the rows here, so that the serial columns of PostgreSQL are set to go on from the last one."""
    provinces = {row["code"]: number for number, row in enumerate(_rows("provinces.csv"), 1)}
    op.bulk_insert(
        province,
        [
            {
                "id": provinces[row["code"]],
                "code": row["code"],
                "name": row["name_th"],
                "name_en": row["name_en"],
                "region": row["region"],
                **_found(row["name_th"], row["name_th"], row["name_en"], row["code"]),
            }
            for row in _rows("provinces.csv")
        ],
    )
    offices = _rows("offices.csv")
    op.bulk_insert(
        office,
        [
            {
                "id": number,
                "code": row["code"],
                "kind": row["kind"],
                "name": row["name_th"],
                "short_name": row["short_name_th"],
                "name_en": row["name_en"],
                "phone": row["phone"] or None,
                "active": True,
                **_found(row["name_th"], row["name_th"], row["short_name_th"], row["name_en"], row["code"]),
            }
            for number, row in enumerate(offices, 1)
        ],
    )
    op.bulk_insert(
        office_province,
        [
            {"office_id": number, "province_id": provinces[code]}
            for number, row in enumerate(offices, 1)
            for code in row["provinces"].split(";")
            if code
        ],
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("province", "office"):
            op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def downgrade() -> None:
    for table in ("office_province", "office", "province"):
        op.execute(f"DELETE FROM {table}")
