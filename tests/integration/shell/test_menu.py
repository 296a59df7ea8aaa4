"""The menu: what a person may open, under whatever prefix the product is served, and no longer than the permission."""

import pytest
from flask import Flask

from app.domain.roles import Role
from app.extensions import db
from app.models.transaction import writing
from app.security import sync
from app.security.roles import permissions_of
from app.security.scope import unscoped
from tests.client import FundClient
from tests.conftest import PASSWORD


@pytest.fixture(scope="session", params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """The menu is the same whichever database stands behind it."""
    return str(request.param)


def menu_of(text: str) -> str:
    return text.split('<ul class="menu-main">', 1)[1].split('<ul class="menu-user">', 1)[0]


def test_each_role_has_a_menu_of_its_own_also_in_one_process(demo_app: Flask) -> None:
    menus = {}
    for username in ("admin", "coop1", "finance"):
        client = FundClient(demo_app)
        client.sign_in(username, PASSWORD)
        menus[username] = menu_of(client.text("/"))

    assert [name for name, menu in menus.items() if 'href="/users/list/"' in menu] == ["admin"]
    assert [name for name, menu in menus.items() if 'href="/applications/list/"' in menu] == ["coop1", "finance"]


def test_addresses_carry_the_prefix_the_product_is_served_under(demo_app: Flask) -> None:
    client = FundClient(demo_app)
    client.sign_in("auditor", PASSWORD)
    client.text("/")

    text = client.get("/applications/list/", base_url="http://localhost/fund/").get_data(as_text=True)

    assert '<a href="/fund/applications/list/" aria-current="page">' in menu_of(text)


def test_a_page_is_gone_from_the_next_request_on_with_the_permission_to_open_it(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = FundClient(demo_app)
    client.sign_in("auditor", PASSWORD)
    before = menu_of(client.text("/"))

    def without_cooperatives(role: Role) -> set[tuple[str, str]]:
        return {pair for pair in permissions_of(role) if pair[1] != "CooperativeView"}

    monkeypatch.setattr(sync, "permissions_of", without_cooperatives)
    # As another process does it: nothing that this one keeps is touched.
    with demo_app.app_context(), writing(), unscoped():
        sync.sync_roles()
        db.session.commit()

    assert client.get("/cooperatives/list/").status_code == 403
    assert 'href="/cooperatives/list/"' in before
    assert 'href="/cooperatives/list/"' not in menu_of(client.text("/"))
