"""Two people who change parts of one programme at the same moment do not make terms that contradict themselves."""

from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.models.programme_versions import ProgrammeVersion
from app.models.programmes import LoanProgramme, ProgrammeRate
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import keep_version
from tests import make
from tests.at_once import at_once, browser, ready, statuses


def test_rate_steps_added_at_once_do_not_overlap(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme()
        keep_version(programme, "ประกาศใช้", None, make.AT)
        key = programme.id
        for tab in range(4):
            make.person(Role.FUND_OFFICER, username=f"fund{tab}")
    sends = []
    for tab in range(4):
        form = {
            "programme": str(key),
            "annual_rate": "2.75",
            "shortest_term": str(1 + tab),
            "longest_term": "24",
            "from_month": "1",
            "why": "มติคณะกรรมการ",
        }
        sends.append(ready(browser(app, f"fund{tab}"), "/programme-rates/add", form, page="/programme-rates/add"))

    answers = at_once(sends)

    with make.rows(app):
        terms_of(db.session.get_one(LoanProgramme, key)).refuse_odd()
        assert statuses(answers) == {302: 1, 200: 3}
        assert len(db.session.scalars(select(ProgrammeRate)).all()) == 1
        assert len(db.session.scalars(select(ProgrammeVersion)).all()) == 2
