"""Numbers and names that identify a cooperative or a person: what is accepted and the one way each is stored."""

import re
from types import ModuleType

from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
from stdnum.th import moa, pin

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.domain.values.thai import arabic_digits, dashes, normalise

THIRTEEN_DIGITS = N_("The number must have 13 digits. Compare it with the registration paper and type it again.")
ONE_DIGIT_WRONG = N_("One or more digits of the number are wrong. Compare it with the paper and type it again.")
LIMITED, SHORT_LIMITED = "จำกัด", "จก."
LONGEST_PHONE = 120  # long text makes matching slow
LONGEST_PHONE_KEPT = 40
LONGEST_EMAIL = 254  # RFC 5321

_SEPARATORS = re.compile(r"[\s.\-/()\u2010-\u2015]")
_POSTCODE = re.compile("[1-9][0-9]{4}")
_PHONE = re.compile("0[2-7][0-9]{7}|0[689][0-9]{8}")
_EXAMPLE_PHONE = re.compile("020000[0-9]{3}|0900000[0-9]{3}")
_ABROAD = re.compile("^(?:\\+|00)66(?:\\(0\\))?0?")
_LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOMAIN_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@(?:{_DOMAIN_LABEL}\.)+[A-Za-z]{{2,63}}")
_EXTENSION = re.compile(r"(.*?)\s*(?:ต่อ|กด|ext\.?|#)\s*([0-9]{1,5}(?: ?[-,] ?[0-9]{1,5})*)", re.IGNORECASE)
_FURTHER_LINES = re.compile(r"(.*[0-9)]) ?(?:-|ถึง) ?([0-9]{1,3})")
_PHONE_WORDS = re.compile(r"^(?:หมายเลข|เบอร์)?(?:โทรศัพท์|โทร|มือถือ|tel|phone)?[.: ]*", re.IGNORECASE)
_NEXT_PHONE = re.compile(r" ?[,;/] ?(?=[0+(]|โทร|มือถือ)| (?:และ|หรือ|or|and) ?", re.IGNORECASE)


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", arabic_digits(normalise(text)))


def _checked(kind: ModuleType, text: str, wrong_start: str) -> str:
    """Return the bare digits when python-stdnum accepts them, else say which check failed."""
    try:
        return str(kind.validate(_compact(text)))
    except InvalidChecksum as error:
        raise RuleBroken(ONE_DIGIT_WRONG) from error
    except InvalidComponent as error:
        raise RuleBroken(wrong_start) from error
    except ValidationError as error:
        raise RuleBroken(THIRTEEN_DIGITS) from error


def tax_id(text: str) -> str:
    """Return the 13 digits of a juristic person's tax number, check digit verified; it begins with 0."""
    return _checked(moa, text, N_("A cooperative's tax number begins with 0. Do not enter a person's number here."))


def national_id(text: str) -> str:
    """Return the 13 digits of a person's national ID number, check digit verified; it begins with 1 to 8."""
    return _checked(pin, text, N_("A person's national ID number begins with 1 to 8. Check the first digit."))


def cooperative_code(text: str) -> str:
    """Return the 13 digits of the cooperative sector's code; no check digit is published for it."""
    code = _compact(text)
    if not re.fullmatch("[0-9]{13}", code):
        raise RuleBroken(THIRTEEN_DIGITS)
    return code


def postcode(text: str) -> str:
    """Return a Thai postcode: five digits, the first not 0."""
    code = _compact(text)
    if not _POSTCODE.fullmatch(code):
        raise RuleBroken(N_("A postcode has five digits, for example 10400."))
    return code


def phone(text: str) -> str:
    """Return Thai telephone numbers as bare digits from the leading 0, with a comma between two.

    Landlines have 9 digits, mobiles (06, 08, 09) 10; +66 is read as 0. Further lines (0 2660 2180-2) and extensions
    ( `` ต่อ 801-3``) stay behind their number.
    """
    typed = dashes(arabic_digits(normalise(text[:LONGEST_PHONE])))
    kept = ", ".join(_one_phone(part) for part in _NEXT_PHONE.split(typed))
    if len(kept) > LONGEST_PHONE_KEPT:
        raise RuleBroken(N_("There is room for two telephone numbers. Leave the others out."))
    return kept


def _one_phone(typed: str) -> str:
    number = _PHONE_WORDS.sub("", typed)
    extension = _EXTENSION.fullmatch(number)
    number = extension[1] if extension else number
    further = _FURTHER_LINES.fullmatch(number)
    if further and _PHONE.fullmatch(first := _bare_phone(further[1])):
        bare = f"{first}-{further[2]}"
    else:
        bare = _bare_phone(number)
        if not _PHONE.fullmatch(bare):
            raise RuleBroken(
                N_("Type a Thai telephone number of 9 or 10 digits, beginning with 0, such as 0 2660 2180.")
            )
    return f"{bare} ต่อ {extension[2].replace(' ', '')}" if extension else bare


def is_example_phone(stored: str) -> bool:
    """Whether a stored number is of those that demonstrations use: 0 2000 0101, 09 0000 0001."""
    return _EXAMPLE_PHONE.fullmatch(stored) is not None


def _bare_phone(typed: str) -> str:
    return _SEPARATORS.sub("", _ABROAD.sub("0", typed.replace(" ", "")))


def email(text: str) -> str:
    """Return one plain e-mail address: what mail servers without extensions take.

    A local part with ``=?`` would be read as an encoded word and could hold anything, line breaks too.
    """
    if len(text) > LONGEST_EMAIL or "=?" in text or not _EMAIL.fullmatch(text):
        raise RuleBroken(N_("Type one e-mail address, for example office@example.or.th."))
    return text


def cooperative_name(text: str) -> str:
    """Return the registered name; it must end in จำกัด, in full or as จก., which stands in full after one space."""
    name = normalise(text)
    if name.endswith(SHORT_LIMITED):
        name = name.removesuffix(SHORT_LIMITED) + LIMITED
    own = name.removesuffix(LIMITED).rstrip()
    if own == name or not own:
        raise RuleBroken(N_("Type the full registered name of the cooperative; it ends with “จำกัด”."))
    return f"{own} {LIMITED}"
