"""Builds PDFs with the slips and leavings of common programs: of macOS, InDesign, Acrobat and those that lock."""

import zlib

from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, Pdf

from tests.make_files import new_pdf, saved
from tests.make_hostile_files import PAGES, strict_pdf

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"


def unused_entry_pdf(*, pointed_to: bool = False) -> bytes:
    """The table has an entry that lies nowhere, as InDesign and macOS leave; a page may even name it."""
    page = PAGES[1].replace(b">>>>", b">>/Annots 4 0 R>>") if pointed_to else PAGES[1]
    content = strict_pdf(CATALOGUE, PAGES[0], page)
    table = content.index(b"trailer")
    made = content[:table] + b"0000000000 00000 n \n" + content[table:]
    return made.replace(b"xref\n0 4\n", b"xref\n0 5\n").replace(b"/Size 4", b"/Size 5")


def doubled_key_pdf(*, in_catalogue: bool) -> bytes:
    """A script, and the same key again without one: one reader takes the first, another the second."""
    if in_catalogue:
        return strict_pdf(b"<</Type/Catalog/Pages 2 0 R/OpenAction " + SCRIPT + b"/OpenAction[3 0 R/Fit]>>", *PAGES)
    page = PAGES[1].replace(b"/Parent", b"/AA<</O " + SCRIPT + b">>/AA<<>>/Parent")
    return strict_pdf(CATALOGUE, PAGES[0], page)


def owner_locked_pdf(**how: object) -> bytes:
    """Opens without a password and forbids changes, as many programs of offices save."""
    return saved(new_pdf(), encryption=Encryption(user="", owner="owner", **how))


def owner_locked_script_pdf() -> bytes:
    pdf = new_pdf()
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    return saved(pdf, encryption=Encryption(user="", owner="owner"))


def foreign_lock_pdf() -> bytes:
    """Locked in a way of its own, which needs a program of its own."""
    content = strict_pdf(CATALOGUE, *PAGES, b"<</Filter/Another.Lock/V 1/Length 40>>")
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]")


def _with_names(**trees: object) -> bytes:
    pdf = new_pdf()
    pdf.Root.Names = Dictionary(**trees)
    return saved(pdf)


def emptied_pdf() -> bytes:
    """Trees of scripts and files from which everything was taken out again."""
    return _with_names(JavaScript=Dictionary(Names=Array([])), EmbeddedFiles=Dictionary(Kids=Array([])))


def script_tree_pdf() -> bytes:
    """A tree with a script of an unusual kind in it."""
    return _with_names(JavaScript=Dictionary(Names=Array(["a", Dictionary(X=1)])))


def rights_pdf() -> bytes:
    """What Adobe's Reader may do with the file; files inside are among it."""
    pdf = new_pdf()
    pdf.Root.Perms = Dictionary(
        UR3=Dictionary(
            Type=Name.Sig,
            Reference=Array([Dictionary(TransformParams=Dictionary(EF=Array([Name.Create, Name.Delete])))]),
        )
    )
    return saved(pdf)


def options_pdf(
    name: str = "Press Quality.joboptions", content: bytes = b"<</CompressPages true>> setdistillerparams"
) -> bytes:
    """Settings of Distiller kept in the file that was made by them, or something that goes by their name."""
    pdf: Pdf = new_pdf()
    pdf.attachments[name] = AttachedFileSpec(pdf, content, filename=name)
    return saved(pdf)


def careless_pdf(script: bytes = b"") -> bytes:
    """A stream without its length and a word nobody knows; what is behind them may be read in several ways."""
    body = b"<</Type/XObject>>stream\n0 0 m\nendstream"
    return strict_pdf(CATALOGUE, PAGES[0], PAGES[1].replace(b"/Parent", b"/Odd nobody /Parent"), body + script)


def careless_packed_script_pdf() -> bytes:
    """The same, with a script packed beside it where this reader would not look."""
    packed = zlib.compress(b"9 0 <</S/J#61vaScript/JS(x)>>")
    return careless_pdf(b"\n<</Type/ObjStm/First 4/N 1/Filter/FlateDecode>>stream\n" + packed + b"\nendstream")
