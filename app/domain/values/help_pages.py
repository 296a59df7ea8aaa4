"""Help pages: the subjects they stand under, what their addresses look like, and where hard words are explained."""

import re
from collections.abc import Collection

from app.domain.values.errors import RuleBroken
from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_

PRIVACY = "privacy"  # the key of the page that is the privacy notice
LONGEST_TEXT = 60_000  # characters of one page in one language
_KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class HelpSubject(LabelledEnum):
    """What a help page is about; pages are listed in this order."""

    PREPARING = "preparing", N_("Before applying")
    APPLYING = "applying", N_("Filling in and sending")
    FOLLOWING = "following", N_("After sending")
    MONEY = "money", N_("Interest and instalments")
    OFFICERS = "officers", N_("For officers")
    PRIVACY = "privacy", N_("Personal data")


class TermPlace(LabelledEnum):
    """The field of the application form beside which a word is explained."""

    PROGRAMME = "programme", N_("Programme")
    AMOUNT = "amount", N_("Amount asked")
    MONTHS = "months", N_("Term (months)")
    PURPOSE = "purpose", N_("Purpose")
    BENEFICIARIES = "beneficiaries", N_("Members who benefit")
    MEMBER_RATE = "member_rate", N_("Rate to members")


def refuse_odd_key(key: str, taken: Collection[str]) -> None:
    """Raise ``RuleBroken`` for a key that is no short address, or is that of a page the program makes itself."""
    if not _KEY.fullmatch(key):
        raise RuleBroken(
            N_("Write the address in small English letters, digits and hyphens, such as how-to-apply.")
        ).at("key")
    if key in taken:
        raise RuleBroken(N_("“%(key)s” is the address of another page of the help. Choose another."), key=key).at("key")


def refuse_lost_notice(key: str, before: str | None, *, active: bool) -> None:
    """Raise ``RuleBroken`` for taking the privacy notice away: everybody has to be able to read it."""
    if before == PRIVACY and key != PRIVACY:
        raise RuleBroken(N_("The privacy notice keeps its address: the foot of every page leads there.")).at("key")
    if key == PRIVACY and not active:
        raise RuleBroken(N_("The privacy notice stays in use: change its text instead.")).at("active")


def refuse_links(links: Collection[str]) -> None:
    """Raise ``RuleBroken`` for links and pictures that a help page may not have."""
    if links:
        raise RuleBroken(
            N_(
                "Links lead to https://…, http://… or a page of this service such as /help/apply; pictures are "
                "those of “Pictures of the help”. Change: %(links)s"
            ),
            links=", ".join(sorted(links)),
        )
