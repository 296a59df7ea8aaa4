"""A programme as a YAML file: export, and import as a draft, refused with the line that does not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import partial
from typing import Any, NoReturn

import yaml
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from app.domain.programme_file import (
    MISSING_THERE,
    NAMES_EXPECTED,
    UNEXPECTED,
    UNKNOWN,
    DoesNotFit,
    Path,
    from_plain,
    to_plain,
)
from app.domain.programme_ranges import refuse_days
from app.domain.programmes import FIRST_YEAR, LAST_YEAR, DocumentAsked, ProgrammeTerms, refuse_idle_condition
from app.domain.values.errors import RuleBroken, gather
from app.domain.values.text import N_
from app.extensions import db
from app.files.yaml_reading import LineRefused, line_of, read_yaml
from app.models.document_types import DocumentType
from app.models.places import Province
from app.models.programmes import (
    COLUMN_OF_TERM,
    ApprovalLevel,
    LoanProgramme,
    ProgrammeCriterion,
    ProgrammeDocument,
    ProgrammeRate,
    ProgrammeStatus,
)
from app.services.programmes.terms import documents_by_code, terms_of

LARGEST = 256 * 1024  # bytes; a programme is a few kilobytes
ABOUT = ("key", "name", "name_en", "notification_no", "notification_date", "purpose", "eligible", "rate_note",
         "member_rate_rule", "source", "note")  # fmt: skip
ONCE = ("key", "name", "name_en")  # no two programmes share one of these
BEGINNING = ("programme", "terms")
BEYOND = N_("A figure has more digits than can be stored. Correct it.")
NEEDED = ("key", "name", "name_en", "purpose")
# Terms that are no single column.
APART = frozenset({"rates", "kinds", "provinces", "approval_levels", "criteria", "documents"})


def exported(programme: LoanProgramme) -> str:
    """The programme as YAML text: what it is called, then its terms."""
    about = {name: to_plain(getattr(programme, name)) for name in ABOUT if getattr(programme, name)}
    content = {"programme": about, "terms": to_plain(terms_of(programme))}
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100))


def imported(content: bytes) -> LoanProgramme:
    """Add a draft from a file; nothing is stored when it does not fit.

    Raises:
        RuleBroken: the file cannot be read, or values do not fit; every one of them with its line.
    """
    if len(content) > LARGEST:
        raise RuleBroken(N_("The file is larger than a programme can be. Choose a file exported here."))
    node, plain = read_yaml(content)
    _outline, about, terms = gather(
        partial(_refuse_other_parts, plain, node), partial(_about, plain, node), partial(_terms, plain, node)
    )
    provinces, documents = gather(partial(_provinces, terms, node), partial(_documents, terms, node))
    columns = {
        COLUMN_OF_TERM.get(field.name, field.name): getattr(terms, field.name)
        for field in fields(ProgrammeTerms)
        if field.name not in APART
    }
    row = LoanProgramme(
        **about,
        **columns,
        status=ProgrammeStatus.DRAFT,
        savings_may_apply="savings" in terms.kinds,
        credit_unions_may_apply="credit_union" in terms.kinds,
        provinces=provinces,
        rates=[ProgrammeRate(**to_plain_columns(rate)) for rate in terms.rates],
        approval_levels=[ApprovalLevel(**to_plain_columns(level)) for level in terms.approval_levels],
        criteria=[ProgrammeCriterion(**to_plain_columns(criterion)) for criterion in terms.criteria],
        documents=documents,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except (DataError, StatementError, OverflowError) as fault:
        if isinstance(fault, IntegrityError):
            raise
        raise LineRefused(line_of(node, ("terms",)), RuleBroken(BEYOND)) from fault
    return row


def to_plain_columns(part: Any) -> dict[str, Any]:
    """A part's values by the names of its columns."""
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _refuse_other_parts(plain: dict[str, Any], node: yaml.Node) -> None:
    """A part that nothing reads would be lost without a word."""
    gather(*(partial(_refuse, node, (str(name),), UNKNOWN) for name in plain if name not in BEGINNING))


