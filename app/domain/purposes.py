"""Why somebody outside the cooperative opens an identity paper, and for how long one answer holds."""

from datetime import timedelta

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_

# A person who goes on looking at a file within this time has not opened it again, and need not say why again.
ONE_OPENING = timedelta(minutes=15)
LONGEST_NOTE = 300


class OpeningPurpose(LabelledEnum):
    """What the person needs the paper for."""

    SIGNATORIES = "signatories", N_("Check who may sign for the cooperative")
    GUARANTORS = "guarantors", N_("Check the guarantors")
    MEMBERS = "members", N_("Check the members who borrow")
    AUDIT = "audit", N_("Audit or inspection")
    COMPLAINT = "complaint", N_("Answer a complaint or a request of the person concerned")
    OTHER = "other", N_("Something else")


EXPLAINED = frozenset({OpeningPurpose.COMPLAINT, OpeningPurpose.OTHER})


def check_purpose(purpose: OpeningPurpose, note: str) -> None:
    """Raise ``RuleBroken`` for a purpose that says nothing by itself and is not explained."""
    if purpose in EXPLAINED and not note.strip():
        raise RuleBroken(N_("Write what you open the document for: the cooperative reads it.")).at("note")
