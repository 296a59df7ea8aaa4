"""Headers on every answer, nothing from another site, refusals in Thai, and no fault for odd requests."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.integration.security.answers import paths, problems_of

ClientFor = Callable[[str], FundClient]
# What is refused before a table is asked is refused whichever database there is.
ONE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")
THAI = re.compile(r"[\u0e00-\u0e7f]")


def browser(app: Flask, client_for: ClientFor, username: str) -> FundClient:
    return client_for(username) if username else FundClient(app)


def test_a_script_inside_a_page_has_the_nonce_of_that_answer(client_for: ClientFor) -> None:
    client = client_for("manager")

    for path in ("/", "/dashboard/", "/applications/list/"):
        answer = client.get(path)
        inside = set(re.findall(r'<script[^>]*nonce="([^"]+)"', answer.get_data(as_text=True)))
        sent = set(re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"]))

        assert inside <= sent
        assert len(sent) == 1


def test_a_secure_site_asks_for_secure_requests_only(demo_app: Flask, visitor: FundClient) -> None:
    plain = visitor.get("/")
    demo_app.config["SESSION_COOKIE_SECURE"] = True
    try:
        answers = [visitor.get(path, base_url="https://localhost") for path in ("/", "/nothing-here", "/logout/")]
    finally:
        demo_app.config["SESSION_COOKIE_SECURE"] = False

    assert "Strict-Transport-Security" not in plain.headers
    assert all("max-age=31536000" in answer.headers["Strict-Transport-Security"] for answer in answers)


def refusals(client: FundClient) -> dict[int, TestResponse]:
    """One answer of each refusal."""
    return {
        400: client.get("/applications/list/?page_LoanApplicationView=abc"),
        403: client.get("/users/list/"),
        404: client.get("/nothing-here"),
        405: client.get("/logout/"),
        413: client.post(
            "/track/1/move/answer",
            data={"files": (BytesIO(b"\0" * (22 * 2**20)), "large.pdf")},
        ),
    }


def test_refusals_are_thai_pages_in_the_frame_with_the_headers(client_for: ClientFor) -> None:
    answers = refusals(client_for("coop1"))

    for code, answer in answers.items():
        html = answer.get_data(as_text=True)
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)

        assert answer.status_code == code
        assert problems_of(answer) == []
        assert '<html lang="th"' in html
        assert heading is not None
        assert THAI.search(heading[1]), code
        assert "Traceback" not in html


def test_a_form_without_its_token_is_refused_with_a_page(client_for: ClientFor, visitor: FundClient) -> None:
    for client in (client_for("coop1"), visitor):
        answer = client.post("/language", data={"language": "en"})

        assert answer.status_code == 400
        assert "<h1" in answer.get_data(as_text=True)
        assert problems_of(answer) == []


ODD_PATHS = (
    "/%00",
    "/track/%00",
    "/track/1%00",
    "/files/%00",
    "/files/" + "a" * 5000,
    "/%ff%fe",
    "/track/%ff",
    "/..%2f..%2fetc/passwd",
    "/assets/..%2f..%2fconfig.py",
    "/assets/%00",
    "/static/appbuilder/..%2f..%2f__init__.py",
    "//evil.example/",
    "/track/" + "9" * 400,
    "/track/-1/move/submit",
    "/outbox/%00/message.eml",
    "/applications/action/no_such/1",
    "/api/v1/application/%00",
    "/health/../users/list/",
    "/applications/list/?q=" + "%00" * 3,
    "/applications/list/?q=%ff%fe",
    "/applications/list/?q=" + "ก" * 3000,
    "/applications/list/?q=%25_%5C",
    "/applications/list/?page_LoanApplicationView=100000",
    "/applications/list/?psize_LoanApplicationView=0",
    "/applications/list/?psize_LoanApplicationView=100&page_LoanApplicationView=99999",
    "/applications/list/?province=%00",
    "/applications/list/?" + "&".join(f"a{number}={number}" for number in range(200)),
    "/applications/list/?status[]=x&status=",
    "/cooperatives/list/?q=%F0%9F%98%80",
    "/dashboard/?year=%00",
    "/dashboard/?year=2569&programme=%00",
    "/dashboard/?programme=99999999999999999999",
    "/dashboard/figures.json?year=1e9",
    "/apply/new?programme=%00",
    "/board/add?cooperative=%00",
    "/board/add?cooperative=99999999999999999999",
    "/login/?next=%00",
    "/login/?next=" + "/" * 3000,
    "/api/v1/application/?q=%00",
    "/api/v1/application/?q=((((",
    "/api/v1/application/_info?q=(((",
    "/api/v1/application/?q=(page:99999999999999999999)",
    "/api/v1/application/?q=(filters:!((col:number,opr:ct,value:'%00')))",
    "/api/v1/cooperative/?q=(filters:!((col:name,opr:eq,value:!t)))",
    "/api/v1/cooperative/?q=" + "(" * 3000,
    "/api/v1/cooperative/?q=",
    "/api/v1/cooperative/?q=(a:",
    "/api/v1/cooperative/?q=(a:!",
    "/api/v1/cooperative/?q=!(",
    "/api/v1/application/_info?q=",
)


@pytest.mark.parametrize("username", ["", "coop1s", "fund", "admin"])
def test_odd_addresses_are_no_fault(demo_app: Flask, client_for: ClientFor, username: str) -> None:
    client = browser(demo_app, client_for, username)

    faults = {path[:80]: code for path in ODD_PATHS if (code := client.get(path).status_code) >= 500}

    assert faults == {}


@pytest.mark.slow
@ONE
@pytest.mark.parametrize("username", ["", "coop1s", "fund"])
def test_odd_methods_are_no_fault(demo_app: Flask, client_for: ClientFor, username: str) -> None:
    client = browser(demo_app, client_for, username)

    faults = [
        (method, path)
        for path in paths(demo_app)
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "POST", "NONSENSE")
        if client.open(path, method=method).status_code >= 500
    ]

    assert faults == []


@pytest.mark.parametrize(
    "text", ["\0", "\x1b[0m", "\ud7ff", "1" * 5000, "-1", "1e400", "NaN", "๙" * 30, "<script>", "%s%n", "' OR 1=1 --"]
)
def test_odd_texts_in_forms_are_no_fault(client_for: ClientFor, text: str) -> None:
    client = client_for("admin")
    token = client.any_token()
    faults = []

    for path in (
        "/cooperatives/add",
        "/board/add",
        "/programmes/add",
        "/users/add",
        "/memberships/add",
        "/document-types/add",
    ):
        names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', client.text(path)))
        answer = client.post(path, data={**dict.fromkeys(names, text), "csrf_token": token})
        if answer.status_code >= 500:
            faults.append((path, answer.status_code))

    assert faults == []


def test_odd_bodies_are_no_fault(client_for: ClientFor) -> None:
    client = client_for("coop1s")
    token = client.any_token()
    bodies = (
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data; name=a\r\n", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"{", "application/json"),
        (b"&".join(b"a=%d" % number for number in range(3000)), "application/x-www-form-urlencoded"),
    )

    codes = [
        client.post(path, data=body, content_type=kind, headers={"X-CSRFToken": token}).status_code
        for path in ("/login/", "/language", "/apply/new", "/track/1/move/submit", "/board/add", "/notices/all/read")
        for body, kind in bodies
    ]

    assert [code for code in codes if code >= 500] == []


JSON_BODIES = (
    "[1,2]",
    '"x"',
    "5",
    "true",
    "null",
    "[[" * 3000,
    '{"username": "coop1", "password": 5}',
    '{"username": ["coop1"], "password": {"a": 1}}',
    '{"username": "\\ud800", "active": "\\ud800"}',
    '{"roles": {}, "provinces": {}, "current": 5, "new_password": 5, "file": 5, "amount": 1.5}',
)
NO_FORMS = (
    b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    b"--x\r\n\r\n\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; filename="a.pdf"\r\n\r\n1\r\n--x--',
    b"junk",
)


@pytest.mark.slow
@ONE
@pytest.mark.parametrize("username", ["", "coop1", "officer1", "fund", "admin"])
def test_a_body_of_json_is_no_form_and_no_fault(demo_app: Flask, client_for: ClientFor, username: str) -> None:
    client = browser(demo_app, client_for, username)
    token = client.any_token()

    faults = [
        (path, body[:40])
        for path in paths(demo_app, "POST")
        if path != "/logout/"
        for body in JSON_BODIES
        if client.post(path, data=body, content_type="application/json", headers={"X-CSRFToken": token}).status_code
        >= 500
    ]

    assert faults == []


def test_json_does_not_sign_in(visitor: FundClient) -> None:
    answer = visitor.post(
        "/login/",
        json={"username": "coop1", "password": PASSWORD},
        headers={"X-CSRFToken": visitor.token("/login/")},
    )

    assert answer.status_code == 200
    assert visitor.get("/notices/").status_code != 200


@pytest.mark.parametrize("body", NO_FORMS)
@pytest.mark.parametrize("path", ["/login/", "/language"])
def test_a_body_that_is_no_form_is_answered_with_a_page(visitor: FundClient, path: str, body: bytes) -> None:
    answer = visitor.post(
        path,
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": visitor.any_token()},
    )

    assert answer.status_code == 400
    assert THAI.search(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("", "/login/"),
        ("coop1", "/password/"),
        ("coop1", "/apply/new"),
        ("coop1", "/track/1/move/withdraw"),
        ("fund", "/cooperatives/edit/3"),
        ("fund", "/cooperatives/import/"),
        ("admin", "/users/add"),
        ("admin", "/offices/add"),
    ],
)
def test_a_file_in_place_of_a_text_is_no_fault(
    demo_app: Flask, client_for: ClientFor, username: str, path: str
) -> None:
    client = browser(demo_app, client_for, username)
    names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', client.get(path).get_data(as_text=True)))
    token = client.any_token()

    faults = [
        name
        for name in {*names, "withdraw-reason"} - {"csrf_token"}
        if client.post(path, data={"csrf_token": token, name: (BytesIO(b"abc"), "a.txt")}).status_code >= 500
    ]

    assert faults == []


@pytest.mark.parametrize("host", ["evil.example", "..", "a" * 300, "a..b", "[::1", "good.example@evil.example"])
@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_another_host_name_is_answered_by_a_plain_page(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch, host: str, header: str
) -> None:
    monkeypatch.setitem(demo_app.config, "TRUSTED_HOSTS", ["good.example"])
    monkeypatch.setattr(demo_app, "wsgi_app", ProxyFix(demo_app.wsgi_app, x_host=1))
    client = FundClient(demo_app)

    answers = [client.get(path, headers={"Host": "good.example", header: host}) for path in ("/", "/health/")]

    for answer in answers:
        assert answer.status_code == 400
        assert THAI.search(answer.get_data(as_text=True))
        assert problems_of(answer) == []


def test_an_error_page_that_cannot_be_drawn_is_a_plain_page(
    visitor: FundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_values: object) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr("app.views.shell.errors.render_template", fail)

    answer = visitor.get("/nothing-here")

    assert answer.status_code == 404
    assert THAI.search(answer.get_data(as_text=True))
    assert problems_of(answer) == []
