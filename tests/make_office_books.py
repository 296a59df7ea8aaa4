"""Builds workbooks and archives as web systems, Excel and people make them, and odd ones that look like them."""

import io
import stat
import zipfile

from tests.make_files import pdf_bytes, xlsx_bytes, zipped
from tests.make_hostile_files import changed_xlsx, with_parts

_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def web_xlsx() -> bytes:
    """The usual export of web systems names a type for an ending that no part of it has."""
    default = f'<Default Extension="bin" ContentType="{_BINARY}"/></Types>'.encode()
    return changed_xlsx("[Content_Types].xml", b"</Types>", default)


def macro_ending_xlsx() -> bytes:
    default = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    return with_parts(changed_xlsx("[Content_Types].xml", b"</Types>", default), **{"xl/a.bin": b"\1\2\3"})


def binary_workbook() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="bin" ContentType="{_BINARY}"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            "</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", b"\x83\1\0")
    return target.getvalue()


def zip_of_pdf() -> bytes:
    """Documents put together without packing them, so that one's first bytes stand near the front."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("หนังสือ.pdf", pdf_bytes())
    return target.getvalue()


def linked_part_xlsx() -> bytes:
    target = io.BytesIO(xlsx_bytes())
    with zipfile.ZipFile(target, "a") as archive:
        link = zipfile.ZipInfo("xl/media/a.png")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


def two_names_xlsx() -> bytes:
    """A part goes by one name in front of its bytes and by another in the directory."""
    content = with_parts(xlsx_bytes(), **{"xl/media/a.png": b"1"})
    first = content.index(b"xl/media/a.png")
    return content[:first] + b"xl/media/b.png" + content[first + 14 :]


def odd_types_xlsx() -> bytes:
    """The type of the workbook stands at its ending, and an odd name with the same ending has another."""
    named = b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    main = named.partition(b"ContentType=")[2] + b'spreadsheetml.sheet.main+xml"'
    made = changed_xlsx("[Content_Types].xml", named + b'spreadsheetml.sheet.main+xml"/>', b"")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types = parts["[Content_Types].xml"].replace(b'ContentType="application/xml"', b"ContentType=" + main)
    odd = b'<Override PartName="/.xml" ContentType="application/xml"/></Types>'
    parts["[Content_Types].xml"] = types.replace(b"</Types>", odd)
    return zipped(parts)


def noted_xlsx(note: str = "<?xml version='1.0' encoding='utf-8'?><a/>") -> bytes:
    """Another program keeps notes of its own in it, two bytes a letter."""
    return with_parts(xlsx_bytes(), **{"xl/customProperty1.bin": note.encode("utf-16-le")})
