"""What has to hold before an application is moved: one check for each rule, used by the rows of the workflow table."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.steps import WRITE
from app.domain.values.errors import RuleBroken
from app.domain.values.money import ZERO
from app.domain.values.text import N_, Phrase


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks of a move need to know of the application and the person.

    ``workers`` are those who moved it on or judged its papers, ``recommenders`` those who gave the office's opinion;
    ``problems`` are the eligibility and completeness sentences that block a submission, each already a
    ``RuleBroken``; ``waits_for_money`` says that the envelope has nothing reserved for the application yet;
    ``left_to_approve`` is what other approvals leave of it.
    ``applicants`` are the people on the cooperative's side: who wrote, changed, attached or sent something, and
    everybody who acts for the cooperative now. ``answers_changed`` says that answers, or guarantors, differ from what
    was sent last, ``signs`` that the person may sign for the cooperative; ``began_by`` is who began the draft.
    ``reason`` and ``meeting_no`` are what the person wrote.
    ``refused`` names the required papers that an officer refused and nothing has replaced, ``unscanned`` those with a
    file that waits for the malware scanner or was found infected, ``unaccepted`` all that nobody accepted;
    ``papers_reason`` is why the person goes on without.
    """

    actor_id: int | None
    amount_asked: Decimal = ZERO
    amount_approved: Decimal | None = None
    workers: Collection[int | None] = field(default=frozenset())
    recommenders: Collection[int | None] = field(default=frozenset())
    problems: tuple[RuleBroken, ...] = ()
    waits_for_money: bool = False
    left_to_approve: Decimal | None = None
    applicants: Collection[int] = field(default=frozenset())
    answers_changed: bool = False
    signs: bool = False
    began_by: int | None = None
    reason: str = ""
    meeting_no: str = ""
    refused: tuple[str, ...] = ()
    unscanned: tuple[str, ...] = ()
    unaccepted: tuple[str, ...] = ()
    papers_reason: str = ""


MEETING_NUMBER = N_("Meeting number")


def ready_to_submit(facts: Facts) -> None:
    """Refuse with everything that is missing or over a limit, the first of it in front."""
    if facts.problems:
        first, *others = facts.problems
        first.further = tuple(others)
        raise first


def changes_signed(facts: Facts) -> None:
    """Changed answers, and guarantors, are sent by who signs; new documents and notes by anybody of the cooperative."""
    if facts.answers_changed and not facts.signs:
        raise RuleBroken(
            N_(
                "Answers or the operating board were changed since the application was last sent, so a signatory has "
                "to send them. Ask the signatory to sign in, check them and send."
            )
        )


def own_draft(facts: Facts) -> None:
    """A draft is discarded by who began it, or by who signs for the cooperative."""
    if not facts.signs and facts.actor_id != facts.began_by:
        raise RuleBroken(
            N_("A colleague began this draft. Ask the colleague, or a signatory of the cooperative, to discard it.")
        )


def not_own_work(facts: Facts) -> None:
    """Nobody decides on what the same person prepared, judged papers of, recommended or put forward."""
    if facts.actor_id in facts.workers:
        raise RuleBroken(
            N_("You worked on this application yourself, so you cannot decide on it. Ask another committee member.")
        )


def not_applicant(facts: Facts) -> None:
    """Nobody works for the fund on an application of the cooperative the same person prepares for or belongs to."""
    if facts.actor_id in facts.applicants:
        raise RuleBroken(
            N_(
                "You prepared something of this application or act for this cooperative, so you cannot work on it for "
                "the fund. Ask a colleague."
            )
        )


def refusals_settled(facts: Facts) -> None:
    """Nothing is recommended while a required paper stands refused, unscanned or infected."""
    if facts.refused:
        raise RuleBroken(
            N_("These documents are refused and not replaced: %(names)s. Ask for them again, or accept them first."),
            names=facts.refused,
        )
    if facts.unscanned:
        raise RuleBroken(
            N_(
                "These documents wait for the malware scanner or hold malware: %(names)s. Wait until they are scanned, "
                "or ask for them again."
            ),
            names=facts.unscanned,
        )


def unaccepted_explained(facts: Facts) -> None:
    """Whoever recommends without having accepted all required papers says why; who decides reads it."""
    if facts.unaccepted and not facts.papers_reason.strip():
        raise RuleBroken(
            N_(
                "These documents are not accepted yet: %(names)s. Accept them, or write why the application is "
                "recommended all the same."
            ),
            names=facts.unaccepted,
        ).at("papers_reason")


def not_own_recommendation(facts: Facts) -> None:
    """The person who recommended does not also put the application forward."""
    if facts.actor_id in facts.recommenders:
        raise RuleBroken(N_("You gave the opinion on this application, so another fund officer has to put it forward."))


def amount_within_asked(facts: Facts) -> None:
    """An approval is for the amount asked or less, never for nothing."""
    approved = facts.amount_approved
    if approved is None or approved <= 0:
        raise RuleBroken(N_("Enter the amount approved in baht, above zero.")).at("amount")
    if approved > facts.amount_asked:
        raise RuleBroken(
            N_("The amount approved, %(approved)s baht, is above the %(asked)s baht asked. Enter the same or less."),
            approved=f"{approved:,.2f}",
            asked=f"{facts.amount_asked:,.2f}",
        ).at("amount")


def cut_explained(facts: Facts) -> None:
    """An approval for less than asked says why."""
    approved = facts.amount_approved
    if approved is not None and approved < facts.amount_asked and not facts.reason.strip():
        raise RuleBroken(
            N_("The amount approved, %(approved)s baht, is less than the %(asked)s baht asked. Write the reason."),
            approved=f"{approved:,.2f}",
            asked=f"{facts.amount_asked:,.2f}",
        ).at("reason")


def meeting_named(facts: Facts) -> None:
    """A resolution names the meeting that made it."""
    if not facts.meeting_no.strip():
        raise RuleBroken(WRITE, label=Phrase(MEETING_NUMBER)).at("meeting_no")


def money_reserved(facts: Facts) -> None:
    """Nothing is approved that the envelope does not hold."""
    if facts.waits_for_money:
        raise RuleBroken(
            N_("The application is on the programme's waiting list: no money is reserved for it yet. Defer it.")
        )


def within_what_is_left(facts: Facts) -> None:
    """No approval goes beyond the envelope: it may have been cut below what was reserved."""
    approved, left = facts.amount_approved, facts.left_to_approve
    if approved is None or left is None or approved <= left:
        return
    if left <= 0:
        raise RuleBroken(
            N_(
                "All of the programme's envelope is approved already. Defer the application until the envelope is "
                "raised."
            )
        ).at("amount")
    raise RuleBroken(
        N_(
            "The amount approved, %(approved)s baht, is above the %(left)s baht of the programme's envelope that are "
            "not approved yet. Approve at most these, or defer the application until the envelope is raised."
        ),
        approved=f"{approved:,.2f}",
        left=f"{left:,.2f}",
    ).at("amount")
