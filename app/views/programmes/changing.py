"""What the forms of a programme and of its parts share: why the terms change, and trying a change."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError
from wtforms.validators import Optional

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.services.eligibility.dry_runs import dry_run
from app.services.programmes.terms import terms_of
from app.ui.clock import today
from app.ui.fields import Longest, ThaiTextArea
from app.views.shell.register import CLASHES, FundModelView
from app.views.shell.saving import show_refusal


def why_field() -> Any:
    """Why the terms change."""
    return ThaiTextArea(
        _("Why the terms change"),
        [Optional(), Longest(2000)],
        description=_("Needed once the programme has been open: the change becomes a dated version"),
        render_kw={"rows": 2},
    )


def only_tried(view: FundModelView, form: Any, row: Any, programme: LoanProgramme) -> bool:
    """Whether a dry run was asked for: the change is made, judged and undone, and the report goes to the form."""
    if "dry_run" not in request.form:
        return False
    key, old = programme.id, terms_of(programme)
    try:
        view.fill(form, row)
        (view.pre_add if row.id is None else view.pre_update)(row)
        db.session.add(row)
        db.session.flush()
        db.session.expire(programme)
        new = terms_of(programme)
        new.refuse_odd()
        form.dry_run = dry_run(key, old, new, today())
    except RuleBroken as refusal:
        show_refusal(form, refusal, view.field_of(refusal.field))
    except IntegrityError:
        form.form_errors = [gettext(CLASHES)]
    finally:
        db.session.rollback()
    return True
