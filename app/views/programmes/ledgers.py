"""What a programme leaves behind, to read: the versions of its terms and the ledger of its envelope."""

from flask_babel import lazy_gettext as _

from app.domain.values.text import N_
from app.models.envelopes import EntryKind, EnvelopeEntry
from app.models.programme_versions import ProgrammeVersion
from app.ui.labels import choices
from app.views.programmes.version_words import terms_in_words
from app.views.shell.datamodel import FundInterface
from app.views.shell.list_arguments import ListFilter
from app.views.shell.register import FundModelView
from app.views.shell.searching import related_holds


class ProgrammeEditionView(FundModelView):
    """Versions of programmes' terms, to read."""

    route_base = "/programme-versions"
    datamodel = FundInterface(ProgrammeVersion, eager=("programme", "made_by"))
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Versions of the terms"), _("Version of the terms")
    list_columns = ["number", "at", "made_by", "why", "programme"]
    show_columns = ["programme", "number", "at", "made_by", "why", "terms"]
    base_order = ("id", "desc")
    sorted_by = ("number", "at")
    with_history = False
    found_by = (related_holds(ProgrammeVersion.programme),)
    extra_formatters = {"terms": terms_in_words}


class EnvelopeEntryView(FundModelView):
    """The ledger of the envelopes, to read."""

    route_base = "/envelopes"
    datamodel = FundInterface(EnvelopeEntry, eager=("programme", "application"))
    exclude_route_methods = {"download", "add", "edit", "delete"}
    list_title, show_title = _("Envelope ledger"), _("Entry of the ledger")
    list_columns = ["at", "kind", "amount", "application", "programme"]
    base_order = ("id", "desc")
    order_by = {"at": "id"}
    sorted_by = ("at",)
    with_history = False
    found_by = (
        related_holds(EnvelopeEntry.programme),
        related_holds(EnvelopeEntry.application),
    )
    list_filters = (
        ListFilter("kind", N_("Entry"), lambda: choices(EntryKind), lambda code: EnvelopeEntry.kind == code),
    )
