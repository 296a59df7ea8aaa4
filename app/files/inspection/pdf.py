"""Opens a PDF strictly and refuses what can run, fetch, hide or lock anything."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PikepdfError, Stream
from pikepdf.settings import set_qpdf_limits

from app.domain.file_kinds import FileKind
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.inspection.pdf_inert import holds_job_options, is_empty_tree, is_job_options, is_list_of_rights
from app.files.inspection.pdf_second_look import words_anywhere
from app.files.inspection.pdf_sizes import TOO_COMPLEX, Parsed, Unpacking, refuse_bulk

DAMAGED = N_(
    "This PDF file is damaged or not complete. Open it, print or save it to a new PDF file, and attach that. If that "
    "does not help, print it on paper and attach a scan or photographs of it."
)
LOCKED = N_(
    "This PDF file opens only with a password. Open it with the password, print or save it to a new PDF file without "
    "one, and attach that. If you do not have the password, ask whoever sent you the file for a copy without it."
)
SCRIPT = N_(
    "This PDF file can run a script, as forms that calculate do. Fill it in, print it to a new PDF file and attach "
    "that: what is filled in stays. If it has a digital signature, ask whoever made it for a copy without scripts."
)
OPENS_OTHERS = N_(
    "This PDF file can open or send other files. Print it to a new PDF file and attach that, or print it on paper and "
    "attach a scan or photographs of it."
)
CARRIES_FILES = N_(
    "There are other files inside this PDF file. Save each of them and attach it by itself; print the pages to a new "
    "PDF file and attach that. If it is signed digitally, ask whoever sent it for a copy without files inside."
)
ACTIVE_FORM = N_(
    "This PDF file is an XFA form, which only Adobe's program shows. Open it there, print it to a new PDF file and "
    "attach that, or print it on paper and attach a scan or photographs of it."
)
MEDIA = N_(
    "This PDF file has sound, video or 3D in it. Print it to a new PDF file and attach that, or print it on paper and "
    "attach a scan or photographs of it."
)
AFTER_END = N_(
    "There is other data after the end of this PDF file. Print or save it to a new PDF file and attach that, or "
    "download the file again from where it came."
)

MOST_OBJECTS = 200_000
_LARGEST_PARSED_STREAM = 4 * 2**20  # bytes; programs pack some hundreds of objects into a stream, some 100 KB
_CONTAINERS = (Array, Dictionary)
_NAMED = (Dictionary, Stream)
_PADDING = b"\0\t\n\f\r "

_FORBIDDEN_KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/EF": CARRIES_FILES,
    "/XFA": ACTIVE_FORM,
    "/RichMediaContent": MEDIA,
}
# Files inside a tree of them are met where each is described ("/EF"), so the tree itself says nothing.
_HARMLESS_WHEN: dict[str, Callable[[dict[str, Any]], bool]] = {
    "/JavaScript": lambda entries: is_empty_tree(entries["/JavaScript"]),
    "/EF": lambda entries: is_list_of_rights(entries["/EF"]) or holds_job_options(entries),
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
_FORBIDDEN_WORDS = re.compile(rf"(?:{'|'.join(sorted(_WORDS))})\b".encode())
_LOOKED_AT = {"/OpenAction", "/AA", "/Contents"}
# The words, or one that may be kept in another object.
_NOTEWORTHY = re.compile(
    rf"(?:{'|'.join(sorted(_WORDS | _LOOKED_AT))})\b|(?:{'|'.join(_FORBIDDEN_VALUES)}) [0-9]+ [0-9]+ R".encode()
)
# What may happen without a click; a link to a web page may not.
_HARMLESS_UNASKED = frozenset({"/GoTo", "/Named"})
# Slips of common writers, by which nothing is hidden: all readers take the file as this one does.
_HARMLESS_WARNING = re.compile(
    "reported number of objects"
    "|object has offset 0"  # macOS, InDesign: an entry of the table that stands for nothing
    "|xref entry for the xref stream itself is missing"
    "|extraneous whitespace seen before xref"
    "|stream keyword followed by carriage return only"
    "|Resources is missing or invalid; repairing"
    "|doesn't point to the root of the page tree"  # every object is looked at, in the tree of pages or not
    "|setting missing or invalid /Type entry to /Catalog"
    "|input stream is complete but output may still be valid"
    "|expected endobj"
)
# Slips that readers mend each in its own way; a key twice in a dictionary is none of them.
_MENDED_WARNING = re.compile(
    "expected endstream|expected dictionary key|expected [0-9]+ [0-9]+ obj|unknown token while reading object"
    "|stream dictionary lacks /Length key|/Length key in stream dictionary is not an integer|loop detected resolving"
)
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


def _numbered(pdf: Pdf, opened_with: list[str]) -> Iterator[Object]:
    """Yield every numbered object, reading one after the other: asked for all at once, they would all be in memory."""
    yield pdf.trailer
    last = int(pdf.trailer.get("/Size", 0))
    for warning in opened_with:
        found = _HIGHEST_NUMBER.search(warning)
        last = int(found[1]) + 1 if found else last
    if last > MOST_OBJECTS:
        raise RuleBroken(TOO_COMPLEX)
    for number in range(1, last):
        yield pdf.get_object((number, 0))
    # Those with a generation, of files that were changed by old programs.
    rest = (each for each in pdf.objects if isinstance(each, Object))
    yield from (each for each in rest if each.objgen[1] or each.objgen[0] >= last)


def _dictionaries(pdf: Pdf, opened_with: list[str]) -> Iterator[tuple[Object, dict[str, Any]]]:
    """Yield the dictionaries and streams that may matter, nested and packed ones too, with their entries.

    Object streams and escaped names are already undone. An object whose text has none of the words is passed over:
    looking at each entry of each would take many times as long.
    """
    parsed = Parsed()
    for numbered in _numbered(pdf, opened_with):
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
        if not (key in _HARMLESS_WHEN and _HARMLESS_WHEN[key](entries)):
            raise RuleBroken(_FORBIDDEN_KEYS[key])
    for key in _FORBIDDEN_VALUES.keys() & entries:
        value = str(entries[key])
        options = value == "/EmbeddedFile" and isinstance(node, Stream) and is_job_options(node)
        if value in _FORBIDDEN_VALUES[key] and not options:
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


def _check_objects(pdf: Pdf, content: bytes) -> None:
    # What is read while opening is not read again, and its warnings are told once: both readings count.
    warnings = pdf.get_warnings()
    unpacking = Unpacking()
    for node, entries in _dictionaries(pdf, warnings):
        _check_dictionary(node, entries)
        unpacking.meet(node, entries)
    unpacking.finish()
    if not len(pdf.pages):
        raise RuleBroken(DAMAGED)
    slips = [slip for slip in [*warnings, *pdf.get_warnings()] if not _HARMLESS_WARNING.search(slip)]
    # The parser skipped something it could not read, which another reader may well read.
    if slips and (not all(map(_MENDED_WARNING.search, slips)) or words_anywhere(content, _FORBIDDEN_WORDS)):
        raise RuleBroken(DAMAGED)


def inspect_pdf(content: bytes) -> FileKind:
    """Refuse a PDF that is not whole, not alone, or not inert.

    Raises:
        RuleBroken: damaged, data after the end, opened by a password only, or with scripts, actions, attachments, XFA
            or media.
    """
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise RuleBroken(DAMAGED)
    refuse_bulk(content)
    try:
        # No recovery: a repaired file is not the file that others will open.
        with Pdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            _check_objects(pdf, content)
    except PasswordError as locked:
        raise RuleBroken(LOCKED) from locked
    except (PikepdfError, ValueError, TypeError, OverflowError) as damage:
        # Locked in a way this parser does not know: with a certificate, or by a program of its own.
        raise RuleBroken(LOCKED if "encrypt" in str(damage) else DAMAGED) from damage
    if content[end + len(b"%%EOF") :].strip(_PADDING):
        raise RuleBroken(AFTER_END)
    return FileKind.PDF
