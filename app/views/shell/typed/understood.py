"""How a number or a day is understood, asked while one types it."""

from typing import Any

from flask import jsonify, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from wtforms.form import BaseForm

from app.domain.values.numbers import read_number
from app.ui.fields import BahtField, FigureField, PercentField, ThaiDateField, WholeNumberField, YearField
from app.ui.formatting import baht_words
from app.ui.number_fields import NumberField
from app.views.shell.pages import Answer, FundView

LONGEST_TYPED = 200
FIELDS: dict[str, type[Any]] = {
    each.kind: each for each in (BahtField, FigureField, PercentField, ThaiDateField, WholeNumberField, YearField)
}


class UnderstoodView(FundView):
    """Says back what was typed as the form will read it; nothing is stored, and no row is read."""

    route_base = "/understood"
    default_view = "say"

    @expose("/", methods=["GET"])
    def say(self) -> Answer:
        kind = FIELDS.get(request.args.get("kind", ""))
        if kind is None:
            return jsonify(echo="", spoken="", problem="", offer="", take="")
        typed = {name: text[:LONGEST_TYPED] for name, text in request.args.items() if name.startswith("typed")}
        field = _read(kind, typed, request.args.get("unit", "")[:LONGEST_TYPED], request.args.get("most", ""))
        return jsonify(
            echo=field.echo,
            spoken="" if field.errors else _spoken(field),
            problem=" ".join(map(str, field.errors)) if field.offer else "",
            offer=field.offer,
            take=gettext("Use %(value)s", value=field.offer) if field.offer else "",
        )


def _read(kind: type[Any], typed: dict[str, str], unit: str, most: str) -> Any:
    told: dict[str, Any] = {"unit": tuple(unit.split())} if kind is WholeNumberField else {}
    limit = read_number(most).number if issubclass(kind, NumberField) else None
    if limit is not None:
        told["maximum"] = limit
    form = BaseForm({"typed": kind(**told)})
    form.process(_Typed(typed))
    form.validate()
    return form["typed"]


def _spoken(field: Any) -> str:
    """What is understood, an amount in words as well: asked about once more before what cannot be undone."""
    if isinstance(field, BahtField) and field.data is not None:
        return f"{field.echo} ({baht_words(field.data)})"
    return str(field.echo)


class _Typed(dict[str, str]):
    """What was typed, as WTForms asks for it."""

    def getlist(self, name: str) -> list[str]:
        return [self[name]] if name in self else []
