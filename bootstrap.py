"""Makes the virtual environment that run.py needs, from a lock file, with the standard library only.

Like run.py it keeps to what Python 3.6 can parse.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from typing import IO, Any, Dict, Iterator, Optional

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
# Present while libraries are being installed: an interrupted set-up is known by it and made again.
UNFINISHED = os.path.join(VENV, "fund-unfinished")
INSTALLED = os.path.join(VENV, "fund-installed.json")
INSTALL_LOG = os.path.join(VENV, "fund-install.log")
RUNNING_LOCK = "requirements.lock"
TESTING_LOCK = "requirements-dev.lock"  # holds everything of the running lock, too

# What pip's log shows, and what it means; the first that fits is said.
INSTALL_FAILURES = (
    (
        r"No space left on device|Disk quota exceeded",
        "ดิสก์เต็ม ลบไฟล์ที่ไม่ใช้แล้วสั่งใหม่",
        "the disk is full; make room and start again",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "ไลบรารีที่ดาวน์โหลดไม่ตรงกับค่าแฮชในไฟล์ล็อก จึงไม่ติดตั้ง",
        "a downloaded library does not match the hash in the lock file, so it was not installed",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|ConnectTimeout|ReadTimeout|timed out|"
        r"Network is unreachable|Connection refused|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Max retries exceeded",
        "ติดต่อแหล่งดาวน์โหลดไลบรารีไม่ได้ ตรวจเครือข่ายหรือการตั้งค่า pip แล้วสั่งใหม่",
        "the package index cannot be reached; check the network or pip's settings and start again",
    ),
    (
        r"No matching distribution found",
        "ไม่มีไลบรารีสำเร็จรูปสำหรับ Python หรือเครื่องรุ่นนี้",
        "a library has no ready-made package for this Python or this machine",
    ),
)


class CannotStart(Exception):
    """A reason the person can act on: one line, Thai then English."""

    def __init__(self, thai: str, english: str) -> None:
        super().__init__(thai + " / " + english)


def say(text: str, stream: Optional[IO[str]] = None, end: str = "\n") -> None:
    """Print Thai whatever encoding the terminal claims to have."""
    stream = stream or sys.stdout
    stream.flush()
    stream.buffer.write((text + end).encode("utf-8"))
    stream.buffer.flush()


def child_environment() -> Dict[str, str]:
    """Return the environment without what would lead the virtual environment's Python or pip elsewhere."""
    environment = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_NO_BINARY"):
        environment.pop(name, None)
    environment["PIP_USER"] = "0"
    environment["PYTHONUTF8"] = "1"
    environment.setdefault("PIP_RETRIES", "2")
    return environment


def install(lock: str) -> None:
    """Make the virtual environment hold exactly the lock's versions; do nothing when it does already."""
    if is_installed(lock):
        return
    with one_at_a_time():
        if is_installed(lock):
            return
        if not is_sound():
            make_venv()
        run_pip(lock)
        locks = [lock, RUNNING_LOCK] if lock == TESTING_LOCK else [lock]
        with open(INSTALLED, "w") as stamp:
            json.dump({name: fingerprint(name) for name in locks}, stamp)
        if os.path.exists(UNFINISHED):
            os.remove(UNFINISHED)


def is_installed(lock: str) -> bool:
    if not is_sound():
        return False
    try:
        with open(INSTALLED) as stamp:
            return json.load(stamp).get(lock) == fingerprint(lock)
    except (FileNotFoundError, ValueError):
        return False


def is_sound() -> bool:
    """Whether the virtual environment was finished, by the Python that is running now."""
    about = os.path.join(VENV, "pyvenv.cfg")
    if os.path.exists(UNFINISHED) or not os.path.exists(VENV_PYTHON) or not os.path.exists(about):
        return False
    with open(about) as lines:
        made_by = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", lines.read(), re.MULTILINE)
    return bool(made_by) and (int(made_by.group(1)), int(made_by.group(2))) == sys.version_info[:2]


