"""The page on which a cooperative attaches the papers of an application, and where the files are sent to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, jsonify, make_response, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField
from wtforms.validators import Optional

from app.domain.file_kinds import LARGEST_FILE, clean_file_name
from app.domain.papers import Validity, Verdict
from app.domain.states import EDITABLE
from app.domain.values.errors import RuleBroken
from app.extensions import db
from app.files.turns import Turns
from app.models.applications import LoanApplication
from app.security.acting import acting
from app.services.applications.history import history_of
from app.services.documents.attachments import Kept, Sent, attached_before, keep, may_add, remove
from app.services.documents.checklist import checklist, progress
from app.services.documents.intake import Incoming, look_into, look_into_photos
from app.services.documents.paper_days import set_day
from app.services.documents.reuse import offers_for
from app.services.locking import why_kept
from app.ui.clock import today
from app.ui.fields import FundForm, ThaiDateField
from app.ui.labels import explain, labelled
from app.ui.naming import named
from app.views.applications.finding import NOTHING, application_or_404, document_or_404, question_to
from app.views.applications.forms import number_or_none
from app.views.documents.day_form import DayForm, day_form
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id

# What a form holds beside its files.
REST_OF_FORM = 2**20  # bytes
MOST_AT_ONCE = 40  # files
# Looking into a file may take seconds and much memory: half of the server's threads are kept for everything else.
PATIENCE = 2.0  # seconds
looking = Turns("looking", 2)


class AttachForm(FundForm):
    """What is sent with files."""

    issued_on = ThaiDateField(_("Day on the document"), [Optional(strip_whitespace=False)])
    join = BooleanField(_("Join the pictures into one PDF, in the order chosen"))
    replaces = HiddenField()
    key = HiddenField()

    def about(self, type_id: int, name: str) -> Sent:
        return Sent(type_id, name, self.issued_on.data, number_or_none(self.replaces.data), self._key())

    def _key(self) -> str | None:
        try:
            return str(UUID(self.key.data or ""))
        except ValueError:
            return None


@dataclass(slots=True)
class Outcome:
    """What became of the files of one sending: (file, why it was refused), and what else is to be said."""

    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that comes back with its errors: of which paper, and for which refused file, if any."""

    type_id: int
    replaces: int | None
    form: AttachForm
    errors: list[str]


