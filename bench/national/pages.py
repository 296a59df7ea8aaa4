"""Every kind of page, for every role: who opens it, where, the floor that answers the same, and what it may cost."""

from dataclasses import dataclass
from urllib.parse import quote

LIST = "/applications/list/"
_V = "LoanApplicationView"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most a page may cost at a million rows: so many times a floor or the first page, or so many ms."""

    most: float
    # "tuned", "simple" and "first" (times the p50 of that floor, or of the same person's first page), "ms" (p50) or
    # "cpu" (processor ms of the server and PostgreSQL)
    of: str

    def __str__(self) -> str:
        words = {"tuned": "{} T", "simple": "{} F", "first": "{} × first", "ms": "{} ms", "cpu": "{} ms CPU"}
        return words[self.of].format(f"{self.most:g}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as one person opens it; ``{...}`` in the path is a place of the filled database."""

    group: str
    person: str
    name: str
    path: str
    floor: str = ""
    budget: Budget | None = None


T8, T10, T12 = Budget(8, "tuned"), Budget(10, "tuned"), Budget(12, "tuned")
DEEP = Budget(1.3, "first")
F18, HOME, HEALTH = Budget(18, "simple"), Budget(15, "cpu"), Budget(4, "cpu")


def _sorted(column: str, direction: str) -> str:
    return f"_oc_{_V}={column}&_od_{_V}={direction}"


def _after(page: str) -> str:
    """As a link to the next page says it."""
    return f"page_{_V}={page}&after_{_V}={{middle}}"


