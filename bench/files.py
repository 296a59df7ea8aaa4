"""What it costs to send and to fetch a 10 MB document: through the application, and through a bare WSGI application.

Makes a demonstration of its own in a temporary folder and serves it as ``run.py`` does; beside it, under the same
server and settings, runs an application that does the least the job needs: it takes the same form, parses it with the
same parser and writes the file so that it survives a power cut, or sends a file from disk. One after the other takes
turns. Run it from the project's folder: ``.venv/bin/python -m bench.files [--rounds 40]``.
"""

import argparse
import io
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf
from PIL import Image
from waitress import create_server
from werkzeug.formparser import parse_form_data

from bench.load import TOKEN, Window
from config import settings

SIZE = 10 * 2**20
GOAL = 1.3
PERSON = "coop2"
NUMBER = b"0000000000"  # stands in the file's title and makes every sending a file of its own
BOUNDARY = b"----bench-of-the-fund"
FEW = 2  # files of the first paper that stay


class BareApplication:
    """The least that takes a file for good, or gives one back."""

    def __init__(self, folder: Path) -> None:
        self.folder = self.newest = folder

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/fetch":
            file = self.newest.open("rb")
            start_response("200 OK", [("Content-Length", str(os.fstat(file.fileno()).st_size))])
            found: Iterable[bytes] = environ["wsgi.file_wrapper"](file, 2**18)
            return found
        if path == "/keep":
            _stream, _form, files = parse_form_data(environ)
            self._keep(files["files"].stream)
        else:
            while environ["wsgi.input"].read(2**18):
                pass
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def _keep(self, stream: Any) -> None:
        """Every file stays, as documents do: writing over the one before would be cheaper than what the job is."""
        unfinished = self.folder / f"unfinished-{uuid.uuid4().hex}"
        with unfinished.open("wb") as target:
            while piece := stream.read(2**18):
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        self.newest = self.folder / uuid.uuid4().hex
        unfinished.rename(self.newest)
        descriptor = os.open(self.folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def serve(ready: "multiprocessing.Queue[tuple[int, int]]", folder: str, *, bare: bool) -> None:
    """A process with one of the two, on a free port; tells the port and the draft that takes files."""
    os.environ.update(FUND_ENV="development", INSTANCE_DIR=folder, DEMO="1")
    from app import serving

    if bare:
        chosen = serving.server_settings(settings())
        server = create_server(BareApplication(Path(folder)), host="127.0.0.1", port=0, **chosen)
        ready.put((server.effective_port, 0))
        sys.setswitchinterval(serving.SWITCH_SECONDS)
        server.run()
        return
    app, _done = serving.prepared_application()
    server = serving.listen(app, "127.0.0.1", 0)
    ready.put((server.effective_port, _draft(app)))
    serving.run(app, server)


def _draft(app: Any) -> int:
    from sqlalchemy import select

    from app.extensions import db
    from app.models.applications import LoanApplication
    from app.models.people import Membership, User
    from app.security.scope import unscoped

    with app.app_context(), unscoped():
        owner = select(Membership.cooperative_id).join(User).where(User.username == PERSON)
        found = select(LoanApplication.id).where(
            LoanApplication.cooperative_id.in_(owner), LoanApplication.status == "draft"
        )
        return int(db.session.scalars(found).first() or 0)


def _noise(width: int, height: int, **options: Any) -> bytes:
    target = io.BytesIO()
    Image.effect_noise((width, height), 40).save(target, "JPEG", quality=85, **options)
    return target.getvalue()


def scanned_pdf() -> bytes:
    """Scanned pages, each a picture, until the file has its size."""
    page = _noise(1240, 1754)
    pages = [page] * (SIZE // len(page) + 1)
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(img2pdf.convert(pages))) as pdf:
        pdf.docinfo["/Title"] = NUMBER.decode()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def photograph(orientation: int) -> bytes:
    """A picture as a telephone takes it, of about the same size."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = NUMBER.decode()
    return _noise(4032, 3024, exif=notes)


class Sender:
    """Sends one kind of file again and again, each time as another file."""

    def __init__(self, content: bytes, name: str, token: str) -> None:
        head = b'--%b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%b\r\n' % (BOUNDARY, token.encode())
        head += b'--%b\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n' % (BOUNDARY, name.encode())
        self.before, self.after = head + b"Content-Type: application/octet-stream\r\n\r\n", b"\r\n--%b--\r\n" % BOUNDARY
        self.content = content
        self.turn = time.time_ns() % 10**9

    def next(self) -> bytes:
        self.turn += 1
        return self.before + self.content.replace(NUMBER, b"%010d" % self.turn, 1) + self.after


class Measured:
    """Times of one kind of request, in milliseconds."""

    def __init__(self, window: Window, method: str, path: str) -> None:
        self.window, self.method, self.path = window, method, path
        self.times: list[float] = []

    def take(self, body: bytes | None = None) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.window.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
            headers["Accept"] = "application/json"
        began = time.perf_counter()
        self.window.connection.request(self.method, self.path, body=body, headers=headers)
        answer = self.window.connection.getresponse()
        got = answer.read()
        self.times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{self.path}: {answer.status} {got[:300]!r}")
        return got

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def line(self, label: str) -> str:
        return f"  {label:<46}{self.median:7.1f} ms   (fastest {min(self.times):.1f}, slowest {max(self.times):.1f})"


def measure(bare_port: int, port: int, draft: int, rounds: int) -> int:
    """Take turns and print the figures; 0 when both ratios keep to the goal."""
    bare, ours = Window(bare_port), Window(port)
    ours.sign_in(PERSON)
    _status, page = ours.ask("GET", f"/apply/{draft}/documents")
    found = TOKEN.search(page)
    token = found[1] if found else ""
    paper = page.split(f"/apply/{draft}/attach/", 1)[1].split('"', 1)[0]
    attach = f"/apply/{draft}/attach/{paper}"
    pdf = Sender(scanned_pdf(), "scan.pdf", token)
    dropping, keeping = Measured(bare, "POST", "/drop"), Measured(bare, "POST", "/keep")
    sending, fetching_bare = Measured(ours, "POST", attach), Measured(bare, "GET", "/fetch")
    keeping.take(pdf.next())
    sending.take(pdf.next())
    _status, page = ours.ask("GET", f"/apply/{draft}/documents")
    address = [part.split('"', 1)[0] for part in page.split('href="/files/')[1:]]
    fetching = next(m for each in address if len((m := Measured(ours, "GET", f"/files/{each}")).take()) > SIZE // 2)
    for one in (keeping, sending, fetching):
        one.times.clear()
    for _turn in range(rounds):
        dropping.take(pdf.next())
        keeping.take(pdf.next())
        sending.take(pdf.next())
        _take_back(ours, draft, token)
        fetching_bare.take()
        fetching.take()
    print(f"{len(pdf.content) / 2**20:.1f} MB of scanned pages as PDF, medians of {rounds} rounds")
    print(dropping.line("sent, bare, thrown away"))
    print(keeping.line("sent, bare, parsed and written durably"))
    print(sending.line("sent, application"))
    print(fetching_bare.line("fetched, bare"))
    print(fetching.line("fetched, application"))
    ratios = sending.median / keeping.median, fetching.median / fetching_bare.median
    print(f"  sending {ratios[0]:.2f} x, fetching {ratios[1]:.2f} x the bare application (goal: at most {GOAL} x)")
    _photographs(ours, attach, token)
    return 0 if max(ratios) <= GOAL else 1


def _take_back(ours: Window, draft: int, token: str) -> None:
    """Remove the file sent last: an application has some files, not hundreds."""
    _status, page = ours.ask("GET", f"/apply/{draft}/documents")
    added = [part.split('"', 1)[0] for part in page.split(f"/apply/{draft}/remove/")[1:]]
    ours.ask("POST", f"/apply/{draft}/remove/{added[FEW]}", {"csrf_token": token})


def _photographs(ours: Window, attach: str, token: str) -> None:
    """For information: a photograph is looked at pixel by pixel, and drawn anew when it has to be turned."""
    for label, orientation in (("upright", 1), ("to be turned", 6)):
        sending = Measured(ours, "POST", attach)
        for _turn in range(5):
            # Another picture each time: the same one again would be refused, whatever its notes say.
            photo = Sender(photograph(orientation), "photo.jpg", token)
            sending.take(photo.next())
        print(sending.line(f"sent, application, {len(photo.content) / 2**20:.1f} MB photograph, {label}"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, choices=range(5, 151), metavar="5…150")
    chosen = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    with tempfile.TemporaryDirectory() as folder:
        servers, places = [], []
        for name, bare in (("bare", True), ("ours", False)):
            (Path(folder) / name).mkdir()
            ready: multiprocessing.Queue[tuple[int, int]] = multiprocessing.Queue()
            server = multiprocessing.Process(
                target=serve, args=(ready, str(Path(folder) / name)), kwargs={"bare": bare}, daemon=True
            )
            server.start()
            servers.append(server)
            places.append(ready.get(timeout=180))
        try:
            return measure(places[0][0], *places[1], chosen.rounds)
        finally:
            for server in servers:
                server.terminate()
                server.join()


if __name__ == "__main__":
    sys.exit(main())
