"""A programme as a YAML file: export, and import as a draft, refused with the line that does not fit."""

from dataclasses import fields
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from app.domain.programme_file import DoesNotFit, Path, from_plain, to_plain
from app.domain.programmes import ProgrammeTerms
from app.domain.values.errors import RuleBroken
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
from app.services.programmes.terms import terms_of

LARGEST = 256 * 1024  # bytes; a programme is a few kilobytes
ABOUT = ("key", "name", "name_en", "notification_no", "purpose", "eligible", "rate_note", "member_rate_rule", "source",
         "note")  # fmt: skip
BEYOND = N_("A figure has more digits than can be stored. Correct it.")
NEEDED = ("key", "name", "name_en", "purpose")
# Terms that are no single column.
APART = frozenset({"rates", "kinds", "provinces", "approval_levels", "criteria", "documents"})


def exported(programme: LoanProgramme) -> str:
    """The programme as YAML text: what it is called, then its terms."""
    about = {name: getattr(programme, name) for name in ABOUT if getattr(programme, name)}
    content = {"programme": about, "terms": to_plain(terms_of(programme))}
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100))


def imported(content: bytes) -> LoanProgramme:
    """Add a draft from a file; nothing is stored when it does not fit.

    Raises:
        RuleBroken: the file cannot be read, or a value does not fit; with its line.
    """
    if len(content) > LARGEST:
        raise RuleBroken(N_("The file is larger than a programme can be. Choose a file exported here."))
    node, plain = read_yaml(content)
    about = _about(plain, node)
    terms = _terms(plain, node)
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
        provinces=_provinces(terms, node),
        rates=[ProgrammeRate(**to_plain_columns(rate)) for rate in terms.rates],
        approval_levels=[ApprovalLevel(**to_plain_columns(level)) for level in terms.approval_levels],
        criteria=[ProgrammeCriterion(**to_plain_columns(criterion)) for criterion in terms.criteria],
        documents=_documents(terms, node),
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


def _about(plain: dict[str, Any], node: yaml.Node) -> dict[str, Any]:
    about = plain.get("programme")
    if not isinstance(about, dict):
        raise _refusal(node, ("programme",), N_("%(place)s must be names with values."))
    for name, value in about.items():
        if name not in ABOUT:
            raise _refusal(
                node, ("programme", str(name)), N_("%(place)s is not a name that is known here. Remove or correct it.")
            )
        length = getattr(LoanProgramme.__mapper__.columns[name].type, "length", None) or 20_000
        if not isinstance(value, str) or len(value) > length or "\0" in value:
            raise _refusal(node, ("programme", name), N_("%(place)s is not what is expected there: %(found)s."), value)
    missing = next((name for name in NEEDED if not about.get(name)), None)
    if missing is not None:
        raise _refusal(node, ("programme", missing), N_("%(place)s is missing. Add it."))
    if db.session.scalar(select(LoanProgramme.id).where(LoanProgramme.key == about["key"])) is not None:
        raise _refusal(
            node, ("programme", "key"), N_("%(place)s is taken by another programme: %(found)s."), about["key"]
        )
    return dict(about)


def _terms(plain: dict[str, Any], node: yaml.Node) -> ProgrammeTerms:
    try:
        return from_plain(plain.get("terms"))
    except DoesNotFit as refusal:
        values = {key: value for key, value in refusal.values.items() if key != "place"}
        raise _refusal(node, ("terms", *refusal.path), refusal.template, values.get("found")) from None
    except RuleBroken as refusal:
        raise LineRefused(line_of(node, ("terms", *_path(refusal.field))), refusal) from None
    except ArithmeticError:
        raise LineRefused(line_of(node, ("terms",)), RuleBroken(BEYOND)) from None


def _path(place: str) -> Path:
    """The way to a place among the terms: ``rates.1.from_month``."""
    return tuple(int(step) if step.isdigit() else step for step in place.split(".") if step)


def _provinces(terms: ProgrammeTerms, node: yaml.Node) -> list[Province]:
    found = {row.code: row for row in db.session.scalars(select(Province).where(Province.code.in_(terms.provinces)))}
    for place, code in enumerate(terms.provinces):
        if code not in found:
            raise _refusal(
                node, ("terms", "provinces", place), N_("%(place)s is not what is expected there: %(found)s."), code
            )
    return list(found.values())


def _documents(terms: ProgrammeTerms, node: yaml.Node) -> list[ProgrammeDocument]:
    codes = [asked.code for asked in terms.documents]
    found = {row.code: row for row in db.session.scalars(select(DocumentType).where(DocumentType.code.in_(codes)))}
    for place, code in enumerate(codes):
        if code not in found or code in codes[:place]:
            raise _refusal(
                node, ("terms", "documents", place), N_("%(place)s is not what is expected there: %(found)s."), code
            )
    return [
        ProgrammeDocument(document_type=found[asked.code], required=asked.required, condition=asked.condition)
        for asked in terms.documents
    ]


def _refusal(node: yaml.Node, path: Path, template: str, found: object = None) -> RuleBroken:
    """The refusal with the line of the value that ``path`` leads to, or of the last part of the way that exists."""
    reason = DoesNotFit(path, template, **({} if found is None else {"found": str(found)[:60]}))
    return LineRefused(line_of(node, path), reason)
