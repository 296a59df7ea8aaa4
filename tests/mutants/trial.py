"""Tries mutants in forked processes that have imported everything but the rules; no file is written."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from hypothesis import Phase, settings

from tests.mutants.concerned import ROOT, module_of, near_and_far, path_of, quick_tests
from tests.mutants.places import Mutant

PASSED = 0
# A change can make a loop endless or a list fill the memory: such a mutant is found, too.
MOST_SECONDS = 20  # of processor time, so that a busy machine changes no result
MOST_MEMORY = 4 * 2**30  # bytes
SETTINGS = (
    "-x", "-q", "--tb=no", "--assert=plain", "--noconftest", "--override-ini=addopts=",
    "-p", "no:cacheprovider", "-p", "no:warnings", f"--rootdir={ROOT}",
)  # fmt: skip


def prepare() -> None:
    """Import what tests and rules need, then forget the rules and the tests, so that every child reads them anew."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(ROOT)
    sys.dont_write_bytecode = True
    # The same examples in every run; few, for a rule that only a rare example guards deserves a test by hand.
    settings.register_profile(
        "mutants",
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile("mutants")
    for path in quick_tests():
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for name in [name for name in sys.modules if name.split(".")[0] == "app" or name.startswith("tests.unit")]:
        del sys.modules[name]


def tests_pass() -> bool:
    """Whether the tests pass on the rules as they are; nothing can be learnt otherwise."""
    child = _fork(quick_tests(), None)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == PASSED


def survivors(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Those mutants that no test notices, in the order given; tried on every core at once."""
    every = list(mutants)
    waiting, running, survived = iter(every), dict[int, Mutant](), list[Mutant]()
    for _core in os.sched_getaffinity(0):
        _start_next(waiting, running)
    while running:
        child, status = os.wait()
        mutant = running.pop(child)
        if os.waitstatus_to_exitcode(status) == PASSED:
            survived.append(mutant)
        _start_next(waiting, running)
    return [mutant for mutant in every if mutant in survived]


def _start_next(waiting: Iterable[Mutant], running: dict[int, Mutant]) -> None:
    mutant = next(iter(waiting), None)
    if mutant is not None:
        running[_fork(near_and_far(mutant.file), mutant)] = mutant


def _fork(tests: Sequence[Path], mutant: Mutant | None) -> int:
    """Start a process that runs the tests and ends with pytest's code; return its number."""
    child = os.fork()
    if child:
        return child
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    code = 1
    try:
        if mutant is not None:
            sys.meta_path.insert(0, _MutantFinder(mutant))
        # Without a test named, pytest would run every test there is.
        code = int(pytest.main([*SETTINGS, *map(str, tests)])) if tests else PASSED
    finally:
        os._exit(code)


class _MutantFinder(importlib.abc.MetaPathFinder):
    """Lets the import of one module read the mutant instead of the file."""

    def __init__(self, mutant: Mutant) -> None:
        self.module = module_of(mutant.file)
        self.loader = _MutantLoader(self.module, str(path_of(self.module)), mutant.source)

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self.loader.path, loader=self.loader)


class _MutantLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, module: str, path: str, source: bytes) -> None:
        super().__init__(module, path)
        self.source = source

    def get_code(self, _fullname: str) -> CodeType:
        return self.source_to_code(self.source, self.path)
