"""Whether a new file waits for the malware scanner or is scanned at once, and how a finding reads."""

import structlog
from flask import current_app

from app.domain.papers import ScanState
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.clamd import NotScanned, ScannerAway, scan
from app.models.documents import Document

log = structlog.get_logger()
LONGEST_FINDING = 200


def scan_later(document: Document) -> None:
    """Let a new file wait for the scanner, when there is one; until it is clean nobody opens it."""
    if current_app.config["CLAMD_SOCKET"]:
        document.scan_state = ScanState.WAITING


def refuse_infected(content: bytes) -> None:
    """Have a file scanned at once, while the person waits; for the few that everybody may download without a sign-in.

    Raises:
        RuleBroken: something was found, or there is a scanner and it does not answer.
    """
    address = current_app.config["CLAMD_SOCKET"]
    if not address:
        return
    try:
        finding = scan(address, [content])
    except (ScannerAway, NotScanned) as failure:
        log.warning("malware_scan_failed", reason=str(failure))
        raise RuleBroken(
            N_("The file could not be scanned for malware, so it was not taken. Try again in a few minutes.")
        ) from failure
    if finding is not None:
        raise RuleBroken(
            N_(
                "Malware was found in this file (%(finding)s), so it was not taken. Check your computer and choose a "
                "clean file."
            ),
            finding=finding_in_words(finding),
        )


def finding_in_words(finding: str) -> str:
    """The scanner's name of what it found, as it is kept and shown."""
    return "".join(letter for letter in finding if letter.isprintable())[:LONGEST_FINDING]
