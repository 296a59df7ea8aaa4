"""Writes the settings' table of docs/operate.md from config.py: ``python -m tests.settings_doc``; a test compares."""

import re
from pathlib import Path

from config import SETTINGS, Setting

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operate.md"
BEGIN = "<!-- made from config.py by: .venv/bin/python -m tests.settings_doc -->"
END = "<!-- end of the settings -->"


def table() -> str:
    """The table, one row a setting in the order of config.py."""
    head = "| ชื่อ / Name | ค่าเริ่มต้น / Default | ค่าที่ใช้ได้ / Allowed | ความหมาย / Meaning |"
    return "\n".join((BEGIN, "", head, "|---|---|---|---|", *map(_row, SETTINGS.values()), "", END))


def with_table(page: str) -> str:
    """The page with today's table between its marks."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _old: table(), page, flags=re.DOTALL)


def _row(setting: Setting) -> str:
    default = _code(setting.default) or "–"
    default += "".join(f"; {env}: {_code(value)}" for env, value in setting.elsewhere.items())
    allowed = setting.allowed if "–" in setting.allowed else _code(setting.allowed) or "–"
    return f"| `{setting.name}` | {default} | {allowed} | {setting.thai}<br>{setting.english} |"


def _code(values: str) -> str:
    return ", ".join(
        f"`{value.replace('{root}/', '').replace('{instance}', '<INSTANCE_DIR>')}`"
        for value in re.split(r", ?", values)
        if value
    )


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
