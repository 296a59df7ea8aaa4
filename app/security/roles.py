"""Who may do what: the whole permission matrix, synced into the framework's tables by ``flask sync-roles``.

A row names a view class; the columns are permissions as the framework spells them. Names are matched exactly, and a
test fails when a registered view or permission is missing here. A permission opens a page; which rows it shows is
``scope.py``, and whether an application moves is ``domain/workflow.py``.
"""

from app.domain.roles import Role as R

READ = ("can_list", "can_show")
KEEP = (*READ, "can_add", "can_edit", "can_delete")

COOPERATIVE = (R.PREPARER, R.SIGNATORY)
OFFICERS = (R.PROVINCIAL_OFFICER, R.FUND_OFFICER)
WATCHERS = (R.MANAGER, R.AUDITOR)
STAFF = (
    R.PROVINCIAL_OFFICER, R.FUND_OFFICER, R.FINANCE_OFFICER, R.COMMITTEE, R.MANAGER, R.AUDITOR, R.ADMINISTRATOR,
)  # fmt: skip
EVERYBODY = (*COOPERATIVE, *STAFF)
# An executive reads figures, lists and what was asked and decided, and opens no files.
APPLICATIONS = (*COOPERATIVE, *OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, *WATCHERS)
FILES = (*COOPERATIVE, *OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, R.AUDITOR)

