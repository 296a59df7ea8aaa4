"""The list of documents in the form that returns an application: what is ticked, and what is needed of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.domain.examination import check_request
from app.domain.values.errors import RuleBroken
from app.services.documents.checklist import Paper
from app.services.documents.requests import Requestable, requestable
from app.ui.fields import FundForm, Longest, ThaiTextArea
from app.ui.labels import explain
from app.ui.language import DEFAULT
from app.ui.tables import SLOT
from app.views.shell.places import row_id

TICKED = "asked"
LONGEST_NOTE = 1000


class NoteForm(FundForm):
    """What is needed of one paper; a part of the move's form, which has the token."""

    class Meta(FundForm.Meta):
        """Neither makes a token nor looks at one."""

        csrf = False

    note = ThaiTextArea(_("What is needed"), [Longest(LONGEST_NOTE)])


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One paper of the list; ``ticked`` is as the officer left it, ``offered.needed`` cannot be unticked.

    ``form`` is the note as it was sent; in the list to begin with all notes are drawn by one.
    """

    offered: Requestable
    ticked: bool
    form: NoteForm | None = None

    @property
    def note(self) -> str:
        """What is needed, as typed or as proposed."""
        return (self.form.note.data or "") if self.form is not None else self.offered.note

    @property
    def prefix(self) -> str:
        """What the names of its note begin with."""
        return _prefix(self.offered)

    @property
    def type_id(self) -> int:
        return self.offered.paper.type.id

    def is_complete(self) -> bool:
        """Whether it may be asked for like this; the note says what is wrong otherwise."""
        if not self.ticked or self.form is None or not self.form.validate():
            return not self.ticked
        try:
            check_request(self.offered.paper.type.both_names, self.note)
        except RuleBroken as refusal:
            self.form.note.errors = [explain(refusal)]
            return False
        return True

    def problems(self) -> list[Markup]:
        """The errors as links to the note, for the summary above the form."""
        errors = self.form.note.errors if self.form is not None else ()
        return [Markup('<a href="#{}-note">{}</a>').format(self.prefix, error) for error in errors]


def note_to_fill() -> NoteForm:
    """A note with slots in place of its prefix and its text, for a list in which all notes look the same."""
    return NoteForm(formdata=None, prefix=SLOT, note=SLOT)


def rows_to_fill(papers: Iterable[Paper]) -> list[RequestRow]:
    """The list to begin with."""
    return [RequestRow(each, each.proposed) for each in requestable(papers)]


def rows_sent(papers: Iterable[Paper]) -> list[RequestRow]:
    """The list as it was sent, for storing or for showing again."""
    ticked = {row_id(text) for text in request.form.getlist(TICKED)}
    return [
        RequestRow(each, each.needed or each.paper.type.id in ticked, NoteForm(prefix=_prefix(each), note=each.note))
        for each in requestable(papers)
    ]


def usual_reason() -> str:
    """What to begin the reason with when documents are asked for; in Thai, which the cooperative reads."""
    with force_locale(DEFAULT):
        return gettext("Some documents have to be sent again. What is needed stands with each of them.")


def notes_of(rows: Iterable[RequestRow]) -> Mapping[int, str]:
    """What is asked for, as the move takes it."""
    return {row.type_id: row.note for row in rows if row.ticked}


def _prefix(each: Requestable) -> str:
    return f"{TICKED}-{each.paper.type.id}"
