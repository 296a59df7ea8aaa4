"""What a paper lacks that stands in the way of sending, in words: one that is out of date is not called missing."""

from app.domain.papers import PaperState
from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.services.documents.checklist import Paper
from app.ui.formatting import be_date


def day_lacking(paper: Paper) -> RuleBroken:
    """The refusal of an application with a file whose day decides how long it may be used, and is not known."""
    return RuleBroken(
        N_("Enter the day on the document %(name)s: it says how long the document may be used."), name=paper.type.name
    )


def lack_of(paper: Paper) -> RuleBroken:
    """The refusal of an application that lacks this paper."""
    name = paper.type.both_names
    if paper.state is PaperState.EXPIRED:
        days = [file.valid_until for file in paper.files if file.valid_until]
        if days:
            return RuleBroken(
                N_("%(name)s could be used until %(day)s only. Attach a newer one."), name=name, day=be_date(max(days))
            )
    if paper.state is PaperState.REFUSED:
        return RuleBroken(N_("%(name)s was refused by the office. Attach one in its place."), name=name)
    return RuleBroken(N_("Still missing: %(name)s. Attach it."), name=name)
