"""Files of programmes as an office would send them: exported, and given names of their own."""

import re


def as_another(text: str, key: str = "fresh") -> str:
    """The file of a programme as that of another one: key and names are no other programme's."""
    text = re.sub(r"^  key: .*$", f"  key: {key}", text, count=1, flags=re.MULTILINE)
    for name in ("name", "name_en"):
        # A long text goes on in the next line.
        text = re.sub(rf"^  {name}: .*\n(?:    .*\n)*", f"  {name}: {key} {name}\n", text, count=1, flags=re.MULTILINE)
    return text
