"""What a cooperative reads of its own applications: only what is its own, drafts told apart, states as everywhere."""

import html
import re
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.models.programmes import LoanProgramme, ProgrammeStatus
from tests import make
from tests.client import seen
from tests.integration.applications.cooperative_place import CooperativePlace, filled

LIST = "/applications/list/"
FILTER = re.compile(r'<select id="filter-(\w+)"')


@pytest.fixture
def others(place: CooperativePlace) -> CooperativePlace:
    """Programmes that are not the cooperative's: over, and not announced; one that is over has its loan."""
    with make.rows(place.app):
        make.programme(name="โครงการที่ปิดแล้ว", status=ProgrammeStatus.CLOSED)
        make.programme(name="โครงการที่ยังไม่ประกาศ", status=ProgrammeStatus.DRAFT)
        own = make.programme(name="โครงการเก่าที่เคยกู้", status=ProgrammeStatus.CLOSED)
        row = make.application(State.APPROVED, of=db.session.get_one(make.Cooperative, place.cooperative), under=own)
        row.amount_approved = Decimal(3_500_000)
    return place


def shown(place: CooperativePlace, who: str, path: str = LIST) -> str:
    return html.unescape(place.browser(who).text(path))


def test_a_cooperative_is_offered_what_is_its_own(others: CooperativePlace) -> None:
    text = shown(others, "preparer")
    with make.rows(others.app):
        open_one = db.session.get_one(LoanProgramme, others.programme).name

    assert FILTER.findall(text) == ["status", "programme", "year"]
    assert open_one in text
    assert text.count("โครงการเก่าที่เคยกู้") >= 2  # as a choice, and in its row
    for name in ("โครงการที่ปิดแล้ว", "โครงการที่ยังไม่ประกาศ"):
        assert name not in text
    assert f'data-label="{make.in_thai(others.app, "Cooperative")}"' not in text


def test_an_office_keeps_every_filter_and_column(others: CooperativePlace) -> None:
    text = shown(others, "officer")

    assert FILTER.findall(text) == ["status", "programme", "province", "year"]
    assert "โครงการที่ปิดแล้ว" in text
    assert f'data-label="{make.in_thai(others.app, "Cooperative")}"' in text


def test_drafts_are_told_apart_by_who_saved_them_last(place: CooperativePlace) -> None:
    place.browser("preparer").send("/apply/new", filled(place.programme), page="/apply/new")
    with make.rows(place.app):
        who = db.session.query(LoanApplication).one().created_by
        assert who is not None
        name = who.get_full_name()

    link = re.search(r'<th scope="row"[^>]*>\s*<a [^>]*>([^<]*)</a>', shown(place, "signatory"))

    assert link is not None
    assert link[1].startswith(make.in_thai(place.app, "Draft"))
    assert name in link[1]


def test_states_are_pills_in_lists_as_at_home(place: CooperativePlace) -> None:
    place.application(State.APPROVED)
    pill = f'<span class="badge badge-good">{make.in_thai(place.app, "Approved")}</span>'

    for path in (LIST, "/"):
        assert pill in shown(place, "preparer", path)


def test_home_has_the_amount_approved_beside_the_one_asked(others: CooperativePlace) -> None:
    row = shown(others, "preparer", "/").split("โครงการเก่าที่เคยกู้", 1)[1].split("</tr>", 1)[0]

    assert re.findall(r">([\d,]+\.\d\d)<", seen(row)) == ["5,000,000.00", "3,500,000.00"]


def test_a_loan_from_before_has_no_count_of_papers_at_home_either(place: CooperativePlace) -> None:
    place.application(State.APPROVED, complete=False)

    for path in (LIST, "/"):
        cell = shown(place, "preparer", path).split(f'data-label="{make.in_thai(place.app, "Documents")}"', 1)[1]
        assert cell[1:].split("</td>", 1)[0].strip() == "–"


def test_a_loan_of_before_the_system_lacks_no_documents(others: CooperativePlace) -> None:
    with make.rows(others.app):
        key = db.session.scalars(select(LoanApplication.id).where(LoanApplication.status == State.APPROVED)).one()
        db.session.execute(delete(Document).where(Document.application_id == key))

    text = shown(others, "preparer", f"/track/{key}")

    assert make.in_thai(others.app, "No documents of this application are kept in the system.") in text
    assert "เอกสาร 0 จาก" not in text
