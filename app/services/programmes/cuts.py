"""Whether an envelope may be cut: never below what is approved, below what is reserved only by who read the figures."""

from decimal import Decimal

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.models.programmes import LoanProgramme
from app.services.programmes.envelopes import money_of


class ShortEnvelope(RuleBroken):
    """The envelope would hold less than what is approved and reserved; ``short`` is how much is missing, in baht."""

    def __init__(self, short: Decimal, **figures: Decimal) -> None:
        super().__init__(
            N_(
                "Of the programme %(committed)s baht are approved and %(reserved)s baht reserved for applications: "
                "with this envelope %(short)s baht are missing. Nothing more is approved than the envelope holds, and "
                "who decides reads what is missing. If this is meant, write the reason below and save again."
            ),
            short=f"{short:,.2f}",
            **{name: f"{figure:,.2f}" for name, figure in figures.items()},
        )
        self.short = short


def refuse_cut(programme: LoanProgramme, envelope: Decimal, *, seen: str | None, why: str) -> None:
    """Judge a new envelope of a programme whose row the caller holds.

    Args:
        seen: the shortfall that the person has read, as the form carries it.
        why: the reason the person wrote.

    Raises:
        ShortEnvelope: it is less than what is held, and the person has not read by how much, or gave no reason.
        RuleBroken: it is less than what is approved.
    """
    if envelope >= programme.envelope:
        return
    money = money_of(programme)
    if envelope < money.committed:
        raise RuleBroken(
            N_(
                "%(committed)s baht of the programme are approved already, so its envelope cannot be cut to "
                "%(envelope)s baht. Enter at least what is approved."
            ),
            committed=f"{money.committed:,.2f}",
            envelope=f"{envelope:,.2f}",
        ).at("envelope")
    short = money.committed + money.reserved - envelope
    if short > 0 and (seen != str(short) or not why.strip()):
        raise ShortEnvelope(short, committed=money.committed, reserved=money.reserved).at("envelope")
