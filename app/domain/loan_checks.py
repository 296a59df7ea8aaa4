"""What the rules that hold for every programme look at, and the refusal of each."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from app.domain.criteria import baht
from app.domain.values.calendar import BuddhistYear
from app.domain.values.errors import RuleBroken
from app.domain.values.money import ZERO, to_satang
from app.domain.values.text import N_


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """What the rules look at; amounts in baht, terms in months.

    ``envelope_left`` is what the programme may still lend, not counting this application, and below zero when more is
    held than there is; ``already_reserved`` is what the application holds; ``may_wait`` says that the programme keeps a
    waiting list for those who come too late.
    ``kind_may_apply`` and ``place_may_apply`` compare the cooperative with whom the programme is for; the highest
    rate members may be charged is None when the programme has no rule, or nothing to compare with.
    ``borrowing_ceiling`` is the cooperative's own yearly ceiling, if one is recorded for ``fiscal_year``.
    ``held_elsewhere`` is what other applications of the cooperative ask for or were granted in the programme.
    ``member_rate_ruled`` says that the programme has a rule on the members' rate. The caps are on one member's loan
    and on one member's income a month; ``terms_source`` names the notification the terms
    come from, ``terms_version`` the version of them that holds; 0 while there is none.
    """

    today: date
    programme_open: bool
    opens_on: date
    closes_on: date
    amount: Decimal
    months: int
    ceiling: Decimal
    longest_term: int
    envelope_left: Decimal
    already_reserved: Decimal = ZERO
    borrowing_ceiling: Decimal | None = None
    fiscal_year: int = 0
    beneficiaries: int = 1
    members: int = 0
    cooperative_active: bool = True
    may_wait: bool = False
    kind_may_apply: bool = True
    place_may_apply: bool = True
    member_rate: Decimal = ZERO
    highest_member_rate: Decimal | None = None
    member_rate_ruled: bool = False
    held_elsewhere: Decimal = ZERO
    member_loan_cap: Decimal | None = None
    member_income_cap: Decimal | None = None
    terms_source: str = ""
    terms_version: int = 0
    purpose_written: bool = True


@dataclass(frozen=True, slots=True)
class MemberShare:
    """What each member may borrow on average of an amount in baht, and the programme's cap on it, if it has one."""

    amount: Decimal
    members: int
    cap: Decimal | None = None

    @property
    def each(self) -> Decimal:
        return to_satang(self.amount / self.members)

    @property
    def fits(self) -> bool:
        return self.cap is None or self.amount <= self.cap * self.members

    @property
    def most(self) -> Decimal:
        """What so many members may borrow together."""
        return (self.cap or ZERO) * self.members

    @property
    def members_needed(self) -> int:
        """How many members the amount needs; 0 without a cap."""
        return int((self.amount / self.cap).to_integral_value(ROUND_CEILING)) if self.cap else 0


def cooperative_active(facts: LoanFacts) -> None:
    if not facts.cooperative_active:
        raise RuleBroken(
            N_("The cooperative is suspended or closed in the register. Ask your office to correct the register.")
        )


def takes_applications(facts: LoanFacts) -> None:
    if not facts.programme_open or not facts.opens_on <= facts.today <= facts.closes_on:
        raise RuleBroken(N_("The programme does not take applications today. Choose a programme that is open."))


def within_ceiling(facts: LoanFacts) -> None:
    if facts.amount > facts.ceiling:
        raise RuleBroken(
            N_(
                "The amount asked, %(amount)s baht, is above the programme's ceiling of %(ceiling)s baht. "
                "Ask for the ceiling or less."
            ),
            amount=baht(facts.amount),
            ceiling=baht(facts.ceiling),
        )
    rest = facts.ceiling - facts.held_elsewhere
    if rest <= 0:
        raise RuleBroken(
            N_(
                "The %(held)s baht of the cooperative's other applications and loans in the programme reach its "
                "ceiling of %(ceiling)s baht already. Choose another programme, or withdraw another application."
            ),
            held=baht(facts.held_elsewhere),
            ceiling=baht(facts.ceiling),
        )
    if facts.amount > rest:
        raise RuleBroken(
            N_(
                "With the %(held)s baht of the cooperative's other applications and loans in the programme, the "
                "amount asked passes the programme's ceiling of %(ceiling)s baht. Ask for at most %(rest)s baht."
            ),
            held=baht(facts.held_elsewhere),
            ceiling=baht(facts.ceiling),
            rest=baht(rest),
        )