class AttachView(FundView):
    """The papers of one application, each with its files and a place for more."""

    route_base = "/apply"
    default_view = "documents"

    @expose("/<pk>/documents", methods=["GET"])
    @has_access
    def documents(self, pk: str) -> Answer:
        application = application_or_404(pk)
        if application.state not in EDITABLE:
            return redirect(url_for("TrackView.show", pk=application.id))
        return self._page(application)

    def _page(
        self, application: LoanApplication, refused: Refused | None = None, dated: dict[int, DayForm] | None = None
    ) -> Any:
        moves = history_of(application)
        # What has to be there stands first; the rest is folded.
        papers = sorted(checklist(application, today()), key=lambda paper: not paper.required)
        files = [file for paper in papers if paper.type.validity != Validity.ALWAYS for file in paper.files]
        return self.render_template(
            "applications/documents.html",
            application=application,
            papers=papers,
            progress=progress(papers),
            undated=[paper for paper in papers if paper.undated],
            lacking=[paper.type.id for paper in papers if paper.missing or paper.undated],
            reuse_offers=offers_for(application, papers, today()),
            taking={paper.type.id for paper in papers if may_add(application, paper, papers)},
            refused=refused,
            form=AttachForm(formdata=None),
            days={file.id: day_form(file) for file in files} | (dated or {}),
            together=current_app.config["MAX_SENDING_BYTES"] - REST_OF_FORM,
            question=question_to(application),
            sent_at=moves[-1].at if moves else None,
            today=today(),
            findings={each.value: labelled(each) for each in Verdict},
            title=gettext("Attach documents"),
        )

    @expose("/<pk>/attach/<type_id>", methods=["GET"])
    @has_access
    @permission_name("attach")
    def attach_page(self, pk: str, type_id: str) -> Answer:
        """Where the address of a refused file leads when it is opened again."""
        return redirect(
            url_for("AttachView.documents", pk=application_or_404(pk).id, _anchor=f"paper-{row_id(type_id)}")
        )

    @expose("/<pk>/attach/<type_id>", methods=["POST"])
    @has_access
    def attach(self, pk: str, type_id: str) -> Answer:
        application = application_or_404(pk, NOTHING)
        key = row_id(type_id)
        if key is None:
            abort(404)
        form = AttachForm()
        form.issued_on.latest = today()
        files = [file for file in request.files.getlist("files") if file.filename]
        outcome = Outcome()
        if not form.validate():
            outcome.errors = [("", line) for lines in form.errors.values() for line in lines]
        elif not files:
            outcome.errors = [("", gettext("Choose a file first."))]
        elif application.state not in EDITABLE:
            outcome.errors = [("", gettext(why_kept(application)))]
        elif len(files) > MOST_AT_ONCE:
            outcome.errors = [("", gettext("Send at most %(most)s files at once.", most=MOST_AT_ONCE))]
        else:
            row = application.id
            db.session.rollback()  # waiting for a turn keeps nobody else from the database
            with looking.one(PATIENCE) as taken:
                if taken:
                    self._take(row, key, form, files, outcome)
                else:
                    outcome.busy = True
                    busy = gettext("Many files are being checked at the moment. Try again in a minute.")
                    outcome.errors = [("", busy)]
        if request.accept_mimetypes.best == "application/json":
            return _answer_to(outcome)
        return self._answered(pk, key, form, outcome)

    def _take(self, pk: int, type_id: int, form: AttachForm, files: list[FileStorage], outcome: Outcome) -> None:
        """Attach the files, pictures joined when that is asked; each stands for itself."""
        joined = [file for file in files if form.join.data and _is_picture(file)]
        sendings = [[file] for file in files if len(joined) < 2 or file not in joined]
        if len(joined) > 1:
            sendings.insert(0, joined)
        for sending in sendings:
            sent = form.about(type_id, _name(sending[0]))
            # The key names one sending; a form without script has none.
            self._attached(pk, sent if len(sendings) == 1 else replace(sent, key=None), sending, outcome)

    def _attached(self, pk: int, sent: Sent, files: Sequence[FileStorage], outcome: Outcome) -> None:
        """Attach one file, or pictures as one, and commit; a refusal goes to the outcome."""
        try:
            if attached_before(pk, sent) is None:
                # Looking into a file takes a while, in which nobody else should wait for the database.
                db.session.rollback()
                incoming = looked_into(files)
                kept = keep(pk, sent, incoming, acting(), datetime.now(UTC))
                outcome.notes += [*_also_attached(kept), *_made_smaller(incoming)]
                db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            outcome.errors.append((", ".join(clean_file_name(_name(file)) for file in files), explain(refusal)))

    def _answered(self, pk: str, type_id: int, form: AttachForm, outcome: Outcome) -> Any:
        for note in outcome.notes:
            flash(note, "warning")
        if outcome.errors:
            lines = [f"{name}: {line}" if name else line for name, line in outcome.errors]
            refused = Refused(type_id, number_or_none(form.replaces.data), form, lines)
            return self._page(application_or_404(pk), refused), 503 if outcome.busy else 422
        return redirect(url_for("AttachView.documents", pk=pk, _anchor=f"paper-{type_id}"))

    @expose("/<pk>/day/<public_id>", methods=["GET"])
    @has_access
    @permission_name("attach")
    def day_page(self, pk: str, public_id: str) -> Answer:
        """Where the address of a refused day leads when it is opened again."""
        document = document_or_404(pk, public_id)
        return redirect(url_for("AttachView.documents", pk=pk, _anchor=f"paper-{document.document_type_id}"))

    @expose("/<pk>/day/<public_id>", methods=["POST"])
    @has_access
    @permission_name("attach")
    def set_day(self, pk: str, public_id: str) -> Answer:
        document = document_or_404(pk, public_id)
        form = DayForm()
        form.issued_on.latest = today()
        if form.validate():
            try:
                set_day(document, form.issued_on.data, was=form.seen(), at=datetime.now(UTC))
                db.session.commit()
                flash(gettext("The day on the document is kept: %(name)s", name=document.file_name), "success")
                return redirect(url_for("AttachView.documents", pk=pk, _anchor=f"paper-{document.document_type_id}"))
            except RuleBroken as refusal:
                db.session.rollback()
                form.issued_on.errors = [explain(refusal)]
        application = application_or_404(pk)
        if application.state not in EDITABLE:
            flash(gettext(why_kept(application)), "danger")
            return redirect(url_for("TrackView.show", pk=application.id))
        return self._page(application, dated={document.id: form}), 422

    @expose("/<pk>/remove/<public_id>", methods=["POST"])
    @has_access
    def remove(self, pk: str, public_id: str) -> Answer:
        document = document_or_404(pk, public_id)
        try:
            remove(document, acting(), datetime.now(UTC))
            db.session.commit()
            flash(gettext("Removed: %(name)s", name=document.file_name), "success")
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
        return redirect(url_for("AttachView.documents", pk=pk))


def _name(file: FileStorage) -> str:
    return file.filename or ""


def _is_picture(file: FileStorage) -> bool:
    """Whether a file says that it is a picture; whether it is one is looked into later."""
    return (file.mimetype or "").startswith("image/")


def looked_into(files: Sequence[FileStorage]) -> Incoming:
    """One file, or pictures as one, as they will be kept."""
    read = [(_content(file), _name(file)) for file in files]
    return look_into(*read[0]) if len(read) == 1 else look_into_photos(read)


def _content(file: FileStorage) -> bytes:
    """The bytes, and one more than allowed of a file that is too large; what is in memory is not copied."""
    return file.stream.getvalue() if isinstance(file.stream, BytesIO) else file.stream.read(LARGEST_FILE + 1)


def _also_attached(kept: Kept) -> list[str]:
    return [
        gettext(
            "%(name)s is attached as “%(other)s”, too. If that is not meant, remove one of them.",
            name=kept.document.file_name,
            other=named(kind),
        )
        for kind in kept.elsewhere
    ]


def _made_smaller(incoming: Incoming) -> list[str]:
    if not incoming.made_smaller:
        return []
    return [
        gettext(
            "%(name)s was very large and is kept half as wide and high. Look whether it can be read.",
            name=incoming.name,
        )
    ]


def _answer_to(outcome: Outcome) -> Any:
    """The answer to the script that sends one file at a time."""
    code = (503 if outcome.busy else 422) if outcome.errors else 200
    return make_response(jsonify(message=" ".join(line for _name, line in outcome.errors), notes=outcome.notes), code)
