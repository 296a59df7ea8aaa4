"""Serves the application with waitress once its assets and its database are up to date; run.py calls it."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError
from waitress import create_server

from app.commands.preparing import DatabaseTooNew, prepare
from app.commands.worker import work_forever
from app.connections import use_our_connections
from app.demo.people import PEOPLE
from app.factory import create_app
from app.ui.asset_making import build_assets
from app.ui.assets import AssetsError
from app.ui.catalogue import compile_catalogue
from config import ConfigurationError, settings

THREADS = 4
CONNECTIONS = 500
RECEIVED_AT_ONCE = 64 * 2**10  # bytes
# Larger bodies wait on disk for the application: 4 threads read them, 500 connections may send them.
BODY_IN_MEMORY = 512 * 2**10  # bytes
STALLED = 120_000  # milliseconds
# A page is about 20 ms of work: threads that take turns more often than that only get in each other's way.
SWITCH_SECONDS = 0.03


class NotReady(Exception):
    """The application cannot be served; the message is one line that says why."""


def make_assets() -> None:
    """Make the browsers' files where the settings want them, and the Thai texts ready for use.

    Raises:
        NotReady: a setting is refused, or a style names a file that is not there.
    """
    try:
        compile_catalogue()
        build_assets(Path(settings(os.environ)["ASSETS_DIR"]))
    except (ConfigurationError, AssetsError) as error:
        raise NotReady(str(error)) from error


def prepared_application(address: str = "") -> tuple[Flask, list[str]]:
    """Return the application, ready to serve at ``address``, and what had to be done for it, a line each.

    Raises:
        NotReady: a setting is refused, or the database is too new or cannot be used.
    """
    make_assets()
    try:
        app = create_app(local_settings(os.environ, address))
        return app, prepare(app)
    except ConfigurationError as error:
        raise NotReady(str(error)) from error
    except DatabaseTooNew as error:
        raise NotReady(
            "ฐานข้อมูลเป็นของโปรแกรมรุ่นใหม่กว่านี้ ให้ใช้โปรแกรมรุ่นใหม่ ข้อมูลไม่ถูกเปลี่ยน / the database belongs to a newer version of "
            f"this program; use that one, nothing was changed ({error})"
        ) from error
    except OperationalError as error:
        cause = " ".join(str(error.orig).split())
        raise NotReady(f"ใช้ฐานข้อมูลไม่ได้ / the database cannot be used: {cause}") from error


def local_settings(environ: Mapping[str, str], address: str) -> dict[str, str]:
    """Let links in a development server's mails lead to where it listens, unless PUBLIC_URL says otherwise."""
    development = environ.get("FUND_ENV", "development") == "development"
    return {"PUBLIC_URL": address} if development and address and not environ.get("PUBLIC_URL") else {}


def address_of(host: str, port: int) -> str:
    """What to type in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def listen(app: Flask, host: str, port: int) -> Any:
    """Return a server that holds the port; its ``run`` answers requests until the process is told to stop.

    Raises:
        OSError: the address cannot be listened on.
    """
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host=host, port=port, **server_settings(app.config))
    use_our_connections(sockets)
    _cut_off_stalled(sockets)
    return server


def server_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """How waitress is set up, as its ``create_server`` takes it."""
    return {
        "threads": THREADS,
        "connection_limit": CONNECTIONS,
        "asyncore_use_poll": True,
        "ident": "",
        # ProxyFix decides which forwarded headers to believe; without a proxy none are passed on.
        "clear_untrusted_proxy_headers": not config["PROXY_COUNT"],
        "recv_bytes": RECEIVED_AT_ONCE,
        "inbuf_overflow": BODY_IN_MEMORY,
        # One byte more than the largest form: that is the first size waitress refuses.
        "max_request_body_size": config["MAX_SENDING_BYTES"] + 1,
    }


def _cut_off_stalled(sockets: Mapping[int, Any]) -> None:
    """Let the system end a connection whose other side takes nothing more: a download holds a thread until its end.

    Connections take the option over from the socket that listens; only Linux has it.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:
        return
    for each in sockets.values():
        listening = getattr(each, "socket", None)
        if isinstance(listening, socket.socket):
            listening.setsockopt(socket.IPPROTO_TCP, option, STALLED)


def run(app: Flask, server: Any) -> None:
    """Answer requests until interrupted or terminated, then let those under way finish.

    A demonstration does its due work here, too; production runs ``flask fund worker`` beside.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    sys.setswitchinterval(SWITCH_SECONDS)
    # A request that waits a moment for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, stop)
    if app.config["DEMO"]:
        threading.Thread(target=work_forever, args=(app,), name="due-work", daemon=True).start()
    server.run()


def greeting(app: Flask, host: str, port: int) -> list[str]:
    """Return the lines that say where the system is and, in a demonstration, who can sign in."""
    lines = [f"เปิดระบบแล้วที่ / ready at  {address_of(host, port)}/", "กด Ctrl-C เพื่อหยุด / press Ctrl-C to stop"]
    if app.config["DEMO"]:
        lines += ["", f"บัญชีสาธิต รหัสผ่าน / demo sign-ins, password  {app.config['DEMO_PASSWORD']}"]
        lines += [f"  {person.username:<12}{person.first_name} {person.last_name}" for person in PEOPLE]
    return [*app.config["CONFIGURATION_WARNINGS"], *lines]
