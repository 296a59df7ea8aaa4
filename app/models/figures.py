"""Kept figures: the sums that pages show, and what changed since they were last brought up to date.

Rows of the first are put in by triggers of the database alone (migration 0016), those of the second by
``figures/folding.py``. Both are tables without a class: what they hold is nobody's row, so whoever reads them says for
whom (``figures/reading.py``).
"""

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from app.models.types import Money, Total

EVERY = -1  # of a year, a programme or a place: all of them together
UNDECIDED = 0  # the year of what has none
MOVED = "moved"  # the figure of a change that says where a cooperative was before

figure_change = Table(
    "figure_change",
    Model.metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("figure", String(16), nullable=False),
    Column("cooperative_id", Integer, nullable=False),
    Column("province_id", Integer),
    Column("office_id", Integer),
    Column("kind", String(20), nullable=False),
    Column("programme_id", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("baht", Money(), nullable=False),
    Column("members", BigInteger, nullable=False),
    Index("ix_figure_change_of", "figure", "cooperative_id"),
)

figure_sum = Table(
    "figure_sum",
    Model.metadata,
    Column("figure", String(16), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("programme_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), primary_key=True),
    Column("province_id", Integer, primary_key=True, autoincrement=False),
    Column("office_id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("baht", Total(), nullable=False),
    Column("members", BigInteger, nullable=False),
    Column("cooperatives", BigInteger, nullable=False),
)
