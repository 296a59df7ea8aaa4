"""Which moves brought a demonstration application to where it stands, when and why; no database here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import crc32

from app.demo.loan_rows import Application, working_day
from app.domain.papers import Verdict
from app.domain.roles import Role
from app.domain.states import State
from app.domain.values.calendar import BANGKOK, fiscal_year
from app.domain.workflow import MOVES, ApplicationMove

Path = tuple[tuple[str, int], ...]

# Each state's moves, with how much of the time from the submission to the last move had passed by then, in per cent.
PATHS: dict[State, Path] = {
    State.DRAFT: (),
    State.SUBMITTED: (("submit", 0),),
    State.RECEIVED: (("submit", 0), ("receive", 100)),
    State.IN_REVIEW: (("submit", 0), ("receive", 30), ("review", 100)),
    State.RETURNED: (("submit", 0), ("receive", 10), ("review", 25), ("return", 100)),
    State.RECOMMENDED: (("submit", 0), ("receive", 10), ("review", 30), ("recommend", 100)),
    State.ON_AGENDA: (("submit", 0), ("receive", 5), ("review", 15), ("recommend", 60), ("put_forward", 100)),
    State.WITHDRAWN: (("submit", 0), ("receive", 10), ("review", 40), ("withdraw", 100)),
    # An early question, because an application expires only long after nobody answered.
    State.EXPIRED: (("submit", 0), ("receive", 2), ("review", 8), ("return", 28), ("expire", 100)),
}
TO_THE_COMMITTEE: Path = (("submit", 0), ("receive", 4), ("review", 10), ("recommend", 45), ("put_forward", 75))
PATHS |= {
    State.APPROVED: (*TO_THE_COMMITTEE, ("approve", 100)),
    State.REJECTED: (*TO_THE_COMMITTEE, ("reject", 100)),
    State.DEFERRED: (*TO_THE_COMMITTEE, ("defer", 100)),
}
# Two of the approved ones went a longer way, so that an answer and a second resolution can be seen.
LONGER: dict[str, Path] = {
    "past-1": (
        *(("submit", 0), ("receive", 4), ("review", 10), ("return", 20), ("answer", 35)),
        *(("recommend", 50), ("put_forward", 75), ("approve", 100)),
    ),
    "done-4": (
        *(("submit", 0), ("receive", 4), ("review", 10), ("recommend", 25), ("put_forward", 40)),
        *(("defer", 60), ("put_forward", 80), ("approve", 100)),
    ),
}
# The document that each application's return asked for.
ASKED_FOR = {
    "open-03": "registrar-approval",
    "open-08": "disaster-evidence",
    "past-1": "financial-statements",
    "past-5": "financial-statements",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an officer found about the document before asking for another one."""

    verdict: Verdict
    note_th: str


REFUSED = {
    "open-03": Refusal(Verdict.WRONG_YEAR, "หนังสือฉบับนี้เป็นของปีบัญชีก่อน โปรดแนบหนังสือเห็นชอบของปีบัญชีปัจจุบัน"),
    "open-08": Refusal(Verdict.INCOMPLETE, "มีเฉพาะหน้าแรก โปรดแนบประกาศให้ครบทุกหน้า รวมบัญชีรายชื่อพื้นที่ท้ายประกาศ"),
    "past-1": Refusal(Verdict.WRONG_YEAR, "งบการเงินที่แนบไม่ใช่ปีบัญชีล่าสุด โปรดแนบงบการเงินปีล่าสุดที่ผู้สอบบัญชีรับรองแล้ว"),
}

PERFORMERS = {
    "submit": Role.SIGNATORY,
    "receive": Role.PROVINCIAL_OFFICER,
    "review": Role.PROVINCIAL_OFFICER,
    "return": Role.PROVINCIAL_OFFICER,
    "answer": Role.SIGNATORY,
    "recommend": Role.PROVINCIAL_OFFICER,
    "put_forward": Role.FUND_OFFICER,
    "approve": Role.COMMITTEE,
    "reject": Role.COMMITTEE,
    "defer": Role.COMMITTEE,
    "withdraw": Role.SIGNATORY,
    "expire": Role.SYSTEM,
}
DECIDING = frozenset({"approve", "reject", "defer"})

