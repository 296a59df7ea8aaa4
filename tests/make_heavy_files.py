"""Builds files that are cheap to send and costly to look into, or that fetch something when they are opened."""

import io
import struct
import zlib
from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from tests.make_files import docx_bytes, jpeg_bytes, new_pdf, png_bytes, saved, zipped
from tests.make_hostile_files import PAGES, chunk, strict_pdf, telephone_jpeg

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
DRAWN_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>/Contents 4 0 R>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n" % (entries, len(data)) + data + b"\nendstream"


def packed(data: bytes, times: int = 1) -> bytes:
    """A stream behind as many layers of packing."""
    for _layer in range(times):
        data = zlib.compress(data, 1)
    return stream(data, b"/Filter[" + b"/FlateDecode " * times + b"]")


def page_of(body: bytes) -> bytes:
    """A PDF whose page is drawn from the stream ``body``."""
    return strict_pdf(CATALOGUE, PAGES[0], DRAWN_PAGE, body)


def crowded_pdf() -> bytes:
    """Eight million bytes of numbers: they would take some 600 MB."""
    return strict_pdf(CATALOGUE, *PAGES, b"[" + b"0 " * 4_000_000 + b"]")


def numerous_pdf() -> bytes:
    """A table of more objects than anybody needs."""
    return strict_pdf(CATALOGUE, *PAGES, *[b"()"] * 250_000)


def stuffed_pdf(streams: int = 9, arrays: int = 190_000) -> bytes:
    """Object streams of some KB that unpack to many arrays each, all within one object."""
    body = b"[" + b"[]" * arrays + b"]"
    numbers = list(range(10, 10 + streams))
    held = {4 + place: packed_objects(number, body) for place, number in enumerate(numbers)}
    bodies = {1: CATALOGUE, 2: PAGES[0], 3: PAGES[1], **held}
    written, rows = b"%PDF-1.5\n", {0: struct.pack(">BIH", 0, 0, 65535)}
    for number, content in bodies.items():
        rows[number] = struct.pack(">BIH", 1, len(written), 0)
        written += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    rows |= {number: struct.pack(">BIH", 2, 4 + place, 0) for place, number in enumerate(numbers)}
    table_number = max(rows) + 1
    rows[table_number] = struct.pack(">BIH", 1, len(written), 0)
    free = struct.pack(">BIH", 0, 0, 0)
    table = b"".join(rows.get(number, free) for number in range(table_number + 1))
    head = b"/Type/XRef/Size %d/W[1 4 2]/Root 1 0 R" % (table_number + 1)
    start = len(written)
    written += b"%d 0 obj\n" % table_number + stream(table, head) + b"\nendobj\n"
    return written + b"startxref\n%d\n%%%%EOF\n" % start


def packed_objects(number: int, body: bytes) -> bytes:
    head = b"%d 0 " % number
    data = zlib.compress(head + body, 9)
    return stream(data, b"/Type/ObjStm/N 1/First %d/Filter/FlateDecode" % len(head))


def vast_picture_pdf() -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 1/ColorSpace/DeviceGray"
    return strict_pdf(CATALOGUE, *PAGES, stream(b"\0", entries))


def page_drawn_from_a_picture_pdf() -> bytes:
    data = zlib.compress(b"0 0 m " * 1000)
    return page_of(stream(data, b"/Subtype/Image/Width 1/Height 1/Filter/FlateDecode"))


def unasked_pdf(change: Callable[[Dictionary, Dictionary], None]) -> bytes:
    """A PDF whose catalogue and page were changed."""
    pdf = new_pdf()
    change(pdf.Root, pdf.pages[0].obj)
    return saved(pdf)


def web_page(**more: object) -> Dictionary:
    return Dictionary(S=Name.URI, URI="http://x.test/", **more)


def opens_web_page(root: Dictionary, _page: Dictionary) -> None:
    root.OpenAction = web_page()


def page_opens_web_page(_root: Dictionary, page: Dictionary) -> None:
    page.AA = Dictionary(O=web_page())


def opens_a_page_then_more(root: Dictionary, page: Dictionary) -> None:
    root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]), Next=Array([web_page()]))


def opens_at_a_page_and_prints(root: Dictionary, page: Dictionary) -> None:
    root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
    page.AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.Print))


