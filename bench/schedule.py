"""How long an instalment table of 60 months takes: ``.venv/bin/python -m bench.schedule [--rounds 2000]``."""

import argparse
import statistics
import sys
import time
from datetime import date
from decimal import Decimal

from app.domain.schedule import DayCount, InstalmentKind, LoanTerms, RateStep, build_schedule

LIMIT_MS = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    slowest = 0.0
    for kind in InstalmentKind:
        for day_count in DayCount:
            terms = LoanTerms(
                principal=Decimal(10_000_000),
                paid_out_on=date(2026, 1, 31),
                first_due_on=date(2026, 2, 28),
                instalments=60,
                rates=(RateStep(1, Decimal(0)), RateStep(4, Decimal("0.005")), RateStep(25, Decimal("0.015"))),
                kind=kind,
                day_count=day_count,
            )
            times = []
            for _round in range(rounds):
                began = time.perf_counter()
                build_schedule(terms)
                times.append((time.perf_counter() - began) * 1000)
            median, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
            slowest = max(slowest, median)
            print(f"{kind.value:<17} {day_count.value:<11} median {median:.3f} ms, p99 {p99:.3f} ms")
    return 0 if slowest < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
