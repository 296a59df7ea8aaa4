"""Every page as ten people: no mark of a row out of reach shows, nor whether there is such a row."""

import re
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.views.shell.register import FundModelView
from tests.client import FundClient
from tests.integration.security.marks import (
    CONTENT_OF_OTHERS,
    MISSING,
    TABLE_OF,
    ClientFor,
    Marked,
    mark,
    marks_in,
    path_of,
    plain,
)

PEOPLE = ("coop1", "coop1s", "officer1", "officer2", "finance", "committee1", "admin", "fund", "manager", "auditor")


def readable(app: Flask) -> list[Rule]:
    """Every rule opened by GET, but files for browsers and the address that ends the crawl."""
    skipped = ("assets.serve", "appbuilder.static")
    return [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in skipped]


def addresses(app: Flask, marked: Marked, username: str) -> list[str]:
    """Every GET address with plausible arguments: own ids, ids of others, searches, filters, orders, prefills."""
    found = []
    for rule in readable(app):
        view = rule.endpoint.partition(".")[0]
        if "public_id" in rule.arguments:
            # Each picture of a page takes a moment to be drawn, and has no text.
            files = marked.world.rows["document"][-2 if "number" in rule.arguments else -12 :]
            found += [path_of(rule, row["application_id"], public_id=row["public_id"]) for row in files]
        elif "pk" in rule.arguments:
            table = TABLE_OF.get(view)
            keys = (
                [1, 2]
                if table is None
                else [*sorted(marked.meant(username)[table])[-2:], *marked.foreign(username, table)[:3]]
            )
            found += [path_of(rule, key) for key in keys]
        else:
            found.append(str(rule))
            if rule.endpoint.endswith(".list"):
                found += list_addresses(app, str(rule), view)
    b = marked.world.b.cooperative
    found += lookups(app)
    return [*found, f"/board/add?cooperative={b}", f"/memberships/add?cooperative={b}&user=1", *rest_addresses(b)]


def lookups(app: Flask) -> list[str]:
    """What is found while one types into each field of related rows."""
    views = [view for view in app.appbuilder.baseviews if isinstance(view, FundModelView)]  # type: ignore[attr-defined]
    fields = [f"/lookup/{type(view).__name__}/{name}" for view in views for name in view.related_choices]
    return [f"{field}?q={text}" for field in fields for text in ("", "zq")]


def list_addresses(app: Flask, path: str, name: str) -> list[str]:
    view = next(view for view in app.appbuilder.baseviews if type(view).__name__ == name)  # type: ignore[attr-defined]
    orders = [f"{path}?_oc_{name}={column}&_od_{name}=desc" for column in view.order_columns[:3]]
    return [f"{path}?q=zq", f"{path}?psize_{name}=100", f"{path}?psize_{name}=100&page_{name}=1", *orders]


def rest_addresses(key: int) -> list[str]:
    queries = (
        "(page_size:100)",
        "(filters:!((col:status,opr:neq,value:none)))",
        "(order_column:id,order_direction:desc)",
        "(page:0,page_size:100,columns:!(id,name,number,cooperative_name))",
        "(keys:!(label_columns,description_columns))",
    )
    text = "(filters:!((col:{},opr:ct,value:zq)))"
    return [
        *(f"/api/v1/{name}/?q={quote(query)}" for name in ("cooperative", "application") for query in queries),
        f"/api/v1/cooperative/?q={quote(text.format('name'))}",
        f"/api/v1/application/?q={quote(text.format('cooperative_name'))}",
        f"/api/v1/cooperative/{key}?q={quote('(columns:!(name))')}",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("username", PEOPLE)
def test_no_page_shows_a_row_out_of_reach(
    demo_app: Flask, client_for: ClientFor, marked: Marked, username: str
) -> None:
    client = client_for(username)
    allowed = {(table, key) for table, keys in marked.meant(username).items() for key in keys}
    seen: set[tuple[str, int]] = set()
    leaks, faults = [], []

    for path in addresses(demo_app, marked, username):
        answer = client.get(path)
        seen |= marks_in(answer)
        leaks += [(path, leak) for leak in marks_in(answer) - allowed]
        if answer.status_code >= 500:
            faults.append((path, answer.status_code))

    assert leaks == []
    assert faults == []
    assert seen & allowed, "the crawl saw nothing at all"


def test_a_visitor_sees_no_row_of_any_cooperative(demo_app: Flask, visitor: FundClient, marked: Marked) -> None:
    seen = [(path, found) for path in addresses(demo_app, marked, "coop1") if (found := marks_in(visitor.get(path)))]

    assert seen == []


@pytest.mark.parametrize("username", CONTENT_OF_OTHERS)
def test_a_foreign_id_is_answered_like_a_missing_one(
    demo_app: Flask, client_for: ClientFor, marked: Marked, username: str
) -> None:
    client = client_for(username)
    told = []

    for rule in readable(demo_app):
        table = TABLE_OF.get(rule.endpoint.partition(".")[0])
        if "pk" in rule.arguments and table is not None:
            key = marked.foreign(username, table)[0]
            foreign, missing = client.get(path_of(rule, key)), client.get(path_of(rule, MISSING))
            if plain(foreign, key) != plain(missing, MISSING) or foreign.status_code not in (403, 404):
                told.append(str(rule))

    assert told == []


def test_a_foreign_file_is_answered_like_a_missing_one(client_for: ClientFor, marked: Marked) -> None:
    key = next(row["public_id"] for row in marked.world.rows["document"] if row["id"] == marked.world.b.document)

    for username in CONTENT_OF_OTHERS:
        client = client_for(username)
        foreign, missing = client.get(f"/files/{key}"), client.get("/files/" + "0" * 32)

        assert foreign.status_code == 404
        assert plain(foreign, key) == plain(missing, "0" * 32)


@pytest.mark.parametrize("username", CONTENT_OF_OTHERS)
def test_a_search_for_a_foreign_text_is_answered_like_a_search_for_nothing(
    demo_app: Flask, client_for: ClientFor, marked: Marked, username: str
) -> None:
    client = client_for(username)
    told = []

    for path, table in (("/cooperatives/list/", "cooperative"), ("/applications/list/", "loan_application")):
        text = mark(table, marked.foreign(username, table)[0])
        foreign, missing = client.get(f"{path}?q={text}"), client.get(f"{path}?q=Zqx0000qZ")
        bodies = [answer.get_data(as_text=True) for answer in (foreign, missing)]
        cleaned = [
            re.sub(r'nonce="[^"]*"|value="[^"]*"|\b[0-9A-F]{10}\b', "", body).replace(text, "Zqx0000qZ")
            for body in bodies
        ]
        if cleaned[0] != cleaned[1]:
            told.append(path)

    assert told == []
