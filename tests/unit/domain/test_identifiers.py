"""Numbers and names of cooperatives and people. The numbers are published examples or python-stdnum's own."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values.errors import RuleBroken
from app.domain.values.identifiers import (
    cooperative_code,
    cooperative_name,
    email,
    national_id,
    phone,
    postcode,
    tax_id,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0994000617721", "0994000617721"),
        ("0-99-4-000-61772-1", "0994000617721"),
        ("๐๙๙๔๐๐๐๑๘๙๙๔๐", "0994000189940"),
        (" 0 9940 00165 42 1 ", "0994000165421"),
        ("0105536112014", "0105536112014"),
    ],
)
def test_a_tax_number_is_stored_as_bare_digits(typed: str, stored: str) -> None:
    assert tax_id(typed) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("0-99-4-000-61772-3", "One or more digits"),
        ("099400061772", "must have 13 digits"),
        ("0994000617721 ก", "must have 13 digits"),
        ("", "must have 13 digits"),
        ("3100600445635", "begins with 0"),
        ("099400061772\x00", "must have 13 digits"),
    ],
)
def test_a_wrong_tax_number_is_answered_with_the_reason(typed: str, message: str) -> None:
    with pytest.raises(RuleBroken, match=message):
        tax_id(typed)


# 099400061772?: weights 13 down to 2 over the first twelve digits:
# 0*13 + 9*12 + 9*11 + 4*10 + 0*9 + 0*8 + 0*7 + 6*6 + 1*5 + 7*4 + 7*3 + 2*2 = 341; 341 mod 11 = 0; (11 - 0) mod 10 = 1.
@pytest.mark.parametrize("last", "023456789")
def test_only_the_right_check_digit_is_accepted(last: str) -> None:
    with pytest.raises(RuleBroken, match="One or more digits"):
        tax_id("099400061772" + last)


@pytest.mark.parametrize("typed", ["3100600445635", "1112034563562", "1-2345-45678-78-1", "๑๑๑๒๐๓๔๕๖๓๕๖๒"])
def test_a_national_id_is_accepted(typed: str) -> None:
    assert len(national_id(typed)) == 13


@pytest.mark.parametrize("typed", ["1-2345-45678-78-9", "0994000617721", "9100600445635", "123"])
def test_a_wrong_national_id_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        national_id(typed)


def test_a_cooperative_code_is_thirteen_digits() -> None:
    assert cooperative_code("๑๐๐๐-0001-25301") == "1000000125301"
    with pytest.raises(RuleBroken, match="13 digits"):
        cooperative_code("100000012530")


def test_a_postcode_is_five_digits() -> None:
    assert postcode("๑๐๔๐๐") == "10400"
    for wrong in ("1040", "104000", "01040", "10 4OO"):
        with pytest.raises(RuleBroken, match="five digits"):
            postcode(wrong)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0 2660 2180", "026602180"),
        ("02-660-2180", "026602180"),
        ("(02) 660 2180", "026602180"),
        ("๐ ๒๖๖๐ ๒๑๘๐", "026602180"),
        ("+66 2 660 2180", "026602180"),
        ("+66 (0)2 660 2180", "026602180"),
        ("+66 81 234 5678", "0812345678"),
        ("081-234-5678", "0812345678"),
        ("053 123 456", "053123456"),
        ("0 2660 2180 ต่อ 801", "026602180 ต่อ 801"),
        ("02 660 2180 ext. 801", "026602180 ต่อ 801"),
        ("0 2300 6612", "023006612"),  # 0066 in its middle is not the code of the country
        ("0066 2 660 2180", "026602180"),
        ("02-660-2180 ต่อ 801-3", "026602180 ต่อ 801-3"),
        ("0 2660 2180-2", "026602180-2"),
        ("0-2660-2180-2 ต่อ 801, 802", "026602180-2 ต่อ 801,802"),
        ("โทร. 0 2660 2180", "026602180"),
        ("โทรศัพท์: 02 660 2180", "026602180"),
        ("0 2660 2180, 08 1234 5678", "026602180, 0812345678"),
        ("0 2660 2180 และ โทร. +66 (0)81 234 5678", "026602180, 0812345678"),
    ],
)
def test_a_telephone_number_is_stored_as_bare_digits(typed: str, stored: str) -> None:
    assert phone(typed) == stored


@pytest.mark.parametrize("stored", ["026602180 ต่อ 801", "026602180-2 ต่อ 801-3", "026602180, 0812345678", "023006612"])
def test_a_stored_telephone_number_is_accepted_again(stored: str) -> None:
    assert phone(stored) == stored


def test_more_telephone_numbers_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(RuleBroken, match="two telephone numbers"):
        phone(", ".join(["0 2660 2180"] * 5))


@pytest.mark.parametrize("typed", ["", "1234", "081-234-567", "0 2660 21800", "ไม่มี", "1" * 20, " " * 10**6 + "x"])
def test_what_is_no_thai_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken, match="9 or 10 digits"):
        phone(typed)


def test_a_cooperative_name_has_one_space_before_its_ending() -> None:
    full = "สหกรณ์ออมทรัพย์ครูเพชรบูรณ์ จำกัด"

    assert cooperative_name(full) == full
    assert cooperative_name("สหกรณ์ออมทรัพย์ครูเพชรบูรณ์จ\u0e4dากัด") == full
    assert cooperative_name("  สหกรณ์ออมทรัพย์ครูเพชรบูรณ์   จำกัด ") == full


def test_a_shortened_ending_of_a_cooperative_name_is_spelt_out() -> None:
    for typed in ("สหกรณ์ออมทรัพย์ครูเพชรบูรณ์ จก.", "สหกรณ์ออมทรัพย์ครูเพชรบูรณ์จก."):
        assert cooperative_name(typed) == "สหกรณ์ออมทรัพย์ครูเพชรบูรณ์ จำกัด"


@pytest.mark.parametrize("typed", ["", "จำกัด", "จก.", "สหกรณ์ออมทรัพย์ครูเพชรบูรณ์", "จำกัด สหกรณ์"])
def test_a_cooperative_name_without_its_ending_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken, match="registered name"):
        cooperative_name(typed)


@pytest.mark.parametrize("rule", [tax_id, national_id, cooperative_code, postcode, phone, cooperative_name])
@given(typed=st.text(max_size=30))
def test_whatever_is_typed_gives_a_value_or_a_refusal(rule: Callable[[str], str], typed: str) -> None:
    with suppress(RuleBroken):
        stored = rule(typed)
        assert rule(stored) == stored


# 64 + 1 + 3 * 61 + 2 + 4 = 254 characters, the most that mail servers take.
LONGEST_ADDRESS = "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".org"


@pytest.mark.parametrize(
    "typed",
    [
        "office@example.or.th",
        "a.b+c=d@xn--12c1fe0br.example",
        "o'neil@a-b.co",
        "=x@example.org",
        "a" * 64 + "@example.org",
        LONGEST_ADDRESS,
    ],
)
def test_a_plain_email_address_is_accepted(typed: str) -> None:
    assert email(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "=?utf-8?q?a=0Ab?=@b.co",
        "=?utf-8?b?Cg==?=x@b.co",
        "สมชาย@example.com",
        "a..b@example.org",
        ".a@example.org",
        "a[@example.org",
        "a b@example.org",
        "a@b@example.org",
        "a@example",
        "a@-example.org",
        "a@example..org",
        "a@" + "b" * 64 + ".org",
        "a" * 250 + "@example.org",
        LONGEST_ADDRESS.replace("@", "@b"),
        "a@example.org\n",
        "a@example.org,b@example.org",
    ],
)
def test_an_address_that_no_mail_can_be_sent_to_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken, match="one e-mail address"):
        email(typed)
