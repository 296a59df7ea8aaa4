"""The form in which somebody says what identity papers are opened for."""

from flask_babel import lazy_gettext as _
from wtforms.validators import InputRequired, Optional

from app.domain.purposes import LONGEST_NOTE, OpeningPurpose
from app.ui.fields import ChoiceField, FundForm, Longest, ThaiTextArea


class PurposeForm(FundForm):
    """What an identity paper is opened for."""

    purpose = ChoiceField(
        _("What do you need this document for?"), [InputRequired(_("Choose one from the list."))], enum=OpeningPurpose
    )
    note = ThaiTextArea(
        _("Further words"),
        [Optional(), Longest(LONGEST_NOTE)],
        description=_("Needed for a complaint or anything else, such as the number of the letter"),
    )

    @property
    def chosen(self) -> OpeningPurpose:
        """The purpose of a form that is valid."""
        return OpeningPurpose(str(self.purpose.data))
