"""Keeps the ledger of each envelope in line with what happens to applications."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.domain.states import GRANTED, HOLDS_MONEY
from app.domain.values.money import ZERO
from app.extensions import db
from app.figures.declared import ENVELOPES
from app.figures.reading import envelope_sums
from app.figures.sums import now
from app.models.applications import LoanApplication
from app.models.cooperatives import Cooperative
from app.models.envelopes import EntryKind, EnvelopeEntry
from app.models.programmes import LoanProgramme
from app.security.scope import unscoped

# What an entry takes from the money that is left. A commitment keeps what was reserved before, so it takes nothing.
_TAKES = case(
    (EnvelopeEntry.kind == EntryKind.RESERVE, EnvelopeEntry.amount),
    (EnvelopeEntry.kind == EntryKind.RELEASE, -EnvelopeEntry.amount),
    else_=ZERO,
)


# The same of the kept sums of all entries, which are right whatever is stored meanwhile.
_kept = now(ENVELOPES)


def _kept_sum(*signed: tuple[EntryKind, ColumnElement[Any]]) -> ColumnElement[Decimal]:
    return func.sum(
        case(*((_kept.c.kind == kind, amount) for kind, amount in signed), else_=ZERO), type_=_kept.c.baht.type
    )


_ALL_HELD = select(
    _kept_sum((EntryKind.RESERVE, _kept.c.baht), (EntryKind.RELEASE, -_kept.c.baht)).label("takes"),
    _kept_sum((EntryKind.COMMIT, _kept.c.baht)).label("committed"),
)


def taken(programmes: Iterable[int]) -> dict[int, Decimal]:
    """What is reserved or committed of each envelope, in baht, by programme id, over all cooperatives."""
    sums = envelope_sums(programmes)
    return {key: of.get(EntryKind.RESERVE, ZERO) - of.get(EntryKind.RELEASE, ZERO) for key, of in sums.items()}


def taken_before(programme_id: int, moments: Mapping[int, datetime]) -> dict[int, Decimal]:
    """What was held of an envelope just before each moment, in baht; keys are the caller's."""
    entries = select(EnvelopeEntry.at, _TAKES).where(EnvelopeEntry.programme_id == programme_id)
    rows = db.session.execute(entries.order_by(EnvelopeEntry.at), execution_options={"unscoped": True}).all()
    times = [at for at, _amount in rows]
    sums = [ZERO, *accumulate(amount for _at, amount in rows)]
    return {key: sums[bisect_left(times, moment)] for key, moment in moments.items()}


@dataclass(frozen=True, slots=True)
class Money:
    """An envelope and what became of it, in baht; ``waiting`` counts the applications that queue for money.

    ``left`` is below zero when more is held of the envelope than there is: it was cut.
    """

    envelope: Decimal
    reserved: Decimal
    committed: Decimal
    left: Decimal
    waiting: int


def money_of(programme: LoanProgramme) -> Money:
    """Where a programme's money is, over all cooperatives."""
    reserved, committed = _held(envelope_sums([programme.id]).get(programme.id, {}))
    queue = select(func.count(LoanApplication.id)).where(*_waiting(programme.id))
    return Money(
        programme.envelope,
        reserved,
        committed,
        programme.envelope - reserved - committed,
        db.session.scalar(queue, execution_options={"unscoped": True}) or 0,
    )


def held_by(application: LoanApplication) -> tuple[Decimal, Decimal]:
    """What the application holds now: baht reserved and not yet committed, baht committed."""
    sums = select(EnvelopeEntry.kind, func.sum(EnvelopeEntry.amount))
    of_it = sums.where(EnvelopeEntry.application_id == application.id).group_by(EnvelopeEntry.kind)
    return _held({kind: baht for kind, baht in db.session.execute(of_it, execution_options={"unscoped": True})})


