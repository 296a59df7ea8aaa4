"""What a paper of the checklist must be, where it stands, from missing to accepted, and how long its files are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app.domain.file_kinds import ALLOWED_KINDS, LARGEST_FILE, FileKind, megabytes
from app.domain.schedule import due_dates
from app.domain.values.calendar import fiscal_year, fiscal_year_bounds
from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_, Phrase

MIB = 2**20
MOST_MONTHS = 120


class PaperState(LabelledEnum):
    """Where one paper of the checklist stands."""

    MISSING = "missing", N_("Missing")
    UPLOADED = "uploaded", N_("Attached")
    ACCEPTED = "accepted", N_("Accepted")
    REFUSED = "refused", N_("To be replaced")
    EXPIRED = "expired", N_("Expired")


class Verdict(LabelledEnum):
    """What an officer finds about one file."""

    ACCEPTED = "accepted", N_("Accepted")
    UNREADABLE = "unreadable", N_("Unreadable")
    EXPIRED = "expired", N_("Out of date")
    WRONG_YEAR = "wrong_year", N_("Of the wrong year")
    WRONG_DOCUMENT = "wrong_document", N_("Not the document asked for")
    INCOMPLETE = "incomplete", N_("Incomplete")


class Validity(LabelledEnum):
    """How long a paper of a type may be used."""

    ALWAYS = "always", N_("Until a newer one replaces it")
    MONTHS = "months", N_("A number of months from the day on the paper")
    FISCAL_YEAR = "fiscal_year", N_("Until the end of the fiscal year of the day on the paper")


def refuse_odd_validity(validity: str, valid_months: int | None) -> None:
    """Raise ``RuleBroken`` for months at a type that does not count them, or none at one that does."""
    if (validity == Validity.MONTHS) != (valid_months is not None):
        raise RuleBroken(
            N_("Enter the months only, and always, for a paper that may be used a number of months from its day.")
        ).at("valid_months")


class ScanState(LabelledEnum):
    """What the malware scanner says of a file."""

    NOT_SCANNED = "not_scanned", N_("Not scanned for malware")
    WAITING = "waiting", N_("Being scanned for malware")
    CLEAN = "clean", N_("Scanned, nothing found")
    INFECTED = "infected", N_("Malware found")


@dataclass(frozen=True, slots=True)
class PaperLimits:
    """What files a type takes: kinds, bytes of one file, and how many files; None is no limit of its own."""

    kinds: tuple[FileKind, ...] = ALLOWED_KINDS
    largest: int = LARGEST_FILE
    most_files: int | None = None

    def check(self, kind: FileKind, size: int, already: int) -> None:
        """Raise ``RuleBroken`` for a file that this paper does not take; ``already`` counts the files that stay."""
        if kind not in self.kinds:
            raise RuleBroken(
                N_("This document is taken as %(kinds)s only, and the file is %(kind)s. Save it as one of these."),
                kinds=", ".join(each.label for each in self.kinds),
                kind=kind.label,
            )
        if size > self.largest:
            raise RuleBroken(
                N_("This file has %(size)s MB; for this document at most %(limit)s MB are taken. Make it smaller."),
                size=megabytes(size),
                limit=f"{self.largest / MIB:,.0f}",
            )
        if self.most_files is not None and already >= self.most_files:
            raise RuleBroken(
                N_("At most %(most)s files are taken for this document. Remove one first, or join them into one PDF."),
                most=self.most_files,
            )


def kinds_from(codes: str) -> tuple[FileKind, ...]:
    """The kinds a type's column names, in the usual order; all of them when it names none."""
    named = codes.split()
    return tuple(kind for kind in ALLOWED_KINDS if kind.value in named) or ALLOWED_KINDS


@lru_cache(maxsize=4096)
def valid_until(validity: Validity, months: int | None, issued_on: date | None) -> date | None:
    """The last day a paper issued on ``issued_on`` may be used; None when it has no end or its day is not known."""
    if issued_on is None or validity is Validity.ALWAYS:
        return None
    if validity is Validity.FISCAL_YEAR:
        return fiscal_year_bounds(fiscal_year(issued_on))[1]
    # The same day of a later month, as for instalments: the last day of a shorter one.
    return due_dates(issued_on, (months or 0) + 1)[-1]


