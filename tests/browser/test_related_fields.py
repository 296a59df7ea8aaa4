"""A row among many is chosen by typing part of its name, by keys and by touch, on a telephone."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.extensions import db
from app.models.cooperatives import BoardMember, Cooperative
from tests import make
from tests.browser.accessibility import faults
from tests.browser.conftest import Person
from tests.browser.test_programme_screens import fill_day

MANY = 51


def test_row_among_many_is_chosen_by_keys_and_by_touch(demo_app: Flask, window: Callable[..., Person]) -> None:
    with make.rows(demo_app):
        for place in range(MANY):
            make.cooperative(name=f"สหกรณ์ออมทรัพย์โรงงานผ้าที่ {place} จำกัด", registration_no=f"ก.{place}/2550")
    person = window(390).enter("admin")
    person.open("/board/add")
    box, rows = person.page.locator("#cooperative"), person.page.locator("#cooperative-list li")

    box.press_sequentially("งานผ้าที่ 4")
    expect(rows).to_have_count(11)
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("ArrowUp")
    box.press("Enter")
    expect(box).to_have_value("สหกรณ์ออมทรัพย์โรงงานผ้าที่ 40 จำกัด (ก.40/2550)")
    expect(rows.first).to_be_hidden()
    box.fill("ก.7/2550")
    expect(rows).to_have_count(1)
    person.must_fit()
    assert faults(person.page) == []
    rows.first.click()
    person.page.fill("#full_name", "อนงค์ ทดสอบ")
    person.page.fill("#position", "กรรมการ")
    for name, year in (("term_starts_on", "2569"), ("term_ends_on", "2570")):
        fill_day(person.page, name, "1", "1", year)
    person.page.get_by_role("button", name="บันทึก").click()
    person.page.wait_for_url("**/board/show/*")

    with make.rows(demo_app):
        owner = select(Cooperative.registration_no).join(BoardMember, BoardMember.cooperative_id == Cooperative.id)
        stored = db.session.scalars(owner.where(BoardMember.full_name == "อนงค์ ทดสอบ")).one()
    assert stored == "ก.7/2550"
    assert person.complaints == []
