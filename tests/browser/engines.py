"""Firefox and WebKitGTK, the engine of Safari, as the distribution packages them, by the commands of W3C's WebDriver.

Each speaks them by itself: WebKitGTK's driver over HTTP, Firefox over its own line under the same names. What a test
needs of them is so little that no library stands between; none that we know drives both without a download.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Protocol, TypeVar

PATIENCE = 20.0  # seconds a page may take on a busy machine
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the standard's name for a found element
# Nothing leaves this machine: whatever is not on it is sent to a port where nobody listens.
FIREFOX_SETTINGS = {
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "intl.accept_languages": "th,en",
    # A page is looked at and left: no process is kept ready for another.
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": False,
}
T = TypeVar("T")
WEBKIT_BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))


class Failed(Exception):
    """The browser says that a command could not be carried out."""


class Wire(Protocol):
    """Hands a command over and brings what the browser answers."""

    def send(self, name: str, values: dict[str, Any]) -> Any: ...

    def close(self) -> None: ...


def wait_for(come: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Return what ``come`` returns as soon as it is something."""
    end = time.monotonic() + seconds
    while not (found := come()):
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.03)
    return found


# ---- Firefox ----
class FirefoxWire:
    """Firefox's own line: messages of ``length:[0, number, name, values]``."""

    def __init__(self, folder: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in FIREFOX_SETTINGS.items()]
        (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
        self.process = _started(command, folder)
        port = folder / "MarionetteActivePort"
        wait_for(lambda: port.exists() and port.read_text())
        self.line = socket.create_connection(("127.0.0.1", int(port.read_text())), timeout=60)
        self.rest = b""
        self.number = 0
        self._message()  # a greeting
        self.send("WebDriver:NewSession", {"strictFileInteractability": False})

    def send(self, name: str, values: dict[str, Any]) -> Any:
        self.number += 1
        text = json.dumps([0, self.number, name, values]).encode()
        self.line.sendall(f"{len(text)}:".encode() + text)
        _kind, _number, error, answer = self._message()
        if error:
            raise Failed(f"{error['error']}: {error['message']}")
        return answer.get("value") if isinstance(answer, dict) else answer

    def _message(self) -> Any:
        while b":" not in self.rest:
            self.rest += self._more()
        length, _, self.rest = self.rest.partition(b":")
        while len(self.rest) < int(length):
            self.rest += self._more()
        text, self.rest = self.rest[: int(length)], self.rest[int(length) :]
        return json.loads(text)

    def _more(self) -> bytes:
        more = self.line.recv(65536)
        assert more, "Firefox has gone"
        return more

    def close(self) -> None:
        self.line.close()
        _end(self.process)


# ---- WebKitGTK ----
PATHS = {
    "WebDriver:Navigate": ("POST", "/url"),
    "WebDriver:Refresh": ("POST", "/refresh"),
    "WebDriver:Back": ("POST", "/back"),
    "WebDriver:SetWindowRect": ("POST", "/window/rect"),
    "WebDriver:ExecuteScript": ("POST", "/execute/sync"),
    "WebDriver:FindElement": ("POST", "/element"),
    "WebDriver:ElementClick": ("POST", "/element/{id}/click"),
    "WebDriver:ElementSendKeys": ("POST", "/element/{id}/value"),
}


class WebKitWire:
    """The driver of WebKitGTK, in a display of its own."""

    def __init__(self, folder: Path) -> None:
        self.display, name = _display(folder)
        self.port = _free_port()
        surroundings = {"DISPLAY": name, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}
        # As in Firefox, whatever is not on this machine is sent where nobody listens.
        surroundings |= {kind: "http://127.0.0.1:9" for kind in ("http_proxy", "https_proxy")} | {
            "no_proxy": "127.0.0.1"
        }
        self.process = _started(["WebKitWebDriver", f"--port={self.port}"], folder, surroundings)
        wait_for(self._ready)
        browser = {"binary": str(WEBKIT_BROWSERS[-1]), "args": ["--automation"]}
        asked = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": browser}
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": asked}})
        self.session = f"/session/{answer['sessionId']}"

    def _ready(self) -> bool:
        try:
            return bool(self._ask("GET", "/status")["ready"])
        except OSError:
            return False

    def _ask(self, method: str, path: str, values: dict[str, Any] | None = None) -> Any:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, None if values is None else json.dumps(values))
            reply = line.getresponse()
            told = json.load(reply)["value"]
        finally:
            line.close()
        if reply.status >= 400:
            raise Failed(f"{told['error']}: {told['message']}")
        return told

    def send(self, name: str, values: dict[str, Any]) -> Any:
        method, path = PATHS[name]
        return self._ask(method, self.session + path.format(**values), values)

    def close(self) -> None:
        self._ask("DELETE", self.session)
        _end(self.process)
        _end(self.display)