def borrowed_stream_pdf() -> bytes:
    """A page drawn from the bytes of another file."""
    return page_of(stream(b"", b"/F(\\\\\\\\host\\\\a.txt)"))


def borrowed_page_pdf() -> bytes:
    """A drawing that stands for a page of another file."""
    pdf = new_pdf()
    drawing = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    drawing.Ref = Dictionary(F="\\\\host\\a.pdf", Page=0)
    pdf.pages[0].obj.Resources.XObject = Dictionary(X=pdf.make_indirect(drawing))
    return saved(pdf)


def pointed_script_pdf() -> bytes:
    """The kind of the action is an object of its own."""
    return strict_pdf(b"<</Type/Catalog/Pages 2 0 R/X<</S 4 0 R>>>>", *PAGES, b"/JavaScript")


def uncounted_script_pdf() -> bytes:
    """An object beyond the number of objects that the file states."""
    content = strict_pdf(CATALOGUE, *PAGES, b"<</S/JavaScript>>")
    return content.replace(b"/Size 5", b"/Size 4")


def second_generation_script_pdf() -> bytes:
    content = strict_pdf(CATALOGUE, *PAGES, b"<</S/JavaScript>>").replace(b"4 0 obj", b"4 7 obj")
    at = content.rindex(b" 00000 n ")
    return content[:at] + b" 00007 n " + content[at + 9 :]


def changed_pdf() -> bytes:
    """A PDF with a second version of a page written behind the first, as signing does."""
    first = strict_pdf(CATALOGUE, *PAGES)
    place = len(first)
    body = b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<<>>>>\nendobj\n"
    before = int(first.split(b"startxref\n")[1].split()[0])
    trailer = b"trailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (before, place + len(body))
    return first + body + b"xref\n3 1\n%010d 00000 n \n" % place + trailer


def saved_picture(mode: str, kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (37, 23)).save(target, kind, **options)
    return target.getvalue()


def interlaced_png(*, short: bool = False) -> bytes:
    """An interlaced PNG of 9 × 9 grey pixels, or one that lacks its last row."""
    sizes = ((2, 2), (1, 2), (3, 1), (2, 3), (5, 2), (4, 5), (9, 4))
    data = b"".join(b"\0" * (1 + columns) * rows for columns, rows in sizes)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 1))
    pixels = chunk(b"IDAT", zlib.compress(data[: -10 if short else None]))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def short_png() -> bytes:
    """Every sum is right, and half of the pixels are missing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 100, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 5050)) + chunk(b"IEND", b"")


def crumbled_png() -> bytes:
    plain = png_bytes()
    return plain[:33] + chunk(b"tEXt", b"a\0b") * 100_000 + plain[33:]


def crumbled_jpeg() -> bytes:
    plain = jpeg_bytes()
    return plain[:2] + b"\xff\xfe\0\2" * 100_000 + plain[2:]


def slow_jpeg() -> bytes:
    """Forty scans, each over forty million pixels."""
    plain = bytearray(jpeg_bytes((64, 64), progressive=True))
    frame = plain.index(b"\xff\xc2")
    plain[frame + 5 : frame + 9] = struct.pack(">HH", 5000, 8000)
    scan = bytes(plain[plain.rindex(b"\xff\xda") : -2])
    return bytes(plain[:-2]) + scan * 40 + b"\xff\xd9"


def vast_second_jpeg() -> bytes:
    """A telephone's file whose second picture states 3,600 million pixels."""
    content = bytearray(telephone_jpeg())
    frame = content.rindex(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(content)


def listed_zip(entries: int = 30_000) -> bytes:
    """A zip that lists one part again and again, each time under another name."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 7, 0) + b"0000000"
    row = struct.Struct("<4s6H3L5H2L")
    listed = b"".join(
        row.pack(b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0) + b"%07d" % number
        for number in range(entries)
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries % 2**16, entries % 2**16, len(listed), len(local), 0)
    return local + listed + end


def boxed(brand: bytes) -> bytes:
    """The start of a file of boxes: HEIC, AVIF, MP4."""
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0mif1" + b"\0" * 64


def zip_of_docx() -> bytes:
    return zipped({"สัญญา.docx": docx_bytes(), "ข้อมูล.zip": zipped({"a.docx": docx_bytes()})})
