"""Figures and readers' searches come from the copy of the database; all the rest, and all when it is away, do not."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, text, update
from structlog.testing import capture_logs

from app.extensions import CopyWritten, db
from app.factory import create_app
from app.models.cooperatives import Cooperative
from app.models.programmes import LoanProgramme
from app.security.scope import unscoped
from app.services.read_copy import from_copy
from config import ConfigurationError, settings
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.databases import Databases

MARK = "ฉบับสำเนา"
SEARCH = "/cooperatives/list/?q=ชลบุรี"


@pytest.fixture
def app(demo_app: Flask, databases: Databases) -> Iterator[Flask]:
    """The demonstration, and a copy of it in which names tell that they are the copy's."""
    databases._copy("template_demo", "copied")
    copied = create_engine(databases.address("copied"))
    with copied.begin() as connection:
        for table in (LoanProgramme, Cooperative):
            connection.execute(text(f"UPDATE {table.__tablename__} SET name = name || ' {MARK}'"))  # noqa: S608
    copied.dispose()
    made = create_app({**databases.settings("demo", demo=True), "DATABASE_READ_URL": databases.address("copied")})
    yield made
    with made.app_context():
        for engine in db.engines.values():
            engine.dispose()


def page(app: Flask, username: str, path: str) -> str:
    client = FundClient(app)
    client.sign_in(username, PASSWORD)
    return client.text(path)


def test_figures_and_searches_of_who_only_reads_come_from_the_copy(app: Flask) -> None:
    assert MARK in page(app, "manager", "/dashboard/")
    assert MARK in page(app, "auditor", SEARCH)
    for username, path in (("auditor", "/cooperatives/list/"), ("fund", SEARCH), ("manager", "/programmes/list/")):
        assert MARK not in page(app, username, path)


def test_without_the_copy_the_database_itself_is_read_and_the_log_says_so(app: Flask, databases: Databases) -> None:
    with app.app_context():
        db.engines["read_copy"].dispose()
    if databases.backend == "postgresql":
        databases._server('DROP DATABASE "copied" WITH (FORCE)')
    else:
        (databases.folder / "copied.db").unlink()
    with capture_logs() as logs:
        shown = page(app, "auditor", SEARCH)

    assert "ชลบุรี" in shown
    assert MARK not in shown
    assert [line["event"] for line in logs if line["event"] == "read_copy_away"] == ["read_copy_away"]


def test_nothing_is_written_to_the_copy(app: Flask) -> None:
    change = update(Cooperative).values(name="x")

    def rename() -> None:
        cooperative = db.session.query(Cooperative).first()
        assert cooperative is not None
        cooperative.name = "x"
        db.session.flush()

    with app.app_context(), unscoped():
        with pytest.raises(CopyWritten):
            from_copy(rename)
        db.session.rollback()
        with pytest.raises(CopyWritten):
            from_copy(lambda: db.session.execute(change))
        with db.engines["read_copy"].connect() as connection, pytest.raises(Exception, match=r"read-?only"):
            connection.execute(text("UPDATE cooperative SET name = 'x'"))


def test_a_copy_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_READ_URL"):
        settings({"DATABASE_URL": "postgresql://fund@db/fund", "DATABASE_READ_URL": "sqlite:////tmp/copy.db"})