def fingerprint(lock: str) -> str:
    with open(os.path.join(ROOT, lock), "rb") as content:
        return hashlib.sha256(content.read()).hexdigest()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second start wait until the first has set up."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    os.makedirs(os.path.join(ROOT, "instance"), exist_ok=True)
    with open(os.path.join(ROOT, "instance", "setup.lock"), "w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("รอการติดตั้งที่กำลังทำอยู่ / waiting for a set-up that is under way")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """Make the virtual environment from nothing; an unfinished one goes first."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise CannotStart(
            "Python เครื่องนี้ไม่มีโมดูล venv ติดตั้งก่อน เช่น sudo apt install python3-venv",
            "this Python has no venv module; install it first, for example sudo apt install python3-venv",
        )
    if os.path.isdir(VENV):
        if os.listdir(VENV) and not any(
            os.path.exists(os.path.join(VENV, name)) for name in ("pyvenv.cfg", "fund-unfinished")
        ):
            raise CannotStart(
                "มีโฟลเดอร์ .venv ที่ไม่ใช่ของระบบนี้ ย้ายออกก่อน", "the folder .venv is something else; move it away first"
            )
        say("ลบ .venv ที่ทำไม่เสร็จหรือใช้ไม่ได้ / removing a .venv that is unfinished or unusable")
        remove_venv()
    os.makedirs(VENV)
    touch(UNFINISHED)
    say("1/3 สร้าง .venv / making .venv")
    with open(INSTALL_LOG, "wb") as log:
        command = [sys.executable, "-m", "venv", VENV]
        if subprocess.call(command, stdout=log, stderr=log, env=child_environment()) != 0:
            raise CannotStart("สร้าง .venv ไม่ได้ ดู " + INSTALL_LOG, ".venv cannot be made; see " + INSTALL_LOG)


def remove_venv() -> None:
    # The mark goes last: removal that is interrupted must not leave a folder that nobody recognises.
    touch(UNFINISHED)
    for name in os.listdir(VENV):
        path = os.path.join(VENV, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif path != UNFINISHED:
            os.remove(path)
    os.remove(UNFINISHED)
    os.rmdir(VENV)


def run_pip(lock: str) -> None:
    """Install the lock: known hashes, ready-made packages, nothing that is not listed."""
    with open(os.path.join(ROOT, lock)) as lines:
        total = sum(1 for line in lines if re.match(r"[A-Za-z0-9]", line))
    command = [VENV_PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r", lock]
    say(
        "2/3 ดาวน์โหลดไลบรารีราว {} รายการ ใช้เวลาหลายนาที / downloading about {} libraries, some minutes".format(
            total, total
        )
    )
    with open(INSTALL_LOG, "w+", encoding="utf-8") as log:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT, env=child_environment()
        ) as pip:
            show_progress(pip, log, total)
        if pip.returncode != 0:
            log.seek(0)
            raise install_failure(log.read())


def show_progress(pip: Any, log: IO[str], total: int) -> None:
    fetched = 0
    step = 1 if sys.stdout.isatty() else 25
    for raw in pip.stdout:
        line = raw.decode("utf-8", "replace")
        log.write(line)
        log.flush()
        if line.startswith("Collecting "):
            fetched += 1
            if fetched % step == 0:
                say("    {}/{}".format(fetched, total), end="\r" if step == 1 else "\n")
        if line.startswith("Installing collected packages"):
            # From here on versions are mixed until pip ends; a download that fails before has spoilt nothing.
            touch(UNFINISHED)
            say("3/3 ติดตั้งไลบรารี / installing them")


def install_failure(log: str) -> CannotStart:
    for pattern, thai, english in INSTALL_FAILURES:
        if re.search(pattern, log):
            return CannotStart(thai, "{} (log: {})".format(english, INSTALL_LOG))
    return CannotStart("ติดตั้งไลบรารีไม่สำเร็จ", "the libraries could not be installed; see " + INSTALL_LOG)


def touch(path: str) -> None:
    with open(path, "w"):
        pass
