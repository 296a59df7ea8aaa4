"""Opens a PDF strictly and refuses what can run, fetch, hide or lock anything."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PikepdfError, Stream
from pikepdf.settings import set_qpdf_limits

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.pdf_sizes import TOO_COMPLEX, Parsed, Unpacking, refuse_bulk

DAMAGED = N_("This PDF file is damaged or not complete. Open it, print or save it to a new PDF file, and attach that.")
LOCKED = N_("This PDF file is protected by a password. Save a copy without protection and attach that.")
SCRIPT = N_("This PDF file can run a script. Print or save it to a new PDF file, and attach that.")
OPENS_OTHERS = N_("This PDF file can open or send other files. Print or save it to a new PDF file, and attach that.")
CARRIES_FILES = N_("There are other files inside this PDF file. Attach each of them by itself.")
ACTIVE_FORM = N_("This PDF file is an XFA form. Print or save it to a new PDF file, and attach that.")
MEDIA = N_("This PDF file has sound, video or 3D in it. Print or save it to a new PDF file, and attach that.")
AFTER_END = N_("There is other data after the end of this PDF file. Print or save it to a new PDF file.")

MOST_OBJECTS = 200_000
_LARGEST_PARSED_STREAM = 4 * 2**20  # bytes; programs pack some hundreds of objects into a stream, some 100 KB
_CONTAINERS = (Array, Dictionary)
_NAMED = (Dictionary, Stream)
_PADDING = b"\0\t\n\f\r "

_FORBIDDEN_KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/EF": CARRIES_FILES,
    "/EmbeddedFiles": CARRIES_FILES,
    "/XFA": ACTIVE_FORM,
    "/RichMediaContent": MEDIA,
}
_FORBIDDEN_VALUES = {
    "/S": {
        "/JavaScript": SCRIPT,
        "/Launch": OPENS_OTHERS,
        "/GoToE": OPENS_OTHERS,
        "/GoToR": OPENS_OTHERS,
        "/ImportData": OPENS_OTHERS,
        "/SubmitForm": OPENS_OTHERS,
        "/Movie": MEDIA,
        "/Rendition": MEDIA,
        "/Thread": OPENS_OTHERS,
        "/RichMediaExecute": MEDIA,
        "/Sound": MEDIA,
    },
    "/Subtype": {
        "/3D": MEDIA,
        "/FileAttachment": CARRIES_FILES,
        "/Movie": MEDIA,
        "/RichMedia": MEDIA,
        "/Screen": MEDIA,
        "/Sound": MEDIA,
    },
    "/Type": {"/EmbeddedFile": CARRIES_FILES},
}
_WORDS = {*_FORBIDDEN_KEYS, *(value for values in _FORBIDDEN_VALUES.values() for value in values)}
_LOOKED_AT = {"/OpenAction", "/AA", "/Contents"}
# The words, or one that may be kept in another object.
_NOTEWORTHY = re.compile(
    rf"(?:{'|'.join(sorted(_WORDS | _LOOKED_AT))})\b|(?:{'|'.join(_FORBIDDEN_VALUES)}) [0-9]+ [0-9]+ R".encode()
)
# What may happen without a click; a link to a web page may not.
_HARMLESS_UNASKED = frozenset({"/GoTo", "/Named"})
# Careless writers count their objects wrongly; nothing is hidden by it.
_HARMLESS_WARNING = "reported number of objects"
_HIGHEST_NUMBER = re.compile(r"reported number of objects.*highest object number \(([0-9]+)\)")

# Process-wide, so set once on import: packed object streams must not unpack without end.
set_qpdf_limits(
    flate_max_memory=_LARGEST_PARSED_STREAM,
    run_length_max_memory=_LARGEST_PARSED_STREAM,
    png_max_memory=_LARGEST_PARSED_STREAM,
    tiff_max_memory=_LARGEST_PARSED_STREAM,
    max_stream_filters=4,
    parser_max_nesting=100,
    parser_max_container_size=200_000,
)


def _numbered(pdf: Pdf) -> Iterator[Object]:
    """Yield every numbered object, reading one after the other: asked for all at once, they would all be in memory."""
    yield pdf.trailer
    last = int(pdf.trailer.get("/Size", 0))
    for warning in pdf.get_warnings():
        found = _HIGHEST_NUMBER.search(warning)
        last = int(found[1]) + 1 if found else last
    if last > MOST_OBJECTS:
        raise RuleBroken(TOO_COMPLEX)
    for number in range(1, last):
        yield pdf.get_object((number, 0))
    # Those with a generation, of files that were changed by old programs.
    rest = (each for each in pdf.objects if isinstance(each, Object))
    yield from (each for each in rest if each.objgen[1] or each.objgen[0] >= last)


def _dictionaries(pdf: Pdf) -> Iterator[tuple[Object, dict[str, Any]]]:
    """Yield the dictionaries and streams that may matter, nested and packed ones too, with their entries.

    Object streams and escaped names are already undone. An object whose text has none of the words is passed over:
    looking at each entry of each would take many times as long.
    """
    parsed = Parsed()
    for numbered in _numbered(pdf):
        if not isinstance(numbered, Object):
            continue  # a plain value, which is no object in Python
        stream = isinstance(numbered, Stream)
        text = (numbered.stream_dict if stream else numbered).unparse(resolved=True)
        parsed.add(text)
        if stream or _NOTEWORTHY.search(text):
            yield from _nested(numbered)


def _nested(numbered: Object) -> Iterator[tuple[Object, dict[str, Any]]]:
    waiting: list[Object] = [numbered]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Array):
            children = list(node)
        elif isinstance(node, _NAMED):
            entries = dict(node.items())
            yield node, entries
            children = list(entries.values())
        else:
            continue
        # A child with its own number comes round by itself; following it could go in circles.
        waiting.extend(child for child in children if isinstance(child, _CONTAINERS) and not child.is_indirect)


def _check_dictionary(node: Object, entries: dict[str, Any]) -> None:
    for key in _FORBIDDEN_KEYS.keys() & entries:
        raise RuleBroken(_FORBIDDEN_KEYS[key])
    for key in _FORBIDDEN_VALUES.keys() & entries:
        if (value := str(entries[key])) in _FORBIDDEN_VALUES[key]:
            raise RuleBroken(_FORBIDDEN_VALUES[key][value])
    if "/OpenAction" in entries:
        _check_unasked(entries["/OpenAction"])
    if isinstance(entries.get("/AA"), Dictionary):
        for _event, action in entries["/AA"].items():
            _check_unasked(action)
    # The bytes of the stream, or the page it shows, are those of another file.
    shown = entries.get("/Ref")
    elsewhere = "/F" in entries or (isinstance(shown, _NAMED) and "/F" in shown)
    if elsewhere and isinstance(node, Stream):
        raise RuleBroken(OPENS_OTHERS)


def _check_unasked(action: Object) -> None:
    if not isinstance(action, Dictionary):
        return  # a page to open at
    kind = str(action.get("/S"))
    if "/Next" in action or kind not in _HARMLESS_UNASKED:
        raise RuleBroken(_FORBIDDEN_VALUES["/S"].get(kind, OPENS_OTHERS))


def _check_objects(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise RuleBroken(LOCKED)
    unpacking = Unpacking()
    for node, entries in _dictionaries(pdf):
        _check_dictionary(node, entries)
        unpacking.meet(node, entries)
    unpacking.finish()
    if any(_HARMLESS_WARNING not in warning for warning in pdf.get_warnings()):
        # The parser skipped something it could not read, which another reader may well read.
        raise RuleBroken(DAMAGED)
    if not len(pdf.pages):
        raise RuleBroken(DAMAGED)


def inspect_pdf(content: bytes) -> FileKind:
    """Refuse a PDF that is not whole, not alone, or not inert.

    Raises:
        RuleBroken: damaged, data after the end, protected, or with scripts, actions, attachments, XFA or media.
    """
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise RuleBroken(DAMAGED)
    refuse_bulk(content)
    try:
        # No recovery: a repaired file is not the file that others will open.
        with Pdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            _check_objects(pdf)
    except PasswordError as locked:
        raise RuleBroken(LOCKED) from locked
    except (PikepdfError, ValueError, TypeError, OverflowError) as damage:
        raise RuleBroken(DAMAGED) from damage
    if content[end + len(b"%%EOF") :].strip(_PADDING):
        raise RuleBroken(AFTER_END)
    return FileKind.PDF
