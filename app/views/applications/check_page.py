"""What a cooperative checks before it sends: everything that will be sent, what is in the way, and the button."""

from flask_babel import gettext

from app.domain.roles import Role
from app.domain.workflow import sending_from
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.changed_answers import changed_since_sent
from app.services.applications.drafts import problems_by
from app.services.cooperatives.borrowers import first_time_beside
from app.services.documents.checklist import progress
from app.services.eligibility.judgement import grounds_of, judged
from app.services.loans.quotes import quote_by
from app.services.programmes.envelopes import balance_for
from app.ui.clock import today
from app.ui.labels import explain
from app.views.applications.changed_answers import changes_in_words
from app.views.applications.finding import question_to
from app.views.applications.forms import MoveForm
from app.views.shell.pages import Shown


def check_page(application: LoanApplication, form: MoveForm | None = None) -> Shown:
    """The page of an application that may be sent; ``form`` is one that was refused."""
    step = sending_from(application.state)
    changed = changed_since_sent(application)
    # Each table is read once, whatever the page shows of it.
    grounds = grounds_of(application, today())
    lines = judged(application, grounds, balance_for(application), today())
    first_time = first_time_beside(application, grounds.known.others)
    form = form or MoveForm(formdata=None, prefix=f"{step.name}-")
    form.version.data = str(application.version)
    form.fit(step, changed=bool(changed))
    values = {
        "application": application,
        "papers": grounds.papers,
        "progress": progress(grounds.papers),
        "problems": [explain(problem) for problem in problems_by(lines, grounds)],
        "lines": lines,
        "quote": quote_by(
            grounds.terms, application, application.amount_asked, paid_out_on=today(), first_time=first_time
        ),
        "first_time": first_time,
        "step": step,
        "form": form,
        "may_send": bool(step.roles & acting().roles) and (not changed or acting().is_any(Role.SIGNATORY)),
        "changed": changes_in_words(changed),
        "question": question_to(application),
        "answering": step.answers,
        "title": gettext("Check and send the answer") if step.answers else gettext("Check and submit"),
    }
    return Shown("applications/check.html", values)
