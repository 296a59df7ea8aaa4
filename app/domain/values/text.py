"""Marks text that is defined at import time for translation when it is shown; and what no text of people holds."""

import re

# Control characters other than white space, half characters, non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def N_(message: str) -> str:
    """Return ``message`` unchanged; the translation catalogue finds it by this name."""
    return message


class Phrase(str):
    """A figure of a message that is itself a text to translate, such as the name of a move."""


class Name(str):
    """A Thai name that a message tells, with the English one beside it for whoever reads English."""

    english: str

    def __new__(cls, thai: str, english: str) -> "Name":
        """Both names; the text itself is the Thai one."""
        name = super().__new__(cls, thai)
        name.english = english or thai
        return name


class Words:
    """A short text for people, to translate when it is shown, with its figures; like a refusal, but no error."""

    __slots__ = ("template", "values")

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(self.template)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template
