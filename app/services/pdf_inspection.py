"""Opens a PDF strictly and refuses what can run, fetch, hide or lock anything."""

import io
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PikepdfError, Stream
from pikepdf.settings import set_qpdf_limits

from app.domain.documents import FileKind
from app.domain.errors import RuleBroken
from app.domain.text import N_

DAMAGED = N_("This PDF file is damaged or not complete. Open it, print or save it to a new PDF file, and attach that.")
LOCKED = N_("This PDF file is protected by a password. Save a copy without protection and attach that.")
SCRIPT = N_("This PDF file can run a script. Print or save it to a new PDF file, and attach that.")
OPENS_OTHERS = N_("This PDF file can open or send other files. Print or save it to a new PDF file, and attach that.")
CARRIES_FILES = N_("There are other files inside this PDF file. Attach each of them by itself.")
ACTIVE_FORM = N_("This PDF file is an XFA form. Print or save it to a new PDF file, and attach that.")
MEDIA = N_("This PDF file has sound, video or 3D in it. Print or save it to a new PDF file, and attach that.")
AFTER_END = N_("There is other data after the end of this PDF file. Print or save it to a new PDF file.")
TOO_COMPLEX = N_("This PDF file has too many parts to check. Scan it or print it to a new PDF file, and attach that.")

MOST_NODES = 1_000_000
_LARGEST_STREAM = 64 * 2**20
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
# Careless writers count their objects wrongly; nothing is hidden by it.
_HARMLESS_WARNING = "reported number of objects"

# Process-wide, so set once on import: packed object streams must not unpack without end.
set_qpdf_limits(
    flate_max_memory=_LARGEST_STREAM,
    run_length_max_memory=_LARGEST_STREAM,
    png_max_memory=_LARGEST_STREAM,
    tiff_max_memory=_LARGEST_STREAM,
    max_stream_filters=4,
    parser_max_nesting=100,
)


def _dictionaries(pdf: Pdf) -> Iterator[Object]:
    """Yield every dictionary, nested and packed ones too; object streams and escaped names are already undone."""
    visited = 0
    for numbered in pdf.objects:
        waiting: list[Object] = [numbered]
        while waiting:
            node = waiting.pop()
            visited += 1
            if visited > MOST_NODES:
                raise RuleBroken(TOO_COMPLEX)
            if isinstance(node, Array):
                children = list(node)
            elif isinstance(node, _NAMED):
                yield node
                children = [child for _, child in node.items()]
            else:
                continue
            visited += len(children)
            # A child with its own number comes round by itself; following it could go in circles.
            waiting.extend(c for c in children if isinstance(c, _CONTAINERS) and not c.is_indirect)


def _check_dictionary(node: Object) -> None:
    keys = node.keys()
    for key, reason in _FORBIDDEN_KEYS.items():
        if key in keys:
            raise RuleBroken(reason)
    for key, reasons in _FORBIDDEN_VALUES.items():
        if key in keys and (value := str(node[key])) in reasons:
            raise RuleBroken(reasons[value])


def _check_objects(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise RuleBroken(LOCKED)
    for node in _dictionaries(pdf):
        _check_dictionary(node)
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
    try:
        # No recovery: a repaired file is not the file that others will open.
        with Pdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            _check_objects(pdf)
    except PasswordError as locked:
        raise RuleBroken(LOCKED) from locked
    except (PikepdfError, ValueError) as damage:
        raise RuleBroken(DAMAGED) from damage
    if content[end + len(b"%%EOF") :].strip(_PADDING):
        raise RuleBroken(AFTER_END)
    return FileKind.PDF
