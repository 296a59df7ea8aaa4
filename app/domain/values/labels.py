"""Choices whose stored code and label for people are written on one line."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A StrEnum whose members carry an English ``label``: ``SAVINGS = "savings", N_("Savings cooperative")``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        if not label:  # optional only for type checkers, which read Kind("savings") as a call of this
            raise TypeError(f"{value} has no label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
