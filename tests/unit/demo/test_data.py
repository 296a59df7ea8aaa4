"""Provinces, offices, programmes, cooperatives and people of the demonstration are complete and consistent."""

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import geothai
import pytest

from app.demo import cooperatives, people, programmes
from app.demo.document_types import DOCUMENT_TYPES, REQUIRED, documents_of
from app.demo.terms import ASSUMABLE, Programme, million
from app.domain.capacities import refuse_mixed
from app.domain.roles import COOPERATIVE, Role
from app.domain.values import identifiers
from app.domain.values.calendar import fiscal_year

DATA = Path(__file__).parents[3] / "migrations" / "data"
TODAY = date(2026, 11, 22)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


# Provinces and offices


def test_the_77_provinces_are_those_of_the_geography_package() -> None:
    expected = [(f"TH-{each.code}", each.name_th, each.name_en) for each in geothai.provinces()]

    assert [(row["code"], row["name_th"], row["name_en"]) for row in rows("provinces.csv")] == expected
    assert len(expected) == 77


def test_the_six_regions_have_the_counts_we_mean() -> None:
    assert Counter(row["region"] for row in rows("provinces.csv")) == {
        "north": 9,
        "central": 22,
        "northeast": 20,
        "east": 7,
        "west": 5,
        "south": 14,
    }


def test_there_are_87_offices_of_three_kinds() -> None:
    offices = rows("offices.csv")

    assert Counter(row["kind"] for row in offices) == {"province": 76, "bangkok_area": 10, "central": 1}
    assert not repeated(row["code"] for row in offices)
    assert not repeated(row["name_th"] for row in offices)


def test_every_province_is_served_and_only_bangkok_by_many() -> None:
    served = Counter(code for row in rows("offices.csv") for code in row["provinces"].split(";") if code)

    assert set(served) == {row["code"] for row in rows("provinces.csv")}
    assert {code for code, offices in served.items() if offices > 1} == {"TH-10"}
    assert served["TH-10"] == 10


def test_only_the_published_telephone_number_is_given() -> None:
    assert {row["code"]: row["phone"] for row in rows("offices.csv") if row["phone"]} == {"CENTRAL": "026602180"}


# Programmes and documents


def test_programme_keys_and_names_are_unique() -> None:
    assert not repeated(each.key for each in programmes.PROGRAMMES)
    assert not repeated(each.name_th for each in programmes.PROGRAMMES)


@pytest.mark.parametrize("programme", programmes.PROGRAMMES, ids=lambda each: each.key)
def test_programme_is_consistent(programme: Programme) -> None:
    assert programme.opens_on < programme.closes_on
    assert 0 < programme.ceiling <= programme.envelope
    assert 0 < programme.annual_rate < Decimal("0.05")
    assert set(programme.assumed) <= set(ASSUMABLE)
    assert not repeated(programme.assumed)
    assert "ข้อสมมติ" in programme.note_th
    assert programme.source
    assert all(step.up_to_month <= programme.longest_term_months for step in programme.rate_steps)


def test_three_programmes_accept_applications_one_is_upcoming_and_one_a_draft() -> None:
    published = [each for each in programmes.PROGRAMMES if each.status == "open"]
    accepting = [each for each in published if each.opens_on <= TODAY <= each.closes_on]

    assert {each.key for each in accepting} == {"normal-2570", "disaster-2570", "informal-debt-2570"}
    assert all(each.closes_on == date(2027, 9, 30) for each in accepting)
    assert [each.key for each in published if each.opens_on > TODAY] == ["quality-of-life-2570"]
    assert [each.key for each in programmes.PROGRAMMES if each.status == "draft"] == ["normal-2571"]


def test_closed_programmes_are_over() -> None:
    assert all(each.closes_on < TODAY for each in programmes.PROGRAMMES if each.status == "closed")


@pytest.mark.parametrize(
    ("key", "envelope", "ceiling", "rate", "months"),
    [
        ("kings-wisdom-2563", "50", "10", "0.0200", 60),
        ("covid-2564", "50", "10", "0.0100", 18),
        ("disaster-2565", "80", "20", "0.0200", 60),
        ("quality-of-life-2565", "50", "10", "0.0050", 36),
        ("normal-2567", "30", "30", "0.0300", 60),
    ],
)
def test_published_terms_are_kept(key: str, envelope: str, ceiling: str, rate: str, months: int) -> None:
    programme = programmes.BY_KEY[key]

    assert (programme.envelope, programme.ceiling) == (million(envelope), million(ceiling))
    assert (programme.annual_rate, programme.longest_term_months) == (Decimal(rate), months)


