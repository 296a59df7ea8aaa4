"""A field of related rows lists few; of many it finds what is typed, in the person's scope and nobody else's."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.roles import Role
from app.extensions import db
from app.models.cooperatives import BoardMember, Cooperative
from app.models.people import Membership
from tests import make
from tests.client import FundClient
from tests.forms import page

ELSEWHERE = "TH-50"
MANY = 55
ADD, FIND = "/memberships/add", "/lookup/MembershipView/cooperative"


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], FundClient]:
    """More cooperatives than a list holds, most of them served by one office; and people who keep registers."""
    with make.rows(app):
        for place in range(MANY):
            make.cooperative(name=f"สหกรณ์ออมทรัพย์โรงงานผ้าที่ {place} จำกัด", registration_no=f"ก.{place}/2550")
        make.cooperative(place=ELSEWHERE, name="สหกรณ์ออมทรัพย์เมืองหลวง จำกัด", registration_no="ก.900/2550")
        make.person(Role.ADMINISTRATOR, username="admin")
        make.person(Role.PROVINCIAL_OFFICER, username="officer")
        make.person(Role.AUDITOR, username="auditor")
        for username in ("anong", *(f"clerk{number}" for number in range(4))):
            make.person(username=username)

    def sign_in(username: str) -> FundClient:
        client = FundClient(app)
        client.sign_in(username, make.PASSWORD)
        return client

    return sign_in


def key_of(app: Flask, number: str) -> int:
    with make.rows(app):
        return db.session.scalars(select(Cooperative.id).where(Cooperative.registration_no == number)).one()


def sent(app: Flask, client: FundClient, **values: Any) -> tuple[str, list[str]]:
    """The page after a membership was sent, and the numbers of the cooperatives that have one now."""
    form = {"user-typed": "anong", "user": "", "role": "cooperative_preparer", "active": "y", **values}
    text = page(client.send(ADD, form))
    with make.rows(app):
        numbers = select(Cooperative.registration_no).join(Membership, Membership.cooperative_id == Cooperative.id)
        return text, list(db.session.scalars(numbers))


def offered(client: FundClient, text: str, address: str = FIND) -> list[str]:
    return [label for _key, label in client.get(address, query_string={"q": text}).get_json()["rows"]]


def test_form_holds_no_row_of_many_and_all_of_few(app: Flask, signed_in: Callable[[str], FundClient]) -> None:
    text = signed_in("admin").text(ADD)

    assert "โรงงานผ้า" not in text
    assert f'data-lookup="{FIND}"' in text
    assert '<select id="user" name="user"' in text


def test_letters_inside_words_find_at_most_twenty_and_say_that_there_are_more(
    app: Flask, signed_in: Callable[[str], FundClient]
) -> None:
    client = signed_in("admin")

    many = client.get(FIND, query_string={"q": "งานผ้า"}).get_json()

    assert (len(many["rows"]), many["more"]) == (20, True)
    assert offered(client, "เมืองหล") == ["สหกรณ์ออมทรัพย์เมืองหลวง จำกัด (ก.900/2550)"]
    assert offered(client, "ก.๗/2550")[0] == "สหกรณ์ออมทรัพย์โรงงานผ้าที่ 7 จำกัด (ก.7/2550)"
    assert offered(client, "%") == offered(client, " ") == offered(client, "ไม่มีคำนี้") == []


def test_officer_is_offered_and_may_choose_the_office_s_own_alone(
    app: Flask, signed_in: Callable[[str], FundClient]
) -> None:
    client = signed_in("officer")
    foreign = key_of(app, "ก.900/2550")
    person = {"full_name": "ใครสักคน", "position": "กรรมการ"}

    found = offered(client, "ออมทรัพย์", "/lookup/BoardMemberView/cooperative")
    by_key = page(client.send("/board/add", {**person, "cooperative": str(foreign)}))
    by_text = page(client.send("/board/add", {**person, "cooperative-typed": "ก.900/2550"}))

    assert len(found) == 20
    assert offered(client, "เมืองหลวง", "/lookup/BoardMemberView/cooperative") == []
    assert make.in_thai(app, "Choose one from the list.") in by_key
    assert "เมืองหลวง" not in by_key + by_text
    with make.rows(app):
        assert db.session.scalars(select(BoardMember)).all() == []


def test_only_who_fills_in_the_form_looks_up(signed_in: Callable[[str], FundClient]) -> None:
    asked = (
        ("auditor", FIND, 403),
        ("officer", FIND, 403),
        ("admin", "/lookup/MembershipView/role", 404),
        ("admin", "/lookup/LookupView/cooperative", 404),
        ("admin", "/lookup/Nobody/cooperative", 404),
    )

    for username, address, status in asked:
        assert signed_in(username).get(address, query_string={"q": "ออม"}).status_code == status, (username, address)


def test_name_or_number_typed_in_full_needs_no_script(app: Flask, signed_in: Callable[[str], FundClient]) -> None:
    client = signed_in("admin")
    name = "สหกรณ์ออมทรัพย์โรงงานผ้าที่ 7 จำกัด"

    for person, typed in enumerate(("ก.7/2550", name, f"{name} (ก.7/2550)", "ก.๗/๒๕๕๐ ")):
        _text, stored = sent(
            app, client, **{"user-typed": f"clerk{person}", "cooperative-typed": typed, "cooperative": ""}
        )

        assert stored == ["ก.7/2550"] * (person + 1), typed


def test_part_of_a_name_is_asked_back_and_the_answer_taken(app: Flask, signed_in: Callable[[str], FundClient]) -> None:
    client = signed_in("admin")
    text, stored = sent(app, client, **{"cooperative-typed": "ผ้าที่ 7", "cooperative": ""})
    asked = re.findall(r'type="radio" id="[^"]+" name="cooperative" value="(\d+)"', text)

    _text, chosen = sent(
        app, client, **{"cooperative-typed": "ผ้าที่ 7", "cooperative-asked": "ผ้าที่ 7", "cooperative": asked[0]}
    )

    assert stored == []
    assert make.in_thai(app, "Which one is meant?") in text
    assert asked == [str(key_of(app, "ก.7/2550"))]
    assert chosen == ["ก.7/2550"]


def test_what_nothing_holds_is_said_and_kept(app: Flask, signed_in: Callable[[str], FundClient]) -> None:
    text, stored = sent(app, signed_in("admin"), **{"cooperative-typed": "ไม่มีคำนี้", "cooperative": ""})

    assert stored == []
    assert 'value="ไม่มีคำนี้"' in text
    assert 'id="cooperative-error"' in text


def test_a_letter_that_no_text_can_hold_is_left_out(app: Flask, signed_in: Callable[[str], FundClient]) -> None:
    _text, numbers = sent(app, signed_in("admin"), **{"cooperative": "\0", "cooperative-typed": "\0ก.900/2550\0 (\0)"})
    assert numbers == []
    _text, numbers = sent(app, signed_in("admin"), **{"cooperative-typed": "ก.90\x000/2550"})
    assert numbers == ["ก.900/2550"]


def test_text_typed_after_a_choice_counts_and_an_emptied_box_is_no_choice(
    app: Flask, signed_in: Callable[[str], FundClient]
) -> None:
    client = signed_in("admin")
    old = str(key_of(app, "ก.7/2550"))

    _text, emptied = sent(app, client, **{"cooperative-typed": "", "cooperative": old})
    _text, typed = sent(app, client, **{"cooperative-typed": "ก.8/2550", "cooperative": old})

    assert emptied == []
    assert typed == ["ก.8/2550"]


def test_address_names_the_row_to_begin_with(app: Flask, signed_in: Callable[[str], FundClient]) -> None:
    key = key_of(app, "ก.7/2550")

    text = signed_in("admin").text(f"{ADD}?cooperative={key}")

    assert 'value="สหกรณ์ออมทรัพย์โรงงานผ้าที่ 7 จำกัด (ก.7/2550)"' in text
    assert re.search(rf'type="hidden"\s+name="cooperative"\s+value="{key}"', text)


def test_where_one_must_be_chosen_and_there_is_one_it_is(client_for: Callable[[str], FundClient]) -> None:
    page = client_for("coop1").text("/board/add")

    choices = re.findall(
        r"<option[^>]*>", re.findall(r'<select[^>]*name="cooperative".*?</select>', page, re.DOTALL)[0]
    )

    assert len(choices) == 1
    assert "selected" in choices[0]
