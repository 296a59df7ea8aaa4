"""A field of a register: the web site of a cooperative, in its list, form and import."""

import re
from io import BytesIO
from pathlib import Path

from flask import Flask

from app.domain.roles import Role
from app.extensions import db
from app.models.cooperatives import Cooperative
from app.security.scope import unscoped
from tests import make
from tests.client import FundClient
from tests.forms import fill_in, page
from tests.recipes import Added, Replaced

TITLE = "A field of a register"
VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
LAST = max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py") if "web_site" not in path.name)
NEXT = f"{int(LAST) + 1:04d}"
MIGRATION = f'''"""Cooperatives have a web site.

Revision ID: {NEXT}
Revises: {LAST}
"""

from alembic import op

revision = "{NEXT}"
down_revision = "{LAST}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE cooperative ADD COLUMN web_site VARCHAR(200)")


def downgrade() -> None:
    op.execute("ALTER TABLE cooperative DROP COLUMN web_site")
'''
COLUMN = '    web_site: Mapped[str | None] = labelled(N_("Web site of the cooperative"), String(200))\n'
VIEW = "app/views/cooperatives/register.py"
EDITS = (
    Added("app/models/cooperatives.py", COLUMN, after=r"^    email: Mapped\[str \| None\] = .*\)$"),
    Replaced(VIEW, '"phone", "email", "office"]', '"phone", "email", "web_site", "office"]'),
    Replaced(
        VIEW, 'list_columns = ["name", "registration_no", ', 'list_columns = ["name", "registration_no", "web_site", '
    ),
    Added(
        "app/services/cooperatives/import_columns.py",
        '        _of("web_site", "เว็บไซต์"),\n',
        after=r'^        _of\("email".*\),$',
    ),
    Added(f"migrations/versions/{NEXT}_web_site.py", MIGRATION),
)
THAI = {"Web site of the cooperative": "เว็บไซต์ของสหกรณ์"}
RUN: dict[str, str] = {}
CHECKED_BY = (
    "tests/integration/house/test_migrations.py::test_every_migration_runs_up_and_down_and_up",
    "tests/integration/house/test_migrations.py::test_models_and_migrations_agree",
    "tests/integration/cooperatives/test_import_cells.py::test_every_column_of_the_register_can_be_filled",
    "tests/integration/cooperatives/test_import_register.py::test_template_comes_back_with_its_examples_as_the_only_fault",
)
SITE, IMPORTED = "https://one.example.or.th", "https://two.example.or.th"


def test_the_field_is_in_form_page_list_and_history(app: Flask) -> None:
    browser, key, _number = keeper_of_one(app)

    saved = fill_in(browser, f"/cooperatives/edit/{key}", web_site=SITE)

    assert saved.status_code == 302, re.findall(r'<p class="error">.*|id="[^"]+-error".*', page(saved))
    shown = browser.text(f"/cooperatives/show/{key}")
    assert stored(app, key) == SITE
    assert SITE in browser.text("/cooperatives/list/")
    assert shown.count(SITE) >= 2  # among the answers, and in the history
    assert "เว็บไซต์ของสหกรณ์" in shown


def test_the_field_is_imported_under_its_label_and_its_other_heading(app: Flask) -> None:
    for heading, site in (("เว็บไซต์ของสหกรณ์", SITE), ("เว็บไซต์", IMPORTED)):
        browser, key, number = keeper_of_one(app)
        file = f"เลขทะเบียนสหกรณ์,{heading}\n{number},{site}\n".encode("utf-8-sig")

        answer = browser.send(
            "/cooperatives/import/", {"file": (BytesIO(file), "web.csv"), "mode": "all"}, page="/cooperatives/import/"
        )

        assert answer.status_code == 200
        # What a row would change is shown first.
        assert fill_in(browser, "/cooperatives/import/", seen=page(answer)).status_code in (200, 302)
        assert stored(app, key) == site


def keeper_of_one(app: Flask) -> tuple[FundClient, int, str]:
    """A fund officer's browser, and a cooperative with its registration number."""
    with make.rows(app):
        place = {"address": "1", "sub_district": "บางปลาสร้อย", "district": "เมืองชลบุรี", "postcode": "20000"}
        row, keeper = make.cooperative(**place), make.person(Role.FUND_OFFICER).username
        key, number = row.id, row.registration_no
    browser = FundClient(app)
    browser.sign_in(keeper, make.PASSWORD)
    return browser, key, number


def stored(app: Flask, key: int) -> str | None:
    with app.app_context(), unscoped():
        found: str | None = db.session.get_one(Cooperative, key).web_site  # type: ignore[attr-defined]
    return found
