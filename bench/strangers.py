"""Which share of a folder of strangers' files is taken, of those that every viewer opens and that hold nothing active.

Two readings that are not ours decide what counts:

- *every viewer opens it*: a PDF is drawn by PDFium (first and last page) and read by qpdf without recovering anything;
  a picture is decoded whole by Pillow and is a single one; a workbook is read by openpyxl and by calamine; a Word file
  unzips, every sum right, and its parts are well-formed. None asks for a password.
- *it holds nothing active*: none of the words by which a PDF runs, sends, plays or carries something stands outside
  the streams of what qpdf writes of it unpacked; no part, relation, field or formula of an Office file does.

What is larger than is taken, or of a kind that is not taken by its first bytes, is counted apart. Nothing is kept and
nothing is fetched. Run it from the project's folder: ``nice .venv/bin/python -m bench.strangers FOLDER``.
"""

import argparse
import io
import multiprocessing
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path

from defusedxml import ElementTree

from app.domain.file_kinds import LARGEST_FILE
from app.domain.values.errors import RuleBroken
from app.services.documents.intake import look_into

GOAL = 0.99
SECONDS = 40  # for one file, all readings of it together
A_PROCESS_READS = 40  # files; what a reader leaves behind goes with its process
NAMES_SHOWN = 40
ACTIVE_IN_PDF = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|XFA|RichMedia(?:Content|Execute)?|GoTo[RE]|SubmitForm|ImportData|Movie|"
    rb"Sound|Rendition|Screen|3D|FileAttachment|Thread)(?=[\s/<\[(>\]])"
)
STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
ACTIVE_PARTS = re.compile(
    r"vbaProject|vbaData|activeX|macrosheets|embeddings/.*\.(?:bin|ole)|connections\.xml|afchunk|\.html?$", re.I
)
ACTIVE_IN_OFFICE = re.compile(
    rb"<!DOCTYPE|ddeLink|\bDDE(?:AUTO)?\b|WEBSERVICE\(|IMAGE\(|RTD\(|CALL\(|REGISTER(?:\.ID)?\(|\bINCLUDETEXT\b|"
    rb"\bLINK \w|oleObject\"|PartName=\"[^\">]*\"[^>]*macroEnabled|macroEnabled[^>]*PartName=|webextension|aFChunk"
)
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
LINKS = re.compile(rb"/(?:hyperlink|externalLinkPath|externalLinkLongPath|xlPathMissing)\"")


@dataclass(frozen=True, slots=True)
class Found:
    """What the readings say of one file."""

    kind: str
    opens: bool
    inert: bool
    refusal: str = ""


def pdf_opens(content: bytes) -> bool:
    import pikepdf
    import pypdfium2

    with pypdfium2.PdfDocument(content) as pdf:
        pages = len(pdf)
        for place in {0, pages - 1}:
            pdf[place].render(scale=0.2)
    with pikepdf.Pdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as strict:
        return pages > 0 and len(strict.pages) == pages


def pdf_inert(content: bytes) -> bool:
    import pikepdf

    unpacked = io.BytesIO()
    with pikepdf.Pdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
        pdf.save(unpacked, object_stream_mode=pikepdf.ObjectStreamMode.disable, qdf=True, encryption=False)
    return not ACTIVE_IN_PDF.search(STREAM.sub(b" stream ", unpacked.getvalue()))


def picture_opens(content: bytes) -> bool:
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        picture.load()
        return picture.format == "JPEG" or not getattr(picture, "is_animated", False)


