"""Builds odd and hostile files, for the inspection to refuse."""

import io
import struct
import zipfile
import zlib

from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, ObjectStreamMode
from PIL import Image

from tests.make_files import (
    document_xml,
    docx_bytes,
    docx_parts,
    jpeg_bytes,
    new_pdf,
    png_bytes,
    relationships_xml,
    saved,
    xlsx_bytes,
    zipped,
)

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
PACKED = {"object_stream_mode": ObjectStreamMode.generate}


def action_pdf(kind: str, *, packed: bool = False, **entries: object) -> bytes:
    pdf = new_pdf()
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name(kind), **entries))
    return saved(pdf, **(PACKED if packed else {}))


def nested_script_pdf() -> bytes:
    """A script on a note, in dictionaries without numbers of their own."""
    pdf = new_pdf()
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, AA=Dictionary(E=Dictionary(S=Name.JavaScript, JS="x()")))
    pdf.pages[0].obj.Annots = Array([note])
    return saved(pdf)


def strict_pdf(*bodies: bytes, version: bytes = b"1.7") -> bytes:
    """A PDF written by hand with a right table; object 1 is the catalogue."""
    written, offsets = bytearray(b"%PDF-" + version + b"\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + rows
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(written))
    return bytes(written) + table + trailer


PAGES = (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>")


def written_escaped_script_pdf() -> bytes:
    return strict_pdf(b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/#4a#53(x)>>>>", *PAGES)


def attachment_pdf() -> bytes:
    pdf = new_pdf()
    pdf.attachments["payload.exe"] = AttachedFileSpec(pdf, b"MZ", filename="payload.exe")
    return saved(pdf)


def xfa_pdf() -> bytes:
    pdf = new_pdf()
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))
    return saved(pdf, **PACKED)


def media_pdf() -> bytes:
    pdf = new_pdf()
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])
    return saved(pdf)


def link_pdf() -> bytes:
    """A web link and a page to open at: ordinary and harmless."""
    pdf = new_pdf(pages=2)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://www.labour.go.th"))
    pdf.pages[0].obj.Annots = Array([link])
    pdf.Root.OpenAction = Array([pdf.pages[1].obj, Name.Fit])
    return saved(pdf, **PACKED)


def locked_pdf() -> bytes:
    return saved(new_pdf(), encryption=Encryption(user="secret", owner="owner"))


