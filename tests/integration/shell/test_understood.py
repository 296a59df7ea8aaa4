"""What is typed is said back as the forms read it; the page asks the forms' own reader."""

from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.client import FundClient, seen


def said(app: Flask, **typed: str) -> dict[str, str]:
    answer = FundClient(app).get("/understood/?" + urlencode(typed))
    assert answer.status_code == 200
    found: dict[str, str] = answer.get_json()
    return {name: seen(text) for name, text in found.items()}


@pytest.mark.parametrize(
    ("typed", "echo", "spoken"),
    [
        ({"kind": "baht", "typed": "10,000,000.-"}, "10,000,000.00 บาท", "10,000,000.00 บาท (สิบล้านบาทถ้วน)"),
        ({"kind": "percent", "typed": "ร้อยละ 5"}, "ร้อยละ 5.00", ""),
        ({"kind": "whole", "typed": "12 เดือน", "unit": "เดือน months"}, "12 เดือน", ""),
        ({"kind": "whole", "typed": "๑๒๐๐", "unit": ""}, "1,200", ""),
        ({"kind": "year", "typed": "68"}, "พ.ศ. 2568", ""),
        ({"kind": "day", "typed-day": "31", "typed-month": "1", "typed-year": "67"}, "วันพุธที่ 31 มกราคม 2567", ""),
        ({"kind": "day", "typed-day": "31มค67", "typed-month": "", "typed-year": ""}, "วันพุธที่ 31 มกราคม 2567", ""),
    ],
)
def test_what_is_understood_is_said_back_in_full(
    demo_app: Flask, typed: dict[str, str], echo: str, spoken: str
) -> None:
    assert said(demo_app, **typed) == {"echo": echo, "problem": "", "offer": "", "take": ""} | {
        "spoken": spoken or echo
    }


def test_what_is_likely_meant_is_asked_back_to_be_taken(demo_app: Flask) -> None:
    answer = said(demo_app, kind="baht", typed="5 ล้าน")

    assert answer["problem"] == "หมายถึง 5,000,000.00 บาทใช่หรือไม่"
    assert (answer["echo"], answer["offer"], answer["take"]) == ("", "5,000,000.00", "ใช้ 5,000,000.00")


@pytest.mark.parametrize("typed", [{}, {"kind": "text", "typed": "x"}, {"kind": "baht"}, {"kind": "day", "typed": "x"}])
def test_what_cannot_be_read_is_answered_with_nothing(demo_app: Flask, typed: dict[str, str]) -> None:
    assert set(said(demo_app, **typed).values()) == {""}


def test_an_amount_above_what_is_the_most_is_not_said_back_to_be_agreed_to(demo_app: Flask) -> None:
    within, above = (
        said(demo_app, kind="baht", typed=typed, most="15000000.00") for typed in ("15 000 000", "99999999")
    )

    assert within["spoken"] == "15,000,000.00 บาท (สิบห้าล้านบาทถ้วน)"
    assert (above["spoken"], above["echo"]) == ("", "99,999,999.00 บาท")