def office_opens(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if archive.testzip() or "[Content_Types].xml" not in names:
            return False
        for name in names:
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
        types = archive.read("[Content_Types].xml")
    if b"wordprocessingml.document.main+xml" in types:
        return "word/document.xml" in names
    return b"spreadsheetml.sheet.main+xml" in types and workbook_opens(content)


def workbook_opens(content: bytes) -> bool:
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook

    sheets = load_workbook(io.BytesIO(content)).sheetnames
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return bool(sheets) and bool(book.sheet_names)


def office_inert(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if ACTIVE_PARTS.search(name) or data.startswith((b"\xd0\xcf\x11\xe0", b"MZ")):
                return False
            if name.endswith((".xml", ".rels")) and ACTIVE_IN_OFFICE.search(data):
                return False
            outside = [each for each in RELATIONSHIP.findall(data) if b'="External"' in each]
            if not all(map(LINKS.search, outside)):
                return False
    return True


READINGS: dict[bytes, tuple[str, Callable[[bytes], bool], Callable[[bytes], bool]]] = {
    b"%PDF-": ("PDF", pdf_opens, pdf_inert),
    b"\xff\xd8\xff": ("JPEG", picture_opens, lambda _content: True),
    b"\x89PNG\r\n\x1a\n": ("PNG", picture_opens, lambda _content: True),
    b"PK\3\4": ("Office", office_opens, office_inert),
}


def agreed(reading: Callable[[bytes], bool], content: bytes) -> bool:
    """What a reading says; whatever it fails on, it does not open the file."""
    try:
        return reading(content)
    except Exception:  # readers of strangers fail in ways nobody can list
        return False


def read(path: str) -> Found:
    """All readings of one file, and ours."""
    content = Path(path).read_bytes()
    if len(content) > LARGEST_FILE:
        return Found("too large", opens=False, inert=False)
    start = next((each for each in READINGS if content.startswith(each)), None)
    if start is None:
        return Found("another kind", opens=False, inert=False)
    kind, opens, inert = READINGS[start]
    try:
        look_into(content, path)
        refusal = ""
    except RuleBroken as refused:
        refusal = refused.template
    opened = agreed(opens, content)
    return Found(kind, opened, opened and agreed(inert, content), refusal)


def _pool() -> Pool:
    return multiprocessing.get_context("forkserver").Pool(1, maxtasksperchild=A_PROCESS_READS)


def readings(paths: list[str]) -> Iterator[tuple[str, Found]]:
    """Each file with what was found; a reader that hangs is ended, and does not open the file."""
    pool = _pool()
    for path in paths:
        try:
            yield path, pool.apply_async(read, (path,)).get(SECONDS)
        except multiprocessing.TimeoutError:
            pool.terminate()
            pool = _pool()
            yield path, Found("no answer in time", opens=False, inert=False)
    pool.terminate()


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def report(found: dict[str, Found], folder: Path) -> float:
    """Print the share by collection and the refusals by reason; returns the whole share."""
    by_collection: dict[str, list[Found]] = defaultdict(list)
    for path, each in found.items():
        by_collection[Path(path).relative_to(folder).parts[0]].append(each)
    print("| collection | files | other kinds | open everywhere, inert | taken of these | share | others taken |")
    print("|---|---|---|---|---|---|---|")
    for name, files in [*sorted(by_collection.items()), ("all", list(found.values()))]:
        ours = [each for each in files if each.kind in {kind for kind, *_readings in READINGS.values()}]
        meant = [each for each in ours if each.inert]
        taken = sum(not each.refusal for each in meant)
        others = sum(not each.refusal for each in ours if not each.inert)
        rest = len(files) - len(ours)
        print(f"| {name} | {len(files)} | {rest} | {len(meant)} | {taken} | {_percent(taken, len(meant))} | {others} |")
    for title, meant_ones in (
        ("Refused though they open everywhere and hold nothing active", True),
        ("Others refused", False),
    ):
        print(f"\n{title}:")
        reasons: dict[str, list[str]] = defaultdict(list)
        for path, each in found.items():
            if each.refusal and each.inert is meant_ones:
                reasons[each.refusal].append(str(Path(path).relative_to(folder)))
        for reason, paths in sorted(reasons.items(), key=lambda row: -len(row[1])):
            print(f"- {len(paths)} × {reason}\n    " + "\n    ".join(sorted(paths)[:NAMES_SHOWN]))
    print("\nKinds:", dict(Counter(each.kind for each in found.values())))
    meant = [each for each in found.values() if each.inert]
    return sum(not each.refusal for each in meant) / len(meant) if meant else 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    paths = sorted(str(path) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    share = report(dict(readings(paths)), folder)
    print(f"{share:.2%} taken (goal: at least {GOAL:.0%})")
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
