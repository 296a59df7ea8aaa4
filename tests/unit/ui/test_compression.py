"""Pages leave compressed where they may, and everything else leaves as it is."""

import gzip
from collections.abc import Iterator

import brotli
import pytest
from flask import Flask, Response, request, send_file
from flask.testing import FlaskClient

from app.ui.compression import SMALLEST, bind_compression

PAGE = "<p>กองทุนเพื่อผู้ใช้แรงงาน</p>" * 100
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    app = Flask(__name__)
    bind_compression(app)
    kept = tmp_path_factory.mktemp("files") / "page.html"
    kept.write_text(PAGE)

    def tagged() -> Response:
        answer = Response(PAGE, mimetype="text/html")
        answer.set_etag("one")
        return answer.make_conditional(request)

    def stream() -> Iterator[str]:
        yield PAGE

    answers = {
        "page": lambda: PAGE,
        "data": lambda: {"text": PAGE},
        "refused": lambda: (PAGE, 404),
        "small": lambda: "x" * (SMALLEST - 1),
        "just-enough": lambda: "x" * SMALLEST,
        "empty": lambda: ("", 204),
        "picture": lambda: Response(PAGE, mimetype="image/png"),
        "kept": lambda: send_file(kept),
        "saved": lambda: Response(PAGE, mimetype="text/plain", headers={"Content-Disposition": "attachment"}),
        "stream": lambda: Response(stream(), mimetype="text/html"),
        "done": lambda: Response(gzip.compress(PAGE.encode()), headers={"Content-Encoding": "gzip"}),
        "tagged": tagged,
        "range": lambda: Response(PAGE, 206, headers={"Content-Range": "bytes 0-9/10"}),
        "fixed": lambda: Response(PAGE, mimetype="text/html", headers={"Cache-Control": "no-transform"}),
    }
    for name, answer in answers.items():
        app.add_url_rule(f"/{name}", name, answer)
    return app.test_client()


@pytest.mark.parametrize("path", ["/page", "/data", "/refused", "/just-enough"])
@pytest.mark.parametrize(
    ("accepted", "encoding", "opened"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("*", "br", brotli.decompress)],
)
def test_a_page_is_compressed_in_the_best_way_the_browser_takes(
    client: FlaskClient, path: str, accepted: str, encoding: str, opened: object
) -> None:
    plain = client.get(path)

    answer = client.get(path, headers={"Accept-Encoding": accepted})

    assert answer.headers["Content-Encoding"] == encoding
    assert opened(answer.data) == plain.data  # type: ignore[operator]
    assert answer.content_length == len(answer.data) < len(plain.data)
    assert answer.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert answer.status_code == plain.status_code


@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0, gzip;q=0", "zstd"])
def test_a_browser_that_takes_neither_gets_the_page_as_it_is(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/page", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert answer.get_data(as_text=True) == PAGE


@pytest.mark.parametrize(
    "path",
    ["/small", "/empty", "/picture", "/kept", "/saved", "/stream", "/done", "/tagged", "/range", "/fixed"],
)
def test_what_is_small_a_file_a_stream_a_range_or_compressed_already_is_not_touched(
    client: FlaskClient, path: str
) -> None:
    plain, answer = client.get(path), client.get(path, headers=BROWSER)

    assert answer.data == plain.data
    assert answer.headers.get("Content-Encoding") == plain.headers.get("Content-Encoding")
    assert answer.headers.get("Content-Length") == plain.headers.get("Content-Length")


def test_head_tells_what_get_would_send(client: FlaskClient) -> None:
    got, asked = client.get("/page", headers=BROWSER), client.head("/page", headers=BROWSER)

    assert asked.data == b""
    for name in ("Content-Length", "Content-Encoding", "Vary"):
        assert asked.headers[name] == got.headers[name]


def test_a_page_that_is_still_the_same_has_no_body(client: FlaskClient) -> None:
    tag = client.get("/tagged", headers=BROWSER).headers["ETag"]

    answer = client.get("/tagged", headers={**BROWSER, "If-None-Match": tag})

    assert answer.status_code == 304
    assert answer.data == b""
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("site", "encoding"), [("cross-site", None), ("same-site", None), ("same-origin", "br"), ("none", "br")]
)
def test_what_another_site_opens_has_no_length_to_guess_from(
    client: FlaskClient, site: str, encoding: str | None
) -> None:
    answer = client.get("/page", headers={**BROWSER, "Sec-Fetch-Site": site})

    assert answer.headers.get("Content-Encoding") == encoding
