"""What the fund itself knows of a cooperative as a borrower, the same for every reader."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, exists, func, or_, select

from app.domain.states import GRANTED, HOLDS_MONEY
from app.domain.values.money import ZERO
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative

UNSCOPED = {"unscoped": True}


def never_borrowed(cooperative_id: int) -> bool:
    """Whether the fund never lent to the cooperative, by the register and by what was approved here."""
    return not borrowers_among([cooperative_id])


def borrowers_among(cooperative_ids: Collection[int]) -> frozenset[int]:
    """Those of the cooperatives that the fund lent to before, or approved a loan of."""
    approved = exists().where(
        LoanApplication.cooperative_id == Cooperative.id, LoanApplication.status.in_(sorted(GRANTED))
    )
    known = select(Cooperative.id).where(
        Cooperative.id.in_(cooperative_ids), or_(Cooperative.borrowed_before, approved)
    )
    return frozenset(db.session.scalars(known, execution_options=UNSCOPED))


def is_first_time(application: LoanApplication) -> bool:
    """Whether the application is judged as of a cooperative that never borrowed: as it was when it was submitted."""
    if application.first_time is not None:
        return application.first_time
    return never_borrowed(application.cooperative_id)


@dataclass(frozen=True, slots=True)
class OtherLoan:
    """Another application of the cooperative that is under way or was approved; the amount last sent or granted."""

    programme_id: int
    amount: Decimal
    decided_on: date | None  # None while it is under way
    granted: bool = False


# Built once: every judgement asks it.
_OTHERS = select(
    LoanApplication.programme_id,
    LoanApplication.status,
    func.coalesce(LoanApplication.amount_sent, LoanApplication.amount_asked),
    LoanApplication.amount_approved,
    LoanApplication.decided_on,
).where(
    LoanApplication.cooperative_id == bindparam("cooperative"),
    LoanApplication.id != bindparam("application"),
    LoanApplication.status.in_(sorted(HOLDS_MONEY | GRANTED)),
)


def other_loans(application: LoanApplication) -> tuple[OtherLoan, ...]:
    """What the cooperative asks for or was granted besides this application, in any programme."""
    beside = {"cooperative": application.cooperative_id, "application": application.id}
    return tuple(
        OtherLoan(programme, granted or ZERO, decided, granted=True)
        if status in GRANTED
        else OtherLoan(programme, sent, None)
        for programme, status, sent, granted, decided in db.session.execute(_OTHERS, beside, execution_options=UNSCOPED)
    )


def first_time_beside(application: LoanApplication, others: Iterable[OtherLoan]) -> bool:
    """The same as ``is_first_time`` of an application that is not granted, by the other loans as they were read."""
    if application.first_time is not None:
        return application.first_time
    return not (application.cooperative.borrowed_before or any(loan.granted for loan in others))
