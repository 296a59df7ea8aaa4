"""Rights by field: columns that some roles alone read, and fields that some roles alone fill in."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext

from app.domain.roles import Role
from app.security.acting import acting
from app.views.shell.cells import formatter_for, in_words
from app.views.shell.register_list import RegisterList

Rights = Mapping[str, frozenset[Role]]


class ByField(RegisterList):
    """A register whose page and form are not the same for every role that opens them.

    ``shown_to`` names who reads a column of a row's page, and ``filled_in_by`` who fills in a field of its form; what
    is not named is for everybody who opens the page. Others read as text what they do not fill in.
    """

    shown_to: ClassVar[Rights] = {}
    filled_in_by: ClassVar[Rights] = {}

    def may_fill_in(self, name: str) -> bool:
        """Whether the person may fill in a field in one of the register's forms."""
        columns = {"add": self.add_columns, "edit": self.edit_columns}
        offered = any(self._offers(form) and self._may(form) and name in columns[form] for form in columns)
        return offered and _is_for_person(self.filled_in_by, name)

    def page_of(self, row: Any) -> Any:
        """The values of a row, as far as the person reads them."""
        columns = [name for name in self.show_columns if _is_for_person(self.shown_to, name)]
        return self.show_widget(
            pk=row.id,
            label_columns=self.label_columns,
            include_columns=columns,
            value_columns=self.datamodel.get_values_item(row, columns),
            formatters_columns=self.formatters_columns,
            actions=self.actions,
            fieldsets=self.show_fieldsets,
            modelview_name=type(self).__name__,
        )

    def form_intro(self, row: Any) -> str:
        """What is told above the form, of a row or (None) of a new one, to the person before anything is typed."""
        return ""

    def withheld_from(self, form: Any, columns: Sequence[str]) -> list[str]:
        """The fields that somebody else fills in; they are taken out of the form."""
        withheld = [name for name in columns if not _is_for_person(self.filled_in_by, name)]
        for name in withheld:
            del form[name]
        return withheld

    def sent_all_the_same(self, form: Any, withheld: Sequence[str]) -> bool:
        """Whether the form came with a field that is not the person's to fill in; the form then says so."""
        named = [str(self.label_columns[name]) for name in withheld if name in request.form]
        if named:
            form.form_errors = [
                gettext("Nothing was saved. The fund fills in these fields: %(fields)s.", fields=", ".join(named))
            ]
        return bool(named)

    def form_of(self, form: Any, row: Any, withheld: Sequence[str]) -> Any:
        """The form of a row, with what somebody else fills in as text at its place."""
        return self.edit_widget(
            form=form,
            include_cols=self.edit_columns,
            exclude_cols=[],
            fieldsets=self.edit_fieldsets,
            as_text={name: (str(self.label_columns[name]), self._in_words(row, name)) for name in withheld},
        )

    def _in_words(self, row: Any, name: str) -> str:
        formatter = self.formatters_columns.get(name) or formatter_for(self.datamodel.obj, name)
        return str(in_words([self.datamodel.value_of(row, name)], formatter)[0])


def _is_for_person(rights: Rights, name: str) -> bool:
    return name not in rights or acting().is_any(*rights[name])
