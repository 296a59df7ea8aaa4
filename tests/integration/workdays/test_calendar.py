"""The calendar of working days: filled in once, kept by administrators, counted by."""

import html
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.audit import AuditEvent
from app.models.workdays import FilledYear, Holiday
from app.services.applications.service_time import clocks
from app.services.workdays.filling import fill_years
from app.ui.formatting import years_in_words
from tests import make
from tests.client import FundClient
from tests.forms import fill_in
from tests.place import signed_in

SENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday; five working days on is the 27th
SPECIAL = {
    **{f"day-{part}": value for part, value in {"day": "24", "month": "11", "year": "2569"}.items()},
    "name": "วันหยุดราชการเป็นกรณีพิเศษ",
    "kind": "special",
    "source": "มติคณะรัฐมนตรี 3 พฤศจิกายน 2569",
}
NOT_KNOWN = "There is no calendar of civil-service holidays of %(years)s yet"


@pytest.fixture
def admin(app: Flask) -> FundClient:
    with make.rows(app):
        make.person(Role.ADMINISTRATOR, username="admin")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
    return signed_in(app, "admin")


def sent(app: Flask) -> int:
    with make.rows(app):
        row = make.application(State.IN_REVIEW)
        row.submitted_at = SENT
        db.session.flush()
        return row.id


def due(app: Flask, key: int) -> date | None:
    with make.rows(app):
        row = db.session.get_one(make.LoanApplication, key)
        return clocks([row])[key].due


def holiday(app: Flask, day: date) -> int | None:
    with make.rows(app):
        found: int | None = db.session.scalar(select(Holiday.id).where(Holiday.day == day))
        return found


def text_of(client: FundClient, path: str) -> str:
    return html.unescape(client.text(path))


def test_special_day_of_an_administrator_moves_the_promise_and_is_on_record(app: Flask, admin: FundClient) -> None:
    app.config["CHECK_WORKING_DAYS"] = 5
    key = sent(app)
    assert due(app, key) == date(2026, 11, 27)

    added = fill_in(admin, "/holidays/add", **SPECIAL)

    assert added.status_code == 302
    assert due(app, key) == date(2026, 11, 30)
    with time_machine.travel(SENT):
        assert "30 พฤศจิกายน 2569" in text_of(signed_in(app, "officer"), f"/track/{key}")
    shown = text_of(admin, added.headers["Location"])
    assert "วันหยุดราชการเป็นกรณีพิเศษ 24 พ.ย. 2569" in shown
    fill_in(admin, added.headers["Location"].replace("show", "edit"), **{"day-day": "25"})
    admin.send(added.headers["Location"].replace("show", "delete"))
    assert due(app, key) == date(2026, 11, 27)
    with make.rows(app):
        told = select(AuditEvent.kind, AuditEvent.before, AuditEvent.after).where(AuditEvent.entity == "holiday")
        created, changed, deleted = db.session.execute(told.order_by(AuditEvent.id)).all()
    assert (created.kind, changed.kind, deleted.kind) == ("created", "changed", "deleted")
    assert (changed.before, changed.after) == ({"day": "2026-11-24"}, {"day": "2026-11-25"})
    assert "25 พ.ย. 2569" in text_of(admin, "/audit/list/")


def test_officer_reads_the_calendar_and_changes_nothing(app: Flask, admin: FundClient) -> None:
    officer = signed_in(app, "officer")
    ploughing = holiday(app, date(2026, 5, 13))

    page = text_of(officer, "/holidays/list/?year=2569")

    assert "วันพืชมงคล" in page
    assert "วันแรงงานแห่งชาติ" not in page
    assert "/holidays/add" not in page
    assert officer.get("/holidays/add").status_code in (302, 403)
    assert officer.send(f"/holidays/delete/{ploughing}").status_code in (302, 403)
    assert holiday(app, date(2026, 5, 13)) == ploughing is not None


def test_day_stands_in_the_calendar_once(app: Flask, admin: FundClient) -> None:
    refused = fill_in(admin, "/holidays/add", **{**SPECIAL, "day-day": "31", "day-month": "12"})

    assert refused.status_code == 200
    assert 'id="day-error"' in refused.get_data(as_text=True)


def test_years_are_filled_in_once_whatever_was_removed_or_changed(app: Flask) -> None:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    with make.rows(app):
        db.session.execute(delete(FilledYear).where(FilledYear.year == 2569))
        ploughing = db.session.scalars(select(Holiday).where(Holiday.day == date(2026, 5, 13))).one()
        db.session.delete(ploughing)
        kept = db.session.scalars(select(Holiday).where(Holiday.day == date(2026, 5, 4))).one()
        kept.name = "วันฉัตรมงคล (แก้)"
        db.session.commit()

        assert fill_years(at) == [2569]
        # The year was never filled in, so the missing day comes; the day that was there stays as it was.
        names = select(Holiday.name).where(Holiday.day.in_([date(2026, 5, 4), date(2026, 5, 13)])).order_by(Holiday.day)
        assert db.session.scalars(names).all() == ["วันฉัตรมงคล (แก้)", "วันพืชมงคล"]

        db.session.execute(delete(Holiday).where(Holiday.day == date(2026, 5, 13)))
        assert fill_years(at) == []
        assert db.session.scalars(names).all() == ["วันฉัตรมงคล (แก้)"]


def test_year_without_a_list_says_so_on_the_register_and_in_the_promise(app: Flask, admin: FundClient) -> None:
    key = sent(app)
    with make.rows(app):
        years = years_in_words([2569])
    sentence = make.in_thai(app, f"{NOT_KNOWN}: only Saturdays and Sundays are left out.", years=years)
    assert sentence not in text_of(signed_in(app, "officer"), f"/track/{key}")
    with make.rows(app):
        db.session.execute(delete(Holiday).where(Holiday.day.between(date(2026, 1, 1), date(2026, 12, 31))))
        db.session.commit()

    officer = signed_in(app, "officer")

    assert "ยังไม่มีปฏิทินวันหยุดราชการของปี พ.ศ. 2569" in sentence
    assert sentence in text_of(officer, f"/track/{key}")
    assert sentence in text_of(officer, "/")
    missing = make.in_thai(app, f"{NOT_KNOWN}. Add its days.", years=years)
    assert missing in text_of(admin, "/holidays/list/")
