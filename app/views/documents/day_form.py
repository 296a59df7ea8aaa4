"""The small form beside a file: the day on its document."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import HiddenField
from wtforms.validators import Optional

from app.models.documents import Document
from app.ui.fields import FundForm, ThaiDateField


class DayForm(FundForm):
    """The day on the document of a file that is attached, and the one that the page showed."""

    issued_on = ThaiDateField(_("Day on the document"), [Optional(strip_whitespace=False)])
    was = HiddenField()

    def seen(self) -> date | None:
        try:
            return date.fromisoformat(self.was.data or "")
        except ValueError:
            return None


def day_form(file: Document) -> DayForm:
    """The form with the day that is known."""
    return DayForm(formdata=None, issued_on=file.issued_on)
