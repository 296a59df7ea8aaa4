"""Every file of the corpus, and every odd name, gets its verdict through the form people send files with.

What is refused is answered with the reason and leaves neither a row nor a file; nothing is answered with a failure of
ours. The files themselves do not depend on the database, so PostgreSQL gets a few of them.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domain.file_kinds import LARGEST_FILE, FileKind
from app.domain.roles import Role
from app.domain.values.text import N_
from app.extensions import db
from app.files.inspection.inspect import WRONG_NAME
from app.files.pictures.photos import tidy
from app.models.audit import AuditEvent, AuditKind
from app.models.documents import Document
from tests import make
from tests.client import FundClient
from tests.corpus import GOOD, HOSTILE, Made
from tests.further_corpus import FURTHER_GOOD, FURTHER_HOSTILE
from tests.make_files import docx_bytes, jpeg_bytes, pdf_bytes, png_bytes, xlsx_bytes
from tests.office_corpus import OFFICE_GOOD, OFFICE_HOSTILE
from tests.place import Place, signed_in

BOUNDARY = b"----between-parts"
FORM = f"multipart/form-data; boundary={BOUNDARY.decode()}"
MOST_IN_A_FORM = 12
LARGEST_FORM = LARGEST_FILE
NOTHING_CHOSEN = N_("Choose a file first.")
REFUSED = 422
# Good ones of their kinds that take a second or two to make or to read; tests/unit looks at them.
HEAVY = {
    "docx of too much text with fields",
    "large xlsx",
    "png of 25 million pixels",
    "pdf that swells",
    "pdf whose page unpacks to 270 MB",
    "pdf whose page is packed twice",
    "xlsx that swells past the limit",
    "png with a swelling text",
    "xlsx with a DDE formula far down",
}


def named(text: str | bytes) -> bytes:
    """How a browser names a file."""
    return b'filename="' + (text.encode() if isinstance(text, str) else text) + b'"'


@dataclass
class HostilePlace(Place):
    """A draft that takes files, its preparer's browser, and what is stored of it."""

    client: FundClient
    address: str
    token: str

    def send(self, content: bytes, name: bytes, kind: bytes = b"application/octet-stream") -> TestResponse:
        """Post a file as the bytes a browser, or somebody who is none, would send."""
        return self.send_all([(content, name)], kind)

    def send_all(self, files: Sequence[tuple[bytes, bytes]], kind: bytes = b"application/pdf") -> TestResponse:
        pieces = [_part(b'name="csrf_token"', b"", self.token.encode())]
        for content, name in files:
            pieces.append(
                _part(b'name="files"' + (b"; " + name if name else b""), b"\r\nContent-Type: " + kind, content)
            )
        return self.client.post(self.address, data=b"".join([*pieces, b"--", BOUNDARY, b"--\r\n"]), content_type=FORM)

    def rows(self) -> int:
        with make.rows(self.app):
            return db.session.scalar(select(func.count(Document.id))) or 0

    def newest(self) -> Document:
        with make.rows(self.app):
            found = db.session.scalars(select(Document).order_by(Document.id.desc()).limit(1)).one()
            db.session.expunge_all()
            return found

    def set_aside(self) -> None:
        """Take away what was attached, so that the same bytes may come again under another name."""
        with make.rows(self.app):
            for row in db.session.scalars(select(Document).where(Document.removed_at.is_(None))):
                row.removed_at = make.AT

    def events(self) -> int:
        with make.rows(self.app):
            attached = select(func.count()).where(AuditEvent.kind == AuditKind.ATTACHED)
            return db.session.scalar(attached) or 0

    def says(self, line: str, message: str) -> bool:
        """Whether a line gives the reason in Thai, whatever figures and names stand in it."""
        pieces = re.split(r"%\(\w+\)s", make.in_thai(self.app, message))
        return all(piece in line for piece in pieces)


def _part(disposition: bytes, more: bytes, content: bytes) -> bytes:
    head = b"Content-Disposition: form-data; " + disposition + more
    return b"--" + BOUNDARY + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


def reasons(answer: TestResponse) -> list[str]:
    """What the page says of each file that it refuses, in their order."""
    found = re.findall(r'<p class="error">(.*?)</p>', answer.get_data(as_text=True), re.DOTALL)
    return [html.unescape(text) for text in found]


