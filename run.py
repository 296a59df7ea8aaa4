#!/usr/bin/env python3
"""Starts the system, or tests it, on a machine that has only Python: python3 run.py, python3 run.py test.

Until the virtual environment exists only the standard library is here. This file and bootstrap.py keep to
what Python 3.6 can parse, so that an old Python gets as far as saying that it is too old.
"""

import argparse
import errno
import gc
import os
import socket
import subprocess
import sys
from typing import Any, Dict, List

from bootstrap import ROOT, RUNNING_LOCK, TESTING_LOCK, VENV_PYTHON, CannotStart, child_environment, install, say

OLDEST_PYTHON = (3, 11)
INSIDE = "--inside"
STOPPED = 130
# Nobody's records are for trying things on: tests choose their own database, folders and mail.
NOT_FOR_TESTS = (
    "DATABASE_URL",
    "DOCUMENT_STORE",
    "OUTBOX_DIR",
    "SMTP_URL",
    "CLAMD_SOCKET",
    "INSTANCE_DIR",
    "SECRET_KEY",
    "FLASK_DEBUG",
    "DEMO",
)


def main(arguments: List[str]) -> int:
    """Do what the command line asks; return the exit code."""
    try:
        check_python(sys.version_info[:2])
        if arguments[:1] == [INSIDE]:
            return inside(arguments[1:])
        os.chdir(ROOT)
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        return start(parse(arguments))
    except CannotStart as reason:
        say(str(reason), sys.stderr)
        return 1
    except OSError as error:
        where = " ({})".format(error.filename) if error.filename else ""
        say("อ่านหรือเขียนไฟล์ไม่ได้ / a file cannot be read or written: {}{}".format(error.strerror, where), sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nหยุดแล้ว / stopped", sys.stderr)
        return STOPPED


def check_python(version: Any) -> None:
    if tuple(version) < OLDEST_PYTHON:
        needed, found = (".".join(map(str, numbers)) for numbers in (OLDEST_PYTHON, version))
        raise CannotStart(
            "ต้องใช้ Python {} ขึ้นไป เครื่องนี้เป็น {}".format(needed, found),
            "Python {} or newer is needed, this is {}".format(needed, found),
        )


def parse(arguments: List[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="เริ่มระบบสินเชื่อกองทุนเพื่อผู้ใช้แรงงาน / start the Labour Fund's loan e-Service",
        epilog="python3 run.py test [...]  ทดสอบระบบ / run every check and test; more arguments go to pytest",
    )
    parser.add_argument("--host", default="127.0.0.1", help="ที่อยู่ที่เปิดรับ / address to listen on (127.0.0.1)")
    parser.add_argument("--port", default=8080, type=port_number, help="พอร์ต / port (8080)")
    parser.add_argument("--processes", help="จำนวนโปรเซสที่ตอบ / processes that answer (FUND_PROCESSES)")
    return parser.parse_args(arguments)


def port_number(typed: str) -> int:
    if not typed.isdigit() or not 1 <= int(typed) <= 65535:
        raise argparse.ArgumentTypeError("พอร์ตต้องเป็นเลข 1 ถึง 65535 / a port is a number from 1 to 65535")
    return int(typed)


def start(chosen: argparse.Namespace) -> int:
    """Set up what is missing, then become the server."""
    check_address(chosen.host, chosen.port)
    install(RUNNING_LOCK)
    environment = child_environment()
    if chosen.processes:
        environment["FUND_PROCESSES"] = chosen.processes
    become([VENV_PYTHON, os.path.join(ROOT, "run.py"), INSIDE, "serve", chosen.host, str(chosen.port)], environment)
    return 0


def test(pytest_arguments: List[str]) -> int:
    """Set up what is missing, then become pytest, whose own closing line is the last."""
    install(TESTING_LOCK)
    environment = child_environment()
    for name in NOT_FOR_TESTS:
        environment.pop(name, None)
    environment["FUND_ENV"] = "testing"
    made = subprocess.call([VENV_PYTHON, os.path.join(ROOT, "run.py"), INSIDE, "assets"], env=environment)
    if made != 0:
        return made
    # One more than there are processors: one of them waits for a browser, a database or a clock at any time.
    workers = str(min(4, (os.cpu_count() or 1) + 1))
    become([VENV_PYTHON, "-m", "pytest", "-n", workers, "--dist", "worksteal", *pytest_arguments], environment)
    return 0


def become(command: List[str], environment: Dict[str, str]) -> None:
    """Replace this process, so that signals and the exit code are the command's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment)


def check_address(host: str, port: int) -> None:
    """Find out before the slow work whether the address can be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise cannot_listen(error, host, port) from None


def cannot_listen(error: OSError, host: str, port: int) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        return CannotStart(
            "พอร์ต {} มีโปรแกรมอื่นใช้อยู่ ลองสั่ง python3 run.py --port {}".format(port, port % 65535 + 1),
            "port {} is taken; try python3 run.py --port {}".format(port, port % 65535 + 1),
        )
    if error.errno == errno.EACCES:
        return CannotStart(
            "ไม่มีสิทธิ์ใช้พอร์ต {} ลองใช้พอร์ตที่สูงกว่า 1023".format(port),
            "port {} is not allowed; try one above 1023".format(port),
        )
    return CannotStart(
        "เปิดรับที่ {} ไม่ได้".format(host), "{} cannot be listened on: {}".format(host, error.strerror or error)
    )


def inside(arguments: List[str]) -> int:
    """Go on in the virtual environment's Python, where the application and its libraries are."""
    # What a start makes stays: looking for what could be thrown away is a fifth of its time.
    gc.disable()
    from app import serving

    try:
        if arguments == ["assets"]:
            serving.make_assets()
            return 0
        host, port = arguments[1], int(arguments[2])
        application, done = serving.prepared_application(serving.address_of(host, port))
    except serving.NotReady as reason:
        say(str(reason), sys.stderr)
        return 1
    try:
        doors = serving.bind(host, port)
    except OSError as error:
        raise cannot_listen(error, host, port) from None
    try:
        private = serving.bind_metrics(application)
    except OSError as error:
        raise cannot_listen(error, *application.config["METRICS_ADDRESS"]) from None
    gc.freeze()
    gc.enable()
    say("\n".join(done + serving.greeting(application, host, port)))
    serving.serve(application, doors, application.config["FUND_PROCESSES"], private)
    say("หยุดแล้ว / stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