def within_term(facts: LoanFacts) -> None:
    if facts.months > facts.longest_term:
        raise RuleBroken(
            N_(
                "The term of %(months)s months is longer than the programme's %(longest)s months. Choose "
                "a shorter term."
            ),
            months=facts.months,
            longest=facts.longest_term,
        )


def within_envelope(facts: LoanFacts) -> None:
    most = max(facts.envelope_left, facts.already_reserved)
    if facts.may_wait or facts.amount <= most:
        return
    if facts.envelope_left < 0 and not facts.already_reserved:
        raise RuleBroken(
            N_(
                "%(short)s baht more are held of the programme's envelope than there are, so nothing is left to ask "
                "for. Choose another programme, or ask the fund."
            ),
            short=baht(-facts.envelope_left),
        )
    raise RuleBroken(
        N_(
            "The programme has %(left)s baht left, less than the %(amount)s baht asked. Ask for less, "
            "or choose another programme."
        ),
        left=baht(most),
        amount=baht(facts.amount),
    )


def within_own_ceiling(facts: LoanFacts) -> None:
    if facts.borrowing_ceiling is not None and facts.amount > facts.borrowing_ceiling:
        raise RuleBroken(
            N_(
                "The amount asked, %(amount)s baht, is above the cooperative's borrowing ceiling of "
                "%(ceiling)s baht for "
                "fiscal year %(year)s. Ask for less, or have the office record the new ceiling."
            ),
            amount=baht(facts.amount),
            ceiling=baht(facts.borrowing_ceiling),
            year=BuddhistYear(facts.fiscal_year),
        )


def enough_members(facts: LoanFacts) -> None:
    refuse_more_than_members(facts.beneficiaries, facts.members)


def refuse_more_than_members(beneficiaries: int, members: int) -> None:
    """Raise ``RuleBroken`` for more who benefit than there are members; 0 members are not counted yet."""
    if members and beneficiaries > members:
        raise RuleBroken(
            N_(
                "The number of members who benefit, %(number)s, is above the cooperative's %(members)s "
                "members. Correct the number."
            ),
            number=f"{beneficiaries:,}",
            members=f"{members:,}",
        )


def kind_served(facts: LoanFacts) -> None:
    if not facts.kind_may_apply:
        raise RuleBroken(N_("The programme is not for this kind of cooperative. Choose another programme."))


def place_served(facts: LoanFacts) -> None:
    if not facts.place_may_apply:
        raise RuleBroken(N_("The programme is not for the cooperative's province. Choose another programme."))


def within_member_rate(facts: LoanFacts) -> None:
    refuse_high_member_rate(facts.member_rate, facts.highest_member_rate)


def refuse_high_member_rate(rate: Decimal, highest: Decimal | None) -> None:
    """Raise ``RuleBroken`` for a rate to members above the highest, where one is known; both as fractions."""
    if highest is not None and rate > highest:
        raise RuleBroken(
            N_(
                "The rate to members, %(rate)s per cent a year, is above the %(highest)s per cent the programme "
                "allows. Lower it."
            ),
            rate=per_cent(rate),
            highest=per_cent(highest),
        )


def within_member_loans(facts: LoanFacts) -> None:
    cap, share = facts.member_loan_cap, MemberShare(facts.amount, facts.beneficiaries, facts.member_loan_cap)
    if cap is not None and not share.fits:
        raise RuleBroken(
            N_(
                "%(number)s members may borrow %(most)s baht together, at most %(cap)s baht each; %(amount)s baht are "
                "asked. Ask for less, or name all members who benefit."
            ),
            number=f"{facts.beneficiaries:,}",
            most=baht(share.most),
            cap=baht(cap),
            amount=baht(facts.amount),
        )


def purpose_written(facts: LoanFacts) -> None:
    if not facts.purpose_written:
        raise RuleBroken(N_("Still to be answered: what the members use the money for. Write it."))


def checked_by_the_cooperative(_facts: LoanFacts) -> None:
    """What only the cooperative can see to, member by member: shown, never refused."""


def per_cent(fraction: Decimal) -> str:
    """A yearly rate as messages print it: two decimals, or as many more as it has."""
    text = f"{fraction * 100:.4f}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")