def _display(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A screen that nobody sees, under the first number that is free."""
    reading, writing = os.pipe()
    asked = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1500x1000x24", "-nolisten", "tcp"]
    process = _started(asked, folder, keep=(writing,))
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb has not started"
    return process, f":{number}"


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def _started(
    command: list[str], folder: Path, surroundings: dict[str, str] | None = None, keep: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """A process that keeps what it remembers in ``folder``."""
    with (folder / f"{command[0]}.log").open("wb") as log:
        return subprocess.Popen(
            command,
            env=os.environ | {"HOME": str(folder), "XDG_CACHE_HOME": str(folder)} | (surroundings or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=keep,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


ENGINES: dict[str, tuple[Callable[[Path], Wire], tuple[str, ...]]] = {
    "firefox": (FirefoxWire, ("firefox-esr",)),
    "webkit": (WebKitWire, ("WebKitWebDriver", "Xvfb")),
}


def missing(engine: str) -> list[str]:
    """The programs that this machine lacks for an engine."""
    return [program for program in ENGINES[engine][1] if shutil.which(program) is None]


class Window:
    """One window, used as a person does: what is pressed or typed into is waited for."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        self.wire = ENGINES[engine][0](folder)
        self.address = ""

    def close(self) -> None:
        self.wire.close()

    def open(self, path: str) -> None:
        self.wire.send("WebDriver:Navigate", {"url": self.address + path})

    def back(self) -> None:
        self.wire.send("WebDriver:Back", {})

    def resize(self, width: int, height: int) -> None:
        self.wire.send("WebDriver:SetWindowRect", {"width": width, "height": height})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns that runs in the page."""
        return self.wire.send("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})

    def press(self, selector: str) -> None:
        self._do(selector, "WebDriver:ElementClick", {})

    def type(self, selector: str, text: str) -> None:
        self._do(selector, "WebDriver:ElementSendKeys", {"text": text})

    def _do(self, selector: str, name: str, values: dict[str, Any]) -> None:
        """Carry it out once the element is there and nothing lies over it."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = self.wire.send("WebDriver:FindElement", {"using": "css selector", "value": selector})
                self.wire.send(name, {"id": found[ELEMENT], **values})
                return
            except Failed:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def until(self, condition: str, *arguments: Any) -> Any:
        """Wait for what an expression in the page says, also while one page gives way to the next."""

        def holds() -> Any:
            try:
                return self.run(f"return ({condition})", *arguments)
            except Failed:
                return None

        try:
            return wait_for(holds)
        except AssertionError:
            raise AssertionError(f"{self.engine}: it never came about that {condition}, {self.text()[:2000]}") from None

    def see(self, selector: str) -> str:
        """Wait until it is to be seen; its text."""
        shown = "(one => one && one.getClientRects().length && [one.innerText])(document.querySelector(arguments[0]))"
        return str(self.until(shown, selector)[0])

    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def path(self) -> str:
        return str(self.run("return location.pathname"))