_FILTERED = f"{LIST}?status=approved&{_sorted('amount_asked', 'desc')}"
LISTS = (
    Page("lists", "fund", "list", LIST, "list", T8),
    Page("lists", "officer1", "list", LIST, "office", T10),
    Page("lists", "manager", "list", LIST, "list", T8),
    Page("lists", "auditor", "list", LIST, "list", T8),
    Page("lists", "committee1", "list", LIST),
    Page("lists", "finance", "list", LIST),
    Page("lists", "coop1", "list", LIST),
    Page("lists", "fund", "list, half way", f"{LIST}?{_after('{half_page}')}", "deep", DEEP),
    Page("lists", "fund", "list, last page", f"{LIST}?page_{_V}=-1&before_{_V}=end", budget=DEEP),
    Page("lists", "fund", "list, half way, by number", f"{LIST}?page_{_V}={{half_page}}", "deep"),
    Page("lists", "officer1", "list, half way", f"{LIST}?{_after('{office_half_page}')}", "office_deep", DEEP),
    Page("lists", "fund", "state, province, by amount", f"{_FILTERED}&province={{province}}", "filter", T8),
    Page("lists", "officer1", "state, by amount", _FILTERED, "office_filter", T8),
    Page("lists", "fund", "all that wait for the fund", f"{LIST}?status=fund_officer"),
    Page("lists", "officer1", "all that wait for the office", f"{LIST}?status=provincial_officer"),
    Page("lists", "fund", "year and programme", f"{LIST}?year={{year}}&programme={{programme}}", "year", T8),
    Page("lists", "fund", "by amount", f"{LIST}?{_sorted('amount_asked', 'desc')}", "by_amount", T8),
    Page("lists", "fund", "by cooperative", f"{LIST}?{_sorted('cooperative_name', 'asc')}", "by_name", T8),
    Page("lists", "fund", "search number", f"{LIST}?q={{number}}", "number", T8),
    Page("lists", "manager", "search number", f"{LIST}?q={{number}}", "number", T8),
    Page("lists", "officer1", "search number", f"{LIST}?q={{office_number}}", "number", T8),
    Page("lists", "fund", "search inside a name", f"{LIST}?q={{name}}", "name", T12),
    Page("lists", "officer1", "search inside a name", f"{LIST}?q={{name}}", "name", T12),
    Page("lists", "fund", "search a common word", f"{LIST}?q={quote('สหกรณ์')}"),
    Page("lists", "fund", "search two letters", f"{LIST}?q={quote('กา')}"),
    Page("lists", "fund", "search, nothing found", f"{LIST}?q=zzzz-nothing"),
)
APPLICATION = (
    Page("pages", "fund", "application", "/track/{one}", "one", F18),
    Page("pages", "officer1", "application", "/track/{one}", "one", F18),
    Page("pages", "manager", "application", "/track/{one}", "one", F18),
    Page("pages", "auditor", "application", "/track/{approved}", "one", F18),
    Page("pages", "finance", "application, approved", "/track/{approved}", "one", F18),
    Page("pages", "committee1", "application", "/track/{on_agenda}", "one", F18),
    Page("pages", "coop1", "application", "/track/{own}", "one", F18),
    Page("pages", "officer1", "desk", "/desk/{one}"),
    Page("pages", "fund", "dossier", "/dossier/{one}"),
    Page("pages", "coop1", "new application", "/apply/new"),
    Page("pages", "coop1", "papers", "/apply/{draft}/documents"),
    Page("pages", "coop1s", "check and submit", "/apply/{draft}/check"),
    Page("pages", "coop1", "quote", "/quote/?programme=23&amount=5000000&months=24"),
    Page("pages", "fund", "cooperative", "/cooperatives/show/{borrower}"),
    Page("pages", "fund", "programme", "/programmes/show/20"),
)
HOMES = (
    *(
        Page("homes", person, "home", "/", budget=HOME)
        for person in ("coop1", "officer1", "fund", "committee1", "finance", "manager", "auditor", "admin", "")
    ),
    Page("homes", "", "sign-in page", "/login/"),
    Page("homes", "", "health", "/health/", budget=HEALTH),
)
FIGURES = (
    Page("figures", "manager", "dashboard, newest year", "/dashboard/", "chart"),
    Page("figures", "manager", "dashboard, all years", "/dashboard/?year=", "chart"),
    Page("figures", "manager", "figures, one year", "/dashboard/figures.json?year={year}"),
    Page("figures", "manager", "figures, all years", "/dashboard/figures.json?year=", "chart", Budget(5, "tuned")),
    Page("figures", "fund", "dashboard, all years", "/dashboard/?year=", "chart"),
)
RECORDS = (
    Page("records", "auditor", "audit", "/audit/list/", "audit"),
    Page("records", "auditor", "audit, moved", "/audit/list/?kind=moved"),
    Page("records", "auditor", "audit, signed in", "/audit/list/?kind=signed_in"),
    Page("records", "auditor", "audit, half way", "/audit/list/?page_AuditEventView={half_page}"),
    Page("records", "auditor", "audit, search", "/audit/list/?q={number}", budget=Budget(30, "ms")),
    Page("records", "admin", "audit", "/audit/list/"),
    Page("records", "auditor", "who opened files", "/openings/"),
    Page("records", "coop1", "notices", "/notices/"),
    Page("records", "officer1", "notices", "/notices/"),
    Page("records", "fund", "notices", "/notices/"),
    Page("records", "admin", "outbox", "/outbox/list/"),
    Page("records", "admin", "outbox, failed", "/outbox/list/?status=failed"),
    Page("records", "admin", "outbox, search", "/outbox/list/?q={number}"),
)
REGISTERS = (
    Page("registers", "fund", "documents", "/documents/list/"),
    Page("registers", "officer1", "documents", "/documents/list/"),
    Page("registers", "fund", "documents, search", f"/documents/list/?q={quote('ฉบับที่ 3')}"),
    Page("registers", "fund", "envelopes", "/envelopes/list/"),
    Page("registers", "fund", "cooperatives", "/cooperatives/list/"),
    Page("registers", "officer1", "cooperatives", "/cooperatives/list/"),
    Page("registers", "fund", "cooperatives, search", "/cooperatives/list/?q={name}"),
    Page("registers", "fund", "boards", "/board/list/"),
    Page("registers", "fund", "programmes", "/programmes/list/"),
    Page("registers", "admin", "users", "/users/list/"),
    Page("registers", "admin", "memberships", "/memberships/list/"),
    Page("registers", "admin", "new membership", "/memberships/add"),
)
_API = "/api/v1/application/"
API = (
    Page("api", "fund", "list", _API, "list"),
    Page("api", "fund", "100 rows", f"{_API}?q=(page_size:100)"),
    Page("api", "fund", "half way", f"{_API}?q=(page_size:25)&after={{middle}}", "deep"),
    Page("api", "fund", "half way, by number", f"{_API}?q=(page:{{half_page}},page_size:25)", "deep"),
    Page("api", "fund", "search", f"{_API}?q=(filters:!((col:cooperative_name,opr:ct,value:'{{name}}')))", "name"),
    Page("api", "officer1", "list", _API, "office"),
    Page("api", "fund", "one", f"{_API}{{one}}", "one"),
)
PAGES = (*LISTS, *APPLICATION, *HOMES, *FIGURES, *RECORDS, *REGISTERS, *API)
GROUPS = tuple(dict.fromkeys(page.group for page in PAGES))
