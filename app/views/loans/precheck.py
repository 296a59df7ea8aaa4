"""The page on which anybody sees, before there is an account, where the cooperative may apply, and why not."""

from typing import Any

from flask import request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from app.domain.programmes import LONGEST_TERM
from app.domain.values.numbers import MONTHS, PEOPLE
from app.services.cooperatives.offices import provinces_by_name
from app.services.eligibility.prechecks import Answers, AskedKind, prechecked
from app.ui.clock import today
from app.ui.fields import BahtField, ChoiceField, FundForm, WholeNumberField
from app.ui.naming import named
from app.views.applications.carried import may_start
from app.views.shell.pages import Answer, FundView


class PrecheckForm(FundForm):
    """The eight questions; sent by GET, so that they can be kept as a link and asked without an account."""

    kind = ChoiceField(_("Which kind is your cooperative?"), [InputRequired()], enum=AskedKind)
    province = SelectField(_("In which province is it?"), validators=[InputRequired()])
    years = WholeNumberField(
        _("For how many full years has it been registered?"),
        [Optional()],
        minimum=0,
        maximum=200,
        description=_("Leave empty if you do not know"),
    )
    amount = BahtField(
        _("How much would you borrow (baht)?"), [InputRequired()], minimum=1, description=_("For example 5,000,000")
    )
    months = WholeNumberField(
        _("Over how many months?"), [InputRequired()], minimum=1, maximum=LONGEST_TERM, grouped=False, unit=MONTHS
    )
    beneficiaries = WholeNumberField(
        _("How many members would borrow of it?"), [InputRequired()], minimum=1, maximum=1_000_000, unit=PEOPLE
    )
    guarantors = WholeNumberField(
        _("How many guarantors of your board have terms that have not ended?"),
        [Optional()],
        minimum=0,
        maximum=999,
        unit=PEOPLE,
        description=_("Leave empty if you do not know"),
    )
    arrears = BahtField(
        _("How much is overdue with the fund (baht)?"),
        [Optional()],
        minimum=0,
        description=_("0 if nothing is, or if you never borrowed; leave empty if you do not know"),
    )

    def answers(self) -> Answers:
        """The valid form's values."""
        filled: dict[str, Any] = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return Answers(**filled)

    class Meta(FundForm.Meta):
        """Nothing is changed by asking, so no token is needed."""

        csrf = False


class PrecheckView(FundView):
    """The eight questions and what follows from them."""

    route_base = "/may-we-borrow"
    default_view = "page"

    @expose("/", methods=["GET"])
    def page(self) -> Answer:
        form, asked = _form()
        page: str = self.render_template(
            "quotes/precheck.html",
            title=gettext("May our cooperative borrow?"),
            form=form,
            found=prechecked(form.answers(), today()) if asked and form.validate() else None,
            may_start=may_start(),
            other=form.kind.data is AskedKind.OTHER,
        )
        return page


def _form() -> tuple[PrecheckForm, bool]:
    """The form, and whether it was sent; the start page asks the first question alone and brings its answer here."""
    asked = any(name in request.args for name in ("province", "amount", "months"))
    form = PrecheckForm(formdata=request.args if asked else None)
    form.province.choices = [("", gettext("Choose one")), *[(each.code, named(each)) for each in provinces_by_name()]]
    if not asked and "kind" in request.args:
        form.kind.process(request.args)
    return form, asked
