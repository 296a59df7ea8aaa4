"""Words for people in place of stored codes and refusals."""

from flask_babel import gettext

from app.domain.papers import Progress
from app.domain.values.calendar import BuddhistYear
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import Name, Phrase, Words
from app.ui.language import in_english

NOTHING = "–"


def labelled(member: LabelledEnum | None) -> str:
    """Return the label of ``member`` in the reader's language; a dash for None."""
    return NOTHING if member is None else str(gettext(member.label))


def in_word(kind: type[LabelledEnum], code: str | None) -> str:
    """Return the label of a stored code; a code the list does not know stands for itself, a dash for None."""
    if code is None:
        return NOTHING
    return next((labelled(member) for member in kind if member == code), code)


def choices(kind: type[LabelledEnum]) -> list[tuple[str, str]]:
    """Return every member as (code, label in the reader's language), in the order they were written."""
    return [(member.value, labelled(member)) for member in kind]


def explain(refusal: RuleBroken | Words) -> str:
    """Return the message of ``refusal``, or a text with figures, in the reader's language, and so those in it."""
    template = str(gettext(refusal.template))
    if not refusal.values:
        return template
    return template % {key: _explained(value) for key, value in refusal.values.items()}


def _explained(value: object) -> object:
    match value:
        case Phrase():
            return gettext(value)
        case Name():
            return value.english if in_english() else value
        case BuddhistYear():
            return value.shown(english=in_english())
        case tuple():
            return ", ".join(str(_explained(each)) for each in value)
        case RuleBroken() | Words():
            return explain(value)
        case _:
            return value


def papers_in_words(progress: Progress) -> str:
    """How many of the documents that must be there are there; a dash when none must be."""
    if not progress.asked:
        return NOTHING
    return str(gettext("%(there)s of %(asked)s", there=progress.there, asked=progress.asked))
