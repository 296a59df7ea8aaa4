"""SQLite's index of letters finds what a search without it finds, whatever was written meanwhile."""

import random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, inspect, select, text

from app.domain.values.search_words import search_words
from app.domain.values.thai import search_key
from app.extensions import db
from app.models import letters
from app.models.applications import LoanApplication
from app.models.documents import Document
from app.models.letters import LETTERS, may_hold
from app.models.notices import OutboxMail
from app.views.shell.searching import contains, holds, searches_of
from tests import make

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")
ODD = (
    'ร้อยละ 100% ของ "ทุน"_สำรอง',
    "50%_of 'it' // \\ a*b^c",
    "(เงินกู้) AND \"OR\" NOT x:y -z +w {q}",
    "น้ำท่วม ป้า ปู่ ก็ เก็บ ใจดี ไก่",
    "ÄÖÜ äöü Straße İstanbul ŉ",
    "aaaaaaa abababa",
)  # fmt: skip
NEEDLES = 400


def found(condition: Any) -> set[int]:
    return set(db.session.scalars(select(LoanApplication.id).where(condition)))


def odd_rows() -> list[str]:
    """Give some applications odd texts, and return all that is searched."""
    for number, purpose in enumerate(ODD):
        make.application(purpose=purpose, of=None if number % 2 else make.cooperative(name=f"สหกรณ์{purpose[:20]}"))
    db.session.flush()
    return list(db.session.scalars(select(LoanApplication.search_text)))


def needles(texts: list[str]) -> list[str]:
    """Parts of the texts from anywhere, many of them with a letter changed, and what means something elsewhere."""
    drawn = random.Random(2570)
    parts = []
    for _turn in range(NEEDLES):
        whole = drawn.choice(texts)
        start = drawn.randrange(len(whole))
        part = whole[start : start + drawn.randint(3, 14)]
        if drawn.random() < 0.3:
            place = drawn.randrange(len(part))
            part = part[:place] + drawn.choice("%_\"'*^/\\ะาำ็์A") + part[place + 1 :]
        parts.append(part)
    return [*parts, *ODD, "%%%", "___", '"""', "'''", "// ", "\\\\\\", "AND", "NEAR(", "a b c", "ำำำ"]


def test_random_parts_of_texts_are_found_as_without_the_index(demo_app: Flask) -> None:
    with make.rows(demo_app):
        texts, column = odd_rows(), LoanApplication.search_text
        differing, hits = [], 0
        for typed in needles(texts):
            for wanted in {typed, search_key(typed)}:
                plain, named = found(contains(column, wanted)), may_hold(db.engine, [column], [(wanted,)])
                if len(wanted) >= letters.IN_A_ROW:
                    assert named is not None
                    quick = found(named & contains(column, wanted))
                    differing += [(wanted, plain, quick)] if plain != quick else []
                    hits += len(plain)

        assert differing == []
        assert hits > NEEDLES


def test_box_asks_the_index_and_finds_what_it_found_without(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = (
        (Document, holds(Document.file_name), "การเงิน"),
        (OutboxMail, holds(OutboxMail.subject, OutboxMail.recipient), "EXAMPLE.or"),
        (LoanApplication, searches_of(LoanApplication, ())[0], "ออมทรั"),
    )
    with make.rows(demo_app):
        for model, search, typed in boxes:
            wanted = search_words(typed)
            quick = select(model.id).where(search.condition(wanted))
            with monkeypatch.context() as patched:
                patched.setattr(letters, "_indexes_of", lambda _engine: frozenset())
                plain = select(model.id).where(search.condition(wanted))

            assert "_letters MATCH" in str(quick)
            assert "MATCH" not in str(plain)
            assert set(db.session.scalars(quick)) == set(db.session.scalars(plain)) != set()


def test_fewer_than_three_letters_are_in_no_index(demo_app: Flask) -> None:
    with demo_app.app_context():
        assert may_hold(db.engine, [LoanApplication.search_text], [("กู",)]) is None
        assert may_hold(db.engine, [func.lower(LoanApplication.search_text)], [("กู้ยืม",)]) is None
        assert may_hold(db.engine, [LoanApplication.number], [("กู้ยืม",)]) is None


def test_the_index_stays_true_to_its_table(demo_app: Flask) -> None:
    with make.rows(demo_app):
        row = make.application(purpose="ก่อนเปลี่ยน")
        gone = make.application(purpose="ลบทิ้ง")
        db.session.flush()
        row.purpose = "หลังเปลี่ยนแล้ว"
        db.session.execute(text("DELETE FROM document WHERE application_id = :id"), {"id": gone.id})
        db.session.execute(text("DELETE FROM loan_application WHERE id = :id"), {"id": gone.id})
        db.session.flush()
        for table in LETTERS:
            # Fails when the index and what it tells of differ.
            checked = sa.table(f"{table}_letters", sa.column(f"{table}_letters"), sa.column("rank"))
            db.session.execute(checked.insert().values({f"{table}_letters": "integrity-check", "rank": 1}))

        named = {
            wanted: may_hold(db.engine, [LoanApplication.search_text], [(wanted,)])
            for wanted in ("ก่อนเปลี่ยน", "หลังเปลี่ยน", "ลบทิ้ง")
        }
        assert {wanted: found(condition) for wanted, condition in named.items()} == {
            "ก่อนเปลี่ยน": set(),
            "หลังเปลี่ยน": {row.id},
            "ลบทิ้ง": set(),
        }


def test_database_has_the_indexes_that_searches_ask(app: Flask) -> None:
    with app.app_context():
        looked = inspect(db.engine)
        kept = {name for name in looked.get_table_names() if name.endswith("_letters")}

        assert {name: {column["name"] for column in looked.get_columns(name)} for name in kept} == {
            f"{table}_letters": set(columns) for table, columns in LETTERS.items()
        }


def test_every_index_is_kept_by_its_triggers_after_all_migrations(app: Flask) -> None:
    """A table that SQLite makes anew loses them without a word, and then a search no longer finds what is written."""
    with make.rows(app):
        there = set(db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))

    assert {f"{table}_letters_{end}" for table in LETTERS for end in ("added", "gone", "changed")} <= there
