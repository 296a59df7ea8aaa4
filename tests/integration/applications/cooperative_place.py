"""One cooperative with its people and an open programme, and the form as they fill it in."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from tests import make
from tests.place import Place


@dataclass
class CooperativePlace(Place):
    """A database with one cooperative, its people and an open programme; rows are known by id."""

    cooperative: int
    programme: int

    def application(self, state: State = State.DRAFT, **values: Any) -> int:
        with make.rows(self.app):
            row = make.application(
                state,
                of=db.session.get_one(make.Cooperative, self.cooperative),
                under=db.session.get_one(make.LoanProgramme, self.programme),
                **values,
            )
            return row.id

    def read(self, key: int) -> LoanApplication:
        with make.rows(self.app):
            row = db.session.get_one(LoanApplication, key)
            db.session.expunge(row)
            return row

    def version(self, key: int) -> str:
        return str(self.read(key).version)

    def count(self, model: Any) -> int:
        with make.rows(self.app):
            return db.session.scalar(select(func.count()).select_from(model)) or 0


def filled(to: int, **values: str) -> dict[str, str]:
    """The form as a person fills it in."""
    return {
        "programme": str(to),
        "amount": "5,000,000.50",
        "months": "24",
        "purpose": "ให้สมาชิกปลดหนี้นอกระบบ",
        "beneficiaries": "๑๐๐",
        "member_rate": "4.75",
        "request_key": str(uuid4()),
        **values,
    }
