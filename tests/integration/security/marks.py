"""Marks in every row that belongs to somebody, and the addresses at which they might show."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, String, bindparam, inspect, select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.domain.cooperatives import Guarantor, pack_board
from app.domain.quotes import pack, unpack
from app.extensions import db
from app.models.applications import Decision, KeptQuote, StatusChange
from app.models.audit import AuditEvent, AuditKind
from app.models.boards import KeptBoard
from app.models.documents import DocumentVerdict
from app.security.reach import Reach, Scope
from app.security.scope import OWNED
from tests.client import FundClient
from tests.integration.security.meant import meant
from tests.integration.security.world import NOW, World, table_rows

MARK = re.compile(rb"zq([a-r])(\d{4})qz", re.IGNORECASE)


LETTERS = dict(zip((model.__tablename__ for model in OWNED), "ABCDEFGHIJKLMNOPQR", strict=True))


# Codes the program reads, not text that people write.
CODES = {"request_key", "public_id", "storage_key", "sha256", "message_id", "move", "actor_role", "entity", "kind"}


MISSING = 2_000_000_000


# The table whose ids an endpoint with <pk> takes.
TABLE_OF = {
    "CooperativeView": "cooperative",
    "CooperativeApi": "cooperative",
    "BoardMemberView": "board_member",
    "BoardChangesView": "waiting_board_change",
    "MembershipView": "membership",
    "LoanApplicationView": "loan_application",
    "LoanApplicationApi": "loan_application",
    "ApplyView": "loan_application",
    "DropView": "loan_application",
    "TaskListView": "loan_application",
    "PurposeView": "loan_application",
    "SigningView": "loan_application",
    "ReceiptView": "loan_application",
    "TrackView": "loan_application",
    "ApplicationOpeningsView": "loan_application",
    "DossierView": "loan_application",
    "MoveView": "loan_application",
    "DocumentView": "document",
    "DeskView": "loan_application",
    "NoticeView": "notice",
    "OutboxView": "outbox_mail",
    "AuditEventView": "audit_event",
}


CONTENT_OF_OTHERS = ("coop1", "coop1s", "officer1")


ClientFor = Callable[[str], FundClient]


@dataclass(frozen=True, slots=True)
class Marked:
    """The two sides, every row marked, and what each demonstration account is meant to see."""

    world: World
    users: dict[str, int]

    def scope(self, username: str) -> Scope:
        user, a, b = self.users[username], self.world.a, self.world.b
        return {
            "coop1": Scope(Reach.COOPERATIVE, user, cooperative_id=a.cooperative),
            "coop1s": Scope(Reach.COOPERATIVE, user, cooperative_id=a.cooperative),
            "officer1": Scope(Reach.OFFICE, user, office_id=a.office),
            "officer2": Scope(Reach.OFFICE, user, office_id=b.office),
            "finance": Scope(Reach.APPROVED, user),
            "committee1": Scope(Reach.AGENDA, user),
            "admin": Scope(Reach.REGISTERS, user),
        }.get(username, Scope(Reach.SENT, user))

    def meant(self, username: str) -> dict[str, set[int]]:
        return meant(self.world, self.scope(username))

    def foreign(self, username: str, table: str) -> list[int]:
        """Ids the person must not reach, those of cooperative B first."""
        own = self.meant(username)[table]
        others = [row for row in self.world.rows[table] if row["id"] not in own]
        return [
            row["id"] for row in sorted(others, key=lambda row: row.get("cooperative_id") != self.world.b.cooperative)
        ]


def mark(table: str, key: int) -> str:
    return f"Zq{LETTERS[table]}{key:04d}qZ"


def write_marks() -> None:
    """Put each row's mark into every text column, through connections that know no scope."""
    with db.engine.begin() as connection:
        for model in OWNED:
            if model in (AuditEvent, StatusChange, Decision, DocumentVerdict):
                continue
            texts = [
                column.name
                for column in inspect(model).columns
                if isinstance(column.type, String)
                and not column.info.get("choices")
                and column.name not in CODES
                and (column.type.length or 99) >= 9
            ]
            keys = connection.scalars(select(model.__table__.c.id)).all()
            if not texts or not keys:
                continue
            marked = [{"key": key, **dict.fromkeys(texts, mark(model.__tablename__, key))} for key in keys]
            for values in marked:
                if "search_text" in values:
                    values["search_text"] = values["search_text"].lower()
            one = update(model.__table__).where(model.__table__.c.id == bindparam("key"))
            connection.execute(one, marked)
        _mark_quotes(connection)


def _mark_quotes(connection: Connection) -> None:
    """A quote is no text column; its page shows the beginning of its fingerprint."""
    quotes = KeptQuote.__table__
    for key, content in connection.execute(select(quotes.c.id, quotes.c.content)).all():
        marked = {**unpack(content), "fingerprint": mark("kept_quote", key)}
        connection.execute(update(quotes).where(quotes.c.id == key).values(content=pack(json.dumps(marked))))


def add_marked_history() -> None:
    """History is never rewritten, so lines with the mark of the row they tell of are added to it."""
    tables = {model.__tablename__: table_rows(model) for model in OWNED}
    for row in tables["loan_application"][-40:]:
        about = {"cooperative_id": row["cooperative_id"], "application_id": row["id"]}
        text = mark("loan_application", row["id"])
        change = {"move": "return", "origin": "received", "target": "returned", "actor_role": "system", "reason": text}
        db.session.add(StatusChange(**about, **change, at=NOW))
        board = pack_board((Guarantor(1, text, text, NOW.date(), NOW.date()),))
        db.session.add(KeptBoard(**about, at=NOW + timedelta(days=1), content=board))
        db.session.add(Decision(**about, outcome="deferred", decided_on=NOW.date(), reason=text, recorded_at=NOW))
    for row in tables["document"][-40:]:
        about = {"cooperative_id": row["cooperative_id"], "application_id": row["application_id"]}
        text = mark("document", row["id"])
        db.session.add(DocumentVerdict(**about, document_id=row["id"], verdict="incomplete", note=text, at=NOW))
    for table in ("cooperative", "loan_application", "document"):
        for row in tables[table][-40:]:
            text = mark(table, row["id"])
            owner = row["id"] if table == "cooperative" else row["cooperative_id"]
            values = {"kind": AuditKind.CHANGED.value, "entity": table, "entity_id": row["id"], "cooperative_id": owner}
            db.session.add(AuditEvent(**values, summary=text, before={"name": text}, after={"name": text}))
    db.session.commit()


def marks_in(answer: TestResponse) -> set[tuple[str, int]]:
    """Marks in the body and the headers, as (table, id)."""
    tables = {letter.lower(): table for table, letter in LETTERS.items()}
    content = answer.get_data() + str(answer.headers).encode()
    return {(tables[letter.decode().lower()], int(digits)) for letter, digits in MARK.findall(content)}


def path_of(rule: Rule, key: Any, **more: Any) -> str:
    values = {
        "pk": key,
        "type_id": 1,
        "name": "submit",
        "act": "ask",
        "public_id": "0" * 32,
        "token": "0" * 32,
        "number": 1,
        **more,
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), str(rule))


def plain(answer: TestResponse, key: Any) -> tuple[int, str]:
    """The answer without what differs from request to request."""
    text = re.sub(rf"/{key}(?!\d)", "/ID", answer.get_data(as_text=True))
    text = text.replace(answer.headers["X-Request-Id"], "")
    text = re.sub(r'nonce="[^"]*"|name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"', "", text)
    return answer.status_code, text
