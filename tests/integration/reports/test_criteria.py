"""What lists and figures are narrowed by, as people are offered it."""

from flask import Flask

from app.domain.roles import Role
from app.domain.states import State
from app.reports.criteria import application_years
from tests import make


def test_years_offered_are_those_with_a_decision_the_person_may_see(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme()
        own, other = make.cooperative(), make.cooperative(place=make.PATHUM_THANI)
        for cooperative, years in ((own, (2565, 2567, 2567, 2564)), (other, (2566, 2568))):
            for year in years:
                decided = make.application(State.APPROVED, of=cooperative, under=programme)
                decided.decided_fiscal_year = year
        make.application(State.IN_REVIEW, of=own, under=programme)
        officer, manager = make.person(Role.PROVINCIAL_OFFICER), make.person(Role.MANAGER)
        newcomer = make.person(Role.PREPARER, of=make.cooperative())

        offered = []
        for person in (officer, manager, newcomer):
            with make.acting(person):
                offered.append([int(code) for code, _label in application_years()])

        assert offered == [[2567, 2565, 2564], [2568, 2567, 2566, 2565, 2564], []]
