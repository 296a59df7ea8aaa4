"""A person's own data, and the confirmation of having read the privacy notice."""

import json
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from tests.client import FundClient


def confirmed(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        rows = db.session.execute(
            select(AuditEvent.summary, AuditEvent.actor_id).where(AuditEvent.kind == AuditKind.CONFIRMED),
            execution_options={"unscoped": True},
        )
        return [(summary, actor) for summary, actor in rows]


def test_a_person_takes_own_data_and_nobody_else_s(client_for: Callable[[str], FundClient]) -> None:
    one, other = client_for("coop1"), client_for("coop2")

    mine = json.loads(one.send("/my-data/file").get_data(as_text=True))
    theirs = json.loads(other.send("/my-data/file").get_data(as_text=True))

    assert mine["account"]["user_name"] == "coop1"
    assert mine["account"]["e_mail"] != theirs["account"]["e_mail"]
    assert [row["role"] for row in mine["memberships"]] == ["cooperative_preparer"]
    assert "password" not in json.dumps(mine["account"])
    assert mine["notices"]["rows"]
    again = json.loads(one.send("/my-data/file").get_data(as_text=True))
    assert len(again["own_acts"]["rows"]) == len(mine["own_acts"]["rows"]) + 1


def test_that_the_notice_was_read_is_kept_once_by_version(
    demo_app: Flask, client_for: Callable[[str], FundClient], visitor: FundClient
) -> None:
    coop = client_for("coop1")
    assert visitor.get("/my-data/").status_code == 302

    assert coop.send("/my-data/confirm", {"version": "1"}).status_code == 302
    coop.send("/my-data/confirm", {"version": "1"})
    assert coop.send("/my-data/confirm", {"version": "2"}).status_code == 404

    kept = confirmed(demo_app)
    assert [summary for summary, _actor in kept] == ["ประกาศความเป็นส่วนตัว (1)"]
    assert "ยืนยันเมื่อ" in coop.text("/my-data/")
    assert "ยืนยันเมื่อ" not in client_for("coop2").text("/my-data/")