# (view, permissions, roles)
MATRIX: tuple[tuple[str, tuple[str, ...], tuple[R, ...]], ...] = (
    ("ProvinceView", READ, STAFF),
    ("ProvinceView", KEEP, (R.ADMINISTRATOR,)),
    ("OfficeView", READ, STAFF),
    ("OfficeView", KEEP, (R.ADMINISTRATOR,)),
    ("HolidayView", READ, STAFF),
    ("HolidayView", KEEP, (R.ADMINISTRATOR,)),
    ("CooperativeView", READ, (*OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, *WATCHERS, R.ADMINISTRATOR)),
    ("CooperativeView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("CooperativeView", ("can_edit",), (R.PROVINCIAL_OFFICER,)),
    ("CooperativeView", ("can_show",), COOPERATIVE),
    ("CooperativeImportView", ("can_upload",), (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("BoardMemberView", READ, (*COOPERATIVE, *OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, *WATCHERS, R.ADMINISTRATOR)),
    ("BoardMemberView", KEEP, (*COOPERATIVE, *OFFICERS, R.ADMINISTRATOR)),
    ("BoardChangesView", ("can_waiting", "can_settle"), (*COOPERATIVE, *OFFICERS, R.ADMINISTRATOR)),
    ("FinancialYearView", READ, (*COOPERATIVE, *OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, *WATCHERS, R.ADMINISTRATOR)),
    ("FinancialImportView", ("can_upload",), (*OFFICERS, R.ADMINISTRATOR)),
    ("FinancialYearView", KEEP, (*OFFICERS, R.ADMINISTRATOR)),
    ("LoanProgrammeView", READ, STAFF),
    ("LoanProgrammeView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ProgrammeFileView", ("can_download",), STAFF),
    ("ProgrammeFileView", ("can_upload",), (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("LoanProgrammeView", ("can_copy",), (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ProgrammeRateView", READ, STAFF),
    ("ProgrammeRateView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ApprovalLevelView", READ, STAFF),
    ("ApprovalLevelView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ProgrammeCriterionView", READ, STAFF),
    ("ProgrammeCriterionView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ProgrammeEditionView", READ, STAFF),
    ("EnvelopeEntryView", READ, (R.FUND_OFFICER, R.FINANCE_OFFICER, *WATCHERS)),
    ("DocumentTypeView", READ, STAFF),
    ("DocumentTypeView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ExampleKeepingView", ("can_upload",), (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("ProgrammeDocumentView", READ, STAFF),
    ("ProgrammeDocumentView", KEEP, (R.FUND_OFFICER, R.ADMINISTRATOR)),
    ("HelpPageView", READ, (R.AUDITOR,)),
    ("HelpPageView", (*READ, "can_add", "can_edit"), (R.ADMINISTRATOR,)),
    ("HelpVersionView", ("can_compare",), (R.AUDITOR, R.ADMINISTRATOR)),
    ("HelpTermView", READ, (R.AUDITOR,)),
    ("HelpTermView", (*READ, "can_add", "can_edit"), (R.ADMINISTRATOR,)),
    ("HelpPictureView", ("can_pictures",), (R.ADMINISTRATOR,)),
    ("MembershipView", READ, (R.FUND_OFFICER, R.AUDITOR)),
    ("MembershipView", KEEP, (R.ADMINISTRATOR,)),
    ("OfficePostView", READ, (R.AUDITOR,)),
    ("OfficePostView", KEEP, (R.ADMINISTRATOR,)),
    ("UserView", READ, (R.AUDITOR,)),
    ("UserView", (*READ, "can_add", "can_edit", "can_reset_password"), (R.ADMINISTRATOR,)),
    ("LoanApplicationView", READ, (*OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, *WATCHERS)),
    ("LoanApplicationView", READ, COOPERATIVE),
    ("LoanApplicationView", ("receive",), (R.PROVINCIAL_OFFICER,)),
    ("DocumentView", ("can_list",), (*OFFICERS, R.FINANCE_OFFICER, R.COMMITTEE, R.AUDITOR)),
    ("AuditEventView", READ, (R.AUDITOR, R.ADMINISTRATOR)),
    ("OutboxView", READ, (R.ADMINISTRATOR, R.AUDITOR)),
    ("OutboxView", ("can_message",), (R.AUDITOR,)),
    ("OutboxView", ("send_again", "can_send_all_again"), (R.ADMINISTRATOR,)),
    ("ApplyView", ("can_start", "can_edit", "can_autosave", "can_check"), COOPERATIVE),
    ("TaskListView", ("can_tasks",), COOPERATIVE),
    ("PurposeView", ("can_purpose",), COOPERATIVE),
    ("SigningView", ("can_sign", "can_sign_page"), COOPERATIVE),
    ("ReuseView", ("can_reuse",), COOPERATIVE),
    ("DropView", ("can_drop",), COOPERATIVE),
    ("AttachView", ("can_documents", "can_attach", "can_remove"), COOPERATIVE),
    ("TrackView", ("can_show", "can_submitted"), APPLICATIONS),
    ("ReceiptView", ("can_receipt",), APPLICATIONS),
    ("ApplicationOpeningsView", ("can_opened",), FILES),
    ("OpeningsView", ("can_every",), (*COOPERATIVE, R.AUDITOR)),
    ("MoveView", ("can_move",), (*COOPERATIVE, *OFFICERS, R.COMMITTEE)),
    ("DocumentFileView", ("can_download",), FILES),
    ("DeskView", ("can_show",), FILES),
    ("DossierView", ("can_show", "can_download"), FILES),
    ("VerdictView", ("can_judge",), OFFICERS),
    ("FiguresView", ("can_keep",), OFFICERS),
    ("LookupView", ("can_find",), (*COOPERATIVE, *OFFICERS, R.ADMINISTRATOR)),
    ("NoticeView", ("can_inbox", "can_read"), EVERYBODY),
    ("PasswordView", ("can_change",), EVERYBODY),
    ("OwnDataView", ("can_show", "can_download", "can_confirm"), EVERYBODY),
    ("DashboardView", ("can_volume", "can_figures"), (*WATCHERS, *OFFICERS, R.FINANCE_OFFICER)),
    ("CooperativeApi", ("can_get", "can_info"), (*COOPERATIVE, *OFFICERS, R.MANAGER, R.AUDITOR)),
    ("LoanApplicationApi", ("can_get", "can_info"), (*COOPERATIVE, *OFFICERS, R.MANAGER, R.AUDITOR)),
)  # fmt: skip

# Pages anyone may open without signing in, each for a reason.
PUBLIC_ENDPOINTS = frozenset(
    {
        "HomeView.index",  # the start page says who may apply
        "AuthView.login",
        "AuthView.logout",
        "PreferenceView.language",
        "PreferenceView.act_for",  # checks the person itself
        "ForgottenPasswordView.ask",  # answers everybody alike; the link goes by mail to the account's own address
        "PasswordLinkView.choose",  # whoever has no password yet, by a link that opens once
        "HealthView.health",
        "ReadyView.ready",
        "ExampleView.download",  # blank forms are read before there is an account
        "HelpView.index",  # help is read before there is an account, and tells of nobody
        "HelpView.page",
        "HelpView.terms",
        "HelpView.mistakes",
        "HelpView.picture",
        "PrivacyView.notice",  # the law has people told before anything of theirs is kept
        "UnderstoodView.say",  # says back a number or a day of any form, the calculator's too; reads no row
        "QuoteView.page",  # anybody may ask what a loan would cost; nothing is stored
        "QuoteView.workbook",
        "QuoteView.pdf",
        "PreparingView.page",  # what to prepare is read before there is an account
        "OfficeFinderView.page",  # so is where to ask for one; reads registers of places alone
        "PrecheckView.page",  # where one may apply is asked before there is an account; nothing is stored
    }
)


def permissions_of(role: R) -> frozenset[tuple[str, str]]:
    """All (permission, view) pairs of a role."""
    return frozenset(
        (permission, view) for view, permissions, roles in MATRIX if role in roles for permission in permissions
    )


def all_permissions() -> dict[str, frozenset[str]]:
    """Every view of the matrix with every permission it names."""
    found: dict[str, set[str]] = {}
    for view, permissions, _roles in MATRIX:
        found.setdefault(view, set()).update(permissions)
    return {view: frozenset(permissions) for view, permissions in found.items()}
