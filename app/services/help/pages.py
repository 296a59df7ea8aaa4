"""Help pages in use, the versions of their texts, and what changed between two of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.values.help_pages import HelpSubject, TermPlace
from app.extensions import db
from app.models.help_pages import HelpPage, HelpTerm, HelpVersion
from app.ui.markdown import odd_links

TEXTS = ("title", "title_en", "text", "text_en")
_SUBJECTS = list(HelpSubject)


def page_in_use(key: str) -> HelpPage | None:
    """The page with this key, for everybody."""
    return db.session.scalar(select(HelpPage).where(HelpPage.key == key, HelpPage.active))


def pages_in_use(*conditions: ColumnElement[bool]) -> list[HelpPage]:
    """All pages for everybody, by subject and position; with conditions those that meet one of them."""
    chosen = select(HelpPage).where(HelpPage.active)
    if conditions:
        chosen = chosen.where(or_(*conditions))
    rows = db.session.scalars(chosen.order_by(HelpPage.position, HelpPage.id)).all()
    return sorted(rows, key=lambda row: _SUBJECTS.index(HelpSubject(row.subject)))


def terms_in_use() -> Sequence[HelpTerm]:
    """All words that are explained, in the order of the Thai alphabet."""
    return db.session.scalars(select(HelpTerm).where(HelpTerm.active).order_by(HelpTerm.name_sort)).all()


def terms_by_place() -> dict[str, list[HelpTerm]]:
    """The words explained beside fields of the application form, by the field."""
    chosen = select(HelpTerm).where(HelpTerm.active, HelpTerm.place.is_not(None)).order_by(HelpTerm.id)
    found: dict[str, list[HelpTerm]] = {place.value: [] for place in TermPlace}
    for term in db.session.scalars(chosen):
        found[str(term.place)].append(term)
    return found


def odd_links_of(page: HelpPage) -> list[str]:
    """Links and pictures of a page's texts that it may not have."""
    return [*odd_links(page.text or ""), *odd_links(page.text_en or "")]


def keep_version(page: HelpPage, made_by_id: int | None, at: datetime) -> None:
    """Keep the texts of a page as its next version, unless they are those of the last one."""
    last = db.session.scalar(
        select(HelpVersion).where(HelpVersion.page_id == page.id).order_by(HelpVersion.number.desc()).limit(1)
    )
    if last is not None and all(getattr(last, name) == getattr(page, name) for name in TEXTS):
        return
    texts = {name: getattr(page, name) for name in TEXTS}
    number = last.number + 1 if last is not None else 1
    db.session.add(HelpVersion(page_id=page.id, number=number, at=at, made_by_id=made_by_id, **texts))


def versions_of(page_id: int) -> Sequence[HelpVersion]:
    """The versions of a page, the newest first, without their texts' being needed."""
    chosen = select(HelpVersion).where(HelpVersion.page_id == page_id).order_by(HelpVersion.number.desc())
    return db.session.scalars(chosen.options(joinedload(HelpVersion.made_by))).all()


def version_of(page_id: int, number: int | None) -> HelpVersion | None:
    """One version of a page; the newest when no number is given."""
    chosen = select(HelpVersion).where(HelpVersion.page_id == page_id)
    if number is not None:
        chosen = chosen.where(HelpVersion.number == number)
    return db.session.scalar(chosen.order_by(HelpVersion.number.desc()).limit(1))


def count_versions(page_id: int) -> int:
    """How many versions a page has."""
    return db.session.scalar(select(func.count()).where(HelpVersion.page_id == page_id)) or 0


@dataclass(frozen=True, slots=True)
class Change:
    """One line of two versions beside each other: "same", "gone" or "new"."""

    kind: str
    line: str


def differences(before: str, after: str) -> list[Change]:
    """The lines of two texts in their order, told apart."""
    return list(_lines(before.splitlines(), after.splitlines()))


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for what, first, end, new_first, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (Change("same", line) for line in before[first:end])
            continue
        yield from (Change("gone", line) for line in before[first:end])
        yield from (Change("new", line) for line in after[new_first:new_end])
