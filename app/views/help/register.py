"""Where administrators write the help: pages with their versions, words, and pictures."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import inspect

from app.domain.file_kinds import LARGEST_FILE
from app.domain.values.errors import RuleBroken
from app.domain.values.help_pages import LONGEST_TEXT, HelpSubject, refuse_links, refuse_lost_notice, refuse_odd_key
from app.domain.values.text import N_
from app.extensions import db
from app.files.store import StoreUnavailable, document_store
from app.models.base import labels_of
from app.models.help_pages import HelpPage, HelpPicture, HelpTerm
from app.services.help.pages import TEXTS, differences, keep_version, odd_links_of, version_of, versions_of
from app.services.help.pictures import bring_picture, pictures, put_picture, remove_picture
from app.ui.fields import FundForm, Longest
from app.ui.labels import choices, explain
from app.ui.markdown import PICTURES, as_html
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id
from app.views.shell.register import FundModelView

# Addresses below /help/ that are no pages of the register.
TAKEN = ("terms", "mistakes", "pictures")


def _drawn(text: str | None) -> Any:
    return as_html(text, request.script_root) if text else None


class HelpPageView(FundModelView):
    """Pages of the help. One is set out of use, not deleted: its versions stay."""

    route_base = "/help-pages"
    datamodel = FundInterface(HelpPage)
    exclude_route_methods = {"download", "delete"}
    list_title, show_title = _("Help pages"), _("Help page")
    add_title, edit_title = _("Add a help page"), _("Edit help page")
    list_columns = ["title", "title_en", "subject", "key", "position", "active"]
    add_columns = edit_columns = ["title", "title_en", "key", "subject", "position", "active", "text", "text_en"]
    show_columns = ["title", "title_en", "key", "subject", "position", "active", "text", "text_en"]
    base_order = ("position", "asc")
    order_by = {"title": "name_sort"}
    extra_formatters = {"text": _drawn, "text_en": _drawn}
    checks = {"text": [Longest(LONGEST_TEXT)], "text_en": [Longest(LONGEST_TEXT)]}
    list_filters = (
        ListFilter("subject", N_("Topic"), lambda: choices(HelpSubject), lambda code: HelpPage.subject == code),
    )

    def show_links(self, row: HelpPage) -> Sequence[tuple[str, str]]:
        links = [(gettext("Versions and what changed"), url_for("HelpVersionView.compare", pk=row.id))]
        if row.active:
            links.insert(0, (gettext("Open the page as everybody sees it"), url_for("HelpView.page", key=row.key)))
        return links

    def pre_add(self, row: HelpPage) -> None:
        refuse_odd_key(row.key, TAKEN)
        refuse_lost_notice(row.key, next(iter(inspect(row).attrs["key"].history.deleted), None), active=row.active)
        refuse_links(odd_links_of(row))

    def pre_update(self, row: HelpPage) -> None:
        self.pre_add(row)

    def saved(self, form: Any, row: HelpPage, *, created: bool) -> None:
        keep_version(row, current_user.id, datetime.now(UTC))


class HelpTermView(FundModelView):
    """Words that the help explains."""

    route_base = "/help-terms"
    datamodel = FundInterface(HelpTerm)
    exclude_route_methods = {"download", "delete"}
    list_title, show_title, add_title, edit_title = _("Words"), _("Word"), _("Add a word"), _("Edit word")
    list_columns = ["name", "name_en", "meaning", "place", "active"]
    show_columns = add_columns = edit_columns = ["name", "name_en", "meaning", "meaning_en", "place", "active"]
    base_order = ("name", "asc")
    order_by = {"name": "name_sort"}
    sorted_by = ("name",)


class HelpVersionView(FundView):
    """What a page said before, and what changed."""

    route_base = "/help-pages"
    default_view = "compare"

    @expose("/<pk>/versions", methods=["GET"])
    @has_access
    def compare(self, pk: str) -> Answer:
        key = row_id(pk)
        page = db.session.get(HelpPage, key) if key is not None else None
        if page is None:
            abort(404)
        after = version_of(page.id, row_id(request.args.get("after", "")))
        if after is None:
            abort(404)
        before = version_of(page.id, row_id(request.args.get("before", "")) or after.number - 1)
        return self.render_template(
            "help/versions.html",
            title=gettext("Versions and what changed"),
            page=page,
            versions=versions_of(page.id),
            before=before,
            after=after,
            changes=[
                (label, differences(getattr(before, name) or "" if before else "", getattr(after, name) or ""))
                for name, label in zip(TEXTS, _labels(), strict=True)
            ],
        )


def _labels() -> list[str]:
    labels = labels_of(HelpPage)
    return [gettext(labels[name]) for name in TEXTS]


class PictureForm(FundForm):
    """A picture of the help."""

    file = FileField(_("Picture"), [FileRequired(_("Choose a file."))])


class HelpPictureView(FundView):
    """Pictures that pages of the help may show."""

    route_base = "/help-pictures"
    default_view = "pictures"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def pictures(self) -> Answer:
        form = PictureForm()
        if not form.is_submitted():
            return self._page(form)
        if not form.validate():
            return self._page(form), 422
        try:
            self._put(form)
        except RuleBroken as refusal:
            db.session.rollback()
            form.file.errors = [explain(refusal)]
            return self._page(form), 422
        return redirect(url_for("HelpPictureView.pictures"))

    def _put(self, form: PictureForm) -> None:
        file, user_id = form.file.data, current_user.id
        content = file.stream.read(LARGEST_FILE + 1)
        db.session.rollback()  # nobody waits for the database while the file is looked into and stored
        brought = bring_picture(content, file.filename)
        stored = False
        try:
            put_picture(brought, user_id, datetime.now(UTC))
            db.session.commit()
            stored = True
        finally:
            if not stored:
                db.session.rollback()
                _forget(brought.stored.key)
        flash(gettext("Saved: %(name)s", name=file.filename), "success")

    @expose("/<pk>/remove", methods=["POST"])
    @has_access
    @permission_name("pictures")
    def remove(self, pk: str) -> Answer:
        key = row_id(pk)
        row = db.session.get(HelpPicture, key) if key is not None else None
        if row is None:
            abort(404)
        name = row.file_name
        try:
            forgotten = remove_picture(row)
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
            return redirect(url_for("HelpPictureView.pictures"))
        _forget(forgotten)
        flash(gettext("Deleted: %(name)s", name=name), "success")
        return redirect(url_for("HelpPictureView.pictures"))

    def _page(self, form: PictureForm) -> Any:
        return self.render_template(
            "help/pictures.html",
            title=gettext("Pictures of the help"),
            form=form,
            rows=pictures(),
            address=PICTURES,
            largest=LARGEST_FILE,
        )


def _forget(key: str) -> None:
    """Delete bytes that no row names any more; when the store is away just now, the search for orphans finds them."""
    with suppress(StoreUnavailable):
        document_store().delete(key)
