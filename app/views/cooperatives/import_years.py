"""Importing cooperatives' yearly figures: choose a file, read the report by row, correct, choose again."""

from flask import request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import IntegrityError

from app.domain.errors import RuleBroken
from app.domain.file_kinds import clean_file_name
from app.extensions import db
from app.services.cooperatives.import_file import LARGEST_FILE, MOST_ROWS, read_rows
from app.services.cooperatives.import_years import COLUMNS, OPTIONAL, YearRow, judge_years, label_of, store_years
from app.ui.clock import today
from app.ui.fields import FundForm
from app.ui.formatting import count
from app.ui.labels import explain
from app.views.cooperatives.import_register import CLASHED
from app.views.shell.pages import Answer, FundView

SHOWN = 500


class YearsForm(FundForm):
    """The file."""

    file = FileField(_("Excel or CSV file"), [FileRequired(_("Choose a file."))])


class FinancialImportView(FundView):
    """The page of the import."""

    route_base = "/financial-years/import"
    default_view = "upload"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def upload(self) -> Answer:
        form = YearsForm()
        rows = self._import(form) if request.method == "POST" and form.validate() else None
        bad = [row for row in rows or () if row.problems]
        page: str = self.render_template(
            "cooperatives/years.html",
            title=gettext("Import financial years"),
            form=form,
            rows=rows,
            bad=bad[:SHOWN],
            number=count(len(rows or ())),
            bad_number=count(len(bad)),
            columns=[(label_of(name), name != OPTIONAL) for name in COLUMNS],
            most_rows=count(MOST_ROWS),
        )
        return page

    def _import(self, form: YearsForm) -> list[YearRow] | None:
        """Judge the file and store it when every row is good; None when it cannot be read."""
        upload = form.file.data
        try:
            rows = judge_years(read_rows(upload.stream.read(LARGEST_FILE + 1), upload.filename), today())
            if not any(row.problems for row in rows):
                store_years(rows, clean_file_name(upload.filename))
                db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            form.file.errors = [explain(refusal)]
            return None
        except IntegrityError:
            db.session.rollback()
            form.file.errors = [gettext(CLASHED)]
            return None
        return rows
