"""The base of every generated screen; nothing of ours subclasses the framework's ModelView directly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext, lazy_gettext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from wtforms import Form

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.extensions import db
from app.models.base import labels_of
from app.services.registers import refuse_if_used
from app.ui.labels import explain
from app.ui.naming import named
from app.views.shell.cells import class_of, formatter_for
from app.views.shell.form_builder import FormBuilder, RegisterForm
from app.views.shell.history import history_of
from app.views.shell.list_arguments import BELONGING, PAGE_SIZES
from app.views.shell.pages import Answer
from app.views.shell.places import row_id
from app.views.shell.related.field import RelatedField
from app.views.shell.returning import back_to, carried_back
from app.views.shell.rights.by_field import ByField
from app.views.shell.saving import fill_row, show_refusal
from app.views.shell.typed.meeting import remember
from app.views.shell.typed.registers import met_in_register

CLASHES = N_(
    "The record clashes with another one or breaks a limit. Check the values that must be unique, and the dates."
)


class FundModelView(ByField):
    """List, show, add, edit and delete one table, in the person's scope, from declared columns."""

    show_columns: Sequence[str] = ()
    add_columns: Sequence[str] = ()
    edit_columns: Sequence[str] = ()
    search_columns: Sequence[str]
    checks: ClassVar[dict[str, Sequence[Callable[..., None]]]] = {}
    options: ClassVar[dict[str, Callable[[], Any]]] = {}
    extra_fields: ClassVar[dict[str, Any]] = {}
    related: ClassVar[tuple[tuple[str, str], ...]] = ()
    extra_labels: ClassVar[dict[str, str]] = {}
    extra_formatters: ClassVar[dict[str, Callable[[Any], Any]]] = {}
    extra_classes: ClassVar[dict[str, str]] = {}
    carried: ClassVar[Sequence[str]] = ()
    with_history = True

    def _init_properties(self) -> None:
        self.label_columns = {
            name: lazy_gettext(label) for name, label in {**labels_of(self.datamodel.obj), **self.extra_labels}.items()
        }
        self.search_exclude_columns = list(self.datamodel.get_columns_list())
        shown = list(self.list_columns)
        self.show_columns = list(self.show_columns or shown)
        self.add_columns = list(self.add_columns or shown)
        self.edit_columns = list(self.edit_columns or self.add_columns)
        mapped = set(inspect(self.datamodel.obj).columns.keys())
        sortable = shown if self.sorted_by is None else self.sorted_by
        self.order_columns = [name for name in sortable if name in mapped or name in self.order_by]
        super()._init_properties()
        self.search_columns = []
        every = {*self.list_columns, *self.show_columns}
        self.formatters_columns = {
            name: self.extra_formatters.get(name) or formatter_for(self.datamodel.obj, name) for name in every
        }
        self.column_classes = {
            attr.key: kind
            for attr in inspect(self.datamodel.obj).column_attrs
            if (kind := class_of(attr.columns[0].type))
        } | self.extra_classes

    def _init_forms(self) -> None:
        builder = FormBuilder(self.datamodel.obj, self.label_columns, type(self).__name__)
        common: dict[str, Any] = {"checks": self.checks, "options": self.options, "carried": self.carried}
        common["extra"] = self.extra_fields
        self.search_form = RegisterForm
        self.add_form = builder.form(self.add_columns, **common) if self._offers("add") else RegisterForm
        self.edit_form = builder.form(self.edit_columns, **common) if self._offers("edit") else RegisterForm
        self.related_choices = builder.choices

    def _row_or_404(self, pk: str) -> Any:
        row = self.datamodel.get(pk)
        if row is None:
            abort(404)
        return row

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        row = self._row_or_404(pk)
        return self.render_template(
            self.show_template,
            pk=row.id,
            title=self.title_of(row),
            kind=self.show_title,
            show_links=self.show_links(row),
            widgets={"show": self.page_of(row), "related_views": self._related_widgets(row)},
            related_views=self._visible_related(),
            history=history_of(row) if self.with_history else None,
            **self.show_extra(row),
        )

    def show_extra(self, row: Any) -> dict[str, Any]:
        """What the page of one row shows beside its values, for its own template."""
        return {}

    def show_links(self, row: Any) -> Sequence[tuple[str, str]]:
        """Further buttons below the row's values: (label, address)."""
        return ()

    def title_of(self, row: Any) -> str:
        """The heading of the row's own page."""
        return named(row)

    def _list_url(self) -> str:
        return back_to(url_for(f"{self.endpoint}.list")) if self._may("list") else self.get_redirect()

    def _visible_related(self) -> Sequence[Any]:
        """Views of the rows that belong to this one, as far as the person may list them."""
        by_name = {type(view).__name__: view for view in self.appbuilder.baseviews}
        views = [(by_name[name], column) for name, column in self.related]
        return [view for view, _column in views if view._may("list")]

    def _related_widgets(self, row: Any) -> Sequence[Any]:
        columns = dict(self.related)
        widgets = []
        for view in self._visible_related():
            name = columns[type(view).__name__]
            column = getattr(view.datamodel.obj, f"{name}_id")
            widgets.append(view._list_widget([column == row.id], BELONGING, **{name: row.id}))
        return widgets

    # ---- add, edit

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Answer:
        form = self.add_form.refresh()
        if request.method == "POST":
            if form.validate():
                row = self.datamodel.obj()
                if self._stored(form, row, created=True):
                    return self._to_row(row)
        else:
            self._prefill(form)
        widget = self.add_widget(
            form=form, include_cols=self.add_columns, exclude_cols=[], fieldsets=self.add_fieldsets
        )
        return self.render_template(
            self.add_template,
            title=self.add_title,
            widgets={"add": widget},
            form=form,
            form_intro=self.form_intro(None),
            cancel_url=self._list_url(),
        )

    def _prefill(self, form: Any) -> None:
        """Choose related rows named in the address, when they are among the offered ones."""
        for name in self.add_columns:
            key = row_id(request.args.get(name, ""))
            field = form[name]
            if key is not None and isinstance(field, RelatedField):
                field.choose(key)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Answer:
        row = self._row_or_404(pk)
        form = self.edit_form.refresh(obj=row)
        form._id = row.id
        withheld, meeting = self.withheld_from(form, self.edit_columns), None
        if request.method == "POST" and not self.sent_all_the_same(form, withheld):
            form, meeting = met_in_register(self, form, row)
            if meeting is None and form.validate() and self._stored(form, row, created=False):
                return self._to_row(row)
        elif request.method == "GET":
            remember(form, [name for name in self.edit_columns if name in form])
        return self.render_template(
            self.edit_template,
            title=self.edit_title,
            widgets={"edit": self.form_of(form, row, withheld)},
            form=form,
            form_intro=self.form_intro(row),
            pk=row.id,
            meeting=meeting,
            cancel_url=self._list_url(),
            delete_url=url_for(f"{self.endpoint}.delete", pk=row.id)
            if self._offers("delete") and self._may("delete")
            else None,
        )

    def hold(self, row: Any) -> None:
        """Hold, before the row itself, what the rules about a change of it look at besides."""

    def _stored(self, form: Any, row: Any, *, created: bool) -> bool:
        """Store the row; False when it was refused, with the reason in the form and nothing changed."""
        try:
            self.fill(form, row)
            (self.pre_add if created else self.pre_update)(row)
            if created:
                db.session.add(row)
            db.session.flush()
            self.saved(form, row, created=created)
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            for each in refusal.every():
                show_refusal(form, each, self.field_of(each.field))
            return False
        except IntegrityError:
            db.session.rollback()
            form.form_errors = [gettext(CLASHES)]
            return False
        flash(gettext("Saved: %(name)s", name=named(row)), "success")
        return True

    def field_of(self, place: str) -> str:
        """The form's field at which a refusal belongs that names ``place``; any other text shows it above the form."""
        return place

    def fill(self, form: Any, row: Any) -> None:
        """Put the form's values into the row."""
        columns = self.add_columns if row.id is None else self.edit_columns
        fill_row(form, row, [name for name in columns if name in form], self.extra_fields)

    def saved(self, form: Form, row: Any, *, created: bool) -> None:
        """Called in the same transaction, once the row has its id."""

    def deleted(self, row: Any) -> None:
        """Called in the same transaction, once the row is gone."""

    def _to_row(self, row: Any) -> Answer:
        if self._offers("show") and self._may("show"):
            return redirect(url_for(f"{self.endpoint}.show", pk=row.id, **carried_back()))
        return redirect(self._list_url())

    # ---- delete, actions: POST only, in scope

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> Answer:
        row = self._row_or_404(pk)
        name = named(row)
        try:
            refuse_if_used(row)
            self.pre_delete(row)
            db.session.delete(row)
            db.session.flush()
            self.deleted(row)
            db.session.commit()
        except RuleBroken as refusal:
            db.session.rollback()
            flash(explain(refusal), "danger")
            return self._to_row(row)
        except IntegrityError:
            db.session.rollback()
            flash(gettext("%(name)s is used by other records and cannot be deleted.", name=name), "danger")
            return self._to_row(row)
        flash(gettext("Deleted: %(name)s", name=name), "success")
        return redirect(self._list_url())

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    def action(self, name: str, pk: str) -> Answer:
        self._action_or_403(name)
        if not self.actions[name].single:
            abort(404)
        return self._run(name, self._row_or_404(pk))

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> Answer:
        name = request.form.get("action", "")
        self._action_or_403(name)
        if not self.actions[name].multiple:
            abort(404)
        rows = [self._row_or_404(pk) for pk in request.form.getlist("rowid")[: PAGE_SIZES[-1]]]
        if not rows:
            flash(gettext("Tick the rows first."), "warning")
            return redirect(self._list_url())
        return self._run(name, rows)

    def _action_or_403(self, name: str) -> None:
        if name not in self.actions:
            abort(404)
        if not self.appbuilder.sm.has_access(self.get_action_permission_name(name), self.class_permission_name):
            abort(403)

    def _run(self, name: str, rows: Any) -> Answer:
        answer: Answer = self.actions[name].func(rows)
        return answer
