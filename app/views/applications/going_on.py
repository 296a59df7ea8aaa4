"""Where saving one part of an application leads: to the list, or back to the check it was opened from."""

from flask import request, url_for

from app.models.applications import LoanApplication


def after_saving(application: LoanApplication) -> str:
    """The address of the next page."""
    page = "ApplyView.check" if request.args.get("back") == "check" else "TaskListView.tasks"
    return url_for(page, pk=application.id)
