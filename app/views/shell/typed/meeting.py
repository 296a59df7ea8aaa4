"""Two people changed one record: field by field what each made of it, and whose value counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from app.domain.values.text import N_
from app.services.last_saved import last_saved
from app.ui.formatting import be_datetime
from app.ui.labels import NOTHING
from app.views.shell.typed.pairs import joined, packed, pairs_of, sent_for, told_of, unpacked

YOURS, THEIRS = "yours", "theirs"
CHOICE = "choose-{}"
MET = N_("Somebody else saved this record while you were editing. Look at what both changed below, then save.")
UNDECIDED = N_("Choose below whose value counts, then save.")

Make = Callable[[MultiDict[str, str] | None], Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one field: before, as the person left it, as somebody else stored it; as people read it."""

    name: str
    label: str
    before: str
    yours: str
    theirs: str
    changed_here: bool
    changed_there: bool
    choice: str

    @property
    def clash(self) -> bool:
        """Whether both changed it, to different values."""
        return self.changed_here and self.changed_there

    @property
    def takes_theirs(self) -> bool:
        return not self.changed_here or (self.clash and self.choice == THEIRS)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who saved meanwhile, when, and every field that one of the two changed."""

    who: str
    when: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Desk:
    """One record being edited: its form's fields that are kept, how that form is made, and how values read.

    Args:
        row: the record as it is stored now, held until the transaction ends.
        names: the fields.
        make: the form for what was sent, or as it would be opened now for None.
        shown: a field's value as people read it.
    """

    row: Any
    names: Sequence[str]
    make: Make
    shown: Callable[[str, Any], str]


def remember(form: Any, names: Sequence[str]) -> None:
    """Keep in a form that is opened now the values it is opened with."""
    form.opened.data = packed(form, names)


def meet(form: Any, desk: Desk) -> tuple[Any, Meeting | None]:
    """Return the form to go on with, and what two people made of the record when it cannot be saved yet.

    What one of them changed is kept by itself; what both changed waits for a choice, made while the other's value is
    in sight. Values are compared, not texts: 7 per cent is 0.07 and 0.070000.
    """
    theirs = desk.make(None)
    current = packed(theirs, desk.names)
    if form.opened.data == current or (not form.opened.data and _is_current(form, desk.row)):
        return form, None
    form.validate()  # stores the one spelling of what was typed
    chosen = request.form if form.seen.data == current else MultiDict()
    differences = _differences(form, theirs, desk, chosen)
    if not any(each.changed_there for each in differences):
        return form, None
    merged = _merged(form, theirs, differences, desk)
    clashes = [each for each in differences if each.clash]
    if form.seen.data == current and all(each.choice for each in clashes):
        merged.opened.data, merged.seen.data = current, ""
        return merged, None
    merged.opened.data, merged.seen.data = form.opened.data, current
    merged.form_errors = [gettext(UNDECIDED if form.seen.data == current else MET)]
    saved = last_saved(desk.row)
    return merged, Meeting(saved.who, be_datetime(saved.at), differences)


def _is_current(form: Any, row: Any) -> bool:
    version = getattr(row, "version", None)
    return version is not None and form.version.data == str(version)


def _differences(form: Any, theirs: Any, desk: Desk, chosen: Mapping[str, str]) -> list[Difference]:
    opened = unpacked(form.opened.data)
    before = desk.make(opened) if opened is not None else None
    found = []
    for name in desk.names:
        here, there = form[name], theirs[name]
        old = before[name] if before is not None and told_of(there, opened) else None
        if not here.process_errors and _same(here.data, there.data):
            continue
        found.append(
            Difference(
                name=name,
                label=str(here.label.text),
                before=desk.shown(name, old.data) if old is not None else NOTHING,
                yours=str(here.raw_data[0]) if here.process_errors and here.raw_data else desk.shown(name, here.data),
                theirs=desk.shown(name, there.data),
                changed_here=old is None or bool(here.process_errors) or not _same(here.data, old.data),
                changed_there=old is None or not _same(there.data, old.data),
                choice=_choice(chosen.get(CHOICE.format(name))),
            )
        )
    return found


def _choice(sent: str | None) -> str:
    return sent if sent in (YOURS, THEIRS) else ""


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        return {_key(each) for each in one or ()} == {_key(each) for each in other or ()}
    return bool(one in (None, "") and other in (None, "")) or bool(_key(one) == _key(other))


def _key(value: Any) -> Any:
    return value.id if hasattr(value, "id") else value


def _merged(form: Any, theirs: Any, differences: Sequence[Difference], desk: Desk) -> Any:
    """The form with what counts so far: theirs where the person changed nothing or chose it, else what was typed."""
    taken = {each.name for each in differences if each.takes_theirs}
    carried = {each.name for each in form if isinstance(each, HiddenField)} - {"version", "opened", "seen"}
    kept = [[(name, value) for name, value in request.form.items(multi=True) if name in carried]]
    parts = [pairs_of(theirs[name]) if name in taken else sent_for(form[name], request.form) for name in desk.names]
    merged = desk.make(joined([*kept, *parts]))
    if "version" in merged:
        merged.version.data = str(getattr(desk.row, "version", ""))
    return merged
