"""The one refusal the fund's rules raise."""

from collections.abc import Callable
from typing import Any


class RuleBroken(Exception):
    """A rule refuses what was asked; the message says what is wrong, with the figures, and what to do.

    Args:
        template: English text with ``%(name)s`` places, marked with ``N_`` where it is written.
        values: what fills the places; already formatted for people. Several in a tuple are told one after the other.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        self.field = ""
        self.offer = ""
        self.further: tuple[RuleBroken, ...] = ()
        told = {key: ", ".join(map(str, each)) if isinstance(each, tuple) else each for key, each in values.items()}
        super().__init__(template % told if told else template)

    def at(self, field: str) -> "RuleBroken":
        """Name the field of the form, or the place among a programme's terms, at which the message belongs."""
        self.field = field
        return self

    def offering(self, meant: str) -> "RuleBroken":
        """Name what was probably meant, as one would type it, so that it can be taken by one press."""
        self.offer = meant
        return self

    def every(self) -> "tuple[RuleBroken, ...]":
        """This refusal and the further ones that were found with it."""
        return (self, *self.further)


def gather(*steps: Callable[[], Any]) -> list[Any]:
    """Take all steps and return what they gave.

    Raises:
        RuleBroken: the first refusal, with those of the other steps behind it.
    """
    given: list[Any] = []
    refused: list[RuleBroken] = []
    for step in steps:
        try:
            given.append(step())
        except RuleBroken as refusal:
            refused += refusal.every()
    if refused:
        first, *others = refused
        first.further = tuple(others)
        raise first
    return given
