"""The templates, styles and scripts: no line too long, and no macro that nothing calls."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
TEXTS = {path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
MACRO = re.compile(r"{%-? macro (\w+)")
# The framework's own templates, such as the page of its API, call it by this name.
FOR_THE_FRAMEWORK = {"get_nonce"}


def test_every_macro_is_called() -> None:
    whole = "\n".join(TEXTS.values())
    macros = set(MACRO.findall(whole)) - FOR_THE_FRAMEWORK

    never = {name for name in macros if len(re.findall(rf"\b{name}\b", whole)) == 1}

    assert never == set()