def test_there_are_fifteen_documents_and_six_are_always_required() -> None:
    codes = {each.code for each in DOCUMENT_TYPES}

    assert len(codes) == len(DOCUMENT_TYPES) == 15
    assert len(REQUIRED) == 6
    assert codes > REQUIRED


@pytest.mark.parametrize(("key", "asked", "required"), [("normal-2570", 14, 6), ("disaster-2570", 15, 7)])
def test_disaster_loans_ask_for_evidence_as_well(key: str, asked: int, required: int) -> None:
    documents = documents_of(programmes.BY_KEY[key])

    assert len(documents) == asked
    assert sum(each.required for each in documents) == required


# Cooperatives and people


def test_there_are_forty_cooperatives_in_at_least_18_provinces() -> None:
    assert len(cooperatives.COOPERATIVES) == 40
    assert len({each.province for each in cooperatives.COOPERATIVES}) >= 18
    assert sum(each.named_in_public for each in cooperatives.COOPERATIVES) == 8


@pytest.mark.parametrize(
    "field", ["key", "name_th", "name_en", "registration_no", "cooperative_code", "tax_id", "email", "phone"]
)
def test_no_two_cooperatives_share_it(field: str) -> None:
    assert not repeated(getattr(each, field) for each in cooperatives.COOPERATIVES)


@pytest.mark.parametrize("cooperative", cooperatives.COOPERATIVES, ids=lambda each: each.key)
def test_cooperative_passes_the_forms_own_checks(cooperative: cooperatives.Cooperative) -> None:
    assert identifiers.cooperative_name(cooperative.name_th) == cooperative.name_th
    assert identifiers.tax_id(cooperative.tax_id) == cooperative.tax_id
    assert cooperative.tax_id.startswith("0994")
    assert identifiers.cooperative_code(cooperative.cooperative_code) == cooperative.cooperative_code
    assert identifiers.postcode(cooperative.postcode) == cooperative.postcode
    assert identifiers.phone(cooperative.phone)


@pytest.mark.parametrize("cooperative", cooperatives.COOPERATIVES, ids=lambda each: each.key)
def test_address_is_a_real_place_served_by_the_office(cooperative: cooperatives.Cooperative) -> None:
    served = {row["code"]: row["provinces"].split(";") for row in rows("offices.csv")}
    places = {
        (place.name_th, district.name_th, f"TH-{place.province_code}")
        for place in geothai.by_postal_code(cooperative.postcode)
        if (district := geothai.district(place.district_code)) is not None
    }

    assert (cooperative.sub_district, cooperative.district, cooperative.province) in places
    assert cooperative.province in served[cooperative.office]


@pytest.mark.parametrize("cooperative", cooperatives.COOPERATIVES, ids=lambda each: each.key)
def test_cooperative_has_seven_directors_and_a_lawful_ceiling(cooperative: cooperatives.Cooperative) -> None:
    assert len(cooperative.board) == 7
    assert all(each.term_from <= TODAY <= each.term_to for each in cooperative.board)
    assert cooperative.ceiling_fiscal_year == fiscal_year(TODAY)
    assert 0 < cooperative.annual_borrowing_ceiling <= cooperative.leverage_limit
    assert cooperative.registered_on < date(2017, 1, 1)


def test_sign_ins_are_the_thirteen_we_promise() -> None:
    assert [each.username for each in people.PEOPLE] == [
        *("coop1", "coop1s", "coop2", "coop2s", "officer1", "officer2", "fund", "finance"),
        *("committee1", "committee2", "manager", "auditor", "admin"),
    ]
    assert not repeated(each.email for each in people.PEOPLE)


def test_everybody_has_a_known_role_and_acts_somewhere() -> None:
    offices = {row["code"] for row in rows("offices.csv")}

    for person in people.PEOPLE:
        assert set(person.roles) <= {role.value for role in Role}
        assert bool(person.cooperatives) != bool(person.office)
        assert set(person.cooperatives) <= set(cooperatives.BY_KEY)
        assert person.office is None or person.office in offices


def test_officers_look_after_different_cooperatives_of_the_demonstration() -> None:
    by_name = {person.username: person for person in people.PEOPLE}

    for officer, applicant in (("officer1", "coop1"), ("officer2", "coop2")):
        (key,) = by_name[applicant].cooperatives
        assert cooperatives.BY_KEY[key].office == by_name[officer].office
    assert by_name["officer1"].office != by_name["officer2"].office
    assert len(by_name["coop2s"].cooperatives) == 2


@pytest.mark.parametrize("person", people.PEOPLE, ids=lambda person: person.username)
def test_demonstration_account_has_roles_that_go_together(person: people.Person) -> None:
    staff = [Role(role) for role in person.roles if Role(role) not in COOPERATIVE]

    refuse_mixed(staff, member=bool(person.cooperatives))
