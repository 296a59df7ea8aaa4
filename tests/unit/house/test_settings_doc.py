"""docs/operate.md documents every setting and every command, once, as the code has them."""

import ast
import re
from pathlib import Path

import click
import pytest
from flask import Flask

from app.factory import create_app
from config import SETTINGS
from tests.settings_doc import PAGE, table

ROOT = Path(__file__).resolve().parents[3]
# Read from the environment and no settings of ours: which command runs, and what Windows needs to start a process.
NOT_OURS = {"FLASK_RUN_FROM_CLI", "SYSTEMROOT"}
OTHER_COMMANDS = {"flask db upgrade", "flask db downgrade", "flask sync-roles"}


def test_the_settings_table_is_what_config_makes() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "run: .venv/bin/python -m tests.settings_doc"


def test_every_setting_is_documented_once_with_its_meaning_in_both_languages() -> None:
    for name, setting in SETTINGS.items():
        assert table().count(f"| `{name}` |") == 1
        assert re.search("[ก-๙]", setting.thai), name
        assert re.search("[a-z]", setting.english), name


def test_the_code_asks_the_environment_for_settings_only() -> None:
    asked = {
        name
        for path in [ROOT / "config.py", *sorted((ROOT / "app").rglob("*.py"))]
        for name in _names_asked(ast.parse(path.read_text(encoding="utf-8")))
    }

    variables = {name for name in asked if re.fullmatch("[A-Z_]+", name)}  # a request's environ has others
    assert variables - NOT_OURS - set(SETTINGS) == set()


def _names_asked(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            place, key = node.func.value, node.args[0]
            asks = node.func.attr in ("get", "getenv")
        elif isinstance(node, ast.Subscript):
            place, key, asks = node.value, node.slice, True
        else:
            continue
        if asks and re.fullmatch(r"(os\.)?environ|os", ast.unparse(place)) and isinstance(key, ast.Constant):
            found.add(str(key.value))
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("commands")
    return create_app({"FUND_ENV": "testing", "INSTANCE_DIR": str(folder), "DATABASE_URL": "sqlite://"})


def test_every_command_is_documented_once(built: Flask) -> None:
    fund = built.cli.commands["fund"]
    assert isinstance(fund, click.Group)

    rows = re.findall(r"^\| `(flask (?:db |fund )?[a-z-]+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(OTHER_COMMANDS | {f"flask fund {name}" for name in fund.commands})


def test_every_option_of_a_command_is_named_in_its_row(built: Flask) -> None:
    fund = built.cli.commands["fund"]
    assert isinstance(fund, click.Group)
    rows = {
        name: next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if f"| `flask fund {name}" in line)
        for name in fund.commands
    }

    missing = [
        (name, option)
        for name, command in fund.commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.prompt
        for option in parameter.opts
        if option.startswith("--") and option not in rows[name]
    ]

    assert missing == []
