"""The command: ``python -m bench.national --rows 10000``; docs/performance.md says what it prints."""

import argparse
import threading
from pathlib import Path

from bench.national.filled import filled
from bench.national.postgres import folder_of, wheel_programs


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.national", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="applications: 10000, 100000 or 1000000")
    parser.add_argument("--keep", type=Path, help="folder of the filled database; made when missing, used again")
    parser.add_argument(
        "--programs", type=Path, default=wheel_programs(), help="folder of another PostgreSQL's programs"
    )
    parser.add_argument("--hold", action="store_true", help="measure nothing; keep the database open until interrupted")
    chosen = parser.parse_args()
    with folder_of(chosen.keep) as folder, filled(folder, chosen.rows, chosen.programs) as database:
        print(database.address, flush=True)
        if chosen.hold:
            threading.Event().wait()


if __name__ == "__main__":
    main()