def _about(plain: dict[str, Any], node: yaml.Node) -> dict[str, Any]:
    about = plain.get("programme")
    if not isinstance(about, dict):
        _refuse(node, ("programme",), NAMES_EXPECTED if "programme" in plain else MISSING_THERE)
    values = gather(
        *(partial(_about_value, str(name), value, node) for name, value in about.items()),
        *(partial(_refuse, node, ("programme", name), MISSING_THERE) for name in NEEDED if not about.get(name)),
    )
    return dict(zip(about, values, strict=False))


def _about_value(name: str, value: Any, node: yaml.Node) -> Any:
    path = ("programme", name)
    if name not in ABOUT:
        _refuse(node, path, UNKNOWN)
    if name == "notification_date":
        return _day(value, path, node)
    column = LoanProgramme.__mapper__.columns[name]
    length = getattr(column.type, "length", None) or 20_000
    if not isinstance(value, str) or len(value) > length or "\0" in value:
        _refuse(node, path, UNEXPECTED, value)
    if name in ONCE and db.session.scalar(select(LoanProgramme.id).where(column == value)) is not None:
        _refuse(node, path, N_("%(place)s is taken by another programme: %(found)s."), value)
    return value


def _day(value: Any, path: Path, node: yaml.Node) -> date:
    try:
        day = date.fromisoformat(value)
        refuse_days([("notification_date", day)], first=FIRST_YEAR, last=LAST_YEAR)
    except (TypeError, ValueError, RuleBroken):
        _refuse(node, path, UNEXPECTED, value)
    return day


def _terms(plain: dict[str, Any], node: yaml.Node) -> ProgrammeTerms:
    if "terms" not in plain:
        _refuse(node, ("terms",), MISSING_THERE)
    try:
        return from_plain(plain["terms"])
    except RuleBroken as refusal:
        gather(*(partial(_refuse_at_line, each, node) for each in refusal.every()))
        raise
    except ArithmeticError:
        raise LineRefused(line_of(node, ("terms",)), RuleBroken(BEYOND)) from None


def _refuse_at_line(refusal: RuleBroken, node: yaml.Node) -> None:
    if isinstance(refusal, DoesNotFit):
        _refuse(node, ("terms", *refusal.path), refusal.template, refusal.values.get("found"))
    raise LineRefused(line_of(node, ("terms", *_path(refusal.field))), _alone(refusal))


def _alone(refusal: RuleBroken) -> RuleBroken:
    refusal.further = ()
    return refusal


def _path(place: str) -> Path:
    """The way to a place among the terms: ``rates.1.from_month``."""
    return tuple(int(step) if step.isdigit() else step for step in place.split(".") if step)


def _provinces(terms: ProgrammeTerms, node: yaml.Node) -> list[Province]:
    found = {row.code: row for row in db.session.scalars(select(Province).where(Province.code.in_(terms.provinces)))}
    unknown = [(place, code) for place, code in enumerate(terms.provinces) if code not in found]
    gather(*(partial(_refuse, node, ("terms", "provinces", place), UNEXPECTED, code) for place, code in unknown))
    return list(found.values())


def _documents(terms: ProgrammeTerms, node: yaml.Node) -> list[ProgrammeDocument]:
    codes = [asked.code for asked in terms.documents]
    found = documents_by_code(codes)
    given: list[ProgrammeDocument] = gather(
        *(partial(_document, place, terms.documents, found, node) for place in range(len(codes)))
    )
    return given


def _document(
    place: int, asked: Sequence[DocumentAsked], found: Mapping[str, DocumentType], node: yaml.Node
) -> ProgrammeDocument:
    this, path = asked[place], ("terms", "documents", place)
    if this.code not in found or any(other.code == this.code for other in asked[:place]):
        _refuse(node, path, UNEXPECTED, this.code)
    try:
        refuse_idle_condition(this.condition, required=this.required)
    except RuleBroken as refusal:
        raise LineRefused(line_of(node, path), refusal) from None
    return ProgrammeDocument(document_type=found[this.code], required=this.required, condition=this.condition)


def _refuse(node: yaml.Node, path: Path, template: str, found: object = None) -> NoReturn:
    """Refuse with the line of the value that ``path`` leads to, or of the last part of the way that exists."""
    reason = DoesNotFit(path, template, **({} if found is None else {"found": str(found)[:60]}))
    raise LineRefused(line_of(node, path), reason)
