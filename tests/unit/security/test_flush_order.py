"""What happens around a flush happens in one order, whatever was imported first."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LAST_FIRST = ("app.security.audit", "app.security.scope", "app.models.base")
BEFORE = [
    "app.models.base._refresh_search_texts",
    "app.extensions._refuse_to_write",
    "app.security.scope._check_writes",
]
AFTER = ["app.security.scope._check_keys", "app.security.audit._record_register_changes"]
PROGRAM = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
from app.extensions import db
session = db.session.session_factory()
for bound_to in (session.dispatch.before_flush, session.dispatch.after_flush):
    bound = [f"{each.__module__}.{each.__qualname__}" for each in bound_to]
    print(*[name for name in bound if name.startswith("app.")])
"""


@pytest.mark.parametrize("modules", [("app.factory",), LAST_FIRST], ids="-".join)
def test_listeners_of_a_flush_are_called_in_one_order(modules: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *modules], cwd=ROOT, capture_output=True, text=True, check=True
    )

    before, after = done.stdout.splitlines()
    assert (before.split(), after.split()) == (BEFORE, AFTER)
