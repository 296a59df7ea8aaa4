"""How long a text may be, and what is said of one that is longer: by how much."""

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_


def refuse_longer(text: str, limit: int) -> None:
    """Raise ``RuleBroken`` for a text of more than ``limit`` characters."""
    if len(text) > limit:
        raise RuleBroken(
            N_("The text is %(over)s characters too long: at most %(limit)s. Shorten it."),
            over=f"{len(text) - limit:,}", limit=f"{limit:,}",
        )  # fmt: skip
