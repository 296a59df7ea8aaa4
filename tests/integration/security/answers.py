"""Every address, what its answers must carry, and what the database holds before and after."""

import re
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db

UNRECORDED = {"server_session", "sign_in_attempt"}


def dump(app: Flask) -> dict[str, list[str]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in db.metadata.sorted_tables
            if table.name not in UNRECORDED
        }


def paths(app: Flask, method: str = "") -> list[str]:
    """An address for every rule, or for those that take ``method``, with ids that are there."""
    with app.app_context(), db.engine.connect() as connection:
        document = db.metadata.tables["document"]
        key = connection.scalar(select(document.c.public_id).limit(1))
    values = {
        "pk": 1,
        "public_id": key,
        "number": 1,
        "type_id": 1,
        "name": "receive",
        "act": "ask",
        "filename": "css/ab.css",
    }
    values["token"] = "0" * 32
    values |= {"code": "loan-form", "register": "BoardMemberView", "key": "apply"}
    found = [] if method == "POST" else ["/lookup/BoardMemberView/cooperative"]
    found += [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), str(rule))
        for rule in app.url_map.iter_rules()
        if not method or method in (rule.methods or ())
    ]
    return list(dict.fromkeys(found))


def directives(answer: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: values for name, *values in parts}


def sites_in(html: str) -> set[str]:
    """Hosts of everything a page loads, opens or sends to."""
    found = re.findall(r'(?:src|href|action|formaction|data|poster|srcset)="([^"]+)"', html)
    return {host for address in found if (host := urlsplit(address.strip()).netloc)}


def problems_of(answer: TestResponse) -> list[str]:
    """What is wrong with the headers of one answer."""
    wrong = []
    policy = directives(answer)
    if "sandbox" not in policy:
        if "'unsafe-inline'" in policy["script-src"] or "'unsafe-eval'" in policy["script-src"]:
            wrong.append("scripts inside pages are let run")
        if (
            policy["default-src"] != ["'none'"]
            or policy["object-src"] != ["'none'"]
            or policy["base-uri"] != ["'none'"]
        ):
            wrong.append("the policy starts too wide")
        if policy["frame-ancestors"] != ["'none'"] or policy["form-action"] != ["'self'"]:
            wrong.append("framed, or sent elsewhere")
    if any("://" in value or value == "*" for values in policy.values() for value in values):
        wrong.append("another site is let in")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("sniffed")
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        wrong.append("stored")
    if answer.headers.get("Referrer-Policy") != "same-origin":
        wrong.append("referrer told")
    return wrong
