"""Reading any address changes nothing, and every answer carries its headers and loads from this site alone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.client import FundClient
from tests.integration.security.answers import directives, dump, paths, problems_of, sites_in

PEOPLE = ("", "coop1s", "officer1", "fund", "finance", "committee1", "manager", "auditor", "admin")
LOOKED_AT = re.compile(r"'(opened|downloaded)', 'document'")
OTHER_SCRIPTS = re.compile(r"<style|<script(?![^>]*(?:nonce|src)=)[^>]*>|\son\w+=")


def nonces_of(answer: TestResponse) -> list[str]:
    return re.findall(r"'nonce-([^']+)'", " ".join(directives(answer).get("script-src", [])))


def faults_of(path: str, answer: TestResponse) -> list[str]:
    """What is wrong with one answer: its headers, and what its page loads or runs."""
    problems = problems_of(answer)
    if path.startswith("/forms/"):  # blank forms are the same for everybody
        problems.remove("stored")
    if answer.mimetype == "text/html":
        html = answer.get_data(as_text=True)
        problems += [*sites_in(html), *OTHER_SCRIPTS.findall(html)]
    return problems


@pytest.mark.slow
@pytest.mark.parametrize("username", PEOPLE)
def test_reading_any_address_changes_nothing_and_every_answer_is_guarded(
    demo_app: Flask, client_for: Callable[[str], FundClient], username: str
) -> None:
    client = client_for(username) if username else FundClient(demo_app)
    before = dump(demo_app)
    nonces: list[str] = []
    wrong: list[tuple[str, str]] = []

    for path in paths(demo_app):
        answers = [client.open(path, method=method) for method in ("GET", "HEAD", "OPTIONS")]
        if not path.startswith(("/assets/", "/static/")):
            wrong += [(path, fault) for answer in answers[:2] for fault in faults_of(path, answer)]
            nonces += [nonce for answer in answers[:2] for nonce in nonces_of(answer)]

    after = dump(demo_app)
    opened = {line for line in after["audit_event"] if LOOKED_AT.search(line)}
    after["audit_event"] = [
        line for line in after["audit_event"] if line in before["audit_event"] or line not in opened
    ]
    assert [name for name in before if before[name] != after[name]] == []
    assert (client.get("/notices/").status_code == 200) is bool(username)
    assert wrong == []
    assert len(nonces) == len(set(nonces)) > 0
