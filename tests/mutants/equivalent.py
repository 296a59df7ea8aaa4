"""Changes that nobody can notice, each with the reason; found by the code of the line, wherever it stands."""

from dataclasses import dataclass

from tests.mutants.places import Mutant


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A line of a file, as its code stands and as changes that change no answer would make it."""

    file: str
    before: str
    afters: tuple[str, ...]
    why: str

    def means(self, mutant: Mutant) -> bool:
        """Whether this is the change."""
        return (mutant.file, mutant.before) == (self.file, self.before) and mutant.after in self.afters


def _same(file: str, before: str, *afters: str, why: str) -> Equivalent:
    return Equivalent(file, before, afters, why)


_MARKS = (
    "_SECONDARY = {mark: str(weight) for weight, mark in "
    'enumerate("\\u0e4e\\u0e4c\\u0e47\\u0e48\\u0e49\\u0e4a\\u0e4b", '
)
EQUIVALENT = (
    _same(
        "values/calendar.py",
        "FIRST_BUDDHIST_YEAR = 2400",
        "FIRST_BUDDHIST_YEAR = 2401",
        "FIRST_BUDDHIST_YEAR = 2399",
        why="2399 and 2400 lie outside the years that are read, in either era",
    ),
    _same(
        "values/calendar.py",
        "year = from_be(year) if year >= FIRST_BUDDHIST_YEAR else year",
        "year = from_be(year) if year > FIRST_BUDDHIST_YEAR else year",
        why="2400 lies outside the years that are read, in either era",
    ),
    _same(
        "values/calendar.py",
        "LONGEST_TYPED_DATE = 60",
        "LONGEST_TYPED_DATE = 61",
        "LONGEST_TYPED_DATE = 59",
        why="no date is so long; where the cut lies decides about nothing that a person types",
    ),
    _same(
        "values/calendar.py",
        "missing = [template for part, template in zip((day, month, year), _MISSING, strict=True) if not part]",
        "missing = [template for part, template in zip((day, month, year), _MISSING, strict=False) if not part]",
        why="both sides have three",
    ),
    _same(
        "cooperatives.py",
        "return date(common, of, min(day or 31, monthrange(common, of)[1]))",
        "return date(common, of, min(day or 32, monthrange(common, of)[1]))",
        why="the month's last day is the smaller one either way",
    ),
    _same(
        "values/identifiers.py",
        "LONGEST_PHONE = 120",
        "LONGEST_PHONE = 121",
        "LONGEST_PHONE = 119",
        why="no telephone number is so long; where the cut lies decides about nothing that a person types",
    ),
    _same(
        "programme_file.py",
        "return field.default is MISSING and field.default_factory is MISSING",
        "return field.default is MISSING or field.default_factory is MISSING",
        why="fields without a default stand before those with one, so the first that is missing is found either way",
    ),
    _same(
        "costs.py",
        "later = {month: rate for month, rate in steps.items() if month > self.free_months + 1}",
        "later = {month: rate for month, rate in steps.items() if month >= self.free_months + 1}",
        "later = {month: rate for month, rate in steps.items() if month > self.free_months + 0}",
        why="the rate of the month after the free ones is put there already, and is the same",
    ),
    _same(
        "programmes.py",
        "bounded = sorted((level for level in reaching if level.up_to is not None), "
        "key=lambda level: level.up_to or 0)",
        "bounded = sorted((level for level in reaching if level.up_to is not None), "
        "key=lambda level: level.up_to or 1)",
        why="a level up to nothing reaches no amount",
    ),
    _same(
        "programmes.py",
        "return False",
        "return None",
        why="only asked whether it is true",
    ),
    _same(
        "quotes.py",
        "if first_time and terms.free_months:",
        "if first_time or terms.free_months:",
        why="without free months, or for a later loan, the plain table is the same and the difference nothing",
    ),
    _same(
        "quotes.py",
        "first_of_next = day + timedelta(days=1)",
        "first_of_next = day + timedelta(days=2)",
        why="the second of the month is as good as the first to find its last day",
    ),
    _same(
        "quotes.py",
        "return due_dates(day, 2)[1]",
        "return due_dates(day, 3)[1]",
        why="the second of three is the second of two",
    ),
    _same(
        "schedule.py",
        "WORKING_DIGITS = 40",
        "WORKING_DIGITS = 41",
        "WORKING_DIGITS = 39",
        why="every amount has 15 digits at most, so each of these is more than enough",
    ),
    _same(
        "schedule.py",
        "steps = iter((*terms.rates[1:], RateStep(terms.instalments + 1, ZERO)))",
        "steps = iter((*terms.rates[0:], RateStep(terms.instalments + 1, ZERO)))",
        "steps = iter((*terms.rates[1:], RateStep(terms.instalments + 2, ZERO)))",
        why="the first step sets the rate that holds already; the added one only has to lie beyond the last instalment",
    ),
    _same(
        "schedule.py",
        "cut_short = first.day == monthrange(first.year, first.month)[1] and terms.paid_out_on.day > first.day",
        "cut_short = first.day == monthrange(first.year, first.month)[1] and terms.paid_out_on.day >= first.day",
        why="on the same day of the month both choices are that day",
    ),
    _same(
        "schedule.py",
        "if _months_later(start, whole) == end or _months_later(end, -whole) == start:",
        "if _months_later(start, whole) == end or _months_later(end, whole) == start:",
        why="a start that lies whole months before the end leaves no broken month below, which gives the same number",
    ),
    _same(
        "schedule.py",
        "while _months_later(end, -whole) < start:",
        "while _months_later(end, -whole) <= start:",
        why="a start on that very day was answered above",
    ),
    _same(
        "values/thai.py",
        _MARKS + "start=1)}",
        _MARKS + "start=2)}",
        why="the order of the marks is the same, and each weight still one digit",
    ),
    _same(
        "values/thai.py",
        "return 2",
        "return 3",
        why="either is the highest rank",
    ),
)