def swelling_pdf() -> bytes:
    """An object stream of 100 KB that unpacks to 100 MB."""
    packed = zlib.compress(b"5 0 <<>>" + b" " * (100 * 2**20), 9)
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    bodies = (b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>", *PAGES, stream + packed + b"\nendstream")
    written, rows = b"%PDF-1.5\n", [b"\0\0\0\0\0\xff"]
    for number, body in enumerate(bodies, 1):
        rows.append(struct.pack(">BIB", 1, len(written), 0))
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    rows += [struct.pack(">BIB", 2, 4, 0), struct.pack(">BIB", 1, len(written), 0)]
    table = b"".join(rows)
    head = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    start = len(written)
    return written + b"6 0 obj\n" + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(chunks: bytes, size: tuple[int, int] = (40, 30)) -> bytes:
    """A PNG with ``chunks`` put behind its header."""
    plain = png_bytes(size)
    return plain[:33] + chunks + plain[33:]


def huge_png() -> bytes:
    """A header that claims 130 million pixels, with hardly any data behind it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 13_000, 10_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def huge_jpeg() -> bytes:
    plain = bytearray(jpeg_bytes())
    frame = plain.index(b"\xff\xc0")
    plain[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(plain)


def moving_png() -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(target, "PNG", save_all=True, append_images=frames[1:])
    return target.getvalue()


def many_scans_jpeg() -> bytes:
    progressive = jpeg_bytes((64, 64), progressive=True)
    scan = progressive[progressive.index(b"\xff\xda") : -2]
    return progressive[:-2] + scan * 200 + b"\xff\xd9"


def telephone_jpeg() -> bytes:
    """Two whole pictures in one file, as telephones write them."""
    target = io.BytesIO()
    Image.new("RGB", (40, 30)).save(target, "MPO", save_all=True, append_images=[Image.new("RGB", (20, 15))])
    return target.getvalue()


def docx_with(**changed: str | bytes) -> bytes:
    """A Word file with parts changed or added; "__" stands for "/" and "_dot_" for "."."""
    parts: dict[str, str | bytes] = dict(docx_parts())
    parts.update({name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()})
    return zipped(parts)


def docx_related(*relations: str, part: str = "document") -> bytes:
    return docx_with(**{f"word/_rels/{part}.xml.rels": relationships_xml(*relations)})


def docx_typed(old: str, new: str) -> bytes:
    types = docx_parts()["[Content_Types].xml"]
    return docx_with(**{"[Content_Types].xml": types.replace(old, new)})


def docx_runs(runs: str) -> bytes:
    return docx_with(**{"word/document.xml": document_xml(runs)})


def split_field_docx() -> bytes:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = "".join(
        f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in (" D", "DEAU", "TO c")
    )
    return docx_runs(mark.format("begin") + code + mark.format("end"))


def with_parts(content: bytes, **added: bytes) -> bytes:
    """An existing zip with parts added to it."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in added.items():
            archive.writestr(name, data)
    return target.getvalue()


def changed_xlsx(name: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes([["a", 1]]))) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    return zipped(parts)


def formula_xlsx(formula: str) -> bytes:
    return changed_xlsx("xl/worksheets/sheet1.xml", b"<v>1</v>", f"<f>{formula}</f><v>1</v>".encode())


def lying_zip() -> bytes:
    """A part that says it is 10 bytes long and has the right sum for them, but goes on."""
    content = bytearray(with_parts(docx_bytes(), **{"word/x.bin": b"0123456789" * 5_000}))
    for signature, sizes in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        at = content.rindex(signature)
        struct.pack_into("<I", content, at + sizes, zlib.crc32(b"0123456789"))
        struct.pack_into("<I", content, at + sizes + 8, 10)
    return bytes(content)


def far_docx() -> bytes:
    """A Word file whose second part, its catalogue says, lies at 2**63: further than any file reaches."""
    content = docx_bytes()
    first = content.index(b"PK\1\2")
    second = content.index(b"PK\1\2", first + 4)
    (name_length,) = struct.unpack_from("<H", content, second + 28)
    (extra_length,) = struct.unpack_from("<H", content, second + 30)
    place = struct.pack("<HHQ", 1, 8, 2**63)
    entry = bytearray(content[second : second + 46 + name_length])
    struct.pack_into("<H", entry, 30, len(place) + extra_length)
    struct.pack_into("<I", entry, 42, 0xFFFFFFFF)
    changed = bytearray(content[:second] + entry + place + content[second + len(entry) :])
    end = changed.rindex(b"PK\5\6")
    (size,) = struct.unpack_from("<I", changed, end + 12)
    struct.pack_into("<I", changed, end + 12, size + len(place))
    return bytes(changed)


def encrypted_zip() -> bytes:
    content = bytearray(docx_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def swollen_xlsx(megabytes: int) -> bytes:
    return with_parts(xlsx_bytes([]), **{"xl/worksheets/sheet9.xml": b"<a>" + b" " * (megabytes * 2**20) + b"</a>"})


def chart_docx() -> bytes:
    return with_parts(docx_bytes(), **{"word/embeddings/book.xlsx": xlsx_bytes([["a", 1]])})


def nested_docx() -> bytes:
    inner = with_parts(docx_bytes(), **{"word/embeddings/x.docx": docx_bytes()})
    return with_parts(docx_bytes(), **{"word/embeddings/y.docx": inner})
