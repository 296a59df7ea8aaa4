"""What a text for a mail is made of: lines with named placeholders, from a closed list, each left out without value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a text to translate, and the value that stands at each of its placeholders.

    ``values`` pairs a placeholder of the text with the name of a value; a line whose value is None is left out.
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """The names of the values it takes."""
        return frozenset(value for _placeholder, value in self.values)

    def written(self, values: Mapping[str, Any]) -> Iterator[str]:
        """The line in the reader's language, or nothing."""
        chosen = {placeholder: values[value] for placeholder, value in self.values}
        if None not in chosen.values():
            yield gettext(self.text, **chosen)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines made elsewhere, one below the other, with a heading when ``heading`` names one; nothing without lines."""

    lines: str
    heading: str | None = None

    @property
    def needs(self) -> frozenset[str]:
        """The names of the values it takes."""
        return frozenset({self.lines, *({self.heading} if self.heading else ())})

    def written(self, values: Mapping[str, Any]) -> Iterator[str]:
        """A blank line, the heading and the lines; without a heading the lines alone."""
        lines: Sequence[str] = values[self.lines] or ()
        if lines and self.heading:
            yield from ("", values[self.heading])
        yield from lines


BLANK = Block("blank")


def line(text: str, **values: str) -> Line:
    """A line of a text; each placeholder takes the value of that name: ``line(N_("To %(name)s"), name="reader")``."""
    return Line(text, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Text:
    """The subject and the lines of a mail."""

    subject: Line
    body: tuple[Line | Block, ...]

    @property
    def placeholders(self) -> frozenset[str]:
        """The closed list of what the text may say."""
        return frozenset().union(*(part.needs for part in (self.subject, *self.body))) - {"blank"}


def write(text: Text, values: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body in the reader's language.

    Raises:
        LookupError: a value is missing, or is none of the text's placeholders.
    """
    if set(values) != text.placeholders:
        raise LookupError(f"not the placeholders of the text: {sorted(set(values) ^ text.placeholders)}")
    given = {**values, "blank": ("",)}
    return "".join(text.subject.written(given)), "\n".join(each for part in text.body for each in part.written(given))
