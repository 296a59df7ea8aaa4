"""What an identity paper may be opened for; whoever opens one says it first."""

from app.domain.errors import RuleBroken
from app.domain.labels import LabelledEnum
from app.domain.text import N_

LONGEST_PURPOSE = 200


class OpeningPurpose(LabelledEnum):
    """Why somebody of an office opens an identity paper."""

    CHECK_SIGNATORIES = "check_signatories", N_("To check who may sign for the cooperative")
    CHECK_GUARANTORS = "check_guarantors", N_("To check the guarantors")
    INSPECTION = "inspection", N_("For an inspection")
    COMPLAINT = "complaint", N_("To deal with a complaint")
    OTHER = "other", N_("For another purpose")


def stated_purpose(chosen: str, words: str) -> str:
    """What the record keeps: the code of a purpose, or the person's own words for another one.

    Raises:
        RuleBroken: none is chosen, or another one is and nothing is written.
    """
    if chosen not in set(OpeningPurpose):
        raise RuleBroken(N_("Choose what you open the identity papers for.")).at("purpose")
    if chosen != OpeningPurpose.OTHER:
        return str(OpeningPurpose(chosen).value)
    if not words.strip():
        raise RuleBroken(N_("Write what you open the identity papers for.")).at("other_purpose")
    return words.strip()[:LONGEST_PURPOSE]
