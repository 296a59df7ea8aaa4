"""Every text that is mailed, by its key; what each may say is the list of its placeholders."""

from app.domain.values.text import N_
from app.services.messages.text import BLANK, Block, Line, Text, line

# Read on locked telephones, in shared mailboxes and by whoever looks after the outbox: it gives nothing away.
_SUBJECT = line(N_("Application %(number)s: there is news"), number="number")
_FACTS: tuple[Line, ...] = (
    line(N_("Application number: %(number)s"), number="number"),
    line(N_("Programme: %(name)s"), name="programme"),
    line(N_("Amount asked: %(amount)s baht"), amount="amount_asked"),
    line(N_("Amount approved: %(amount)s baht"), amount="amount_approved"),
    line(N_("Decided by: %(body)s"), body="decided_by"),
    line(N_("Status: %(status)s"), status="status"),
)
_NOTE = Block("note", heading="note_heading")
_UNMET = Block("unmet_rules", heading="unmet_heading")
_CLOSING: tuple[Line | Block, ...] = (
    BLANK,
    line(N_("When: %(when)s"), when="when"),
    line(N_("Follow the application at %(address)s"), address="link"),
    BLANK,
    line(N_("Labour Fund, Department of Labour Protection and Welfare")),
)

# What happened to a cooperative, to each person it concerns.
_OF_COOPERATIVE = Text(
    line(N_("Labour Fund: there is news of a cooperative")),
    (
        line(N_("To %(name)s"), name="reader"),
        BLANK,
        Block("happened"),
        BLANK,
        Block("changes"),
        BLANK,
        line(N_("When: %(when)s"), when="when"),
        line(N_("See it at %(address)s"), address="link"),
        BLANK,
        line(N_("Labour Fund, Department of Labour Protection and Welfare")),
    ),
)

TEXTS: dict[str, Text] = {
    # To the applicant, in the applicant's words for states.
    "application.to_cooperative": Text(
        _SUBJECT,
        (
            line(N_("To %(name)s"), name="cooperative"),
            BLANK,
            Block("happened"),
            *_FACTS,
            _NOTE,
            _UNMET,
            Block("requests", heading="requests_heading"),
            *_CLOSING,
        ),
    ),
    # To one officer or committee member: what happened, the exact state, and what to do next.
    "application.to_staff": Text(
        _SUBJECT,
        (
            line(N_("To %(name)s"), name="reader"),
            BLANK,
            Block("happened"),
            BLANK,
            line(N_("Cooperative: %(name)s"), name="cooperative"),
            *_FACTS,
            _NOTE,
            _UNMET,
            *_CLOSING,
        ),
    ),
    # To each officer of the office before and of the office now.
    "cooperative.office_changed": _OF_COOPERATIVE,
    # To each signatory of a cooperative whose board guarantees a granted loan.
    "cooperative.board_waits": _OF_COOPERATIVE,
    # To a person whose password an administrator ended, or who is new; the link is put in on the way out.
    "account.new_password": Text(
        line(N_("Labour Fund: choose a password")),
        (
            line(N_("To %(name)s"), name="reader"),
            BLANK,
            line(
                N_("Choose a new password for the user name %(username)s at %(address)s"),
                username="username",
                address="link",
            ),
            BLANK,
            line(N_("The address opens once, until %(when)s. Nobody else learns the password."), when="until"),
            line(N_("If you expect no such mail, tell the fund by telephone.")),
            BLANK,
            line(N_("Labour Fund, Department of Labour Protection and Welfare")),
        ),
    ),
}
