"""Signing in and out: what is counted, and what ends a session."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from werkzeug.test import EnvironBuilder, TestResponse

from app.domain.roles import Role
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.audit import AuditEvent, AuditKind
from app.models.cooperatives import Cooperative
from app.models.notices import OutboxMail
from app.models.people import Membership
from app.security.accounts import refuse_weak
from app.services.jobs.delivery import message_of
from tests import make
from tests.client import FundClient
from tests.conftest import PASSWORD
from tests.forms import page

NEW = "เปลี่ยนรหัสผ่านใหม่แล้ว-2570"
ANOTHER = "ช้างม่วงกินข้าวต้มตอนเช้า"
ClientFor = Callable[[str], FundClient]


def cookie(client: FundClient) -> str:
    found = client.get_cookie(client.app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return found.value


def with_cookie(app: Flask, value: str) -> FundClient:
    """A browser that sends a copied cookie."""
    client = FundClient(app)
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], value)
    return client


def signed_in(client: FundClient) -> bool:
    """Whether a page for signed-in people opens."""
    return client.get("/notices/").status_code == 200


def user_id(app: Flask, username: str) -> int:
    with app.app_context():
        found = db.session.scalar(select(User.id).where(User.username == username))
    assert found is not None
    return found


def form_of(client: FundClient, path: str) -> dict[str, Any]:
    """The values a browser would send back from the form of a page, as they stand."""
    page = client.text(path).partition("<main")[2] or client.text(path)
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = ("checkbox" not in tag and "radio" not in tag) or "checked" in tag
        if name and ticked:
            values.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(
            r'<option[^>]*selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]*selected', options
        )
        if chosen:
            values[name] = [chosen[1] or chosen[2]]
    return values


def test_the_right_password_signs_in_and_a_wrong_one_does_not(visitor: FundClient) -> None:
    wrong = visitor.sign_in("coop1", "wrong password")
    between = signed_in(visitor)
    right = visitor.sign_in("coop1", PASSWORD)

    assert wrong.status_code == 200
    assert not between
    assert right.status_code == 302
    assert signed_in(visitor)


class BrowserElsewhere(FundClient):
    """A browser at a network address of its own."""

    def __init__(self, app: Flask, address: str) -> None:
        super().__init__(app)
        self.address = address

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if "environ_base" not in kwargs and not (args and isinstance(args[0], EnvironBuilder)):
            kwargs["environ_base"] = {"REMOTE_ADDR": self.address}
        return super().open(*args, **kwargs)


def elsewhere(app: Flask, address: str = "203.0.113.9") -> FundClient:
    """A browser at another network address, in which nobody has signed in."""
    return BrowserElsewhere(app, address)


def test_after_five_wrong_passwords_the_right_one_waits_longer_each_time(demo_app: Flask) -> None:
    client = FundClient(demo_app)
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        for _try in range(5):
            client.sign_in("coop1", "wrong password")
        early = client.sign_in("coop1", PASSWORD).status_code
        other = FundClient(demo_app).sign_in("coop2", PASSWORD).status_code
        clock.shift(timedelta(seconds=61))
        client.sign_in("coop1", "wrong password")
        clock.shift(timedelta(seconds=61))
        still = client.sign_in("coop1", PASSWORD).status_code
        clock.shift(timedelta(seconds=61))
        late = client.sign_in("coop1", PASSWORD).status_code

    assert (early, other, still, late) == (200, 302, 200, 302)


def test_wrong_passwords_of_others_lock_nobody_out(demo_app: Flask) -> None:
    known = FundClient(demo_app)
    known.sign_in("coop1", PASSWORD)
    known.send("/logout/")
    demo_app.config["SIGN_IN_FAILURES_PER_ADDRESS"] = 12
    try:
        for number in range(4):  # from other addresses, and from that of the person, more than any limit allows
            stranger = elsewhere(demo_app, f"203.0.113.{number}") if number else FundClient(demo_app)
            for _try in range(5):
                stranger.sign_in("coop1", "wrong password")

        assert elsewhere(demo_app, "203.0.113.77").sign_in("coop1", PASSWORD).status_code == 200
        assert known.sign_in("coop1", PASSWORD).status_code == 302
    finally:
        demo_app.config["SIGN_IN_FAILURES_PER_ADDRESS"] = 50


def test_one_who_guesses_makes_only_the_own_address_wait(demo_app: Flask) -> None:
    guessing = elsewhere(demo_app)
    for _try in range(6):
        guessing.sign_in("coop1", "wrong password")

    assert guessing.sign_in("coop1", PASSWORD).status_code == 200
    assert FundClient(demo_app).sign_in("coop1", PASSWORD).status_code == 302


@pytest.mark.parametrize("cookie_value", ["forged", "another_account", "old_password"])
def test_a_browser_is_known_by_its_own_cookie_alone(demo_app: Flask, client_for: ClientFor, cookie_value: str) -> None:
    name = f"{demo_app.config['SESSION_COOKIE_NAME']}-browser"
    client = FundClient(demo_app)
    client.sign_in("coop2" if cookie_value == "another_account" else "coop1", PASSWORD)
    found = client.get_cookie(name)
    assert found is not None
    if cookie_value == "old_password":
        other = client_for("coop1")
        other.send("/password/", {"current": PASSWORD, "new_password": NEW, "again": NEW}, page="/password/")
    stranger = elsewhere(demo_app)
    for _try in range(5):
        stranger.sign_in("coop1", "wrong password")

    stranger.set_cookie(name, found.value[:-4] + "aaaa" if cookie_value == "forged" else found.value)

    assert stranger.sign_in("coop1", NEW if cookie_value == "old_password" else PASSWORD).status_code == 200


def test_of_forty_guesses_at_once_five_are_tried(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def look(_stored: str, password: str) -> bool:
        tried.append(password)
        return False

    monkeypatch.setattr("app.security.manager.check_password_hash", look)
    clients = [FundClient(demo_app) for _guess in range(40)]
    pages = [client.get("/login/") for client in clients]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda client: client.sign_in("coop1", "wrong password"), clients))

    assert {page.status_code for page in pages} == {200}
    assert len(tried) == demo_app.config["SIGN_IN_FAILURES_PER_ACCOUNT"]


def test_failed_sign_ins_are_events_without_what_was_typed(demo_app: Flask, client_for: ClientFor) -> None:
    for username in ("coop1", "MySecretPassword"):
        FundClient(demo_app).sign_in(username, "Another-Secret-1")

    with make.rows(demo_app):
        failed = select(AuditEvent).where(AuditEvent.kind == AuditKind.SIGN_IN_FAILED).order_by(AuditEvent.id)
        events = [(event.summary, event.entity_id is None) for event in db.session.scalars(failed)][-2:]
    text = client_for("auditor").text("/audit/list/?kind=sign_in_failed")

    assert events == [("coop1", False), ("My…", True)]
    assert "coop1" in text
    assert "Secret" not in text


def test_a_right_password_clears_the_count(visitor: FundClient) -> None:
    for _round in range(3):
        for _try in range(4):
            visitor.sign_in("coop1", "wrong password")
        assert visitor.sign_in("coop1", PASSWORD).status_code == 302
        visitor.send("/logout/")


def test_wrong_passwords_for_many_accounts_from_one_address_are_counted_together(demo_app: Flask) -> None:
    client = FundClient(demo_app)
    demo_app.config["SIGN_IN_FAILURES_PER_ADDRESS"] = 6
    try:
        for number in range(6):
            client.sign_in(f"nobody{number}", "wrong password")

        assert client.sign_in("coop1", PASSWORD).status_code == 200
        assert not signed_in(client)
    finally:
        demo_app.config["SIGN_IN_FAILURES_PER_ADDRESS"] = 50


@pytest.mark.parametrize("tries", [1, 6])
def test_known_and_unknown_accounts_get_the_same_answer(
    demo_app: Flask, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(demo_app.config, "DEMO", False)  # the page names the demonstration's accounts
    pages = []
    for username in ("coop1", "nobody"):
        client = FundClient(demo_app)
        for _try in range(tries):
            answer = client.sign_in(username, "wrong password")
        text = re.sub(r'nonce="[^"]*"|value="[^"]{30,}"|\b[0-9A-F]{10}\b', "", answer.get_data(as_text=True))
        pages.append((answer.status_code, text.replace(username, "NAME")))

    assert pages[0] == pages[1]


def test_an_unknown_account_costs_as_much_work_as_a_known_one(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    def look(stored: str, _password: str) -> bool:
        looked_at.append(stored.partition("$")[0])
        return False

    monkeypatch.setattr("app.security.manager.check_password_hash", look)
    for username in ("coop1", "nobody"):
        FundClient(demo_app).sign_in(username, "wrong password")

    assert looked_at == [demo_app.config["PASSWORD_HASH_METHOD"]] * 2


def test_a_session_id_known_before_signing_in_is_worth_nothing_after(demo_app: Flask, visitor: FundClient) -> None:
    visitor.get("/login/")
    before = cookie(visitor)

    visitor.sign_in("coop1", PASSWORD)

    assert cookie(visitor) != before
    assert not signed_in(with_cookie(demo_app, before))


def test_an_invented_session_id_is_not_taken_over(demo_app: Flask) -> None:
    client = with_cookie(demo_app, "a" * 43)

    client.sign_in("coop1", PASSWORD)

    assert cookie(client) != "a" * 43
    assert not signed_in(with_cookie(demo_app, "a" * 43))


def test_signing_out_ends_every_copy_of_the_cookie(demo_app: Flask, client_for: ClientFor) -> None:
    client = client_for("coop1")
    copied = cookie(client)
    copy_worked = signed_in(with_cookie(demo_app, copied))

    client.send("/logout/")

    assert copy_worked
    assert not signed_in(client)
    assert not signed_in(with_cookie(demo_app, copied))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_signing_out_takes_more_than_opening_an_address(client_for: ClientFor, method: str) -> None:
    client = client_for("coop1")

    answer = client.open("/logout/", method=method)

    assert answer.status_code == 405
    assert signed_in(client)


def test_signing_out_without_the_pages_token_is_refused(client_for: ClientFor) -> None:
    client = client_for("coop1")

    answer = client.post("/logout/")

    assert answer.status_code == 400
    assert signed_in(client)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client_for: ClientFor, visitor: FundClient) -> None:
    here, elsewhere = client_for("coop1"), client_for("coop1")
    form = {"current": PASSWORD, "new_password": NEW, "again": NEW}

    answer = here.send("/password/", form, page="/password/")

    assert answer.status_code == 302
    assert signed_in(here)
    assert not signed_in(elsewhere)
    assert visitor.sign_in("coop1", PASSWORD).status_code == 200
    assert visitor.sign_in("coop1", NEW).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW, NEW + "x"),
        (PASSWORD, "password1234", "password1234"),
        (PASSWORD, PASSWORD, PASSWORD),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(
    client_for: ClientFor, visitor: FundClient, current: str, new: str, again: str
) -> None:
    form = {"current": current, "new_password": new, "again": again}

    answer = client_for("coop1").send("/password/", form, page="/password/")

    assert answer.status_code == 200
    assert visitor.sign_in("coop1", PASSWORD).status_code == 302


def test_the_present_password_cannot_be_guessed_on_the_page_that_changes_it(client_for: ClientFor) -> None:
    client = client_for("coop1")
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        for _try in range(5):
            client.send("/password/", {"current": "wrong", "new_password": NEW, "again": NEW}, page="/password/")
        right = {"current": PASSWORD, "new_password": NEW, "again": NEW}

        early = client.send("/password/", right, page="/password/")
        clock.shift(timedelta(minutes=16))
        late = client.send("/password/", right, page="/password/")

    assert (early.status_code, late.status_code) == (200, 302)
    assert "15 นาที" in early.get_data(as_text=True)


def test_the_right_password_on_that_page_clears_the_count(client_for: ClientFor) -> None:
    client = client_for("coop1")
    wrong = {"current": "wrong", "new_password": NEW, "again": NEW}
    for _try in range(4):
        client.send("/password/", wrong, page="/password/")

    client.send("/password/", {**wrong, "current": PASSWORD}, page="/password/")
    client.send("/password/", wrong, page="/password/")
    answer = client.send("/password/", {"current": NEW, "new_password": ANOTHER, "again": ANOTHER}, page="/password/")

    assert answer.status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        *("Somying-2570-x", "x-2570-RAKTHAI", "xx-office.rt-xx", "newcomer12345"),
        *(
            "qwertyuiopas",
            "abcdefghijkl",
            "passw0rd2570",
            "labourfund25",
            "กองทุนแรงงาน",
            "123456789012",
            "111111222222",
        ),
        *("Fund-demo-2570", "iloveyou1234", "thailand2570", "cooperative1", "แรงงานกองทุน"),
    ],
)
def test_no_password_is_taken_that_is_soon_guessed(demo_app: Flask, password: str) -> None:
    with demo_app.app_context(), pytest.raises(RuleBroken):
        refuse_weak(password, "newcomer", "Somying", "Rakthai", "office.rt")


@pytest.mark.parametrize("password", [NEW, ANOTHER, "correct horse battery", "สามล้อ-ดวงจันทร์-ตะไคร้"])
def test_several_words_are_a_good_password(demo_app: Flask, password: str) -> None:
    with demo_app.app_context():
        refuse_weak(password, "newcomer")


def link_mailed(app: Flask, username: str) -> str:
    """The address that the newest mail to a person brings, as the mailbox gets it."""
    with make.rows(app):
        to = db.session.scalar(select(User.email).where(User.username == username))
        newest = select(OutboxMail).where(OutboxMail.recipient == to).order_by(OutboxMail.id.desc())
        mail = db.session.scalars(newest).first()
        assert mail is not None
        found = re.search(r"/new-password/[^\s]+", message_of(mail, leaving=True).get_content())
        assert found is not None
        assert found[0] not in mail.body  # what opens it is in no table
        return found[0]


def choose(client: FundClient, path: str, password: str = NEW) -> TestResponse:
    return client.send(path, {"new_password": password, "again": password}, page="/login/")


def test_a_reset_ends_the_password_and_the_sessions_and_mails_a_link_that_opens_once(
    demo_app: Flask, client_for: ClientFor, visitor: FundClient
) -> None:
    person, admin = client_for("coop1"), client_for("admin")
    path = f"/users/reset-password/{user_id(demo_app, 'coop1')}"

    page_before = admin.text(path)
    answer = admin.send(path, page=path)

    assert answer.status_code == 302
    assert 'type="password"' not in page_before
    assert not signed_in(person)
    assert visitor.sign_in("coop1", PASSWORD).status_code == 200
    link = link_mailed(demo_app, "coop1")
    assert visitor.get(link).status_code == 200
    assert choose(visitor, link, "password1234").status_code == 200  # refused, and the link stays good
    assert choose(visitor, link).status_code == 302
    assert visitor.sign_in("coop1", NEW).status_code == 302
    assert FundClient(demo_app).get(link).status_code == 404


def test_a_link_ends_after_a_day_and_with_the_next_one(demo_app: Flask, client_for: ClientFor) -> None:
    admin, client = client_for("admin"), FundClient(demo_app)
    path = f"/users/reset-password/{user_id(demo_app, 'coop1')}"
    admin.send(path, page=path)
    first = link_mailed(demo_app, "coop1")
    admin.send(path, page=path)
    second = link_mailed(demo_app, "coop1")

    assert client.get(first).status_code == 404
    assert client.get(second[:-1] + ("0" if second[-1] != "0" else "1")).status_code == 404
    assert client.get(second).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert client.get(second).status_code == 404


def test_of_two_who_use_a_link_at_once_one_sets_the_password(demo_app: Flask, client_for: ClientFor) -> None:
    admin, path = client_for("admin"), f"/users/reset-password/{user_id(demo_app, 'coop1')}"
    admin.send(path, page=path)
    link, clients = link_mailed(demo_app, "coop1"), [FundClient(demo_app) for _each in range(6)]
    for client in clients:
        client.any_token()
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda client: choose(client, link).status_code, clients))

    assert sorted(codes) == [302, *[404] * 5]


def test_a_new_person_chooses_the_first_password_by_a_link(demo_app: Flask, client_for: ClientFor) -> None:
    names = {"username": "newcomer", "first_name": "Somying", "last_name": "Rakthai", "email": "office.rt@example.org"}

    answer = client_for("admin").send("/users/add", {**names, "active": "y"}, page="/users/add")

    client = FundClient(demo_app)
    assert answer.status_code == 302
    assert choose(client, link_mailed(demo_app, "newcomer")).status_code == 302
    assert client.sign_in("newcomer", NEW).status_code == 302


def test_nobody_who_reads_the_outbox_reads_what_opens_a_link(demo_app: Flask, client_for: ClientFor) -> None:
    admin, path = client_for("admin"), f"/users/reset-password/{user_id(demo_app, 'coop1')}"
    admin.send(path, page=path)
    link = link_mailed(demo_app, "coop1")
    with make.rows(demo_app):
        key = db.session.scalar(select(func.max(OutboxMail.id)))

    for username in ("admin", "auditor"):
        client = client_for(username)
        seen = client.text(f"/outbox/show/{key}") + client.get(f"/outbox/{key}/message.eml").get_data(as_text=True)
        assert link.rpartition(".")[2] not in seen
        named = re.search(r"/new-password/[0-9a-f]{32}", seen)
        assert named is None or FundClient(demo_app).get(named[0]).status_code == 404


def test_a_users_page_leads_to_the_new_password_where_it_may_be_given(demo_app: Flask, client_for: ClientFor) -> None:
    key = user_id(demo_app, "coop1")

    assert f'href="/users/reset-password/{key}"' in client_for("admin").text(f"/users/show/{key}")
    assert "reset-password" not in client_for("auditor").text(f"/users/show/{key}")


def test_a_new_staff_role_ends_the_sessions(demo_app: Flask, client_for: ClientFor) -> None:
    person, admin = client_for("finance"), client_for("admin")
    path = f"/users/edit/{user_id(demo_app, 'finance')}"
    form = form_of(admin, path)
    boxes = re.findall(r'name="roles"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="roles"', admin.text(path))
    every = {first or second for first, second in boxes}
    kept = set(form["roles"])
    form["roles"] = [*kept, sorted(every - kept, key=int)[0]]

    answer = admin.post(path, data=form)

    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    assert not signed_in(person)


def test_an_account_set_out_of_use_is_out_at_once(demo_app: Flask, client_for: ClientFor, visitor: FundClient) -> None:
    person, admin = client_for("finance"), client_for("admin")
    path = f"/users/edit/{user_id(demo_app, 'finance')}"
    form = form_of(admin, path)
    form.pop("active")

    answer = admin.post(path, data=form)

    assert answer.status_code == 302
    assert not signed_in(person)
    assert visitor.sign_in("finance", PASSWORD).status_code == 200


@pytest.mark.parametrize("act", ["role", "delete"])
def test_a_changed_membership_ends_the_sessions(demo_app: Flask, client_for: ClientFor, act: str) -> None:
    person, admin = client_for("coop1"), client_for("admin")
    with demo_app.app_context():
        statement = select(Membership.id).where(Membership.user_id == user_id(demo_app, "coop1"))
        key = db.session.scalar(statement, execution_options={"unscoped": True})
    path = f"/memberships/edit/{key}"
    form = {**form_of(admin, path), "role": "cooperative_signatory"}

    answer = admin.post(path, data=form) if act == "role" else admin.send(f"/memberships/delete/{key}")

    assert answer.status_code == 302
    assert not signed_in(person)


def test_a_session_ends_after_thirty_minutes_without_a_request(demo_app: Flask) -> None:
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        client = FundClient(demo_app)
        client.sign_in("coop1", PASSWORD)
        clock.shift(timedelta(minutes=29))
        active = signed_in(client)
        clock.shift(timedelta(minutes=31))
        idle = signed_in(client)

    assert (active, idle) == (True, False)


def test_a_session_ends_after_eight_hours_however_busy(demo_app: Flask) -> None:
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        client = FundClient(demo_app)
        client.sign_in("coop1", PASSWORD)
        busy = []
        for _turn in range(31):  # 31 quarters are 7 hours 45 minutes
            clock.shift(timedelta(minutes=15))
            busy.append(signed_in(client))
        clock.shift(timedelta(minutes=16))
        after = signed_in(client)

    assert all(busy)
    assert not after


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: FundClient) -> None:
    answer = visitor.sign_in("coop1", PASSWORD)
    cookies = {each.partition("=")[0]: each for each in answer.headers.getlist("Set-Cookie")}
    session = visitor.app.config["SESSION_COOKIE_NAME"]

    assert set(cookies) == {session, f"{session}-browser"}
    assert all({"HttpOnly", "SameSite=Lax", "Path=/"} <= set(each.split("; ")) for each in cookies.values())
    assert all("Domain" not in each for each in cookies.values())
    assert "Expires" not in cookies[session]


def test_a_secure_site_has_a_secure_cookie(demo_app: Flask) -> None:
    demo_app.config["SESSION_COOKIE_SECURE"] = True
    try:
        answer = FundClient(demo_app).get("/login/", base_url="https://localhost")
    finally:
        demo_app.config["SESSION_COOKIE_SECURE"] = False

    assert "Secure" in answer.headers["Set-Cookie"]


def test_staff_who_act_for_a_cooperative_come_back_to_their_own_work(demo_app: Flask, client_for: ClientFor) -> None:
    with make.rows(demo_app):
        officer = db.session.scalars(select(User).where(User.username == "officer1")).one()
        cooperative = db.session.scalars(select(Cooperative).order_by(Cooperative.id).limit(1)).one()
        db.session.add(Membership(user=officer, cooperative=cooperative, role=Role.PREPARER.value, active=True))
    client = client_for("officer1")
    before = client.get("/dashboard/").status_code
    key = re.findall(r'name="membership"\s+value="(\d+)"', client.text("/"))[0]

    client.send("/act-for", {"membership": key})
    acting_for = client.get("/apply/new").status_code
    offered = 'name="membership" value=""' in client.text("/")
    client.send("/act-for", {"membership": ""})

    assert (before, acting_for, offered) == (200, 200, True)
    assert client.get("/apply/new").status_code == 403
    assert 'name="membership" value=""' not in client.text("/")


@pytest.mark.parametrize(
    ("came_from", "led_to"), [("http://localhost/apply/new", "/apply/new"), ("http://evil.example/", "/")]
)
def test_a_form_sent_after_the_sign_in_ended_leads_back_to_it(
    demo_app: Flask, client_for: ClientFor, came_from: str, led_to: str
) -> None:
    client = client_for("coop1")
    form = {"csrf_token": client.token("/apply/new"), "purpose": "ให้สมาชิกกู้"}
    client.delete_cookie(demo_app.config["SESSION_COOKIE_NAME"])

    answer = client.post("/apply/new", data=form, headers={"Referer": came_from})

    assert answer.status_code == 400
    assert make.in_thai(demo_app, "Your sign-in has ended. Nothing was stored.") in page(answer)
    assert f'href="/login/?next={led_to}"' in page(answer)


ELSEWHERE = (
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\x00/evil.example",
    " //evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "http://localhost.evil.example/",
    "http://localhost@evil.example/",
    "http://localhost//evil.example/",
    "http://[::1",
    "/track/1\r\nX-Header: y",
    "/track/1\n",
    "track/1",
    "/" * 3000,
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_after_signing_in_nobody_is_sent_to_another_site(demo_app: Flask, visitor: FundClient, target: str) -> None:
    visitor.get("/login/")
    form = {"username": "coop1", "password": PASSWORD, "csrf_token": visitor.token("/login/")}

    answer = visitor.post("/login/", query_string={"next": target}, data=form)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_changing_the_language_sends_nobody_to_another_site(visitor: FundClient, target: str) -> None:
    answer = visitor.send("/language", {"language": "en", "next": target})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_an_odd_address_to_go_on_to_is_no_fault_of_the_sign_in_page(visitor: FundClient, target: str) -> None:
    assert visitor.get("/login/", query_string={"next": target}).status_code == 200


@pytest.mark.parametrize("target", ["/track/1?a=ก%0A", "http://localhost/track/1?a=ก%0A"])
def test_after_signing_in_a_person_goes_on_to_the_page_asked_for(visitor: FundClient, target: str) -> None:
    form = {"username": "coop1", "password": PASSWORD, "csrf_token": visitor.token("/login/")}

    answer = visitor.post("/login/", query_string={"next": target}, data=form)

    assert unquote(answer.headers["Location"]) == unquote("/track/1?a=ก%0A")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/security/login",
        "/api/v1/security/refresh",
        "/api/v1/security/users/",
        "/api/v1/security/roles/",
        "/api/v1/menu/",
        "/register/form",
        "/registeruser/list/",
        "/swagger/v1",
        "/api/v1/_openapi",
        "/back",
        "/lang/en",
        "/roles/list/",
        "/resetmypassword/form",
    ],
)
def test_the_frameworks_own_ways_in_are_not_there(client_for: ClientFor, path: str) -> None:
    client = client_for("admin")

    assert client.get(path).status_code == 404
    assert client.send(path).status_code == 404
