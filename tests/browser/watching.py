"""A server that has the pages tell what goes wrong in them, for browsers whose drivers do not."""

from collections.abc import Callable, Iterable
from typing import Any

TOLD = "/complaint"
TELL = f"""(() => {{
  const tell = (text) => navigator.sendBeacon("{TOLD}", `${{location.pathname}}: ${{text}}`);
  window.addEventListener("error", (event) => tell(event.message));
  window.addEventListener("unhandledrejection", (event) => tell(event.reason));
  document.addEventListener("securitypolicyviolation", (event) => tell(`${{event.violatedDirective}} refused`));
}})();
"""

# What the oldest browsers of docs/browsers.md that read the scripts do not have.
NEWER = (
    "HTMLFormElement.prototype.requestSubmit",
    "SubmitEvent.prototype.submitter",
    "Element.prototype.replaceChildren",
)


def without_newer_functions(*more: str) -> str:
    """The beginning of a script that makes a browser as old as that; ``more`` goes, too."""
    return "".join(f"delete {name};\n" for name in (*NEWER, *more))


class Watched:
    """Serves an application whose script first does what ``before`` says, such as taking a function away."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.before = ""
        self.complaints: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == TOLD:
            self.complaints.append(environ["wsgi.input"].read().decode())
            start_response("204 No Content", [])
            return []
        if "/fund-" in path and path.endswith(".js"):
            return self._told(environ, start_response)
        return self.app(environ, start_response)

    def _told(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer: list[Any] = []
        script = b"".join(self.app(environ, lambda status, headers, exc_info=None: answer.extend([status, headers])))
        changed = (TELL + self.before).encode() + script
        kept = [(name, value) for name, value in answer[1] if name.lower() not in ("content-length", "cache-control")]
        start_response(answer[0], [*kept, ("Content-Length", str(len(changed))), ("Cache-Control", "no-store")])
        return [changed]