def _held(sums: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """Baht reserved and not yet committed, and baht committed, of entries summed by their kind."""
    committed = sums.get(EntryKind.COMMIT, ZERO)
    return sums.get(EntryKind.RESERVE, ZERO) - committed - sums.get(EntryKind.RELEASE, ZERO), committed


@dataclass(frozen=True, slots=True)
class Balance:
    """What an envelope has for one application, in baht; money decides by the one read while the programme is held.

    ``others`` is what everybody else holds of it, ``reserved`` and ``committed`` what the application does;
    ``approved_elsewhere`` is the part of ``others`` that was approved; ``somebody_waits`` says that an application
    queues for money, be it this one.
    """

    envelope: Decimal
    others: Decimal
    reserved: Decimal
    committed: Decimal
    approved_elsewhere: Decimal
    somebody_waits: bool

    @property
    def short(self) -> Decimal:
        """What is held beyond the envelope; below zero while something is left."""
        return self.others + self.reserved + self.committed - self.envelope

    @property
    def left_to_approve(self) -> Decimal:
        """The most that may be approved of the application, whatever is reserved for others."""
        return self.envelope - self.approved_elsewhere

    def left(self, *, queues: bool) -> Decimal:
        """The most the application may hold: what nobody else holds of the envelope.

        Args:
            queues: whether it may wait for money, as a submission may and the answer to a question may not. Who
                already holds money takes no more of it while others wait: nobody overtakes by asking for more.
        """
        rest = self.envelope - self.others
        return rest if queues or not self.somebody_waits else min(rest, self.reserved)

    def must_wait(self, amount: Decimal) -> bool:
        """Whether a submission of that amount has to queue: too little is left, or others queue already."""
        return self.somebody_waits or amount > self.left(queues=True)


def settle(application: LoanApplication, at: datetime, held: Balance | None = None) -> None:
    """Add the entries that bring the ledger in line with the application's state and amounts.

    Reserves on submission, commits on approval, and releases on rejection, withdrawal, expiry or a lower amount. An
    application on the waiting list holds nothing until money comes free. The amount is the one last sent: what is
    typed into a returned application and not sent holds nothing.

    Args:
        held: what it holds by now, when that was read while the programme's row was held.
    """
    reserved, committed = (held.reserved, held.committed) if held is not None else held_by(application)
    if application.state in GRANTED:
        if not committed:
            approved = application.amount_approved or ZERO
            _enter(application, EntryKind.RESERVE, approved - reserved, at)
            _enter(application, EntryKind.COMMIT, approved, at)
            _enter(application, EntryKind.RELEASE, reserved - approved, at)
        return
    holds = application.state in HOLDS_MONEY and application.waiting_since is None
    wanted = application.amount_held_for if holds else ZERO
    _enter(application, EntryKind.RESERVE, wanted - reserved, at)
    _enter(application, EntryKind.RELEASE, reserved - wanted, at)


def _enter(application: LoanApplication, kind: EntryKind, amount: Decimal, at: datetime) -> None:
    if amount <= 0:
        return
    db.session.add(
        EnvelopeEntry(
            cooperative_id=application.cooperative_id,
            application_id=application.id,
            programme_id=application.programme_id,
            kind=kind,
            amount=amount,
            at=at,
        )
    )


def lock_envelope(programme_id: int) -> int | None:
    """Hold the programme's row until the transaction ends, so that what is left is counted once; return its version."""
    held = select(LoanProgramme.version).where(LoanProgramme.id == programme_id).with_for_update()
    return db.session.scalar(held)


def hold_programme(programme: LoanProgramme) -> None:
    """Hold the programme with all parts of its terms, and have them read as they are now."""
    lock_envelope(programme.id)
    db.session.expire(programme)


def lock_envelope_for(application: LoanApplication) -> tuple[int | None, int | None]:
    """Hold the programme's row, then the application's; return their versions: who has read them learns of changes."""
    held = select(LoanProgramme.version, LoanApplication.version).join(
        LoanApplication, LoanApplication.programme_id == LoanProgramme.id
    )
    found = db.session.execute(held.where(LoanApplication.id == application.id).with_for_update()).one_or_none()
    return (found[0], found[1]) if found is not None else (None, None)


def balance_for(application: LoanApplication) -> Balance:
    """The balance as the ledger stands; whoever lets money follow from it holds the programme's row."""
    return balance_beside(application)[0]


def balance_beside(application: LoanApplication, *beside: ColumnElement[Any]) -> tuple[Balance, tuple[Any, ...]]:
    """The balance, and whatever else is to be read in the same statement."""
    held = _ALL_HELD.where(_kept.c.programme_id == application.programme_id).subquery()
    own = select(func.sum(EnvelopeEntry.amount)).where(EnvelopeEntry.application_id == application.id)
    kinds = (own.where(EnvelopeEntry.kind == kind).scalar_subquery() for kind in EntryKind)
    waiting = select(LoanApplication.id).where(*_waiting(application.programme_id)).exists()
    statement = select(held.c.takes, held.c.committed, *kinds, waiting, *beside).select_from(held)
    row = db.session.execute(statement, execution_options={"unscoped": True}).one()
    total, approved, reserve, commit, release = (amount or ZERO for amount in row[:5])
    reserved = reserve - commit - release
    balance = Balance(
        application.programme.envelope, total - reserved - commit, reserved, commit, approved - commit, row[5]
    )
    return balance, tuple(row[6:])


def _waiting(programme_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        LoanApplication.programme_id == programme_id,
        LoanApplication.waiting_since.is_not(None),
        LoanApplication.status.in_(sorted(HOLDS_MONEY)),
    )


def _hold_who_waits(programme_id: int) -> None:
    """Let nobody move a cooperative that waits to another office meanwhile: who does holds it and then what it sent.

    Whoever holds a cooperative and waits for the programme lets this pass.
    """
    waits = select(Cooperative.id).join(LoanApplication, LoanApplication.cooperative_id == Cooperative.id)
    held = waits.where(*_waiting(programme_id)).order_by(LoanApplication.waiting_since, LoanApplication.id)
    db.session.execute(held.with_for_update(of=Cooperative, read=True, key_share=True))


def serve_waiting(programme_id: int, at: datetime) -> list[LoanApplication]:
    """Reserve freed money for the waiting list, in order of submission, and return who got it.

    The first whose amount is not left stops the list: nobody overtakes by asking for less. Holds the programme's row.
    """
    served: list[LoanApplication] = []
    with unscoped():
        programme = db.session.get_one(LoanProgramme, programme_id)
        left = programme.envelope - taken([programme_id]).get(programme_id, ZERO)
        _hold_who_waits(programme_id)
        waiting = db.session.scalars(
            select(LoanApplication)
            .where(*_waiting(programme_id))
            .order_by(LoanApplication.waiting_since, LoanApplication.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for application in waiting:
            if application.amount_held_for > left:
                break
            left -= application.amount_held_for
            application.waiting_since = None
            settle(application, at)
            served.append(application)
        db.session.flush()
    return served
