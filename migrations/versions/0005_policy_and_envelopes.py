"""Programmes hold their whole policy as data, in dated versions; envelopes have a ledger; cooperatives yearly figures.

Columns are added with plain ALTER TABLE on both databases: making a table anew on SQLite would take its rows'
children along.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(15, 2).with_variant(sa.BigInteger(), "sqlite")
RATE = sa.Numeric(9, 6).with_variant(sa.String(12), "sqlite")
MONEY_TYPES = ("NUMERIC(15, 2)", "BIGINT")
KEPT = ("programme_edition", "envelope_entry")

# (table, column, type on PostgreSQL, type on SQLite, the rest with the value that rows of before take)
COLUMNS = (
    ("loan_programme", "free_months", "INTEGER", "INTEGER", "NOT NULL DEFAULT 0 {check} (free_months >= 0)"),
    ("loan_programme", "instalment_kind", "VARCHAR(20)", "VARCHAR(20)", "NOT NULL DEFAULT 'equal_principal'"),
    ("loan_programme", "day_count", "VARCHAR(12)", "VARCHAR(12)", "NOT NULL DEFAULT 'act_365'"),
    ("loan_programme", "rounding", "VARCHAR(12)", "VARCHAR(12)", "NOT NULL DEFAULT 'half_up'"),
    ("loan_programme", "amount_unit", *MONEY_TYPES, "NOT NULL DEFAULT {baht} {check} (amount_unit > 0)"),
    ("loan_programme", "interest_unit", *MONEY_TYPES, "NOT NULL DEFAULT {satang} {check} (interest_unit > 0)"),
    ("loan_programme", "on_lending_rule", "VARCHAR(24)", "VARCHAR(24)", ""),
    ("loan_programme", "on_lending_figure", "NUMERIC(9, 6)", "VARCHAR(12)", ""),
    ("loan_programme", "member_loan_cap", *MONEY_TYPES, ""),
    ("loan_programme", "member_income_cap", *MONEY_TYPES, ""),
    ("loan_programme", "savings_may_apply", "BOOLEAN", "BOOLEAN", "NOT NULL DEFAULT {true}"),
    ("loan_programme", "credit_unions_may_apply", "BOOLEAN", "BOOLEAN", "NOT NULL DEFAULT {true}"),
    ("loan_programme", "waiting_list", "BOOLEAN", "BOOLEAN", "NOT NULL DEFAULT {false}"),
    ("programme_document", "condition", "VARCHAR(24)", "VARCHAR(24)", ""),
    ("loan_application", "waiting_since", "TIMESTAMP WITH TIME ZONE", "DATETIME", ""),
    ("loan_application", "edition_id", "INTEGER", "INTEGER", "REFERENCES programme_edition (id)"),
    ("loan_application", "quote", "JSON", "JSON", ""),
    ("loan_application", "approved_quote", "JSON", "JSON", ""),
)  # fmt: skip
# Written as the database keeps them: SQLite has whole satang and no booleans.
POSTGRESQL = {"baht": "1.00", "satang": "0.01", "true": "true", "false": "false"}
SQLITE = {"baht": "100", "satang": "1", "true": "1", "false": "0"}

HOLDING = "'submitted', 'received', 'in_review', 'returned', 'recommended', 'on_agenda', 'deferred'"
LESS = "amount_approved < amount_asked"
# What applications of before hold: the amount asked while they wait, the amount approved after.
LEDGER = (
    ("reserve", "amount_asked", "coalesce(submitted_at, changed_at)", f"status IN ({HOLDING}, 'approved')"),
    ("commit", "amount_approved", "changed_at", "status = 'approved'"),
    ("release", "amount_asked - amount_approved", "changed_at", f"status = 'approved' AND {LESS}"),
)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    _make_policy_tables()
    _make_editions()
    _make_financial_years()
    words = POSTGRESQL if _on_postgresql() else SQLITE
    for table, column, postgresql, sqlite, rest in COLUMNS:
        kind = postgresql if _on_postgresql() else sqlite
        rest = rest.format(check=f"CONSTRAINT ck_{table}_{column} CHECK", **words)
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {rest}")
    if _on_postgresql():  # the model gives new rows their values; SQLite cannot take a default away
        for table, column, _postgresql, _sqlite, rest in COLUMNS:
            if "DEFAULT" in rest:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")
    op.create_index("ix_loan_application_waiting_since", "loan_application", ["waiting_since"])
    _make_ledger()
    _keep(KEPT)


def _make_policy_tables() -> None:
    op.create_table(
        "programme_province",
        sa.Column("programme_id", sa.Integer(), primary_key=True),
        sa.Column("province_id", sa.Integer(), sa.ForeignKey("province.id"), primary_key=True, index=True),
        sa.ForeignKeyConstraint(["programme_id"], ["loan_programme.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "programme_rate",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("loan_programme.id"), nullable=False, index=True),
        sa.Column("shortest_term", sa.Integer(), nullable=False),
        sa.Column("longest_term", sa.Integer(), nullable=True),
        sa.Column("from_month", sa.Integer(), nullable=False),
        sa.Column("annual_rate", RATE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("longest_term IS NULL OR longest_term >= shortest_term", name="ck_programme_rate_terms"),
        sa.CheckConstraint("shortest_term >= 1 AND from_month >= 1", name="ck_programme_rate_months"),
    )
    op.create_table(
        "approval_level",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("loan_programme.id"), nullable=False, index=True),
        sa.Column("up_to", MONEY, nullable=True),
        sa.Column("body", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "programme_criterion",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("loan_programme.id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("figure", RATE, nullable=True),
        sa.Column("second_figure", RATE, nullable=True),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("programme_id", "kind", name="uq_programme_criterion"),
    )


def _make_editions() -> None:
    op.create_table(
        "programme_edition",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("loan_programme.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("ab_user.id"), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.UniqueConstraint("programme_id", "number", name="uq_programme_edition"),
    )


def _make_financial_years() -> None:
    op.create_table(
        "financial_year",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("cooperative_id", sa.Integer(), sa.ForeignKey("cooperative.id"), nullable=False, index=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("share_capital", MONEY, nullable=False),
        sa.Column("reserve", MONEY, nullable=False),
        sa.Column("debts", MONEY, nullable=False),
        sa.Column("profit", MONEY, nullable=False),
        sa.Column("control_class", sa.String(1), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("members >= 0 AND debts >= 0 AND share_capital >= 0", name="ck_financial_year_figures"),
        sa.UniqueConstraint("cooperative_id", "year", name="uq_financial_year"),
    )


def _make_ledger() -> None:
    op.create_table(
        "envelope_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("cooperative_id", sa.Integer(), sa.ForeignKey("cooperative.id"), nullable=False, index=True),
        sa.Column("programme_id", sa.Integer(), sa.ForeignKey("loan_programme.id"), nullable=False),
        sa.Column("application_id", sa.Integer(), sa.ForeignKey("loan_application.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_envelope_entry_amount"),
    )
    op.create_index("ix_envelope_entry_programme", "envelope_entry", ["programme_id", "kind"])
    for kind, amount, at, which in LEDGER:
        op.execute(
            "INSERT INTO envelope_entry (cooperative_id, programme_id, application_id, kind, amount, at) "
            f"SELECT cooperative_id, programme_id, id, '{kind}', {amount}, {at} FROM loan_application WHERE {which}"
        )


def _keep(tables: tuple[str, ...]) -> None:
    """Let the database refuse to change or delete rows, as it does for the tables of revision 0003."""
    for table in tables:
        if _on_postgresql():
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_kept_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'history is not rewritten: {table}'); END"
            )


def downgrade() -> None:
    op.drop_index("ix_loan_application_waiting_since", "loan_application")
    for table, column, *_rest in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in ("envelope_entry", "financial_year", "programme_edition", "programme_criterion", "approval_level"):
        op.drop_table(table)
    op.drop_table("programme_rate")
    op.drop_table("programme_province")
