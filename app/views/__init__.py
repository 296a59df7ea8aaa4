"""Every page, and the whole menu."""

from flask import Flask
from flask_appbuilder import AppBuilder

from app.domain.values.text import N_
from app.views.applications.apply import ApplyView
from app.views.applications.move import MoveView
from app.views.applications.purpose import PurposeView
from app.views.applications.receipt import ReceiptView
from app.views.applications.register import LoanApplicationView
from app.views.applications.signing import SigningView
from app.views.applications.task_list import TaskListView
from app.views.applications.track import TrackView
from app.views.cooperatives.board import BoardMemberView
from app.views.cooperatives.board_changes import BoardChangesView
from app.views.cooperatives.import_register import CooperativeImportView
from app.views.cooperatives.import_years import FinancialImportView
from app.views.cooperatives.office_finder import OfficeFinderView
from app.views.cooperatives.places import OfficeView, ProvinceView
from app.views.cooperatives.register import CooperativeView, FinancialYearView
from app.views.documents.access_log import ApplicationOpeningsView, OpeningsView
from app.views.documents.attach import AttachView
from app.views.documents.blank_forms import ExampleKeepingView, ExampleView
from app.views.documents.desk import DeskView
from app.views.documents.dossier import DossierView
from app.views.documents.drop import DropView
from app.views.documents.register import DocumentFileView, DocumentView
from app.views.documents.reuse import ReuseView
from app.views.documents.types import DocumentTypeView
from app.views.documents.verdicts import FiguresView, VerdictView
from app.views.help.reading import HelpView, PrivacyView
from app.views.help.register import HelpPageView, HelpPictureView, HelpTermView, HelpVersionView
from app.views.home import HealthView, HomeView, ReadyView, bind_page_values
from app.views.loans.precheck import PrecheckView
from app.views.loans.quotes import QuoteView
from app.views.messages.inbox import NoticeView
from app.views.messages.records import AuditEventView, OutboxView
from app.views.people.forgotten import ForgottenPasswordView
from app.views.people.own_data import OwnDataView
from app.views.people.passwords import PasswordLinkView, PasswordView
from app.views.people.register import MembershipView, OfficePostView, UserView
from app.views.people.sign_in import AuthView, PreferenceView
from app.views.programmes.ledgers import EnvelopeEntryView, ProgrammeEditionView
from app.views.programmes.parts import (
    ApprovalLevelView,
    ProgrammeCriterionView,
    ProgrammeDocumentView,
    ProgrammeRateView,
)
from app.views.programmes.preparing import PreparingView
from app.views.programmes.register import LoanProgrammeView
from app.views.programmes.yaml_file import ProgrammeFileView
from app.views.reports.dashboard import DashboardView
from app.views.shell.api import CooperativeApi, LoanApplicationApi
from app.views.shell.menu import bind_menu
from app.views.shell.related.lookup import LookupView
from app.views.shell.typed.staying import bind_staying
from app.views.shell.typed.understood import UnderstoodView
from app.views.workdays.register import HolidayView

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
    (HolidayView, N_("Civil-service holidays"), N_("Registers")),
    (LoanProgrammeView, N_("Loan programmes"), N_("Policy")),
    (ProgrammeRateView, N_("Rate steps"), N_("Policy")),
    (ApprovalLevelView, N_("Approval levels"), N_("Policy")),
    (ProgrammeCriterionView, N_("Criteria"), N_("Policy")),
    (ProgrammeEditionView, N_("Versions of the terms"), N_("Policy")),
    (EnvelopeEntryView, N_("Envelope ledger"), N_("Policy")),
    (DocumentTypeView, N_("Document types"), N_("Policy")),
    (ProgrammeDocumentView, N_("Documents asked for"), N_("Policy")),
    (HelpPageView, N_("Help pages"), N_("Policy")),
    (HelpTermView, N_("Words"), N_("Policy")),
    (HelpPictureView, N_("Pictures of the help"), N_("Policy")),
    (UserView, N_("Users"), N_("System")),
    (MembershipView, N_("Memberships"), N_("System")),
    (OfficePostView, N_("Officers"), N_("System")),
    (AuditEventView, N_("Audit trail"), N_("System")),
    (OutboxView, N_("Outbox"), N_("System")),
)
PAGES = (
    PreferenceView,
    HealthView,
    ReadyView,
    ApplyView,
    TaskListView,
    PurposeView,
    SigningView,
    AttachView,
    DropView,
    TrackView,
    ReceiptView,
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
    PasswordLinkView,
    ForgottenPasswordView,
    CooperativeImportView,
    BoardChangesView,
    QuoteView,
    PrecheckView,
    PreparingView,
    OfficeFinderView,
    ProgrammeFileView,
    FinancialImportView,
    LookupView,
    UnderstoodView,
    HelpView,
    HelpVersionView,
    PrivacyView,
    OwnDataView,
)
APIS = (CooperativeApi, LoanApplicationApi)


def register_views(app: Flask, builder: AppBuilder) -> None:
    """Register all pages. Views of related rows come with the menu, so every one of them exists."""
    builder.sm.auth_view = builder.add_view_no_menu(AuthView)
    for page in PAGES:
        builder.add_view_no_menu(page)
    for view, label, category in MENU:
        builder.add_view(view, label, label=label, category=category, category_label=category)
    for api in APIS:
        builder.add_api(api)
    bind_menu(app, builder)
    bind_page_values(app)
    bind_staying(app)


__all__ = ["HomeView", "register_views"]
