"""Puts the demonstration's data into an empty, migrated database."""

from datetime import datetime

from sqlalchemy import select

from app.demo.programmes import PROGRAMMES
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.security.scope import unscoped


def seed_demo(at: datetime) -> bool:
    """Add the demonstration to the running transaction, unless it is there; the caller commits.

    Args:
        at: the moment the accounts are made. The applications keep the days they were written with.

    Returns:
        Whether anything was added.

    Raises:
        LookupError: the migrations or ``flask sync-roles`` were not run.
        StoreUnavailable: the document store cannot be used.
    """
    with unscoped():
        if db.session.scalar(select(LoanProgramme.id).where(LoanProgramme.key == PROGRAMMES[0].key)) is not None:
            return False
        # Here, because every start asks whether the demonstration is there, and only the first one adds it.
        from app.demo.seed_accounts import add_accounts
        from app.demo.seed_applications import add_applications
        from app.demo.seed_boards import add_board_changes
        from app.demo.seed_examples import add_examples
        from app.demo.seed_notices import add_notices
        from app.demo.seed_papers import add_papers
        from app.demo.seed_registers import add_registers
        from app.demo.seed_verdicts import add_verdicts

        registers = add_registers(at)
        accounts = add_accounts(registers, at)
        applications = add_applications(registers, accounts)
        add_board_changes(registers, accounts, at)
        add_papers(applications, registers, accounts)
        add_examples(registers, at)
        add_verdicts(applications, accounts)
        add_notices(applications)
    return True
