"""Programmes as files: one downloads, and one uploads into a new draft."""

from flask import Response, abort, flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import IntegrityError

from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.models.programmes import LoanProgramme
from app.services.programmes.yaml_file import LARGEST, exported, imported
from app.ui.fields import FundForm
from app.ui.labels import explain
from app.ui.naming import named
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id

MOST_TOLD = 50


def _in_words(refusal: RuleBroken) -> list[str]:
    """Everything that does not fit, up to a number that people still read."""
    told = [explain(each) for each in refusal.every()]
    more = len(told) - MOST_TOLD
    return [*told[:MOST_TOLD], *([gettext("And %(number)s more like these.", number=more)] if more > 0 else [])]


class ProgrammeFileForm(FundForm):
    """The file of one programme."""

    file = FileField(_("Programme file (YAML)"), [FileRequired(_("Choose a file."))])


class ProgrammeFileView(FundView):
    """Export and import of one programme."""

    route_base = "/programme-files"
    default_view = "upload"

    @expose("/<pk>.yaml", methods=["GET"])
    @has_access
    def download(self, pk: str) -> Answer:
        key = row_id(pk)
        programme = db.session.get(LoanProgramme, key) if key is not None else None
        if programme is None:
            abort(404)
        answer = Response(exported(programme), mimetype="application/yaml")
        answer.headers["Content-Disposition"] = f'attachment; filename="{programme.id}-programme.yaml"'
        return answer

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form = ProgrammeFileForm()
        if form.validate_on_submit():
            try:
                row = imported(form.file.data.stream.read(LARGEST + 1))
                db.session.commit()
            except RuleBroken as refusal:
                db.session.rollback()
                form.form_errors = _in_words(refusal)
            except IntegrityError:
                db.session.rollback()
                form.form_errors = [gettext("Somebody else added a programme with this key or name. Change it.")]
            else:
                flash(gettext("Stored as a draft: %(name)s", name=named(row)), "success")
                return redirect(url_for("LoanProgrammeView.show", pk=row.id))
        page: str = self.render_template("programmes/import.html", title=gettext("Programme from a file"), form=form)
        return page
