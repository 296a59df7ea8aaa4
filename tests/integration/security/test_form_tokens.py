"""The token of the forms: written differently in each answer, and good for one session only."""

import gzip
from collections.abc import Callable

import pytest
from flask import Flask

from app.security.form_tokens import mask, unmask
from tests.client import TOKEN, FundClient

ClientFor = Callable[[str], FundClient]
SIGNED = "ImE4YzUi.aSwxyz.q2N0-_example"


def tokens_in(client: FundClient, path: str) -> set[str]:
    return set(TOKEN.findall(client.text(path)))


def test_masked_and_unmasked_is_the_token() -> None:
    assert unmask(mask(SIGNED)) == SIGNED
    assert len({mask(SIGNED) for _time in range(20)}) == 20
    assert SIGNED not in mask(SIGNED)


@pytest.mark.parametrize("sent", [SIGNED, "", "a", "abc", "////", "กขค", "A" * 5000, "=" * 8, "\0", "_w=="])
def test_what_was_never_masked_is_no_fault(sent: str) -> None:
    assert isinstance(unmask(sent), str)


def test_an_unmasked_token_comes_back_as_it_is() -> None:
    assert unmask(SIGNED) == SIGNED


@pytest.mark.parametrize(("username", "path"), [("", "/login/"), ("coop1s", "/"), ("coop1s", "/apply/new")])
def test_no_two_answers_carry_the_same_token(demo_app: Flask, client_for: ClientFor, username: str, path: str) -> None:
    client = client_for(username) if username else FundClient(demo_app)

    answers = [tokens_in(client, path) for _time in range(4)]

    # One a page, however many forms it has; none again in the next.
    assert [len(tokens) for tokens in answers] == [1] * 4
    assert len(set.union(*answers)) == 4


def test_the_token_itself_is_in_no_page(client_for: ClientFor) -> None:
    page = client_for("coop1").text("/")
    signed = unmask(TOKEN.findall(page)[0])
    secret, moment, signature = signed.split(".")

    assert [part for part in (secret, moment, signature) if part in page] == []


def test_any_of_its_masks_is_taken_and_a_bent_one_is_refused(client_for: ClientFor) -> None:
    client = client_for("coop1")
    first, second = (tokens_in(client, "/").pop() for _time in range(2))
    bent = ("A" if second[0] != "A" else "B") + second[1:]

    codes = [
        client.post("/language", data={"language": "en", "csrf_token": token}).status_code
        for token in (first, first, second, unmask(second), bent, "")
    ]

    assert codes == [302, 302, 302, 302, 400, 400]


def test_the_token_of_another_session_is_refused(client_for: ClientFor) -> None:
    foreign = tokens_in(client_for("coop2"), "/").pop()

    answer = client_for("coop1").post("/language", data={"language": "en", "csrf_token": foreign})

    assert answer.status_code == 400


def test_a_compressed_page_has_the_masked_token_and_its_own_length(client_for: ClientFor) -> None:
    client = client_for("coop1")

    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    page = gzip.decompress(answer.data).decode()

    assert answer.content_length == len(answer.data)
    assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
    sent = client.post("/language", data={"language": "en", "csrf_token": TOKEN.findall(page)[0]})
    assert sent.status_code == 302
