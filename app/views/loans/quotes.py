"""Quotes: what a loan would cost, month by month, on a page anyone may open, as Excel and as PDF."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote as quoted

from flask import Response, flash, make_response, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.domain.programmes import LONGEST_TERM
from app.domain.quotes import Quote
from app.domain.values.errors import RuleBroken
from app.domain.values.numbers import MONTHS
from app.files.drawing_turns import AGAIN_SECONDS, TooManyDrawn, drawing_turn
from app.models.programmes import LoanProgramme
from app.reports.quote_files import quote_pdf, quote_workbook
from app.security.acting import NOBODY, acting
from app.services.cooperatives.borrowers import never_borrowed
from app.services.loans.quotes import programme_quote
from app.services.programmes.terms import money_left, open_programmes
from app.ui.clock import today
from app.ui.fields import BahtField, FundForm, ThaiDateField, WholeNumberField
from app.ui.labels import explain
from app.ui.naming import named
from app.views.applications.carried import may_start
from app.views.applications.forms import number_or_none
from app.views.shell.pages import Answer, FundView
from app.views.shell.saving import show_refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuoteForm(FundForm):
    """What a quote is made for; sent by GET, so that it can be kept as a link."""

    programme = SelectField(
        _("Programme"), coerce=number_or_none, validators=[InputRequired(_("Choose one from the list."))]
    )
    amount = BahtField(_("Amount (baht)"), [InputRequired()], minimum=1, description=_("For example 5,000,000"))
    months = WholeNumberField(
        _("Term (months)"), [InputRequired()], minimum=1, maximum=LONGEST_TERM, grouped=False, unit=MONTHS
    )
    paid_out = ThaiDateField(_("Day of the pay-out"), [Optional()], description=_("An estimate; leave empty for today"))
    first_time = BooleanField(_("The cooperative never borrowed from the fund"))

    def validate_programme(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(gettext("Choose one from the list."))

    class Meta(FundForm.Meta):
        """Nothing is changed by asking, so no token is needed."""

        csrf = False


class QuoteView(FundView):
    """The public calculator."""

    route_base = "/quote"
    default_view = "page"

    @expose("/", methods=["GET"])
    def page(self) -> Answer:
        form, programmes = _form()
        quote = _quote(form, programmes) if _asked() else None
        page: str = self.render_template(
            "quotes/page.html",
            title=gettext("What would the loan cost?"),
            form=form,
            programmes=programmes,
            quote=quote,
            left=_left_if_less(form, programmes, quote),
            may_start=may_start(),
            past=quote is not None and quote.terms.paid_out_on < today(),
            query=request.query_string.decode("ascii", "ignore"),
        )
        return page

    @expose("/quote.xlsx", methods=["GET"])
    def workbook(self) -> Answer:
        programme, quote = self._wanted()
        if quote is None:
            return self.page()
        return _file(quote_workbook(named(programme), quote), XLSX, "quote.xlsx")

    @expose("/quote.pdf", methods=["GET"])
    def pdf(self) -> Answer:
        programme, quote = self._wanted()
        if quote is None:
            return self.page()
        try:
            with drawing_turn(visitor=acting() is NOBODY):
                drawn = quote_pdf(named(programme), quote)
        except TooManyDrawn as busy:
            flash(explain(busy), "warning")
            return make_response(self.page(), 503, {"Retry-After": str(AGAIN_SECONDS)})
        return _file(drawn, "application/pdf", "quote.pdf")

    def _wanted(self) -> tuple[Any, Quote | None]:
        form, programmes = _form()
        quote = _quote(form, programmes)
        return next((row for row in programmes if row.id == form.programme.data), None), quote


def _asked() -> bool:
    """Whether the form was sent; what others hang on a link, as LINE and Facebook do, asks for nothing."""
    return any(name in request.args for name in ("programme", "amount", "months"))


def _form() -> tuple[QuoteForm, list[LoanProgramme]]:
    programmes = open_programmes(today())
    form = QuoteForm(formdata=request.args if _asked() else None)
    form.programme.choices = [("", _("Choose one")), *[(row.id, named(row)) for row in programmes]]
    cooperative_id = acting().cooperative_id
    if not _asked() and cooperative_id is not None:
        form.first_time.data = never_borrowed(cooperative_id)
    return form, programmes


def _quote(form: QuoteForm, programmes: list[LoanProgramme]) -> Quote | None:
    """The quote that was asked for; None, with the reason in the form, when it cannot be made."""
    if not form.validate():
        return None
    programme = next(row for row in programmes if row.id == form.programme.data)
    filled: dict[str, Any] = form.data
    try:
        return programme_quote(
            programme,
            filled["amount"],
            filled["months"],
            paid_out_on=form.paid_out.data or today(),
            first_time=bool(form.first_time.data),
        )
    except RuleBroken as refusal:
        show_refusal(form, refusal, refusal.field)
        return None


def _left_if_less(form: QuoteForm, programmes: list[LoanProgramme], quote: Quote | None) -> Decimal | None:
    """What is left of the programme, when that is less than the loan that was worked out."""
    if quote is None:
        return None
    chosen = [row for row in programmes if row.id == form.programme.data]
    left = money_left(chosen)[chosen[0].id]
    return left if left < quote.terms.principal else None


def _file(content: bytes, mime: str, name: str) -> Response:
    """The file under its name in the reader's language, and under ``name`` where that cannot be written."""
    answer = Response(content, mimetype=mime)
    shown = gettext("Estimate of instalments") + Path(name).suffix
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{quoted(shown, safe='')}"
    )
    return answer
