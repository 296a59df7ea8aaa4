"""Writes every page as every person sees it, in both languages, so that two versions of the program can be compared.

A change that moves code and means nothing must leave the two folders equal. Run it once in each version, from the
project's folder, with the same demonstration: ``.venv/bin/python -m bench.page_dump OUT [--demonstration FOLDER]``,
then ``diff -r OLD NEW``. The folder of the demonstration is made when it is missing; each run works on a copy of it,
at the moment it was made. What differs from request to request (nonces, tokens, references of errors) is left out.
"""

import argparse
import hashlib
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from flask import Flask

from app.commands.preparing import prepare
from app.factory import create_app
from app.security.roles import MATRIX
from app.ui.asset_making import build_assets
from app.ui.catalogue import compile_catalogue, source_messages
from tests.client import FundClient
from tests.pages import PEOPLE, paths

PASSWORD = "Fund-demo-2570"  # noqa: S105  the demonstration's, shown on its sign-in page
LANGUAGES = ("th", "en")
MOMENT = "moment.txt"
CHANGING = (
    (re.compile(r'nonce="[^"]*"'), 'nonce=""'),
    (re.compile(r'(name="csrf_token"[^>]*value=")[^"]*'), r"\1"),
    (re.compile(r'(value=")[^"]*("[^>]*name="csrf_token")'), r"\1\2"),
    (re.compile(r'(name="csrf-token" content=")[^"]*'), r"\1"),
    (re.compile(r'(name="request_key"[^>]*value=")[^"]*'), r"\1"),
    (re.compile(r"object at 0x[0-9a-f]+"), "object"),
    (re.compile(r"(<code[^>]*>)[0-9A-F]{8}(</code>)"), r"\1\2"),
)


def application(instance: Path) -> Flask:
    """The demonstration whose files are in ``instance``."""
    build_assets(instance / "assets")
    return create_app(
        {
            "FUND_ENV": "testing",
            "TESTING": True,
            "DEMO": True,
            "SECRET_KEY": "a key for comparisons only, 0123456789",
            "DATABASE_URL": f"sqlite:///{instance / 'fund.db'}",
            "INSTANCE_DIR": str(instance),
            "ASSETS_DIR": str(instance / "assets"),
            "DOCUMENT_STORE": f"file:{instance / 'documents'}",
            "OUTBOX_DIR": str(instance / "outbox"),
            "PASSWORD_HASH_METHOD": "scrypt:512:8:1",
        }
    )


def make_demonstration(folder: Path) -> None:
    """Seed a demonstration and keep the moment at which its pages are read."""
    folder.mkdir(parents=True)
    prepare(application(folder))
    (folder / MOMENT).write_text(datetime.now(UTC).isoformat(), encoding="utf-8")


def readable(content: bytes, mimetype: str) -> str:
    """A page without what changes with each request; of other files the size and the fingerprint."""
    if not mimetype.startswith(("text/", "application/json")):
        return f"{mimetype} {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}\n"
    text = content.decode("utf-8")
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return text


def dump_pages(app: Flask, target: Path) -> int:
    """Write the pages of every person and of a visitor; returns how many."""
    number = 0
    addresses = paths(app)
    for person in (*PEOPLE, None):
        for language in LANGUAGES:
            client = FundClient(app)
            if person is not None and client.sign_in(person, PASSWORD).status_code != 302:
                raise SystemExit(f"{person} cannot sign in")
            client.send("/language", {"language": language})
            folder = target / "pages" / (person or "visitor") / language
            folder.mkdir(parents=True)
            for address in addresses:
                answer = client.get(address)
                head = f"{address}\n{answer.status_code} {answer.mimetype} {answer.headers.get('Location', '')}\n"
                name = re.sub(r"[^\w.=-]+", "_", address).strip("_") or "home"
                (folder / f"{name}.txt").write_text(head + readable(answer.get_data(), answer.mimetype), "utf-8")
                number += 1
    return number


def dump_lists(app: Flask, target: Path) -> None:
    """Write the routes, the matrix of permissions and the texts that are translated."""
    routes = sorted(f"{rule} {rule.endpoint} {sorted(rule.methods or ())}" for rule in app.url_map.iter_rules())
    matrix = sorted(f"{view} {sorted(names)} {sorted(role.value for role in roles)}" for view, names, roles in MATRIX)
    for name, lines in (("routes", routes), ("matrix", matrix), ("texts", sorted(map(repr, source_messages())))):
        (target / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--demonstration", type=Path, default=Path(tempfile.gettempdir()) / "fund-page-dump")
    chosen = parser.parse_args()
    compile_catalogue()
    if not (chosen.demonstration / MOMENT).exists():
        make_demonstration(chosen.demonstration)
    moment = datetime.fromisoformat((chosen.demonstration / MOMENT).read_text(encoding="utf-8"))
    shutil.rmtree(chosen.out, ignore_errors=True)
    chosen.out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as copy:
        instance = Path(copy) / "instance"
        shutil.copytree(chosen.demonstration, instance)
        with time_machine.travel(moment, tick=False):
            app = application(instance)
            dump_lists(app, chosen.out)
            number = dump_pages(app, chosen.out)
    print(f"{number} pages in {chosen.out}")


if __name__ == "__main__":
    main()
