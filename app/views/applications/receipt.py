"""The receipt of an application as it was sent last."""

from urllib.parse import quote

from flask import Response, abort, flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext

from app.files.drawing_turns import TooManyDrawn, drawing_turn
from app.models.applications import LoanApplication, StatusChange
from app.reports.receipt_files import receipt_pdf
from app.services.applications.receipts import last_sending, receipt_code
from app.services.applications.service_time import clock
from app.services.documents.checklist import checklist
from app.ui.clock import today
from app.ui.formatting import baht, baht_words, be_date, be_datetime, count, percent
from app.ui.labels import explain
from app.ui.naming import in_full, named
from app.views.applications.finding import WITH_OFFICE, application_or_404
from app.views.shell.pages import Answer, FundView


class ReceiptView(FundView):
    """A PDF that says what was sent, when and by whom; nothing of it is stored."""

    route_base = "/track"
    default_view = "receipt"

    @expose("/<pk>/receipt.pdf", methods=["GET"])
    @has_access
    def receipt(self, pk: str) -> Answer:
        application = application_or_404(pk, WITH_OFFICE)
        sent = last_sending(application)
        if sent is None:
            abort(404)
        try:
            with drawing_turn(visitor=False):
                drawn = _drawn(application, sent)
        except TooManyDrawn as busy:
            flash(explain(busy), "warning")
            return redirect(url_for("TrackView.show", pk=application.id))
        answer = Response(drawn, mimetype="application/pdf")
        shown = f"{gettext('Receipt of an application')} {(application.number or '').replace('/', '-')}.pdf"
        answer.headers["Content-Disposition"] = (
            f"attachment; filename=\"receipt.pdf\"; filename*=UTF-8''{quote(shown, safe='')}"
        )
        return answer


def _drawn(application: LoanApplication, sent: StatusChange) -> bytes:
    amount = application.amount_held_for
    lines = [
        (gettext("Cooperative"), application.cooperative_name),
        (gettext("Programme"), named(application.programme)),
        (gettext("Amount asked"), f"{baht(amount)} {gettext('baht')} ({baht_words(amount)})"),
        (gettext("Term"), f"{application.months} {gettext('months')}"),
        (gettext("Members who benefit"), count(application.beneficiaries)),
        (gettext("Rate to members"), gettext("%(rate)s per cent a year", rate=percent(application.member_rate))),
        (gettext("Sent on"), be_datetime(sent.at)),
        (gettext("Signed by"), sent.actor.get_full_name() if sent.actor else "–"),
        (gettext("Office"), in_full(application.cooperative.office)),
    ]
    papers = [named(paper.type) for paper in checklist(application, today()) if paper.files]
    code = receipt_code(application, sent.at)
    return receipt_pdf(
        number=application.number or "", lines=lines, papers=papers, following=_following(application), code=code
    )


def _following(application: LoanApplication) -> list[str]:
    """What happens next, with the promised day where it is known."""
    running = clock(application)
    lines = []
    if running is not None and running.due is not None:
        lines.append(
            gettext(
                "The office checks the documents by %(day)s (assumed time; not yet announced by the fund).",
                day=be_date(running.due, "full"),
            )
        )
    lines.append(gettext("If something is missing, you are told here and by mail."))
    lines.append(gettext("After that the fund puts the application before the committee."))
    return lines
