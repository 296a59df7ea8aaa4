"""Invented approved loans of past years, so that charts and the map have something to show; the same every time.

Only invented cooperatives get invented loans, and no year with published totals gets any.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from app.demo import programmes
from app.demo.cooperatives import COOPERATIVES, Cooperative
from app.demo.loan_rows import Application, rate_for_members, working_day
from app.demo.terms import million

SEED = 2570
HALF_MILLION = million("0.5")
NOTE_TH = "คำขอตัวอย่าง ข้อมูลทั้งหมดเป็นข้อสมมติ"

# These have stories of their own in applications.csv.
SPOKEN_FOR = frozenset({"chonburi-1", "rayong-3", "samutsakhon-2"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How many loans a programme gives, and between which sizes in half millions of baht."""

    programme: str
    loans: int
    smallest: int
    largest: int


PLANS = (
    Plan("normal-2563", 5, 4, 20),
    Plan("kings-wisdom-2563", 4, 4, 16),
    Plan("normal-2564", 5, 4, 20),
    Plan("covid-2564", 5, 4, 12),
    Plan("normal-2565", 5, 4, 20),
    Plan("disaster-2565", 5, 6, 24),
    Plan("quality-of-life-2565", 5, 4, 14),
    Plan("normal-2568", 8, 6, 22),
    Plan("disaster-2568", 5, 6, 20),
)
# The last full year reaches every province that has an invented cooperative.
EVERY_PROVINCE = Plan("normal-2569", 0, 4, 16)


def _amount(random: Random, plan: Plan, cooperative: Cooperative) -> Decimal:
    """Return a round sum the cooperative can carry: never above half of its own capital."""
    own = cooperative.share_capital + cooperative.reserve
    affordable = max(plan.smallest, int(own / 2 / HALF_MILLION))
    return random.randint(plan.smallest, min(plan.largest, affordable)) * HALF_MILLION


def _days(random: Random, programme_key: str) -> tuple[date, date]:
    """Return a day of submission in the window and a later day of decision in the same fiscal year."""
    programme = programmes.BY_KEY[programme_key]
    longest = 75
    year_ends = date(programme.opens_on.year + (programme.opens_on.month >= 10), 9, 30)
    last = min(programme.closes_on, year_ends - timedelta(days=longest))
    submitted_on = programme.opens_on + timedelta(days=random.randint(4, (last - programme.opens_on).days))
    return submitted_on, working_day(submitted_on + timedelta(days=random.randint(28, longest)))


def _loan(random: Random, plan: Plan, number: int, cooperative: Cooperative) -> Application:
    programme = programmes.BY_KEY[plan.programme]
    asked = _amount(random, plan, cooperative)
    reduced = random.random() < 0.2 and asked > 4 * HALF_MILLION
    amount = asked - 2 * HALF_MILLION if reduced else asked
    submitted_on, decided_on = _days(random, plan.programme)
    terms = [months for months in (12, 18, 24, 36, 48, 60) if months <= programme.longest_term_months]
    return Application(
        key=f"generated-{plan.programme}-{number}",
        programme=programme.key,
        cooperative=cooperative.key,
        amount_asked=asked,
        amount_approved=amount,
        months=random.choice(terms[-3:]),
        purpose_th=programme.purpose_th,
        beneficiaries=min(cooperative.members, int(amount / random.randint(22_000, 48_000))),
        member_rate=rate_for_members(programme.key, cooperative.key),
        started_on=max(programme.opens_on, submitted_on - timedelta(days=random.randint(3, 14))),
        submitted_on=submitted_on,
        decided_on=decided_on,
        moved_on=decided_on,
        status="approved",
        reason_th="อนุมัติตามความสามารถในการชำระคืนที่วิเคราะห์ได้" if reduced else None,
        note_th=NOTE_TH,
    )


def _one_in_each_province(random: Random, candidates: list[Cooperative]) -> list[Cooperative]:
    provinces = sorted({cooperative.province for cooperative in candidates})
    return [random.choice([each for each in candidates if each.province == code]) for code in provinces]


def generated() -> tuple[Application, ...]:
    """Return the invented loans; a fixed seed makes them the same on every machine."""
    random = Random(SEED)  # noqa: S311 - sample figures, nothing secret
    candidates = [each for each in COOPERATIVES if not each.named_in_public and each.key not in SPOKEN_FOR]
    chosen = [(plan, random.sample(candidates, plan.loans)) for plan in PLANS]
    chosen.append((EVERY_PROVINCE, _one_in_each_province(random, candidates)))
    return tuple(
        _loan(random, plan, number, cooperative)
        for plan, cooperatives in chosen
        for number, cooperative in enumerate(cooperatives, start=1)
    )
