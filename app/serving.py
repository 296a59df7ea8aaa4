"""Serves the application with waitress once its assets and its database are up to date; run.py calls it."""

import logging
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError
from waitress import create_server

from app.commands.preparing import WrongVersion, prepare
from app.commands.worker import work_beside
from app.connections import use_our_connections
from app.demo.people import PEOPLE
from app.extensions import db
from app.factory import create_app
from app.files.store import DocumentStore
from app.metrics import metrics_at
from app.processes import Crew, NotReady, apart
from app.running import WAITING_AT_THE_DOOR, Shares, answer_until_told, bound
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
    done = apart(_assets_made)
    try:
        app = create_app(local_settings(os.environ, address))
    except ConfigurationError as error:
        raise NotReady(str(error)) from error
    with app.app_context():
        db.engine.dispose()  # processes to come must not share a connection
    return app, done + apart(lambda: _prepared(app))


def _assets_made() -> list[str]:
    make_assets()
    return []


def _prepared(app: Flask) -> list[str]:
    try:
        return prepare(app)
    except (ConfigurationError, WrongVersion) as error:
        raise NotReady(str(error)) from error
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


def bind(host: str, port: int) -> list[socket.socket]:
    """Sockets that hold the port; connections that stall are ended by the system.

    Raises:
        OSError: the address cannot be listened on.
    """
    doors = bound(host, port)
    _cut_off_stalled(doors)
    return doors


def listen(app: Flask, host: str, port: int) -> Any:
    """A server that holds the port, for ``run`` or its own ``run`` to answer requests.

    Raises:
        OSError: the address cannot be listened on.
    """
    return server_at(app, bind(host, port))


def bind_metrics(app: Flask) -> list[socket.socket]:
    """Sockets at the private address of figures, if there is one.

    Raises:
        OSError: the address cannot be listened on.
    """
    address = app.config["METRICS_ADDRESS"]
    return bound(*address) if address else []


def server_at(app: Flask, doors: list[socket.socket], private: Sequence[socket.socket] = ()) -> Any:
    """A server of this process's own at sockets that other processes may share."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, sockets=doors, **server_settings(app.config))
    if private:
        # A thread of its own: figures are told although all others are busy.
        create_server(metrics_at(app), map=sockets, sockets=list(private), threads=1, ident="")
    use_our_connections(sockets)
    return server


def server_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """How waitress is set up, as its ``create_server`` takes it."""
    return {
        "threads": THREADS,
        "connection_limit": CONNECTIONS,
        "backlog": WAITING_AT_THE_DOOR,
        "asyncore_use_poll": True,
        "ident": "",
        # ProxyFix decides which forwarded headers to believe; without a proxy none are passed on.
        "clear_untrusted_proxy_headers": not config["PROXY_COUNT"],
        "recv_bytes": RECEIVED_AT_ONCE,
        "inbuf_overflow": BODY_IN_MEMORY,
        # One byte more than the largest form: that is the first size waitress refuses.
        "max_request_body_size": config["MAX_SENDING_BYTES"] + 1,
    }


def _cut_off_stalled(doors: list[socket.socket]) -> None:
    """Let the system end a connection whose other side takes nothing more: a download holds a thread until its end.

    Connections take the option over from the socket that listens; only Linux has it.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:
        return
    for each in doors:
        each.setsockopt(socket.IPPROTO_TCP, option, STALLED)


def serve(app: Flask, doors: list[socket.socket], processes: int, private: Sequence[socket.socket] = ()) -> None:
    """Answer requests at the sockets until told to stop, in so many processes; one needs nobody to watch it."""
    if processes == 1:
        run(app, server_at(app, doors, private))
        return

    shares = Shares(processes)

    def work(number: int) -> None:
        own_connections(app)
        run(app, server_at(app, doors, private), shares, number)

    def let_go() -> None:
        for door in (*doors, *private):
            door.close()

    Crew(work, processes, let_go, shares.leave).run()


def own_connections(app: Flask) -> None:
    """In a new process: hold nothing open together with the one it was copied from."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
    app.extensions["document_store"] = DocumentStore.from_url(app.config["DOCUMENT_STORE"])


def run(app: Flask, server: Any, shares: Shares | None = None, number: int = 1) -> None:
    """Answer requests until interrupted or terminated, then let those under way finish.

    The first process of a demonstration does its due work, too; production runs ``flask fund worker`` beside.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    # A request that waits a moment for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    if app.config["DEMO"] and number == 1:
        threading.Thread(target=work_beside, args=(app,), name="due-work", daemon=True).start()
    answer_until_told(server, shares, number)


def greeting(app: Flask, host: str, port: int) -> list[str]:
    """Return the lines that say where the system is and, in a demonstration, who can sign in."""
    lines = [f"เปิดระบบแล้วที่ / ready at  {address_of(host, port)}/", "กด Ctrl-C เพื่อหยุด / press Ctrl-C to stop"]
    if app.config["DEMO"]:
        lines += ["", f"บัญชีสาธิต รหัสผ่าน / demo sign-ins, password  {app.config['DEMO_PASSWORD']}"]
        lines += [f"  {person.username:<12}{person.first_name} {person.last_name}" for person in PEOPLE]
    return [*app.config["CONFIGURATION_WARNINGS"], *lines]
