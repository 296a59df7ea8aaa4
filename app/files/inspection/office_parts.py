"""Reads the XML parts of an Office file as a stream and refuses what would run or fetch something."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_

DAMAGED = N_("This Office file is damaged or not complete. Open it, save it as a new file and attach that.")
TOO_LARGE = N_("This Office file unpacks to more than we can check. Save it as PDF, or split it and attach the parts.")
MACROS = N_("There are macros in this Office file. Save it without macros, or as PDF, and attach that.")
COMMANDS = N_("This Office file can start a program (DDE). Take the link out, or save it as PDF, and attach that.")
CARRIES_FILES = N_("There are other files inside this Office file. Attach each of them by itself, or save it as PDF.")
FETCHES = N_("This Office file fetches parts from elsewhere. Break its links, or save it as PDF, and attach that.")
QUERIES = N_(
    "This workbook has queries or connections that read data anew when it is opened. In Excel choose Data, Queries and "
    "Connections, delete all of them, save and attach the file again; or save it as PDF and attach that."
)
TEMPLATE = N_("This Word file uses a template kept elsewhere. Take it off, or save the file as PDF, and attach that.")
DOCTYPE = N_("This Office file has a part that Office does not write (DOCTYPE). Save it as a new file and attach that.")

_XML_ENDINGS = (".xml", ".rels", ".vml")
_ENDING = "*."  # no part has such a name
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0\t\n\r "

_BINARY_WORKBOOK = "application/vnd.ms-excel.sheet.binary.macroenabled.main"
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_FORBIDDEN_RELATIONS = {
    "vbaProject": MACROS,
    "wordVbaData": MACROS,
    "xlMacrosheet": MACROS,
    "xlIntlMacrosheet": MACROS,
    "aFChunk": CARRIES_FILES,
    "activeXControlBinary": CARRIES_FILES,
    "control": CARRIES_FILES,
    "oleObject": CARRIES_FILES,
    "connections": QUERIES,  # of a workbook: databases and web pages read anew when it is opened
    "webextension": FETCHES,
    "webextensiontaskpanes": FETCHES,
}
# Read only when a person follows the link or agrees to update it.
_HARMLESS_OUTSIDE = frozenset(
    {"hyperlink", "externalLinkPath", "externalLinkLongPath", "xlPathMissing", "xlStartup", "xlAlternateStartup"}
)

# Sheets of figures are many megabytes of cells. Names of elements cannot be escaped, so a large part
# in an ordinary encoding that has none of these is not taken apart.
_LARGE_PART = 2**20
_MOST_TAKEN_APART = 32 * 2**20
_ORDINARY_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml\s+version=\S+(?:\s+encoding=.utf-8.)?(?:\s+standalone=\S+)?\s*\?>)?\s*<[^?!]",
    re.IGNORECASE,
)
_NOTEWORTHY = re.compile(
    rb"<(?:[^\s<>/!?:]+:)?"
    rb"(?:Relationship|Override|Default|fldSimple|fldChar|instrText|ddeLink|f|formula[12]?|definedName)[\s/>]"
    rb"|<![^-]"
)

# Fields by what they do: start a program, spell one out in numbers, or take in another file.
_FORBIDDEN_FIELDS = (
    (re.compile(r"^\s*DDE(AUTO)?\b", re.IGNORECASE), COMMANDS),
    (re.compile(r"^\s*QUOTE(\s+[0-9]+){3}", re.IGNORECASE), COMMANDS),
    (re.compile(r"^\s*(LINK|INCLUDETEXT|IMPORT)\s", re.IGNORECASE), FETCHES),
)
# Functions of Excel that load a program, or ask a server.
_FORBIDDEN_FUNCTIONS = (
    (re.compile(r"\b(?:RTD|CALL|REGISTER(?:\.ID)?|EXEC)\s*\(", re.IGNORECASE), COMMANDS),
    (re.compile(r"\b(?:WEBSERVICE|IMAGE)\s*\(", re.IGNORECASE), FETCHES),
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str
    outside: bool


def is_xml(name: str, data: bytes) -> bool:
    """Whether a part is XML by its name or by its first bytes; a name alone could hide one."""
    looks = data[:64].lstrip(_BEFORE_XML).startswith(b"<")
    return looks or (bool(data) and name.casefold().endswith(_XML_ENDINGS))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_any(forbidden: tuple[tuple[re.Pattern[str], str], ...], text: str) -> None:
    for pattern, reason in forbidden:
        if pattern.search(text):
            raise RuleBroken(reason)


def _attributes(attrs: AttributesImpl) -> dict[str, str]:
    return {_local(name): value for name, value in attrs.items()}


class PartReader(ContentHandler):
    """Meets every element of every part once; keeps only what names the file's kind."""

    def __init__(self) -> None:
        super().__init__()
        self._part = ""
        self._types: dict[str, str] = {}
        self._main_part = ""
        self._macro_endings: set[str] = set()
        self._parts_read: set[str] = set()
        self._text: list[str] = []
        self._collecting = False
        self._taken_apart = 0
        self._starts = {
            "Relationship": self._relationship,
            "Override": self._content_type,
            "Default": self._content_type,
            "fldSimple": self._simple_field,
            "fldChar": self._field_mark,
            "ddeLink": self._dde_link,
        }

    def read(self, name: str, data: bytes) -> None:
        """Read one part. Raises RuleBroken when it is not XML or holds something forbidden."""
        self._part, self._text, self._collecting = name, [], False
        self._parts_read.add(name.casefold())
        if len(data) > _LARGE_PART and _ORDINARY_START.match(data) and not _NOTEWORTHY.search(data):
            return
        if data.startswith(b"<\0"):
            data = data.decode("utf-16-le", "replace").encode()  # two bytes a letter, without the mark that says so
        self._taken_apart += len(data)
        if self._taken_apart > _MOST_TAKEN_APART:
            raise RuleBroken(TOO_LARGE)
        try:
            parseString(data, self, forbid_dtd=True)
        except DefusedXmlException as declared:
            raise RuleBroken(DOCTYPE) from declared
        except (SAXException, LookupError, ValueError) as damage:
            # Excel's own drawings of comments (.vml) are often not well formed.
            if not name.casefold().endswith(".vml"):
                raise RuleBroken(DAMAGED) from damage
        self._check_field()

    def main_type(self) -> str:
        """Return the declared type of the part the file opens with, or "" when it has none that is XML."""
        return self._declared_type() if self._main_part in self._parts_read else ""

    def is_binary_workbook(self) -> bool:
        """Whether the part the file opens with is a workbook written another way than in XML."""
        return self._declared_type().casefold() == _BINARY_WORKBOOK

    def _declared_type(self) -> str:
        default = _ENDING + self._main_part.rpartition(".")[2]
        return self._types.get(self._main_part, self._types.get(default, ""))

    def check_endings(self, names: Iterable[str]) -> None:
        """Refuse a part whose ending stands for macros. Writers name endings in advance that no part then has."""
        if any(_ENDING + name.casefold().rpartition(".")[2] in self._macro_endings for name in names):
            raise RuleBroken(MACROS)

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        local = _local(name)
        start = self._starts.get(local)
        if start:
            start(_attributes(attrs))
        elif local == "instrText":
            self._collecting = True
        elif local in _FORMULAS:
            self._text, self._collecting = [], True

    def characters(self, content: str) -> None:
        if self._collecting:
            self._text.append(content)

    def endElement(self, name: str) -> None:
        if not self._collecting:
            return
        self._collecting = False
        if _local(name) in _FORMULAS:
            # "|" outside quotes is no operator of Excel: it parts a program from its topic.
            formula = _QUOTED.sub("", "".join(self._text))
            if "|" in formula:
                raise RuleBroken(COMMANDS)
            _refuse_any(_FORBIDDEN_FUNCTIONS, formula)
            self._text = []

    def _relationship(self, attributes: dict[str, str]) -> None:
        relation = _Relation(
            attributes.get("Type", "").rpartition("/")[2],
            attributes.get("Target", ""),
            attributes.get("TargetMode", "").casefold() == "external",
        )
        if relation.kind in _FORBIDDEN_RELATIONS:
            raise RuleBroken(_FORBIDDEN_RELATIONS[relation.kind])
        if relation.outside and self._part.casefold().endswith("settings.xml.rels"):
            raise RuleBroken(TEMPLATE)
        if relation.outside and relation.kind not in _HARMLESS_OUTSIDE:
            raise RuleBroken(FETCHES)
        if relation.kind == "officeDocument" and self._part.casefold() == "_rels/.rels":
            self._main_part = relation.target.lstrip("/").casefold()

    def _content_type(self, attributes: dict[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        part = attributes.get("PartName", "").lstrip("/")
        name = (part or _ENDING + attributes.get("Extension", "")).casefold()
        if any(macro in declared.casefold() for macro in _MACRO_TYPES) and declared.casefold() != _BINARY_WORKBOOK:
            if part:
                raise RuleBroken(MACROS)
            self._macro_endings.add(name)
        if self._part.casefold() == "[content_types].xml":
            self._types[name] = declared

    def _simple_field(self, attributes: dict[str, str]) -> None:
        _refuse_any(_FORBIDDEN_FIELDS, attributes.get("instr", ""))

    def _field_mark(self, _attributes: dict[str, str]) -> None:
        self._check_field()

    def _dde_link(self, _attributes: dict[str, str]) -> None:
        raise RuleBroken(COMMANDS)

    def _check_field(self) -> None:
        """A field's code may be split over many runs, so it is read from mark to mark."""
        _refuse_any(_FORBIDDEN_FIELDS, "".join(self._text))
        self._text = []
