"""How the body of a request is read: as the form a browser sends, or not at all."""

from io import BytesIO
from typing import IO

from flask import Request, current_app
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class StrictFormParser(FormDataParser):
    """Answers 400 to what is no form; the library would hand on an empty form, or fail on a part without a name."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Parsed:
        self.silent = False
        try:
            parsed = super().parse(stream, mimetype, content_length, options)
        except (ValueError, LookupError, AttributeError, TypeError) as error:
            raise BadRequest from error
        if any(not isinstance(name, str) for fields in parsed[1:] for name in fields):
            raise BadRequest
        return parsed


# Forms that take several documents at once, so that no script is needed.
SEVERAL_DOCUMENTS = frozenset({"AttachView.attach"})


class FundRequest(Request):
    """A request whose forms are read strictly, up to the size its page takes."""

    form_data_parser_class = StrictFormParser

    @property  # type: ignore[misc]
    def max_content_length(self) -> int | None:  # type: ignore[override]
        """The largest body, in bytes, that is read for the page asked."""
        if self.endpoint in SEVERAL_DOCUMENTS:
            return int(current_app.config["MAX_SENDING_BYTES"])
        return super().max_content_length

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Read one document in memory, where it is looked into anyway; the library writes it to disk and back."""
        if (total_content_length or 0) <= current_app.config["MAX_CONTENT_LENGTH"]:
            return BytesIO()
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)
