"""Pages and data leave compressed where the browser takes it; files and streams leave as they are."""

import gzip

import brotli
from flask import Flask, Response, request

COMPRESSED_TYPES = {"text/html", "text/plain", "application/json"}
# A smaller body fits into one packet of the network either way.
SMALLEST = 1024  # bytes
# Half a millisecond of the processor for a list of 64 KB. Higher levels cost more time than they save on the way.
BROTLI_LEVEL = 4
GZIP_LEVEL = 4
# Bodies whose size may not change, or that have none.
AS_THEY_ARE = {204, 206, 304}
OTHER_SITES = {"cross-site", "same-site"}


def accepted_encoding() -> str | None:
    """Return the better way of compressing that the browser takes: br, gzip or None."""
    accepted = request.accept_encodings
    return next((name for name in ("br", "gzip") if accepted.quality(name) > 0), None)


def bind_compression(app: Flask) -> None:
    """Compress what pages answer. To be called first: what is bound first sees an answer last, when it is whole."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not _may_be_smaller(response):
            return response
        response.vary.add("Accept-Encoding")
        encoding = accepted_encoding()
        # Another site that has our page opened with words of its own learns nothing from how long it is compressed.
        if encoding is None or request.headers.get("Sec-Fetch-Site") in OTHER_SITES:
            return response
        # Sets the length, too. A HEAD is told the same; its body is dropped later.
        response.set_data(_compressed(response.get_data(), encoding))
        response.content_encoding = encoding
        return response


def _may_be_smaller(response: Response) -> bool:
    if response.is_streamed or response.status_code in AS_THEY_ARE:
        return False
    if response.mimetype not in COMPRESSED_TYPES or response.content_encoding:
        return False
    # A tag names these bytes, and a file is saved as it is.
    if "ETag" in response.headers or "Content-Disposition" in response.headers:
        return False
    return not response.cache_control.no_transform and len(response.get_data()) >= SMALLEST


def _compressed(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        made: bytes = brotli.compress(content, quality=BROTLI_LEVEL)
        return made
    return gzip.compress(content, GZIP_LEVEL, mtime=0)