def kept_until(ended_on: date, years: int) -> date:
    """The last day a file is kept: the same day so many years later, the first of March after a leap day."""
    if ended_on.year + years > date.max.year:
        return date.max
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:
        return date(ended_on.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the checklist knows of one file that was not taken away."""

    id: int
    uploaded_at: datetime
    verdict: Verdict | None = None
    valid_until: date | None = None
    infected: bool = False
    replaces: int | None = None

    @property
    def refused(self) -> bool:
        return self.verdict not in (None, Verdict.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One paper's state, and which of its files count, are kept beside, or wait for a replacement (ids)."""

    state: PaperState
    counting: tuple[int, ...]
    kept: tuple[int, ...]
    to_replace: tuple[int, ...]


def standing_of(files: Sequence[FileFacts], asked_again_at: datetime | None, day: date) -> Standing:
    """Judge the files of one paper.

    A refused, replaced or infected file stays on record but does not count, nor does one from before the office asked
    for the paper again; an office that refused some of the files asks for those alone. A file refused stays open until
    another replaces it. ``day`` is the day papers must be valid on: of the submission, or today.
    """
    counting, open_refusals = _sorted_out(files, asked_again_at)
    ids = tuple(file.id for file in counting)
    return Standing(
        state=_state(counting, open_refusals, day),
        counting=ids,
        kept=tuple(file.id for file in files if file.id not in ids),
        to_replace=tuple(file.id for file in open_refusals),
    )


def paper_state(files: Sequence[FileFacts], asked_again_at: datetime | None, day: date) -> PaperState:
    """The state alone of what ``standing_of`` judges."""
    return _state(*_sorted_out(files, asked_again_at), day) if files else PaperState.MISSING


def _sorted_out(
    files: Sequence[FileFacts], asked_again_at: datetime | None
) -> tuple[Sequence[FileFacts], Sequence[FileFacts]]:
    """The files that count, and those refused that wait for another."""
    replaced = {file.replaces for file in files}
    if asked_again_at is not None and _asked_for_refused(files, asked_again_at):
        asked_again_at = None
    open_refusals = [file for file in files if file.refused and file.id not in replaced]
    counting = [
        file
        for file in files
        if not (file.refused or file.infected or file.id in replaced)
        and (asked_again_at is None or file.uploaded_at >= asked_again_at)
    ]
    return counting, open_refusals


def _asked_for_refused(files: Sequence[FileFacts], asked_at: datetime) -> bool:
    """Whether a refused file waited for another one when the office asked for the paper."""
    before = [file for file in files if file.uploaded_at < asked_at]
    replaced = {file.replaces for file in before}
    return any(file.refused and file.id not in replaced for file in before)


def _state(counting: Sequence[FileFacts], open_refusals: Sequence[FileFacts], day: date) -> PaperState:
    if open_refusals:
        return PaperState.REFUSED
    if not counting:
        return PaperState.MISSING
    if all(file.valid_until is not None and file.valid_until < day for file in counting):
        return PaperState.EXPIRED
    if all(file.verdict is Verdict.ACCEPTED for file in counting):
        return PaperState.ACCEPTED
    return PaperState.UPLOADED


NEEDED = frozenset({PaperState.MISSING, PaperState.REFUSED, PaperState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the papers that must be there are: attached and good so far, accepted, and all of them."""

    there: int
    accepted: int
    asked: int

    @property
    def complete(self) -> bool:
        return self.there == self.asked


def progress_over(states: Iterable[PaperState]) -> Progress:
    """Count the states of the papers that must be there."""
    found = list(states)
    return Progress(
        there=len(found) - sum(map(found.count, NEEDED)),
        accepted=found.count(PaperState.ACCEPTED),
        asked=len(found),
    )


def check_page(page: int | None, pages: int | None) -> None:
    """Raise ``RuleBroken`` for a page that the file does not have; ``pages`` is None when they were not counted."""
    if page is not None and (page < 1 or (pages is not None and page > pages)):
        raise RuleBroken(
            N_("The file has pages 1 to %(pages)s. Enter one of them, or leave the page empty."), pages=pages or 1
        ).at("page")


def check_verdict(
    verdict: Verdict, note: str, page: int | None, pages: int | None, issued_on: date | None, validity: Validity,
    today: date,
) -> None:  # fmt: skip
    """Raise ``RuleBroken`` for a verdict that leaves out what it must say.

    A refusal says why; an acceptance of a paper that grows old says the day on it; the page is one the file has.
    """
    if verdict is not Verdict.ACCEPTED and not note.strip():
        raise RuleBroken(N_("Write what is wrong with the document: the cooperative reads it.")).at("note")
    check_page(page, pages)
    if issued_on is not None and issued_on > today:
        raise RuleBroken(N_("The day on the document lies in the future. Check it against the document.")).at(
            "issued_on"
        )
    if verdict is Verdict.ACCEPTED and validity is not Validity.ALWAYS and issued_on is None:
        raise RuleBroken(N_("Enter the day on the document: %(validity)s."), validity=Phrase(validity.label)).at(
            "issued_on"
        )
