"""Tells the demonstration's people about the last moves that concern them; the mails count as sent."""

from datetime import timedelta

from sqlalchemy import select

from app.demo import cooperatives
from app.demo.loan_rows import Application
from app.demo.loans import APPLICATIONS
from app.demo.people import PEOPLE
from app.demo.stories import steps_of
from app.domain.states import HOLDS_MONEY, State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.notices import MailStatus, OutboxMail
from app.services.applications.told import tell_of

DELIVERY = timedelta(minutes=1)


def add_notices(rows: dict[str, LoanApplication]) -> None:
    """Add notices and sent mails about the applications under way that somebody here signs in for."""
    told = [each for each in APPLICATIONS if _concerns_somebody(each)]
    for application in told:
        last = steps_of(application)[-1]
        tell_of(rows[application.key], last.move, last.reason, last.at)
    db.session.flush()
    about = [rows[each.key].id for each in told]
    for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.application_id.in_(about))):
        # Nobody should get mail about invented events, not even on a machine that can send it.
        mail.status = MailStatus.SENT
        mail.tries = 1
        mail.sent_at = mail.created_at + DELIVERY
    db.session.flush()


def _concerns_somebody(application: Application) -> bool:
    state = State(application.status)
    if state not in HOLDS_MONEY:
        return False
    office = cooperatives.BY_KEY[application.cooperative].office
    at_hand = any(application.cooperative in each.cooperatives or office == each.office for each in PEOPLE)
    return at_hand or state is State.ON_AGENDA
