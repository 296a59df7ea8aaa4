"""How many statements pages take that are no lists: start pages, an application's own page, and those round it."""

from flask import Flask

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.security.scope import unscoped
from bench.one_page import statements
from tests.client import FundClient
from tests.conftest import PASSWORD

# With the two of the frame: who asks, and how many notices are unread.
HOMES = {
    "": 6, "coop1": 11, "coop2s": 14, "officer1": 9, "fund": 7, "committee1": 8, "finance": 7,
    "manager": 2, "auditor": 2, "admin": 4,
}  # fmt: skip
# An application that is judged as it stands has five more than one that is decided; a draft is judged by its programme,
# whose parts stand in five tables.
PAGES = (
    ("fund", State.RECOMMENDED, "/track/{}", 14),
    ("officer1", State.RECOMMENDED, "/track/{}", 14),
    ("manager", State.RECOMMENDED, "/track/{}", 14),
    ("committee1", State.ON_AGENDA, "/track/{}", 14),
    ("finance", State.APPROVED, "/track/{}", 10),
    ("auditor", State.APPROVED, "/track/{}", 10),
    ("coop2", State.DRAFT, "/track/{}", 15),
    ("coop2", State.DRAFT, "/apply/{}", 14),
    ("coop2", State.DRAFT, "/apply/{}/purpose", 4),
    ("coop2", State.DRAFT, "/apply/{}/guarantors", 13),
    ("coop2", State.DRAFT, "/apply/{}/documents", 7),
    ("coop2", State.DRAFT, "/apply/{}/edit", 12),  # three for the papers: the steps tell whether they are there
    ("coop2s", State.DRAFT, "/apply/{}/check", 14),
    ("coop2", None, "/apply/new", 10),
    ("coop2", None, "/quote/?programme=1&amount=1,000,000&months=12", 4),
    ("coop2", None, "/may-we-borrow/?kind=savings&province=TH-20&amount=1&months=1&beneficiaries=1", 10),
    ("officer1", State.RECOMMENDED, "/desk/{}", 9),
    ("fund", State.RECOMMENDED, "/dossier/{}", 5),
    ("fund", None, "/cooperatives/show/1", 7),
    ("fund", None, "/programmes/show/1", 13),  # one reads the criteria, whose figures are named by their kind
)


def signed_in(app: Flask, person: str) -> FundClient:
    client = FundClient(app)
    if person:
        assert client.sign_in(person, PASSWORD).status_code == 302
    return client


def one_in(app: Flask, client: FundClient, state: State | None, path: str) -> str:
    """The page of an application in a state, with files, that the person sees; it is opened once to find that out."""
    if state is None:
        client.text(path)
        return path
    with app.app_context(), unscoped():
        filed = db.select(Document.application_id)
        found = db.session.scalars(
            db.select(LoanApplication.id)
            .where(LoanApplication.status == state)
            .order_by(LoanApplication.id.in_(filed).desc(), LoanApplication.id)
        ).all()
    return next(page for page in (path.format(key) for key in found) if client.get(page).status_code == 200)


def test_start_pages_take_no_more_statements_than_they_have_to(demo_app: Flask) -> None:
    taken = {}
    for person, most in HOMES.items():
        client = signed_in(demo_app, person)
        client.text("/")
        with statements(demo_app) as sent:
            client.text("/")
        taken[person] = (len(sent), most)

    assert {person: figures for person, figures in taken.items() if figures[0] > figures[1]} == {}


def test_pages_of_an_application_take_no_more_statements_than_they_have_to(demo_app: Flask) -> None:
    taken, clients = {}, {person: signed_in(demo_app, person) for person, *_rest in PAGES}
    for person, state, path, most in PAGES:
        client = clients[person]
        page = one_in(demo_app, client, state, path)
        with statements(demo_app) as sent:
            client.text(page)
        taken[person, page] = (len(sent), most)

    assert {page: figures for page, figures in taken.items() if figures[0] > figures[1]} == {}
