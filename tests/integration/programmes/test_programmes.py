"""Programmes as data: versions with a reason, copies, and what an application keeps."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.criteria import RULES, CriterionKind
from app.domain.roles import Role
from app.domain.states import State
from app.extensions import db
from app.models.applications import LoanApplication
from app.models.cooperatives import BoardMember
from app.models.programme_versions import ProgrammeVersion
from app.models.programmes import LoanProgramme, ProgrammeCriterion, ProgrammeStatus
from app.models.transaction import writing
from app.services.applications.drafts import problems_of
from app.services.applications.moves import move
from app.services.programmes.copies import copied
from app.services.programmes.terms import terms_of
from app.services.programmes.versions import keep_version, latest_version, terms_for
from tests import make
from tests.client import FundClient
from tests.forms import fields_of, fill_in, page
from tests.programme_files import as_another

D = Decimal
SignIn = Callable[[str], FundClient]


def open_programme(app: Flask) -> int:
    with make.rows(app):
        return db.session.scalars(select(LoanProgramme.id).where(LoanProgramme.key == "normal-2570")).one()


def versions(app: Flask, key: int) -> list[ProgrammeVersion]:
    with make.rows(app):
        found = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == key).order_by(ProgrammeVersion.number)
        rows = list(db.session.scalars(found))
        db.session.expunge_all()
        return rows


def test_an_open_programme_changes_with_a_reason_and_a_version(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)
    client = client_for("admin")
    before = len(versions(demo_app, key))

    silent = fill_in(client, f"/programmes/edit/{key}", ceiling="25,000,000")
    told = fill_in(client, f"/programmes/edit/{key}", ceiling="25,000,000", why="มติครั้งที่ 3/2570")

    words = "The programme is open or was open: write why its terms change. The change becomes a version."
    assert make.in_thai(demo_app, words) in page(silent)
    assert 'value="25,000,000.00"' in page(silent)
    assert told.status_code == 302
    last = versions(demo_app, key)[-1]
    assert len(versions(demo_app, key)) == before + 1
    assert (last.why, last.terms["ceiling"]) == ("มติครั้งที่ 3/2570", "25000000.00")
    assert last.made_by_id is not None


def test_a_part_of_an_open_programme_makes_a_version_too(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)
    client = client_for("fund")
    form = {"programme": str(key), "annual_rate": "2.50", "shortest_term": "1", "longest_term": "60", "from_month": "7"}

    fill_in(client, "/programme-rates/add", **form, why="ลดดอกเบี้ย")

    assert {"shortest_term": 1, "longest_term": 60, "from_month": 7, "annual_rate": "0.025"} in [
        {**rule, "annual_rate": rule["annual_rate"].rstrip("0")} for rule in versions(demo_app, key)[-1].terms["rates"]
    ]


@pytest.mark.parametrize(
    ("path", "told"), [("/programme-criteria", "ไม่มีหนี้ค้างชำระกับกองทุน"), ("/approval-levels", "กรรมการ")]
)
def test_the_page_of_a_part_is_headed_by_what_tells_it(client_for: SignIn, path: str, told: str) -> None:
    client = client_for("fund")

    found = set(re.findall(rf'href="({path}/show/\d+)', client.text(f"{path}/list/")))
    headings = {re.findall(r"<h1>(.*?)</h1>", client.text(each))[0] for each in found}

    assert len(headings) > 1
    assert any(told in heading.replace("\N{WORD JOINER}", "") for heading in headings)


def test_a_criterion_asks_for_the_figures_of_its_kind_by_their_names(demo_app: Flask, client_for: SignIn) -> None:
    client, key = client_for("fund"), open_programme(demo_app)
    with make.rows(demo_app):
        of_programme = select(ProgrammeCriterion).where(ProgrammeCriterion.programme_id == key)
        ids = {row.kind: row.id for row in db.session.scalars(of_programme)}

    profit = client.text(f"/programme-criteria/edit/{ids['profit_years']}")
    arrears = client.text(f"/programme-criteria/edit/{ids['no_arrears']}")
    shown = client.text(f"/programme-criteria/show/{ids['profit_years']}")

    first, second = (make.in_thai(demo_app, name) for name in RULES[CriterionKind.PROFIT_YEARS].figures)
    assert all(name in profit for name in (first, second, 'name="figure"', 'name="second_figure"'))
    assert 'name="figure"' not in arrears
    assert 'name="second_figure"' not in arrears
    assert f"{first} 2, {second} 3" in shown.replace("\N{WORD JOINER}", "")


def test_a_figure_that_a_new_criterion_lacks_or_has_no_use_for_is_told_at_its_field(
    app: Flask, client_for: SignIn
) -> None:
    with make.rows(app):
        key = make.programme().id
        make.person(Role.FUND_OFFICER, username="fund")
    client = client_for("fund")
    form = {"programme": str(key), "figure": "3", "severity": "warn"}

    lacking = page(fill_in(client, "/programme-criteria/add", **form, kind="profit_years"))
    idle = page(fill_in(client, "/programme-criteria/add", **form, kind="no_arrears"))

    name = make.in_thai(app, RULES[CriterionKind.PROFIT_YEARS].figures[1])
    needed = make.in_thai(app, "This criterion needs a figure: %(name)s. Fill it in.") % {"name": name}
    surplus = make.in_thai(app, "This criterion has no such figure. Leave it empty.")
    assert re.search(rf'href="#second_figure"[^>]*>[^<]*{re.escape(needed)}', lacking)
    assert re.search(rf'href="#figure"[^>]*>[^<]*{re.escape(surplus)}', idle)
    assert 'value="3"' in lacking


def test_a_change_that_contradicts_itself_is_refused_and_nothing_is_kept(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)
    before = len(versions(demo_app, key))
    form = {"programme": str(key), "annual_rate": "2.50", "shortest_term": "5", "longest_term": "9", "from_month": "1"}

    answer = fill_in(client_for("fund"), "/programme-rates/add", **form, why="ทดสอบ")

    assert answer.status_code == 200
    assert len(versions(demo_app, key)) == before


def test_an_application_keeps_the_terms_it_was_submitted_under(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative()
        signatory = make.person(Role.SIGNATORY, of=cooperative)
        programme = make.programme()
        row = make.application(of=cooperative, under=programme)
        move(row.id, make.wish(row, "submit"), make.acting_as(signatory), make.AT)

        programme.ceiling = D(1_000_000)
        keep_version(programme, "ลดวงเงิน", None, make.AT)

        assert terms_for(row).ceiling == D(30_000_000)
        assert problems_of(row, make.AT.date()) == ()
        assert latest_version(programme).number == 2  # type: ignore[union-attr]
        draft = make.application(of=cooperative, under=programme)
        assert "ceiling" in str(problems_of(draft, make.AT.date())[0])


def test_the_same_terms_make_no_second_version(app: Flask) -> None:
    with make.rows(app):
        programme = make.programme()

        first = keep_version(programme, "เปิด", None, make.AT)

        assert keep_version(programme, "อีกครั้ง", None, make.AT) is first


def test_a_copy_is_a_draft_with_all_terms_and_parts(demo_app: Flask) -> None:
    with make.rows(demo_app):
        programme = db.session.scalars(select(LoanProgramme).where(LoanProgramme.key == "normal-2570")).one()

        row = copied(programme)
        again = copied(programme)

        # The demonstration has a programme of 2571 already.
        assert (row.status, row.key, again.key) == (ProgrammeStatus.DRAFT, "normal-2572", "normal-2573")
        window = {"opens_on": programme.opens_on, "closes_on": programme.closes_on}
        assert replace(terms_of(row), **window) == replace(terms_of(programme), rates=())


def test_copy_button_leads_to_the_draft(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)

    answer = client_for("admin").send(f"/programmes/copy/{key}")

    assert answer.status_code == 302
    assert answer.headers["Location"] != f"/programmes/edit/{key}"
    assert client_for("manager").send(f"/programmes/copy/{key}").status_code in (302, 403)
    with make.rows(demo_app):
        assert db.session.scalar(select(LoanProgramme.id).where(LoanProgramme.key == "normal-2570-3")) is None


def test_a_programme_opened_on_the_screen_takes_applications_at_once(demo_app: Flask, client_for: SignIn) -> None:
    with make.rows(demo_app):
        programme = db.session.get_one(LoanProgramme, open_programme(demo_app))
        row = copied(programme)
        row.opens_on, row.closes_on, key = programme.opens_on, programme.closes_on, row.id
    visitor = FundClient(demo_app)
    assert "โครงการปีหน้า" not in visitor.text("/")

    fill_in(client_for("admin"), f"/programmes/edit/{key}", name="โครงการปีหน้า", status="open")

    assert "โครงการปีหน้า" in visitor.text("/")
    assert "โครงการปีหน้า" in client_for("coop1").text("/apply/new")


def test_submission_keeps_its_quote_and_approval_keeps_its_own(app: Flask) -> None:
    with make.rows(app), writing():
        cooperative = make.cooperative()
        signatory, member = make.person(Role.SIGNATORY, of=cooperative), make.person(Role.COMMITTEE)
        row = make.application(of=cooperative, under=make.programme(amount_unit=D(1)))
        move(row.id, make.wish(row, "submit"), make.acting_as(signatory), make.AT)
        quoted: dict[str, Any] = dict(row.quote or {})
        for_agenda(row)

        wish = make.wish(row, "approve", amount=D(3_000_000), meeting_no="1/2570", reason="ตามกำลังชำระ")
        move(row.id, wish, make.acting_as(member), make.AT)

        assert (quoted["principal"], len(quoted["rows"])) == ("5000000.00", 24)
        assert row.quote == quoted
        assert (row.approved_quote or {})["principal"] == "3000000.00"


def for_agenda(row: LoanApplication) -> None:
    """Put the row before the committee without the moves between."""
    row.status = "on_agenda"
    db.session.flush()


@pytest.mark.parametrize("severity", ["warn", "block"])
def test_a_criterion_stops_an_application_when_its_programme_says_so(app: Flask, severity: str) -> None:
    with make.rows(app):
        criterion = ProgrammeCriterion(kind="board_size", figure=D(5), severity=severity)
        row = make.application(under=make.programme(criteria=[criterion]))
        ended = {"term_starts_on": make.AT.date().replace(year=2024), "term_ends_on": make.AT.date().replace(year=2025)}
        db.session.add(BoardMember(cooperative=row.cooperative, full_name="กรรมการ", position="ประธาน", **ended))

        problems = [str(problem) for problem in problems_of(row, make.AT.date())]

        assert [text.startswith("0 guarantors") for text in problems] == ([True] if severity == "block" else [])


def test_a_dry_run_names_who_would_be_judged_otherwise_and_stores_nothing(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)
    before = len(versions(demo_app, key))
    with make.rows(demo_app):
        asked = select(LoanApplication.number).where(
            LoanApplication.programme_id == key,
            LoanApplication.number.is_not(None),
            LoanApplication.amount_asked > D(4_000_000),
        )
        numbers = set(db.session.scalars(asked))
    client = client_for("admin")

    answer = page(fill_in(client, f"/programmes/edit/{key}", ceiling="4,000,000", dry_run="y"))
    harmless = page(fill_in(client, f"/programmes/edit/{key}", ceiling="29,000,000", dry_run="y"))

    assert numbers
    assert all(str(number) in answer for number in numbers)
    assert 'value="4,000,000.00"' in answer
    assert make.in_thai(demo_app, "No application of the past year would be judged otherwise.") in harmless
    assert len(versions(demo_app, key)) == before
    with make.rows(demo_app):
        assert db.session.get_one(LoanProgramme, key).ceiling == D(30_000_000)


def test_a_programme_goes_through_a_file_and_comes_back_the_same(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)
    client = client_for("admin")
    text = as_another(client.text(f"/programme-files/{key}.yaml"), "from-file")

    answer = upload(client, text)

    assert answer.status_code == 302
    with make.rows(demo_app):
        row = db.session.scalars(select(LoanProgramme).where(LoanProgramme.key == "from-file")).one()
        assert row.status == ProgrammeStatus.DRAFT
        assert terms_of(row) == terms_of(db.session.get_one(LoanProgramme, key))


def upload(client: FundClient, text: str | bytes) -> Any:
    content = text.encode() if isinstance(text, str) else text
    form = {"csrf_token": client.token("/programme-files/"), "file": (io.BytesIO(content), "a.yaml")}
    return client.post("/programme-files/", data=form, content_type="multipart/form-data")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("key: normal-2570", "key: normal-2569", "key", "normal-2569"),
        ("longest_term: 60", "longest_term: sixty", "longest_term", "sixty"),
        ("day_count: act_365", "day_count: act_364", "day_count", "act_364"),
        ("free_months: 0", "free_month: 0", "free_month", "free_month"),
        ("waiting_list: false", "waiting_list: [", "", ""),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_line(  # the figures: what is changed, and where it stands
    demo_app: Flask, client_for: SignIn, old: str, new: str, line: str, said: str
) -> None:
    client = client_for("admin")
    good = as_another(client.text(f"/programme-files/{open_programme(demo_app)}.yaml"))
    text = good.replace(old, new) if old in good else good.replace("key: fresh", new)
    with make.rows(demo_app):
        before = len(db.session.scalars(select(LoanProgramme.id)).all())

    answer = upload(client, text)

    assert answer.status_code == 200
    if line:
        number = next(place for place, row in enumerate(text.splitlines(), 1) if row.strip().startswith(line))
        wanted = {number, *([1 + text.splitlines().index("terms:") + 1] if line == "free_month" else [])}
        assert any(
            make.in_thai(demo_app, "Line %(line)s: %(reason)s", line=n, reason="") in page(answer) for n in wanted
        )
        assert said in page(answer)
    with make.rows(demo_app):
        assert len(db.session.scalars(select(LoanProgramme.id)).all()) == before


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("annual_rate", "3", "0.03"),
        ("annual_rate", "'-0.01'", "-0.01"),
        ("envelope", "'1e20'", "1E+20"),
        ("envelope", "'1e9999'", "error-summary"),
        ("envelope", "'30000000.005'", "30000000.005"),
        ("member_loan_cap", "'-1'", "-1"),
        ("longest_term", "0", "360"),
        ("opens_on", "'2569-10-01'", "2569-10-01"),
        ("interest_unit", "'0.001'", "0.001"),
    ],
)
def test_terms_no_form_would_take_are_refused_from_a_file_too(
    demo_app: Flask, client_for: SignIn, name: str, value: str, said: str
) -> None:
    client = client_for("admin")
    good = as_another(client.text(f"/programme-files/{open_programme(demo_app)}.yaml"))
    text = re.sub(rf"^  {name}:.*$", f"  {name}: {value}", good, flags=re.M)
    assert text != good
    with make.rows(demo_app):
        before = len(db.session.scalars(select(LoanProgramme.id)).all())

    answer = upload(client, text)

    assert answer.status_code == 200
    assert said in page(answer)
    assert "error-summary" in page(answer)
    with make.rows(demo_app):
        assert len(db.session.scalars(select(LoanProgramme.id)).all()) == before


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- 1", b"a: &a [*a]", b"a: " + b"[" * 5000, b"5", b"a: !!python/x 1"]
)
def test_odd_files_are_refused_in_words(demo_app: Flask, client_for: SignIn, content: bytes) -> None:
    answer = upload(client_for("admin"), content)

    assert answer.status_code == 200
    assert "error-summary" in page(answer)


@pytest.mark.parametrize(("year", "first", "last"), [("2571", "2570", "2571"), ("1", "", ""), ("x", "", "")])
def test_a_fiscal_year_fills_in_the_window(
    demo_app: Flask, client_for: SignIn, year: str, first: str, last: str
) -> None:
    with time_machine.travel(make.AT):
        values = fields_of(client_for("admin").text(f"/programmes/add?fiscal_year={year}"))

    opens = [values[f"opens_on-{part}"] for part in ("day", "month", "year")]
    closes = [values[f"closes_on-{part}"] for part in ("day", "month", "year")]
    assert opens == ([["1"], ["10"], [first]] if first else [[""], [""], [""]])
    assert closes == ([["30"], ["9"], [last]] if last else [[""], [""], [""]])


def test_the_cost_is_worked_out_by_a_button_where_no_script_runs(demo_app: Flask, client_for: SignIn) -> None:
    client = client_for("coop1")
    key = open_programme(demo_app)
    with make.rows(demo_app):
        before = len(db.session.scalars(select(LoanApplication.id)).all())

    typed = {"programme": str(key), "amount": "3,000,000", "months": "12", "calculate": "y"}
    answer = client.send("/apply/new", typed)
    refused = client.send("/apply/new", {**typed, "amount": ""})

    assert answer.status_code == 200
    assert page(answer).count("250,000.00") >= 12
    assert 'value="3,000,000' in page(answer)
    assert "error-summary" in page(refused)
    with make.rows(demo_app):
        assert len(db.session.scalars(select(LoanApplication.id)).all()) == before


def test_a_returned_application_is_edited_under_its_own_terms(demo_app: Flask, client_for: SignIn) -> None:
    key = open_programme(demo_app)
    with make.rows(demo_app):
        cooperative = make.cooperative()
        make.person(Role.PREPARER, of=cooperative, username="preparer")
        programme = db.session.get_one(LoanProgramme, key)
        row = make.application(State.RETURNED, of=cooperative, under=programme, amount_asked=D(20_000_000))
        row.terms_version = latest_version(programme)
        db.session.flush()
        application = row.id
        answers = {
            "programme": str(key),
            "amount": "20,000,000",
            "months": "24",
            "beneficiaries": "101",
            "member_rate": "4.75",
            "version": str(row.version),
        }
    fill_in(client_for("admin"), f"/programmes/edit/{key}", ceiling="1,000,000", why="มติครั้งที่ 5/2570")
    client = FundClient(demo_app)
    client.sign_in("preparer", make.PASSWORD)

    answer = client.send(f"/apply/{application}/edit", answers)

    assert answer.status_code == 302
    with make.rows(demo_app):
        assert db.session.get_one(LoanApplication, application).beneficiaries == 101
