"""What is changed on purpose in the rules, and the list of changes that nobody can notice."""

from tests.mutants.concerned import module_of, near_and_far, path_of, rule_files
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.places import mutant_at, places_in

SOURCE = b'''"""A text of 1 and not 2."""
@dataclass(frozen=True)
class Figures:
    first: int = 5

def within(amount: int, *, most: "3 < 4" = 7) -> bool:
    """Not 8."""
    return not (amount
                < most)
'''


def changes_of(file: str, source: bytes) -> list[tuple[str, str]]:
    mutants = [mutant_at(file, source, place, instead) for place in places_in(source) for instead in place.instead]
    return [(mutant.before, mutant.after) for mutant in mutants]


def test_only_what_decides_something_is_changed() -> None:
    header, body = 'def within(amount: int, *, most: "3 < 4" = 7) -> bool:', "return not (amount < most)"

    assert changes_of("made_up.py", SOURCE) == [
        (header, header.replace("7", "8")),
        (header, header.replace("7", "6")),
        ("return not (amount", "return (amount"),
        (body, "return None"),
        ("< most)", "<= most)"),
        ("< most)", ">= most)"),
    ]


def test_each_change_that_nobody_notices_is_one_of_the_code_as_it_stands() -> None:
    files = {each.file for each in EQUIVALENT}
    every = {(file, *change) for file in files for change in changes_of(file, path_of(module_of(file)).read_bytes())}

    gone = [(each.file, after) for each in EQUIVALENT for after in each.afters
            if (each.file, each.before, after) not in every]  # fmt: skip
    assert gone == []


def test_each_file_of_rules_has_a_test() -> None:
    assert [file for file in rule_files() if not near_and_far(file)] == []
