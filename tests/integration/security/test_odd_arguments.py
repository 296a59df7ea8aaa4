"""Lists and the REST interface refuse arguments they do not offer."""

from urllib.parse import quote

import pytest
from flask import Flask

from tests.integration.security.marks import ClientFor

LISTS = {
    "fund": (
        "cooperatives",
        "board",
        "applications",
        "documents",
        "programmes",
        "document-types",
        "offices",
        "provinces",
        "memberships",
    ),
    "admin": ("users", "office-posts", "audit", "outbox", "memberships"),
}


@pytest.mark.parametrize("username", sorted(LISTS))
def test_arguments_that_are_not_understood_are_refused(demo_app: Flask, client_for: ClientFor, username: str) -> None:
    client = client_for(username)
    names = {view.route_base.strip("/"): type(view).__name__ for view in demo_app.appbuilder.baseviews}  # type: ignore[attr-defined]
    answers = {}

    for base in LISTS[username]:
        name = names[base]
        for query in (
            f"_oc_{name}=password",
            f"_oc_{name}=search_text",
            f"_oc_{name}=cooperative.tax_id",
            f"_oc_{name}=id;drop",
            f"_oc_{name}={'x' * 300}",
            f"psize_{name}=101",
            f"psize_{name}=abc",
            f"psize_{name}=-1",
            f"page_{name}=abc",
            f"page_{name}=-1",
            f"page_{name}=99999999999999999999",
            f"page_{name}=%E0%B9%91",
            "_flt_0_id=1",
            "_flt_0_password=x",
        ):
            answers[f"/{base}/list/?{query}"] = 400
    for query in ("status=x", "province=abc", "province=99999999999999999999", "year=%00", "programme=1e3"):
        answers[f"/applications/list/?{query}"] = 400 if username == "fund" else 403

    assert {path: client.get(path).status_code for path in answers} == answers


@pytest.mark.parametrize(
    "key", ["99999999999999999999", "2147483648", "0", "-1", "abc", "1.0", "1%00", "%E0%B9%91", "1e3", "%20"]
)
def test_ids_no_row_can_have_are_not_found(demo_app: Flask, client_for: ClientFor, key: str) -> None:
    client = client_for("fund")
    bases = (
        "/cooperatives/show",
        "/board/edit",
        "/applications/show",
        "/track",
        "/programmes/edit",
        "/api/v1/cooperative",
    )

    if key == "%E0%B9%91":
        # The framework's API reads a Thai one as the number one; what it then shows is still in the person's scope.
        bases = bases[:-1]

    found = {base: client.get(f"{base}/{key}").status_code for base in bases}

    assert set(found.values()) == {404}, found


@pytest.mark.parametrize(
    "query",
    [
        "(filters:!((col:purpose,opr:ct,value:x)))",
        "(filters:!((col:cooperative,opr:rel_o_m,value:1)))",
        "(filters:!((col:number,opr:no_such,value:x)))",
        "(order_column:purpose,order_direction:asc)",
        "(page:99999999999999999999)",
        "(((",
        "!!",
        "(page:'a')",
    ],
)
@pytest.mark.parametrize("resource", ["cooperative", "application"])
def test_rest_refuses_arguments_it_does_not_offer(client_for: ClientFor, resource: str, query: str) -> None:
    client = client_for("fund")

    answer = client.get(f"/api/v1/{resource}/?q={quote(query)}")

    assert answer.status_code == 400


def test_rest_gives_at_most_a_hundred_rows(client_for: ClientFor) -> None:
    client = client_for("fund")

    for size in (-1, 0, 101, 100_000):
        answer = client.get(f"/api/v1/application/?q={quote(f'(page_size:{size})')}")

        assert answer.status_code == 400 or len(answer.json["result"]) <= 100


def test_rest_shows_the_columns_it_names_and_no_other(client_for: ClientFor) -> None:
    client = client_for("coop1")

    answer = client.get(f"/api/v1/application/?q={quote('(columns:!(purpose,created_by,id))')}")

    assert answer.status_code in (200, 400)
    assert all(set(row) <= {"id"} for row in answer.json.get("result", []))