REASONS_TH = {
    "return": "เอกสารที่แนบไม่ใช่ฉบับล่าสุด โปรดแนบฉบับล่าสุด",
    "answer": "แนบเอกสารฉบับล่าสุดแล้ว",
    "recommend": "ตรวจเอกสารและฐานะการเงินของสหกรณ์แล้ว เสนอคณะอนุกรรมการเพื่อพิจารณา",
    "defer": "ขอให้เสนอประมาณการกระแสเงินสดของสหกรณ์ประกอบการพิจารณาในการประชุมครั้งถัดไป",
}
# Nothing that a real cooperative or officer never said is put into their mouths unmarked.
UNKNOWN_STEPS_TH = "ข้อสมมติ: ข่าวระบุเพียงผลการพิจารณา ขั้นตอนก่อนมีมติเป็นข้อมูลสาธิต"

OPENING = time(8, 30)
FIRST_HOUR = 9


@dataclass(frozen=True, slots=True)
class Step:
    """One move of an application's history."""

    move: ApplicationMove
    origin: State
    at: datetime
    role: Role
    reason: str | None


def started_at(application: Application) -> datetime:
    """Return when the cooperative began the draft."""
    return datetime.combine(application.started_on, OPENING, BANGKOK)


def steps_of(application: Application) -> tuple[Step, ...]:
    """Return the moves from draft to the application's status, each later than the one before."""
    path = LONGER.get(application.key, PATHS[State(application.status)])
    moments = _moments(application, [share for _name, share in path])
    steps: list[Step] = []
    state = State.DRAFT
    for (name, share), at in zip(path, moments, strict=True):
        reason = _reason(application, name, last=share == path[-1][1])
        steps.append(Step(MOVES[name], state, at, PERFORMERS[name], reason))
        state = MOVES[name].target
    return tuple(steps)


def _moments(application: Application, shares: list[int]) -> list[datetime]:
    if application.submitted_on is None:
        return []
    last = application.moved_on
    length = (last - application.submitted_on).days
    later = [application.submitted_on + timedelta(days=number) for number in range(1, length + 1)]
    open_days = [day for day in later if day == working_day(day)] or [last]
    middle = [open_days[(len(open_days) - 1) * share // 100] for share in shares[1:-1]]
    days = [application.submitted_on, *middle, *([last] if len(shares) > 1 else [])]
    # The same minute past a later hour each time: two moves of one day stay in order.
    minute = crc32(application.key.encode()) % 60
    return [datetime.combine(day, time(FIRST_HOUR + hour, minute), BANGKOK) for hour, day in enumerate(days)]


def _reason(application: Application, name: str, *, last: bool) -> str | None:
    if last and name in DECIDING | {"return", "withdraw", "expire"}:
        return application.reason_th or provenance_th(application)
    if application.origin == "published" and name in REASONS_TH:
        return UNKNOWN_STEPS_TH
    return REASONS_TH.get(name)


def provenance_th(application: Application) -> str | None:
    """Say how much of a loan was in the news, and where; nothing for a loan that is invented altogether."""
    if application.origin == "invented":
        return None
    return f"ข้อมูลจากข่าวที่เผยแพร่ {application.source} {application.note_th}".strip()


def meeting_numbers(applications: Iterable[Application]) -> dict[date, str]:
    """Return a number in its fiscal year for every day of invented resolutions; no number was published."""
    days = sorted(
        {
            step.at.date()
            for application in applications
            if application.origin != "published"
            for step in steps_of(application)
            if step.move.name in DECIDING
        }
    )
    numbers: dict[date, str] = {}
    held: dict[int, int] = {}
    for day in days:
        year = fiscal_year(day)
        held[year] = held.get(year, 0) + 1
        numbers[day] = f"{held[year]}/{year}"
    return numbers
