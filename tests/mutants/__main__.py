"""``python -m tests.mutants``: change places of the rules one by one; print what the unit tests did not notice."""

import argparse
import random
import sys
from collections.abc import Sequence

from tests.mutants.concerned import module_of, path_of, rule_files
from tests.mutants.equivalent import EQUIVALENT, Equivalent
from tests.mutants.places import Mutant, mutant_at, places_in
from tests.mutants.trial import prepare, survivors, tests_pass

SEED = 2569
PLACES = 200
TARGET = 0.90


def chosen(files: Sequence[str], number: int, seed: int) -> list[Mutant]:
    """So many places of the files, drawn by the seed, each changed in one way; in the order of the files."""
    draw = random.Random(seed)
    sources = {file: path_of(module_of(file)).read_bytes() for file in files}
    every = [(file, place) for file, source in sources.items() for place in places_in(source)]
    taken = sorted(draw.sample(range(len(every)), min(number, len(every))))
    return [
        mutant_at(file, sources[file], place, draw.choice(place.instead)) for file, place in (every[at] for at in taken)
    ]


def listed(mutant: Mutant) -> Equivalent | None:
    """The entry of the list by hand for this change."""
    return next((each for each in EQUIVALENT if each.means(mutant)), None)


def report(tried: Sequence[Mutant], survived: Sequence[Mutant]) -> bool:
    """Print the figures, what survived and what cannot be noticed; return whether the target is reached."""
    unnoticed = [mutant for mutant in survived if listed(mutant) is None]
    equivalent = [mutant for mutant in tried if listed(mutant) is not None]
    found = len(tried) - len(survived)
    real = [mutant for mutant in tried if mutant not in equivalent]
    share = (len(real) - len(unnoticed)) / len(real) if real else 1.0
    for mutant in unnoticed:
        print(f"survived    app/domain/{mutant.file}:{mutant.line}: {mutant.before}  →  {mutant.after}")
    for mutant in equivalent:
        entry = listed(mutant)
        why = entry.why if entry is not None and mutant in survived else "WRONGLY LISTED: the tests notice it"
        print(f"equivalent  app/domain/{mutant.file}:{mutant.line}: {mutant.before}  →  {mutant.after}  ({why})")
    print(f"{len(tried)} places changed, {found} found ({found / max(len(tried), 1):.1%})")
    print(f"{len(real)} without the equivalent ones, {len(real) - len(unnoticed)} found ({share:.1%})")
    return share >= TARGET


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help=f"which places are drawn ({SEED})")
    parser.add_argument("--number", type=int, default=PLACES, help=f"how many places are changed ({PLACES})")
    parser.add_argument("--only", metavar="FILE", choices=rule_files(), help="places of this file of app/domain alone")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    tried = chosen([given.only] if given.only else rule_files(), given.number, given.seed)
    prepare()
    if not tests_pass():
        print("The unit tests of the rules fail already; mend them first.", file=sys.stderr)
        return 2
    return 0 if report(tried, survivors(tried)) else 1


if __name__ == "__main__":
    sys.exit(main())
