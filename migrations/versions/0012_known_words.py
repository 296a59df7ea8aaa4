"""Columns of words hold those that the program knows: one row with another would close every page it stands on.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

from app.models.words import free_words, keep_words

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = (
    "draft", "submitted", "received", "in_review", "returned", "recommended", "on_agenda", "approved", "rejected",
    "deferred", "withdrawn", "expired",
)  # fmt: skip
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "document_type": {
        "validity": ("always", "months", "fiscal_year"),
    },
    "loan_programme": {
        "instalment_kind": ("equal_principal", "equal_instalment"),
        "day_count": ("act_365", "act_act", "thirty_360"),
        "rounding": ("half_up", "half_even"),
        "on_lending_rule": ("absolute_cap", "discount_from_ordinary"),
        "status": ("draft", "open", "closed"),
    },
    "office": {
        "kind": ("province", "bangkok_area", "central"),
    },
    "province": {
        "region": ("north", "central", "northeast", "east", "west", "south"),
    },
    "approval_level": {
        "body": ("subcommittee", "board"),
    },
    "audit_event": {
        "kind": (
            "created",
            "changed",
            "deleted",
            "moved",
            "attached",
            "removed",
            "opened",
            "downloaded",
            "judged",
            "scanned",
            "erased",
            "signed_in",
            "signed_out",
            "password_changed",
            "imported",
        ),
    },
    "cooperative": {
        "kind": ("savings", "credit_union"),
        "workplace": ("establishment", "state_enterprise"),
        "status": ("active", "suspended", "closed"),
    },
    "document_example": {
        "kind": ("pdf", "jpeg", "png", "xlsx", "docx"),
    },
    "programme_criterion": {
        "kind": (
            "years_registered",
            "ceiling_with_debts",
            "debt_to_capital",
            "profit_years",
            "control_class",
            "board_size",
            "no_arrears",
            "documents",
            "one_application",
            "eligible_kind",
            "eligible_place",
            "own_ceiling",
            "on_lending_rate",
            "member_loans",
        ),
        "severity": ("pass", "warn", "block"),
    },
    "programme_document": {
        "condition": ("new_borrower", "repeat_borrower", "savings", "credit_union", "disaster"),
    },
    "loan_application": {
        "status": STATES,
    },
    "membership": {
        "role": ("cooperative_preparer", "cooperative_signatory"),
    },
    "decision": {
        "outcome": ("approved", "rejected", "deferred"),
        "body": ("subcommittee", "board"),
    },
    "document": {
        "kind": ("pdf", "jpeg", "png", "xlsx", "docx"),
        "scan_state": ("not_scanned", "waiting", "clean", "infected"),
    },
    "envelope_entry": {
        "kind": ("reserve", "commit", "release"),
    },
    "kept_quote": {
        "kind": ("sent", "approved"),
    },
    "outbox_mail": {
        "status": ("waiting", "sent", "failed"),
    },
    "status_change": {
        "origin": STATES,
        "target": STATES,
    },
    "document_verdict": {
        "verdict": ("accepted", "unreadable", "expired", "wrong_year", "wrong_document", "incomplete"),
    },
    "financial_year": {
        "control_class": ("1", "2", "3", "4"),
    },
}


def upgrade() -> None:
    for table, words in WORDS.items():
        keep_words(op.get_bind(), table, words)


def downgrade() -> None:
    for table, words in WORDS.items():
        free_words(op.get_bind(), table, words)
