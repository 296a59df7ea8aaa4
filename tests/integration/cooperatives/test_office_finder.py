"""Without signing in: the office of a province, and the papers to prepare."""

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.places import Office
from app.services.programmes.terms import open_programmes, papers_explained
from app.ui.clock import today
from tests import make
from tests.client import FundClient


def test_an_office_is_found_by_its_province_while_it_is_in_use(visitor: FundClient, demo_app: Flask) -> None:
    with make.rows(demo_app):
        office = db.session.scalars(select(Office).where(Office.provinces.any(code="TH-20"), Office.active)).first()
        assert office is not None
        name, key, phone = office.name, office.id, office.phone
        office.phone = "038000123-5, 0812345678"
        db.session.commit()
    found = visitor.text("/find-office/?province=TH-20")
    with make.rows(demo_app):
        changed = db.session.get_one(Office, key)
        changed.active, changed.phone = False, phone
        db.session.commit()
    gone = visitor.text("/find-office/?province=TH-20")
    with make.rows(demo_app):
        db.session.get_one(Office, key).active = True
        db.session.commit()

    assert name in found
    assert 'href="tel:038000123"' in found
    assert 'href="tel:0812345678"' in found
    assert "https://www.google.com/maps/search/?api=1&amp;query=" in found
    assert name not in gone
    assert "เลือกจังหวัดจากรายการ" in visitor.text("/find-office/?province=TH-99")


def test_what_to_prepare_says_what_each_paper_is(visitor: FundClient, demo_app: Flask) -> None:
    text = visitor.text("/prepare/")
    with make.rows(demo_app):
        rows = [row for papers in papers_explained(open_programmes(today())).values() for row in papers]

    assert rows
    assert all(row.name in text for row in rows)
    assert any(row.help_text and row.help_text.splitlines()[0] in text for row in rows)
