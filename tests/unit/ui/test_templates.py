"""Templates, styles and scripts: laid out and checked, no line too long, no macro and no colour that has no use."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "app" / "templates"
STATIC = ROOT / "app" / "static"
# Where the programs of the virtual environment stand.
PROGRAMS = Path(sys.executable).parent
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for folder, pattern in ((TEMPLATES, "*.html"), (STATIC, "*.css"), (STATIC, "*.js"))
    for path in sorted(folder.rglob(pattern))
    if path.is_file()
}
LONGEST_LINE = 120
MACRO = re.compile(r"{%-? macro (\w+)")
# The framework's own templates, such as the page of its API, call it by this name.
FOR_THE_FRAMEWORK = {"get_nonce"}
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)


@pytest.mark.parametrize(
    "command",
    [
        ["djlint", "app/templates", "--check", "--lint", "--quiet"],
        ["oxfmt", "--check", "app/static"],
        ["oxlint", "--deny-warnings", "app/static"],
    ],
    ids=["templates", "layout", "scripts"],
)
def test_the_front_end_passes(command: list[str]) -> None:
    program, *arguments = command

    done = subprocess.run([PROGRAMS / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", TEXTS)
def test_no_line_is_too_long(name: str) -> None:
    assert [line for line in TEXTS[name].splitlines() if len(line) > LONGEST_LINE] == []


def test_every_macro_is_called() -> None:
    whole = "\n".join(text for name, text in TEXTS.items() if name.endswith(".html"))
    macros = set(MACRO.findall(whole)) - FOR_THE_FRAMEWORK

    never = {name for name in macros if len(re.findall(rf"\b{name}\b", whole)) == 1}

    assert never == set()


def test_every_colour_of_the_styles_has_a_name_and_every_name_a_use() -> None:
    style = "".join(text for name, text in TEXTS.items() if name.endswith(".css"))
    variables, rules = style[: style.index("}", style.index(":root"))], style[style.index("}", style.index(":root")) :]

    assert COLOUR.findall(rules) == []
    assert set(re.findall(r"(--[\w-]+):", variables)) == set(re.findall(r"var\((--[\w-]+)", rules))
