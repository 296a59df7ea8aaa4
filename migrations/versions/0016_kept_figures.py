"""Sums and counts that pages show are kept: triggers note what each change of a row adds, a worker folds it in.

A trigger only adds rows, so that nobody waits for another's move; it is of the database, so that nothing that writes
rows goes round it. What there is by now is summed here.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEPT_ELSEWHERE = ("figure_sum", "figure_change")

MONEY = sa.Numeric(15, 2).with_variant(sa.BigInteger(), "sqlite")
TOTAL = sa.Numeric(19, 2).with_variant(sa.BigInteger(), "sqlite")

APPLICATION = ("status", "submitted_at", "cooperative_id")
DECISION = (*APPLICATION, "decided_fiscal_year")
LOAN = (*DECISION, "programme_id", "amount_approved", "beneficiaries")
# (figure, table, columns that matter, which rows, what each adds: kind, programme, year, number, baht, members)
FIGURES = (
    (
        "applications",
        "loan_application",
        APPLICATION,
        "{row}.submitted_at IS NOT NULL",
        "{row}.status, -1, -1, {sign}1, 0, 0",
    ),
    (
        "loans",
        "loan_application",
        LOAN,
        "{row}.submitted_at IS NOT NULL AND {row}.status = 'approved'",
        "{row}.status, {row}.programme_id, coalesce({row}.decided_fiscal_year, 0), "
        "{sign}1, {sign}coalesce({row}.amount_approved, 0), {sign}{row}.beneficiaries",
    ),
    (
        "envelopes",
        "envelope_entry",
        ("kind", "programme_id", "amount", "cooperative_id"),
        "{row}.id IS NOT NULL",
        "{row}.kind, {row}.programme_id, -1, {sign}1, {sign}{row}.amount, 0",
    ),
)
NOTED = "INSERT INTO figure_change (figure, cooperative_id, kind, programme_id, year, number, baht, members{more})"
WAS_AT = (
    NOTED.format(more=", province_id, office_id")
    + " VALUES ('moved', OLD.id, '', -1, -1, 0, 0, 0, OLD.province_id, OLD.office_id);"
)
MOVED = ("province_id", "office_id")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    _make_tables()
    for figure, table, columns, counted, adds in FIGURES:
        taken = _noted(figure, counted, adds, "OLD", "-")
        added = _noted(figure, counted, adds, "NEW", "")
        _keep(f"{figure}_kept", table, {"INSERT": added, "UPDATE": taken + added, "DELETE": taken}, columns)
    _keep("places_kept", "cooperative", {"UPDATE": WAS_AT, "DELETE": WAS_AT}, MOVED)
    _sum_up()


def _noted(figure: str, counted: str, adds: str, row: str, sign: str) -> str:
    adds, counted = adds.format(row=row, sign=sign), counted.format(row=row)
    return f"{NOTED.format(more='')} SELECT '{figure}', {row}.cooperative_id, {adds} WHERE {counted};"


def _keep(name: str, table: str, bodies: dict[str, str], columns: tuple[str, ...]) -> None:
    """A trigger for each act; an update that changes none of ``columns`` is none."""
    differs = "IS DISTINCT FROM" if _on_postgresql() else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    for act, body in bodies.items():
        when = f"{act} OF {', '.join(columns)}" if act == "UPDATE" else act
        only = f"WHEN ({changed})" if act == "UPDATE" else ""
        trigger = f"{name}_{act.lower()}"
        if _on_postgresql():
            op.execute(
                f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
            )
            body = ""
            only += f" EXECUTE FUNCTION {trigger}()"
        else:
            only += f" BEGIN {body} END"
        op.execute(f"CREATE TRIGGER {trigger} AFTER {when} ON {table} FOR EACH ROW {only}")


def _make_tables() -> None:
    op.create_table(
        "figure_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("figure", sa.String(16), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("baht", MONEY, nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_figure_change_of", "figure_change", ["figure", "cooperative_id"])
    op.create_table(
        "figure_sum",
        sa.Column("figure", sa.String(16), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("programme_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("province_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("office_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("baht", TOTAL, nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("cooperatives", sa.BigInteger(), nullable=False),
    )


SUMMED = (
    "INSERT INTO figure_sum (figure, kind, programme_id, year, province_id, office_id, number, baht, members, "
    "cooperatives) "
)
LOANS = """
SELECT 'loans', kind, CASE WHEN g.parts = 1 THEN programme_id ELSE -1 END, CASE WHEN g.years = 1 THEN year ELSE -1 END,
       province_id, office_id, sum(number), sum(baht), sum(members), count(DISTINCT cooperative_id)
FROM (SELECT a.cooperative_id, c.province_id, c.office_id, a.status AS kind, a.programme_id,
             coalesce(a.decided_fiscal_year, 0) AS year, count(*) AS number,
             sum(coalesce(a.amount_approved, 0)) AS baht, sum(a.beneficiaries) AS members
      FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id
      WHERE a.submitted_at IS NOT NULL AND a.status = 'approved' GROUP BY 1, 2, 3, 4, 5, 6) AS one
CROSS JOIN (SELECT 1 AS years, 1 AS parts UNION ALL SELECT 1, 0 UNION ALL SELECT 0, 1 UNION ALL SELECT 0, 0) AS g
GROUP BY 2, 3, 4, 5, 6
"""
APPLICATIONS = """
SELECT 'applications', a.status, -1, -1, c.province_id, c.office_id, count(*), 0, 0, 0
FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id
WHERE a.submitted_at IS NOT NULL GROUP BY 2, 5, 6
"""
ENVELOPES = """
SELECT 'envelopes', kind, programme_id, -1, -1, -1, count(*), sum(amount), 0, 0 FROM envelope_entry GROUP BY 2, 3
"""


def _sum_up() -> None:
    for rows in (APPLICATIONS, LOANS, ENVELOPES):
        op.execute(SUMMED + rows)


def downgrade() -> None:
    tables = {f"{figure}_kept": (table, ("insert", "update", "delete")) for figure, table, *_rest in FIGURES}
    for name, (table, acts) in {**tables, "places_kept": ("cooperative", ("update", "delete"))}.items():
        for act in acts:
            if _on_postgresql():
                op.execute(f"DROP TRIGGER {name}_{act} ON {table}")
                op.execute(f"DROP FUNCTION {name}_{act}()")
            else:
                op.execute(f"DROP TRIGGER {name}_{act}")
    op.drop_table("figure_sum")
    op.drop_table("figure_change")