@pytest.fixture
def place(app: Flask) -> HostilePlace:
    with make.rows(app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        row = make.application(of=cooperative, complete=False)
        address = f"/apply/{row.id}/attach/{row.programme.documents[0].document_type_id}"
    client = signed_in(app, "preparer")
    return HostilePlace(app, client, address, client.any_token())


@pytest.fixture
def every(backend: str) -> int:
    """All of a list on SQLite, each fifteenth on PostgreSQL."""
    return 1 if backend == "sqlite" else 15


def light(rows: Sequence[tuple[str, Made, str, object]]) -> list[tuple[str, Made, str, object]]:
    return [row for row in rows if row[0] not in HEAVY]


# The corpus


def test_the_corpus_is_large_and_no_two_files_have_one_name() -> None:
    names = [
        row[0] for rows in (GOOD, FURTHER_GOOD, OFFICE_GOOD, HOSTILE, FURTHER_HOSTILE, OFFICE_HOSTILE) for row in rows
    ]

    assert len(names) == len(set(names))
    assert len(light([*GOOD, *FURTHER_GOOD, *HOSTILE, *FURTHER_HOSTILE])) > 200
    assert set(names) >= HEAVY


def by_the_form(rows: Sequence[tuple[str, Made, str, object]]) -> Iterator[list[tuple[str, bytes, str, object]]]:
    """As many at once as one form may hold: a page for each of them would take most of the test's time."""
    form: list[tuple[str, bytes, str, object]] = []
    for what, made, name, expected in rows:
        content = made()
        if len(form) == MOST_IN_A_FORM or sum(len(each[1]) for each in form) + len(content) > LARGEST_FORM:
            yield form
            form = []
        form.append((what, content, name, expected))
    yield form


@pytest.mark.slow
def test_every_hostile_file_is_refused_with_its_reason_and_leaves_nothing(place: HostilePlace, every: int) -> None:
    wrong: list[tuple[object, ...]] = []
    for form in by_the_form(light([*HOSTILE, *FURTHER_HOSTILE])[::every]):
        answer = place.send_all([(content, named(name)) for _what, content, name, _reason in form])
        said = reasons(answer)
        if answer.status_code != REFUSED or len(said) != len(form):
            wrong.append((answer.status_code, [what for what, *_rest in form], said))
            continue
        for (what, _content, _name, reason), line in zip(form, said, strict=True):
            if not place.says(line, str(reason)):
                wrong.append((what, reason, line))

    assert wrong == []
    assert (place.rows(), place.stored_files(), place.events()) == (0, 0, 0)


@pytest.mark.slow
def test_every_good_file_is_kept_as_it_came_and_as_what_it_is(place: HostilePlace, every: int) -> None:
    wrong = []
    kept = 0
    for what, made, name, kind in light([*GOOD, *FURTHER_GOOD])[::every]:
        content = made()
        answer = place.send(content, named(name))
        if answer.status_code != 302 or place.rows() != kept + 1:
            wrong.append((what, answer.status_code))
            continue
        kept += 1
        document = place.newest()
        opened = place.client.get(f"/files/{document.public_id}")
        is_of_its_kind = document.file_name.lower().endswith(kind.extensions)  # type: ignore[attr-defined]
        # Only photographs are changed: turned upright, and freed of what the telephone wrote into them.
        expected = tidy(content, kind)  # type: ignore[arg-type]
        if (document.kind, is_of_its_kind, opened.data) != (kind.value, True, expected):  # type: ignore[attr-defined]
            wrong.append((what, document.kind, document.file_name))
        place.set_aside()

    assert wrong == []
    assert (place.rows(), place.stored_files(), place.events()) == (kept, kept, kept)


def test_what_the_browser_says_of_the_kind_changes_nothing(place: HostilePlace) -> None:
    for said in (b"application/pdf", b"image/png", b"text/html", b"", b"a/b; charset=x", b"x" * 3000):
        taken = place.send(png_bytes(), named("a.png"), said)
        refused = place.send(b"MZ\x90\0", named("a.pdf"), said)

        assert (taken.status_code, refused.status_code) == (302, REFUSED), said
        assert place.newest().kind == FileKind.PNG
        place.set_aside()


@pytest.mark.parametrize(
    ("made", "endings"),
    [
        (pdf_bytes, ("exe", "html", "zip")),
        (png_bytes, ("gif",)),
        (jpeg_bytes, ("heic",)),
        (xlsx_bytes, ("xls", "xlsm", "zip")),
        (docx_bytes, ("doc", "docm", "dotx")),
    ],
)
def test_a_good_file_with_the_ending_of_a_kind_that_is_not_taken_is_refused(
    place: HostilePlace, made: Made, endings: tuple[str, ...]
) -> None:
    for ending in endings:
        answer = place.send(made(), named(f"เอกสาร.{ending}"))

        assert answer.status_code == REFUSED, ending
        assert place.says(*reasons(answer), WRONG_NAME), ending
    assert place.rows() == 0


@pytest.mark.parametrize(
    ("made", "sent", "kept"),
    [
        (jpeg_bytes, "สำเนาบัตร.png", "สำเนาบัตร.jpg"),
        (pdf_bytes, "ภาพถ่าย.jpg", "ภาพถ่าย.pdf"),
        (docx_bytes, "หนังสือ.pdf", "หนังสือ.docx"),
    ],
)
def test_a_good_file_with_the_ending_of_another_kind_that_is_taken_gets_its_own(
    place: HostilePlace, made: Made, sent: str, kept: str
) -> None:
    answer = place.send(made(), named(sent))

    assert answer.status_code == 302
    assert place.newest().file_name == kept


# Names: what is sent, and the name it is kept under or the reason it is refused for

KEPT: list[tuple[str, bytes, str]] = [
    ("Thai", named("งบการเงิน ๒๕๖๙.pdf"), "งบการเงิน ๒๕๖๙.pdf"),
    ("Thai vowels in another order of writing", named("น\u0e4d\u0e32.pdf"), "น\u0e4d\u0e32.pdf"),
    ("letters and marks apart", named("e\u0301.pdf"), "é.pdf"),
    ("pictures of faces", named("สัญญา😀👩‍👧.pdf"), "สัญญา😀👩‍👧.pdf"),
    ("turned round, harmless ending", named("a\u202egpj.pdf"), "agpj.pdf"),
    ("held apart", named("\u2066ก\u2069\u200f.pdf"), "ก.pdf"),
    ("marked as of Unicode", named("\ufeffก.pdf"), "ก.pdf"),
    ("separator of lines", named("ก\u2028ข\u2029.pdf"), "กข.pdf"),
    ("255 bytes", named("ก" * 83 + "aa.pdf"), "ก" * 83 + "aa.pdf"),
    ("300 characters", named("ก" * 296 + ".pdf"), "ก" * 116 + ".pdf"),
    ("a long ending", named("a." + "x" * 300), "a." + "x" * 114 + ".pdf"),
    ("an ending that is a little long", named("a." + "x" * 11), "a." + "x" * 11 + ".pdf"),
    ("NUL", named(b"a\0.pdf"), "a.pdf"),
    ("NUL behind a program's ending", named(b"a.exe\0.pdf"), "a.exe.pdf"),
    ("controls and colours", named(b"a\x07\x7f\x1b[31m\tb.pdf"), "a[31mb.pdf"),
    ("folders above", named("../../etc/cron.d/a.pdf"), "a.pdf"),
    ("folders above, Windows", named("..\\..\\a.pdf"), "a.pdf"),
    ("from the root, no ending", named("/etc/passwd"), "passwd.pdf"),
    ("a drive", named(r"C:\\Users\\ก.pdf"), "ก.pdf"),
    ("a drive, backslashes that quote", named(r"C:\Users\ก.pdf"), "C:Usersก.pdf"),
    ("another machine", named(r"\\\\host\\share\\a.pdf"), "a.pdf"),
    ("a device of Windows", named("CON"), "CON.pdf"),
    ("a device with an ending", named("NUL.pdf"), "NUL.pdf"),
    ("a port", named("com1.pdf"), "com1.pdf"),
    ("full stops behind", named("a.pdf..."), "a.pdf"),
    ("spaces behind", named("a.pdf   "), "a.pdf"),
    ("blanks before", named(" . a.pdf"), "a.pdf"),
    ("full stops alone", named("..."), "document.pdf"),
    ("a space alone", named(" "), "document.pdf"),
    ("an ending alone", named(".pdf"), "document.pdf"),
    ("a program's ending inside", named("x.exe.pdf"), "x.exe.pdf"),
    ("full-width full stop", named("a．exe"), "a．exe.pdf"),
    ("full-width ending", named("a.ｐｄｆ"), "a.ｐｄｆ.pdf"),
    ("nothing to see at the end", named("a.pdf\u200b"), "a.pdf"),
    ("a number for an ending", named("a.pdf.99999"), "a.pdf.99999.pdf"),
    ("escaped folders", named("%2e%2e%2fa.pdf"), "%2e%2e%2fa.pdf"),
    ("escaped NUL", named("a%00.pdf"), "a%00.pdf"),
    ("escaped line break", named("a%0d%0aSet-Cookie: x=1.pdf"), "a%0d%0aSet-Cookie: x=1.pdf"),
    ("quote as browsers send it", named("a%22b.pdf"), 'a"b.pdf'),
    ("quote behind a backslash", named('a\\"b.pdf'), 'a"b.pdf'),
    ("apostrophe", named("a'b.pdf"), "a'b.pdf"),
    ("semicolon", named("a; filename=b.exe; c.pdf"), "a; filename=b.exe; c.pdf"),
    ("a formula", named("=1+2.pdf"), "=1+2.pdf"),
    ("a tag", named("<img src=x onerror=alert(1)>.pdf"), "<img src=x onerror=alert(1)>.pdf"),
    ("a template", named("{{7*7}}%(name)s{0}.pdf"), "{{7*7}}%(name)s{0}.pdf"),
    ("a statement", named("a'; DROP TABLE document;--.pdf"), "a'; DROP TABLE document;--.pdf"),
    ("an option", named("-rf.pdf"), "-rf.pdf"),
    ("a line folded", named(b"a\r\n b.pdf"), "a b.pdf"),
    ("extended", b"filename*=UTF-8''%E0%B8%87%E0%B8%9A.pdf", "งบ.pdf"),
    ("plain and extended", b"filename=\"x.exe\"; filename*=UTF-8''%E0%B8%87%E0%B8%9A.pdf", "งบ.pdf"),
    ("extended, no UTF-8", b"filename*=UTF-8''%ff%fe.pdf", "\ufffd\ufffd.pdf"),
    ("extended, folders", b"filename*=UTF-8''..%2F..%2Fa.pdf", "a.pdf"),
    ("extended, NUL", b"filename*=UTF-8''a%00b.pdf", "ab.pdf"),
    ("extended, line break", b"filename*=UTF-8''a%0d%0ab.pdf", "ab.pdf"),
    ("extended, western", b"filename*=ISO-8859-1''%e9.pdf", "é.pdf"),
    ("extended, unknown letters", b"filename*=bogus''a.pdf", "a.pdf"),
    ("in pieces", b'filename*0="a"; filename*1=".pdf"', "a.pdf"),
    ("without quotes", b"filename=a.pdf", "a.pdf"),
    ("in capitals", b'FILENAME="a.pdf"', "a.pdf"),
]

NAMES_REFUSED: list[tuple[str, bytes, str]] = [
    ("two endings", named("x.pdf.exe"), WRONG_NAME),
    ("turned round, a program's ending", named("a\u202efdp.exe"), WRONG_NAME),
    ("NUL before a program's ending", named(b"a.pdf\0.exe"), WRONG_NAME),
    ("a stream of Windows", named("x.pdf:a.exe"), WRONG_NAME),
    ("semicolon before a program's ending", named("x.pdf;.exe"), WRONG_NAME),
    ("packed twice", named("x.tar.gz"), WRONG_NAME),
    ("a setting of servers", named(".htaccess"), WRONG_NAME),
    ("a program's ending and blanks", named("x.exe . "), WRONG_NAME),
    ("two names", b'filename="a.pdf"; filename="b.exe"', WRONG_NAME),
    ("empty", named(""), NOTHING_CHOSEN),
    ("no value", b"filename=", NOTHING_CHOSEN),
    ("no sign of equality", b"filename", NOTHING_CHOSEN),
    ("missing", b"", NOTHING_CHOSEN),
    ("never closed", b'filename="a.pdf', NOTHING_CHOSEN),
    ("a header of its own", named(b"a\nContent-Type: text/html\n\nx.pdf"), NOTHING_CHOSEN),
    ("carriage return alone", named(b"a\rb.pdf"), NOTHING_CHOSEN),
]


def test_every_name_is_kept_as_it_may_be_shown(place: HostilePlace, every: int) -> None:
    content = pdf_bytes()
    wrong = []
    for what, sent, kept in KEPT[::every]:
        answer = place.send(content, sent)
        found = place.newest().file_name if answer.status_code == 302 else None
        if found != kept:
            wrong.append((what, answer.status_code, found))
        place.set_aside()

    assert wrong == []
    page = place.client.text(place.address.replace("/attach/", "/documents?").partition("?")[0])
    assert "<img src=x" not in page
    assert not set("\0\u202e\u2066\u2028\x1b") & set(page)


def test_every_name_that_claims_another_kind_is_refused(place: HostilePlace, every: int) -> None:
    wrong = []
    for what, sent, reason in NAMES_REFUSED[::every]:
        answer = place.send(pdf_bytes(), sent)
        if answer.status_code != REFUSED or not place.says(*reasons(answer), reason):
            wrong.append((what, answer.status_code))

    assert wrong == []
    assert (place.rows(), place.stored_files()) == (0, 0)


@pytest.mark.parametrize("name", [b"\xff\xfe.pdf", b"\xa7\xba\xa1\xd2\xc3.pdf", b"a\xc0\xaf.pdf", b"\xed\xa0\x80.pdf"])
def test_a_name_that_is_no_utf_8_is_a_bad_request(place: HostilePlace, name: bytes) -> None:
    answer = place.send(pdf_bytes(), named(name))

    assert answer.status_code == 400
    assert (place.rows(), place.stored_files()) == (0, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--" + BOUNDARY,
        b"--" + BOUNDARY + b"--\r\n",
        b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7',
        b"--" + BOUNDARY + b"\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
        b"\0" * 1000,
    ],
)
def test_a_form_that_is_none_or_breaks_off_changes_nothing(place: HostilePlace, body: bytes) -> None:
    answer = place.client.post(place.address, data=body, content_type=FORM)

    assert 400 <= answer.status_code < 500
    assert (place.rows(), place.stored_files()) == (0, 0)
