"""Every page, and the whole menu."""

from flask import current_app
from flask_appbuilder import AppBuilder

from app.domain.text import N_
from app.views.api import CooperativeApi, LoanApplicationApi
from app.views.application_register import LoanApplicationView
from app.views.applications import ApplyView
from app.views.attaching import AttachView
from app.views.auth import AuthView, PreferenceView
from app.views.cooperative_import import CooperativeImportView
from app.views.cooperatives import BoardMemberView, CooperativeView, FinancialYearView
from app.views.dashboard import DashboardView
from app.views.desk import DeskView
from app.views.document_types import DocumentTypeView
from app.views.documents import DocumentFileView, DocumentView
from app.views.dossiers import DossierView
from app.views.examples import ExampleKeepingView, ExampleView
from app.views.financial_import import FinancialImportView
from app.views.home import HealthView, HomeView, bind_page_values
from app.views.moves import MoveView
from app.views.notices import NoticeView
from app.views.openings import ApplicationOpeningsView, OpeningsView
from app.views.people import MembershipView, OfficePostView, PasswordView, UserView
from app.views.places import OfficeView, ProvinceView
from app.views.programme_files import ProgrammeFileView
from app.views.programme_records import EnvelopeEntryView, ProgrammeEditionView
from app.views.programmes import (
    ApprovalLevelView,
    LoanProgrammeView,
    ProgrammeCriterionView,
    ProgrammeDocumentView,
    ProgrammeRateView,
)
from app.views.quotes import QuoteView
from app.views.records import AuditEventView, OutboxView
from app.views.reuse import ReuseView
from app.views.tracking import TrackView
from app.views.verdicts import FiguresView, VerdictView

# (view, menu label, category); an entry shows to whoever may open its view.
MENU = (
    (DashboardView, N_("Dashboard"), N_("Work")),
    (LoanApplicationView, N_("Loan applications"), N_("Work")),
    (DocumentView, N_("Documents"), N_("Work")),
    (OpeningsView, N_("Who opened the files"), N_("Work")),
    (CooperativeView, N_("Cooperatives"), N_("Registers")),
    (BoardMemberView, N_("Operating boards"), N_("Registers")),
    (FinancialYearView, N_("Financial years"), N_("Registers")),
    (OfficeView, N_("Offices"), N_("Registers")),
    (ProvinceView, N_("Provinces"), N_("Registers")),
    (LoanProgrammeView, N_("Loan programmes"), N_("Policy")),
    (ProgrammeRateView, N_("Rate steps"), N_("Policy")),
    (ApprovalLevelView, N_("Approval levels"), N_("Policy")),
    (ProgrammeCriterionView, N_("Criteria"), N_("Policy")),
    (ProgrammeEditionView, N_("Versions of the terms"), N_("Policy")),
    (EnvelopeEntryView, N_("Envelope ledger"), N_("Policy")),
    (DocumentTypeView, N_("Document types"), N_("Policy")),
    (ProgrammeDocumentView, N_("Documents asked for"), N_("Policy")),
    (UserView, N_("Users"), N_("System")),
    (MembershipView, N_("Memberships"), N_("System")),
    (OfficePostView, N_("Officers"), N_("System")),
    (AuditEventView, N_("Audit trail"), N_("System")),
    (OutboxView, N_("Outbox"), N_("System")),
)
PAGES = (
    PreferenceView,
    HealthView,
    ApplyView,
    AttachView,
    TrackView,
    MoveView,
    DocumentFileView,
    DeskView,
    ReuseView,
    DossierView,
    ApplicationOpeningsView,
    ExampleView,
    ExampleKeepingView,
    VerdictView,
    FiguresView,
    NoticeView,
    PasswordView,
    CooperativeImportView,
    QuoteView,
    ProgrammeFileView,
    FinancialImportView,
)
APIS = (CooperativeApi, LoanApplicationApi)


def register_views(builder: AppBuilder) -> None:
    """Register all pages. Views of related rows come with the menu, so every one of them exists."""
    builder.sm.auth_view = builder.add_view_no_menu(AuthView)
    for page in PAGES:
        builder.add_view_no_menu(page)
    for view, label, category in MENU:
        builder.add_view(view, label, label=label, category=category, category_label=category)
    for api in APIS:
        builder.add_api(api)
    bind_page_values(current_app._get_current_object())  # type: ignore[attr-defined]


__all__ = ["HomeView", "register_views"]
