"""What a person is told who sends a kind of file that is not taken, as far as its first bytes tell the kind."""

import re

from app.domain.values.text import N_
from app.files.inspection.office import ARCHIVE

OLD_OFFICE = N_(
    "This is an old Office file, or one with a password. Take the password off and save it as .xlsx, .docx or PDF."
)
HEIC = N_(
    "This is a picture in the HEIC format of newer phones. Save it as JPEG, or set the phone's camera to the most "
    "compatible format and take it again."
)
AVIF = N_(
    "This is a picture in the AVIF format of web pages. Open it and save it as JPEG or PNG, or take a screenshot of "
    "it, and attach that."
)
OTHER_PICTURE = N_(
    "This is a picture of another kind than JPEG or PNG. Open it and save it as one of these, or print it to a PDF "
    "file, and attach that."
)
FILM = N_(
    "This is a film or a sound. Attach documents and pictures: a PDF, JPEG, PNG, Excel (.xlsx) or Word (.docx) file."
)
OPENED_TEXT = N_("This is a text file (RTF). Open it in Word, save it as .docx or PDF, and attach that.")

# What the first bytes say, in the order asked. A box of HEIC or MP4 has a length, its kind, and the brand inside.
_KINDS = tuple(
    (re.compile(start, re.DOTALL), words)
    for start, words in (
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
        (rb".{4}ftypavi[fs]", AVIF),
        (rb".{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", HEIC),
        (rb".{4}ftyp|ID3|OggS|\x1a\x45\xdf\xa3|RIFF.{4}(?:WAVE|AVI )|fLaC|\xff[\xfb\xf3]", FILM),
        (rb"GIF8[79]a|BM.{4}\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|8BPS|\0\0\0\x0cjP  |AT&TFORM|\0\0\x01\0", OTHER_PICTURE),
        (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd|MSCF\0|.{257}ustar", ARCHIVE),
        (rb"PK\x05\x06|PK\x07\x08", ARCHIVE),
        (rb"\{\\rtf", OPENED_TEXT),
    )
)


def words_for(content: bytes) -> str | None:
    """What to say of a file, by its first bytes; nothing of an unknown kind."""
    return next((words for start, words in _KINDS if start.match(content)), None)
