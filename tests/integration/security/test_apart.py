"""Two memberships, notices and figures are kept apart."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.people import Membership
from app.models.transaction import writing
from app.reports.criteria import Choice
from app.reports.volume import totals
from app.security.scope import OWNED, scoped, unscoped
from tests.integration.security.marks import ClientFor, Marked, marks_in
from tests.integration.security.world import officer, table_rows


def test_nobody_acts_under_another_persons_membership(demo_app: Flask, client_for: ClientFor, marked: Marked) -> None:
    client = client_for("coop1")
    theirs = [row["id"] for row in marked.world.rows["membership"] if row["user_id"] != marked.users["coop1"]]

    for key in theirs:
        client.send("/act-for", {"membership": key})

    assert theirs
    assert {owner for owner in marks_in(client.get("/board/list/")) if owner[0] == "cooperative"} == {
        ("cooperative", marked.world.a.cooperative)
    }


def test_who_acts_for_two_cooperatives_sees_the_names_of_both_and_the_rows_of_one(
    client_for: ClientFor, marked: Marked
) -> None:
    client = client_for("coop2s")
    mine = [row for row in marked.world.rows["membership"] if row["user_id"] == marked.users["coop2s"]]
    first, second = sorted(mine, key=lambda row: row["id"])

    home = marks_in(client.get("/"))
    client.send("/act-for", {"membership": second["id"]})
    board = marks_in(client.get("/board/list/?psize_BoardMemberView=100"))

    members = {
        row["id"] for row in marked.world.rows["board_member"] if row["cooperative_id"] == second["cooperative_id"]
    }
    assert {("cooperative", row["cooperative_id"]) for row in (first, second)} <= home
    assert {key for table, key in board if table == "board_member"} == members


def test_a_membership_taken_away_leaves_nothing_to_choose(
    demo_app: Flask, client_for: ClientFor, marked: Marked
) -> None:
    client = client_for("coop2s")
    with demo_app.app_context(), writing(), unscoped():
        for membership in db.session.scalars(select(Membership).where(Membership.user_id == marked.users["coop2s"])):
            membership.active = False
        db.session.commit()

    answers = [client.get(path) for path in ("/", "/board/list/", "/applications/list/", "/api/v1/application/")]

    assert [answer.status_code for answer in answers][1:] == [403, 403, 403]
    assert not any(marks_in(answer) for answer in answers)


@pytest.mark.parametrize("key", ["one", "all"])
def test_notices_of_others_stay_unread(demo_app: Flask, client_for: ClientFor, marked: Marked, key: str) -> None:
    client = client_for("coop1")
    theirs = [row for row in marked.world.rows["notice"] if row["user_id"] != marked.users["coop1"]]

    answer = client.send(f"/notices/{theirs[-1]['id'] if key == 'one' else 'all'}/read")

    with demo_app.app_context():
        after = {
            row["id"]: row for row in table_rows(next(model for model in OWNED if model.__tablename__ == "notice"))
        }
    assert answer.status_code == (404 if key == "one" else 302)
    assert all(after[row["id"]] == row for row in theirs)


def test_figures_count_the_persons_own_rows(demo_app: Flask, marked: Marked) -> None:
    own = marked.meant("officer1")["loan_application"]
    rows = [row for row in marked.world.rows["loan_application"] if row["id"] in own and row["status"] == "approved"]

    with demo_app.app_context(), scoped(officer(marked.world)):
        found = totals(Choice())

    assert found.contracts == len(rows)
    assert found.cooperatives == len({row["cooperative_id"] for row in rows})
    assert found.baht == sum(row["amount_approved"] or 0 for row in rows)
