"""Imports point one way, the rules touch nothing outside, and SQL goes through the ORM, where the row scope is."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[3] / "app"
# Which of our packages a package may import, beside itself. The factory and the commands bind everything.
MAY_IMPORT = {
    "domain": set(),
    "extensions": set(),
    "logs": set(),
    "files": {"domain"},
    "models": {"domain"},
    "ui": {"domain"},
    "security": {"domain", "extensions", "logs", "models"},
    "figures": {"domain", "extensions", "models", "security"},
    "services": {"domain", "extensions", "figures", "files", "logs", "models", "security", "ui"},
    "reports": {"domain", "extensions", "figures", "models", "security", "ui"},
    "views": {"domain", "extensions", "figures", "files", "logs", "models", "security", "services", "reports", "ui"},
}
# The factory, and what starts the application or acts for nobody in it.
TOP_LEVEL = {"factory", "commands", "demo", "serving"}
FRAMEWORKS = {
    "alembic",
    "flask",
    "flask_appbuilder",
    "flask_babel",
    "flask_login",
    "jinja2",
    "sqlalchemy",
    "wtforms",
    "werkzeug",
}
# Which rooms of a layer a room may import, beside the hall (files that lie in the layer itself) and itself.
ROOMS = {
    "services": {
        "messages": set(),
        "imports": set(),
        "programmes": set(),
        "cooperatives": {"imports", "messages"},
        "documents": {"programmes", "cooperatives"},
        "loans": {"programmes", "cooperatives"},
        "eligibility": {"programmes", "cooperatives", "documents"},
        "workdays": set(),
        "help": {"documents"},
        "applications": {"messages", "programmes", "cooperatives", "documents", "loans", "eligibility", "workdays"},
        "jobs": {"messages", "documents", "applications"},
    },
    "views": {
        "shell": set(),
        "programmes": {"shell"},
        "applications": {"shell", "programmes", "cooperatives"},
        "documents": {"shell", "programmes", "cooperatives", "applications"},
        "loans": {"shell", "applications"},
        "cooperatives": {"shell"},
        "people": {"shell"},
        "messages": {"shell"},
        "reports": {"shell"},
        "workdays": {"shell"},
        "help": {"shell"},
    },
    "files": {"inspection": set(), "pictures": {"inspection"}},
    "domain": {"values": set()},
}
# Who reads the clock: pages and commands, and what keeps the moment of its own rows. Everybody else is told it.
READS_THE_CLOCK = ("views/", "commands/", "security/", "logs/", "metrics.py", "ui/clock.py", "models/base.py")
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "localtime", "gmtime"}
WITH_ROWS = ("views", "services", "reports")
RAW_SQL = re.compile(
    r"(?<![\w.])text\(|__table__|exec_driver_sql|\bliteral_column\(|\.connection\(|raw_connection|db\.engine"
)
# Lines that look like SQL outside the scope, each read and found harmless.
REVIEWED = {
    ("services/registers.py", "table = row.__table__"): "only counts what points to a row about to be deleted",
    ("services/applications/numbers.py", "db.engine.dialect.name"): "asks which database it is, reads nothing",
    ("services/jobs/due_work.py", "db.engine.dialect.name"): "the same",
    ("services/jobs/readiness.py", "db.engine"): "asks which database it is and where its file lies",
    ("views/shell/cells.py", "def text(value: Any) -> str:"): "a formatter of that name",
}
# Every place that reads or writes beyond the person's rows, each for a reason.
UNSCOPED = {
    "services/own_data.py": "reads what is tied to the person who asks, by that person's own key",
    "services/last_saved.py": "whoever may edit a row learns who saved it meanwhile, without the trail",
    "commands/cli.py": "commands and jobs act for nobody",
    "commands/preparing.py": "the same",
    "services/jobs/due_work.py": "the same",
    "services/jobs/expiry.py": "the same",
    "services/jobs/readiness.py": "counts mails that wait or stopped, and reads the version of the tables",
    "commands/documents.py": "the same",
    "commands/quotes.py": "the same",
    "security/scope.py": "defines it",
    "demo/seed.py": "puts the demonstration into an empty database",
    "services/cooperatives/borrowers.py": "sums a cooperative's other loans alike for every reader",
    "services/eligibility/judgement.py": "reads a cooperative's yearly figures alike for every reader",
    "services/cooperatives/boards.py": "reads a cooperative's board alike for every reader, as it is judged and sent",
    "services/cooperatives/waiting_board.py": "finds the signatories whom a change of a board waits for",
    "services/applications/board_told.py": "finds whom a change of a board concerns, and whether a loan was granted",
    "services/applications/kept_boards.py": "tells who changed a board, for offices and a committee without the trail",
    "services/applications/cases.py": "finds who judged papers and when, also for a committee that sees no findings",
    "services/applicants.py": "finds who prepared an application, also for a committee that sees no audit trail",
    "services/applications/changed_answers.py": "reads what an answer changed, for a committee, too",
    "services/applications/lost_sight.py": "tells who saw an application which step took it out of sight",
    "services/applications/told.py": "finds the people a move concerns",
    "services/messages/tell.py": "counts a person's own notices, and nothing else",
    "services/eligibility/dry_runs.py": "judges all applications of a programme; numbers and reasons come out",
    "figures/reading.py": "narrows kept sums, which are nobody's rows, to the person's scope by itself",
    "services/programmes/envelopes.py": "sums an envelope over all cooperatives, and serves its waiting list",
    "services/documents/access.py": "finds a person's own openings of a file, for a committee, too",
    "services/help/mistakes.py": "counts documents asked for again over all cooperatives; names nobody",
    "services/registers.py": "counts what points to a row, so that nothing in use is deleted",
    "views/shell/form_builder.py": "a unique value is taken, whoever may see the row that has it",
}
# Every place that deletes a file's bytes. Nothing else does: a file that was sent stays until its retention ends.
DELETES_FILES = {
    "commands/backup/restoring.py": "what the backup does not know, after its rows were put back and told to replace",
    "files/storing.py": "a file on its way that nothing will point to",
    "views/documents/reuse.py": "copies that no row names",
    "views/documents/blank_forms.py": "the blank form that a newer one replaced, or that lost the race for its place",
    "views/help/register.py": "a picture that no page of the help shows, or whose row was not stored",
    "services/jobs/retention.py": "what is past its retention, after the record of it is kept",
    "services/jobs/scan.py": "the first copy of an infected file, once the one kept apart is on record",
    "services/jobs/store_check.py": "files without a row, and what an erasure left behind",
}
DELETING = re.compile(r"store(?:\(\))?\.(?:delete|remove_unfinished)\(")
# Writes that neither the flush nor the statement check sees.
UNSEEN_WRITES = re.compile(r"bulk_save_objects|bulk_insert_mappings|bulk_update_mappings|\.merge_frozen\(")


def sources(package: str = "") -> Iterator[Path]:
    return iter(sorted((APP / package).rglob("*.py")))


def package_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Names of all modules that a file imports, inside functions, too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_point_one_way(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}

    wrong = [
        (str(path.relative_to(APP)), name)
        for path in sources()
        if package_of(path) == package
        for name in imported(path)
        if name.startswith("app.") and name.split(".")[1] not in allowed
    ]

    assert wrong == []


def test_every_package_has_its_place_in_the_order() -> None:
    packages = {package_of(path) for path in sources()}

    top = {"__init__", "commands", "connections", "demo", "factory", "metrics", "processes", "running", "serving"}
    assert packages - top == set(MAY_IMPORT)


@pytest.mark.parametrize(("layer", "room"), [(layer, room) for layer, rooms in ROOMS.items() for room in rooms])
def test_rooms_of_a_layer_have_an_order(layer: str, room: str) -> None:
    allowed = ROOMS[layer][room] | {room}

    wrong = [
        (path.name, name)
        for path in sources(f"{layer}/{room}")
        for name in imported(path)
        if name.startswith(f"app.{layer}.") and name.split(".")[2] in set(ROOMS[layer]) - allowed
    ]

    assert wrong == []


@pytest.mark.parametrize("layer", ROOMS)
def test_every_room_has_its_place_in_the_order(layer: str) -> None:
    assert {path.name for path in (APP / layer).iterdir() if (path / "__init__.py").exists()} == set(ROOMS[layer])


@pytest.mark.parametrize("layer", ROOMS)
def test_the_order_of_rooms_has_no_circle(layer: str) -> None:
    standing: set[str] = set()
    while ready := {room for room, below in ROOMS[layer].items() if below <= standing} - standing:
        standing |= ready

    assert standing == set(ROOMS[layer])


def test_values_know_no_rule() -> None:
    used = {name for path in sources("domain/values") for name in imported(path) if name.startswith("app.")}

    assert all(name.startswith("app.domain.values.") for name in used)


def test_no_room_has_more_than_twenty_five_files_and_no_file_more_than_three_hundred_lines() -> None:
    rooms = Counter(path.parent for path in sources())
    lines = {str(path.relative_to(APP)): path.read_text(encoding="utf-8").count("\n") for path in sources()}

    assert {str(room.relative_to(APP)): number for room, number in rooms.items() if number > 25} == {}
    assert {name: number for name, number in lines.items() if number > 300} == {}


def test_no_page_calls_a_page() -> None:
    views = {
        f"{'.'.join(('app', *path.relative_to(APP).with_suffix('').parts))}.{node.name}"
        for path in sources("views")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and any(isinstance(part, ast.FunctionDef) for part in node.body)
        if any("expose" in ast.unparse(each) for part in node.body for each in getattr(part, "decorator_list", ()))
    }

    views = {name for name in views if not name.startswith("app.views.shell.")}
    wrong = [
        (str(path.relative_to(APP)), name)
        for path in sources("views")
        if path.name != "__init__.py"
        for name in imported(path) & views
    ]
    assert wrong == []


def test_only_pages_and_commands_read_the_clock() -> None:
    wrong = [
        (name, number)
        for path in sources()
        if not (name := str(path.relative_to(APP))).startswith(READS_THE_CLOCK)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(
            r"\b(?:datetime\.(?:now|utcnow)|date\.today|today|models\.base import .*\bnow)\(|base import now", line
        )
    ]

    assert wrong == []


def test_only_jobs_commit() -> None:
    found = {
        path.relative_to(APP).parts[1]
        for path in sources("services")
        if re.search(r"session\.commit\(", path.read_text(encoding="utf-8"))
    }

    assert found == {"jobs"}


def test_a_rule_is_imported_without_the_application() -> None:
    code = "import sys, app.domain.schedule; print(len(sys.modules), *sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=APP.parent)
    number, *names = answer.stdout.split()

    assert {name.split(".")[0] for name in names} & FRAMEWORKS == set()
    assert int(number) < 150  # the factory brings some 2,500


def test_nothing_imports_the_factory_or_the_commands_but_what_starts_the_application() -> None:
    wrong = [
        (path.name, name)
        for path in sources()
        if package_of(path) not in TOP_LEVEL
        for name in imported(path)
        if name.startswith(("app.commands", "app.factory", "app.serving"))
    ]

    assert wrong == []


def test_domain_imports_no_framework() -> None:
    used = {name.split(".")[0] for path in sources("domain") for name in imported(path)}

    assert used & FRAMEWORKS == set()


def test_domain_reads_no_clock_and_opens_no_file() -> None:
    wrong = []
    for path in sources("domain"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CLOCKS | {"open", "read_text", "read_bytes", "getenv"}:
                wrong.append((path.name, node.lineno, name))

    assert wrong == []


def test_sql_goes_through_the_orm_where_the_scope_is() -> None:
    found = [
        (str(path.relative_to(APP)), line.strip())
        for package in WITH_ROWS
        for path in sources(package)
        for line in path.read_text(encoding="utf-8").splitlines()
        if RAW_SQL.search(line)
    ]

    unread = [hit for hit in found if not any(hit[0] == file and part in hit[1] for file, part in REVIEWED)]
    stale = [key for key in REVIEWED if not any(file == key[0] and key[1] in line for file, line in found)]

    assert unread == []
    assert stale == []


def test_every_place_beyond_the_scope_is_reviewed() -> None:
    found = {
        str(path.relative_to(APP))
        for path in sources()
        if re.search(r"unscoped\(\)|\"unscoped\"|EVERYTHING", path.read_text(encoding="utf-8"))
    }

    assert found - {"security/reach.py"} == set(UNSCOPED)


def test_nothing_is_written_past_the_flush() -> None:
    wrong = [path.name for path in sources() if UNSEEN_WRITES.search(path.read_text(encoding="utf-8"))]

    assert wrong == []


def test_every_place_that_deletes_files_is_reviewed() -> None:
    found = {str(path.relative_to(APP)) for path in sources() if DELETING.search(path.read_text(encoding="utf-8"))}

    assert found == set(DELETES_FILES)
