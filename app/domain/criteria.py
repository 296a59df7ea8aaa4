"""The kinds of criteria a programme may judge a cooperative by: each with its figures, and one function that judges.

No figure of these is known from a source of this fund: every one ships as an assumption that a programme changes.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.cooperatives import ControlClass, CooperativeKind
from app.domain.values.calendar import BuddhistYear
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.money import ZERO
from app.domain.values.text import N_, Words

UNKNOWN = Words(N_("not recorded"))
MONTHS_A_YEAR = 12
# The accounts of a closed year take months to be audited, so those of the year before are the newest for a while.
# How old they may be is an assumption: no source of the fund says it.
OLDEST_FIGURES = 1  # years behind the last closed one


class CriterionKind(LabelledEnum):
    """What can be asked of a cooperative; the registry of criteria."""

    YEARS_REGISTERED = "years_registered", N_("Years since its registration")
    CEILING_WITH_DEBTS = "ceiling_with_debts", N_("All debts and this loan stay within the year's borrowing ceiling")
    DEBT_TO_CAPITAL = "debt_to_capital", N_("Debts against capital and reserve")
    PROFIT_YEARS = "profit_years", N_("Years with a profit")
    CONTROL_CLASS = "control_class", N_("Class of internal control or better")
    BOARD_SIZE = "board_size", N_("Guarantors whose terms have not ended")
    NO_ARREARS = "no_arrears", N_("No arrears with the fund")
    DOCUMENTS = "documents", N_("Documents complete and current")
    ONE_APPLICATION = "one_application", N_("No other application under way in the programme")
    # The terms hold the figures of these already; a programme may change what breaking them means.
    ELIGIBLE_KIND = "eligible_kind", N_("Kind of cooperative")
    ELIGIBLE_PLACE = "eligible_place", N_("Province of the cooperative")
    OWN_CEILING = "own_ceiling", N_("Amount within the cooperative's own borrowing ceiling")
    ON_LENDING_RATE = "on_lending_rate", N_("Rate to members")
    MEMBER_LOANS = "member_loans", N_("Loan of each member")


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One accounting year of the cooperative; ``year`` in B.E., amounts in baht."""

    year: int
    share_capital: Decimal
    reserve: Decimal
    debts: Decimal
    profit: Decimal
    control_class: ControlClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrower:
    """What the criteria look at; what is not recorded is None or empty, and then nothing is claimed.

    ``years`` are the cooperative's accounting years, newest first; ``terms_end`` the last days of its board's terms.
    ``last_closed`` is the last accounting year (B.E.) that has ended; figures far behind it claim nothing.
    ``on_the_way`` is what the fund may lend besides, in baht: other applications not yet decided, and loans approved
    since the newest accounting year ended, which its debts do not hold yet. ``arrears`` is what it owes the fund
    beyond its due days, in baht; ``missing_documents`` counts required ones that are not attached, or not attached
    anew since the office asked for them again.
    """

    kind: CooperativeKind
    amount: Decimal
    today: date
    registered_on: date | None = None
    borrowing_ceiling: Decimal | None = None
    years: tuple[YearFigures, ...] = ()
    last_closed: int | None = None
    on_the_way: Decimal = ZERO
    terms_end: tuple[date, ...] = ()
    arrears: Decimal | None = None
    other_applications: int = 0
    missing_documents: int = 0

    @property
    def newest(self) -> YearFigures | None:
        """The newest accounting year recorded; None when there is none, or when it is too old to judge by."""
        return next(iter(self.recent), None)

    @property
    def recent(self) -> tuple[YearFigures, ...]:
        """The accounting years that are new enough to judge by."""
        last = self.last_closed
        return tuple(year for year in self.years if last is None or year.year >= last - OLDEST_FIGURES)

    @property
    def no_figures(self) -> Words:
        """Why there are no figures to judge by."""
        return (
            Words(N_("last recorded for the year %(year)s"), year=BuddhistYear(self.years[0].year))
            if self.years
            else UNKNOWN
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a criterion found and what it allows; ``met`` is None when it cannot be told."""

    found: Words
    limit: Words
    met: bool | None
    refusal: RuleBroken


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind judges, what its figures are called, and the place of an application where it is mended, if any."""

    judge: Callable[[Borrower, Decimal, Decimal], Finding]
    figures: tuple[str, ...] = ()
    usual: tuple[Decimal, ...] = ()
    place: str = ""


def baht(amount: Decimal) -> str:
    """An amount as messages print it."""
    return f"{amount:,.2f}"


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _years_registered(who: Borrower, figure: Decimal, _second: Decimal) -> Finding:
    limit = Words(N_("at least %(years)s years"), years=_plain(figure))
    refusal = RuleBroken(
        N_("The cooperative has not been registered for %(years)s years yet. Apply once it has."), years=_plain(figure)
    )
    if who.registered_on is None:
        return Finding(UNKNOWN, limit, None, refusal)
    months = _whole_months(who.registered_on, who.today)
    years, rest = divmod(max(months, 0), MONTHS_A_YEAR)
    found = Words(N_("%(years)s years %(months)s months"), years=years, months=rest)
    return Finding(found, limit, months >= figure * MONTHS_A_YEAR, refusal)


def _whole_months(start: date, end: date) -> int:
    """Months that are over; one that began on a day the last month lacks is over on that month's last day."""
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
    over = end.day >= min(start.day, monthrange(end.year, end.month)[1])
    return months if over else months - 1


def _ceiling_with_debts(who: Borrower, _figure: Decimal, _second: Decimal) -> Finding:
    limit = UNKNOWN if who.borrowing_ceiling is None else _amount(who.borrowing_ceiling)
    if who.borrowing_ceiling is None or who.newest is None:
        found = who.no_figures if who.newest is None else _amount(_all_debts(who, who.newest))
        return Finding(found, limit, None, RuleBroken(N_("Have the office record the ceiling and the debts.")))
    total = _all_debts(who, who.newest)
    refusal = RuleBroken(
        N_(
            "All debts with this loan, %(total)s baht, are above the year's borrowing ceiling of %(ceiling)s baht. "
            "Ask for less."
        ),
        total=baht(total),
        ceiling=baht(who.borrowing_ceiling),
    )
    return Finding(_amount(total), limit, total <= who.borrowing_ceiling, refusal)


def _all_debts(who: Borrower, year: YearFigures) -> Decimal:
    return year.debts + who.on_the_way + who.amount


def _amount(amount: Decimal) -> Words:
    return Words(N_("%(amount)s baht"), amount=baht(amount))


def _debt_to_capital(who: Borrower, figure: Decimal, second: Decimal) -> Finding:
    times = figure if who.kind is CooperativeKind.SAVINGS else second
    year = who.newest
    if year is None:
        limit = Words(N_("%(times)s times capital and reserve"), times=_plain(times))
        return Finding(who.no_figures, limit, None, RuleBroken(N_("Have the office record the last year's figures.")))
    most, total = (year.share_capital + year.reserve) * times, _all_debts(who, year)
    refusal = RuleBroken(
        N_(
            "All debts with this loan, %(total)s baht, are above %(times)s times capital and reserve, %(most)s baht. "
            "Ask for less."
        ),
        total=baht(total),
        times=_plain(times),
        most=baht(most),
    )
    return Finding(_amount(total), _amount(most), total <= most, refusal)


def _profit_years(who: Borrower, figure: Decimal, second: Decimal) -> Finding:
    wanted, of = int(figure), int(second)
    limit = Words(N_("%(wanted)s of %(of)s years"), wanted=wanted, of=of)
    refusal = RuleBroken(
        N_("A profit is asked for in %(wanted)s of the last %(of)s years. Explain the losses to your office."),
        wanted=wanted,
        of=of,
    )
    newest = who.newest
    known = [year for year in who.years if year.year > newest.year - of] if newest is not None else []
    good = sum(1 for year in known if year.profit > 0)
    found = Words(N_("%(wanted)s of %(of)s years"), wanted=good, of=len(known))
    missing = of - len(known)
    met = True if good >= wanted else (None if good + missing >= wanted else False)
    return Finding(found if known else who.no_figures, limit, met, refusal)


def _control_class(who: Borrower, figure: Decimal, _second: Decimal) -> Finding:
    worst = ControlClass(str(int(figure)))
    limit = Words(worst.label)
    refusal = RuleBroken(
        N_("The class of internal control is lower than the programme asks for. Speak to your office.")
    )
    known = next((year.control_class for year in who.recent if year.control_class is not None), None)
    if known is None:
        return Finding(UNKNOWN if who.newest is not None else who.no_figures, limit, None, refusal)
    return Finding(Words(known.label), limit, known.value <= worst.value, refusal)


def _board_size(who: Borrower, figure: Decimal, _second: Decimal) -> Finding:
    serving = sum(1 for day in who.terms_end if day >= who.today)
    refusal = RuleBroken(
        N_(
            "%(found)s guarantors have terms that have not ended, %(wanted)s are asked for. Bring the board up to date."
        ),
        found=serving,
        wanted=int(figure),
    )
    words = N_("%(number)s persons")
    if not who.terms_end:
        return Finding(UNKNOWN, Words(words, number=int(figure)), None, refusal)
    return Finding(Words(words, number=serving), Words(words, number=int(figure)), serving >= figure, refusal)


def _no_arrears(who: Borrower, _figure: Decimal, _second: Decimal) -> Finding:
    refusal = RuleBroken(
        N_("%(amount)s baht are overdue with the fund. Pay them first."), amount=baht(who.arrears or ZERO)
    )
    limit = Words(N_("none"))
    if who.arrears is None:
        return Finding(UNKNOWN, limit, None, refusal)
    return Finding(_amount(who.arrears), limit, who.arrears <= 0, refusal)


def _documents(who: Borrower, _figure: Decimal, _second: Decimal) -> Finding:
    refusal = RuleBroken(
        N_("%(number)s required documents are missing or were asked for again. Attach them."),
        number=who.missing_documents,
    )
    found = Words(N_("%(number)s missing"), number=who.missing_documents)
    return Finding(found, Words(N_("none")), who.missing_documents == 0, refusal)


def _one_application(who: Borrower, _figure: Decimal, _second: Decimal) -> Finding:
    refusal = RuleBroken(
        N_("Another application of the cooperative is under way in this programme. Wait for its result or withdraw it.")
    )
    found = Words(N_("%(number)s others"), number=who.other_applications)
    return Finding(found, Words(N_("none")), who.other_applications == 0, refusal)


K, D = CriterionKind, Decimal
RULES: dict[CriterionKind, Rule] = {
    K.YEARS_REGISTERED: Rule(_years_registered, (N_("Years at least"),), (D(1),)),
    K.CEILING_WITH_DEBTS: Rule(_ceiling_with_debts),
    K.DEBT_TO_CAPITAL: Rule(
        _debt_to_capital,
        (N_("Times at most, savings cooperatives"), N_("Times at most, credit unions")),
        (D("1.5"), D(5)),
    ),
    K.PROFIT_YEARS: Rule(_profit_years, (N_("Years with a profit at least"), N_("Of the last years")), (D(2), D(3))),
    K.CONTROL_CLASS: Rule(_control_class, (N_("Worst class that passes (1 to 4)"),), (D(3),)),
    K.BOARD_SIZE: Rule(_board_size, (N_("Guarantors at least"),), (D(5),), place="board"),
    K.NO_ARREARS: Rule(_no_arrears),
    K.DOCUMENTS: Rule(_documents, place="papers-count"),
    K.ONE_APPLICATION: Rule(_one_application),
}


PLACES = "figure", "second_figure"


def figures_of(kind: CriterionKind) -> tuple[str, ...]:
    """What the figures of a kind are called, in the order of ``PLACES``."""
    return RULES[kind].figures if kind in RULES else ()
