"""A page: a short guide for whoever is signed in."""

from flask import Flask

from app.domain.roles import Role
from tests import make
from tests.client import FundClient
from tests.recipes import Added, Sorted

TITLE = "A page"
VIEW = '''"""A short guide for whoever is signed in."""

from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.views.shell.pages import Answer, FundView


class GuideView(FundView):
    """How to begin."""

    route_base = "/guide"
    default_view = "first"

    @expose("/", methods=["GET"])
    @has_access
    def first(self) -> Answer:
        page: str = self.render_template("people/guide.html", title=gettext("How to begin here"))
        return page
'''
TEMPLATE = """{% extends 'appbuilder/base.html' %}
{% block content %}
<h1>{{ title }}</h1>
<p>{{ _('Choose a task on the start page, one after another.') }}</p>
{% endblock %}
"""
EDITS = (
    Added("app/views/people/guide.py", VIEW),
    Added("app/templates/people/guide.html", TEMPLATE),
    Added(
        "app/views/__init__.py",
        "from app.views.people.guide import GuideView\n",
        after=r"^from app\.views\.home import",
    ),
    Added("app/views/__init__.py", "    GuideView,\n", after=r"^PAGES\b.*\($"),
    Added("app/security/roles.py", '    ("GuideView", ("can_first",), EVERYBODY),\n', after=r"^MATRIX\b.*\($"),
    Sorted("tests/unit/security/routes.txt", "/guide/ GET HEAD"),
)
THAI = {
    "How to begin here": "เริ่มต้นใช้งานที่นี่",
    "Choose a task on the start page, one after another.": "เลือกงานบนหน้าแรกทีละงาน",
}
RUN: dict[str, str] = {}


def test_the_page_answers_in_thai_to_whoever_may_open_it(app: Flask) -> None:
    with make.rows(app):
        somebody = make.person(Role.AUDITOR).username
    browser = FundClient(app)
    browser.sign_in(somebody, make.PASSWORD)

    text = browser.text("/guide/")

    assert "เริ่มต้นใช้งานที่นี่" in text
    assert "เลือกงานบนหน้าแรกทีละงาน" in text


def test_nobody_else_opens_it(app: Flask) -> None:
    answer = FundClient(app).get("/guide/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
