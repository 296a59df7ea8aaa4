"""No form changes a row out of reach."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from tests.conftest import PASSWORD
from tests.integration.security.marks import (
    CONTENT_OF_OTHERS,
    MISSING,
    TABLE_OF,
    ClientFor,
    Marked,
    marks_in,
    path_of,
    plain,
)

UNRECORDED = {"server_session", "sign_in_attempt"}


def dump(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but what every request keeps about itself."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in db.metadata.sorted_tables
            if table.name not in UNRECORDED
        }


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


GENERIC = {
    "version": "1",
    "cooperative": "1",
    "full_name": "ก",
    "position": "ก",
    "action": "receive",
    "reason": "ก",
    "submit-version": "1",
    "submit-declared": "y",
    "submit-password": PASSWORD,
    "withdraw-version": "1",
    "receive-version": "1",
    "name": "ก จำกัด",
}


@pytest.mark.parametrize("username", CONTENT_OF_OTHERS)
def test_no_form_sent_to_a_foreign_row_changes_anything(
    demo_app: Flask, client_for: ClientFor, marked: Marked, username: str
) -> None:
    client = client_for(username)
    token = client.any_token()
    before = dump(demo_app)
    wrong = []

    for rule in demo_app.url_map.iter_rules():
        table = TABLE_OF.get(rule.endpoint.partition(".")[0])
        if "POST" not in rule.methods or "pk" not in rule.arguments or table is None:
            continue
        for name in ("receive", "submit", "withdraw", "recommend") if "name" in rule.arguments else ("",):
            key = marked.foreign(username, table)[0]
            more = {"name": name, "type_id": 1, "public_id": "0" * 32}
            data = {**GENERIC, "csrf_token": token}
            foreign = client.post(path_of(rule, key, **more), data=data)
            missing = client.post(path_of(rule, MISSING, **more), data=data)
            if foreign.status_code not in (403, 404) or plain(foreign, key) != plain(missing, MISSING):
                wrong.append((str(rule), name, foreign.status_code, missing.status_code))

    assert wrong == []
    assert changes(before, dump(demo_app)) == []


def test_a_list_of_ticked_rows_with_a_foreign_one_changes_none(
    demo_app: Flask, client_for: ClientFor, marked: Marked
) -> None:
    client = client_for("officer1")
    own = [row["id"] for row in marked.world.rows["loan_application"] if row["status"] == "submitted"]
    own = [key for key in own if key in marked.meant("officer1")["loan_application"]]
    theirs = next(
        row["id"]
        for row in marked.world.rows["loan_application"]
        if row["status"] == "submitted" and row["id"] not in own
    )
    before = dump(demo_app)

    answer = client.send("/applications/action_post", {"action": "receive", "rowid": [*own, theirs]})

    assert own
    assert answer.status_code == 404
    assert changes(before, dump(demo_app)) == []


def test_a_foreign_file_is_not_removed_through_an_own_application(
    demo_app: Flask, client_for: ClientFor, marked: Marked
) -> None:
    client = client_for("coop1")
    key = next(row["public_id"] for row in marked.world.rows["document"] if row["id"] == marked.world.b.document)
    before = dump(demo_app)

    answer = client.send(f"/apply/{marked.world.a.application}/remove/{key}")

    assert answer.status_code == 404
    assert changes(before, dump(demo_app)) == []


def test_nothing_is_attached_to_a_foreign_application(demo_app: Flask, client_for: ClientFor, marked: Marked) -> None:
    client = client_for("coop1")
    before = dump(demo_app)

    answer = client.send(f"/apply/{marked.world.b.application}/attach/1", {"files": (io.BytesIO(b"%PDF-1.4"), "a.pdf")})

    assert answer.status_code == 404
    assert changes(before, dump(demo_app)) == []


def board_form(cooperative: int) -> dict[str, Any]:
    return {
        "cooperative": cooperative,
        "full_name": "ก ข",
        "position": "กรรมการ",
        **{f"term_starts_on-{part}": value for part, value in (("day", "1"), ("month", "1"), ("year", "2569"))},
        **{f"term_ends_on-{part}": value for part, value in (("day", "1"), ("month", "1"), ("year", "2570"))},
    }


@pytest.mark.parametrize("username", ["coop1", "officer1"])
def test_a_board_member_is_added_to_an_own_cooperative_only(
    demo_app: Flask, client_for: ClientFor, marked: Marked, username: str
) -> None:
    client = client_for(username)
    before = dump(demo_app)

    foreign = client.send("/board/add", board_form(marked.world.b.cooperative))
    untouched = changes(before, dump(demo_app))
    own = client.send("/board/add", board_form(marked.world.a.cooperative))

    assert foreign.status_code == 200
    assert marks_in(foreign) <= {("cooperative", key) for key in marked.meant(username)["cooperative"]}
    assert untouched == []
    assert own.status_code == 302
    # Its board guarantees a granted loan: what was typed waits for the signatory, who is told.
    told = {"notice", "outbox_mail"}
    assert set(changes(before, dump(demo_app))) == {"audit_event", "waiting_board_change", *told}


@pytest.mark.parametrize("username", ["coop1", "officer1"])
def test_the_choices_of_a_form_are_the_persons_own(client_for: ClientFor, marked: Marked, username: str) -> None:
    client = client_for(username)

    page = client.text(f"/board/add?cooperative={marked.world.b.cooperative}")

    offered = {
        int(value)
        for value in re.findall(
            r'<option[^>]*value="(\d+)"', page.partition('name="cooperative"')[2].partition("</select>")[0]
        )
    }
    assert offered == marked.meant(username)["cooperative"]
