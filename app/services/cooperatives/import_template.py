"""Makes the workbook people fill in to import cooperatives."""

import io
from collections.abc import Sequence

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from app.domain.cooperatives import CooperativeKind
from app.domain.labels import LabelledEnum
from app.domain.text import N_
from app.extensions import db
from app.models.cooperatives import Cooperative, CooperativeStatus, Workplace
from app.models.places import Office, Province
from app.services.cooperatives.import_columns import COLUMNS, LABELS, REQUIRED
from app.services.cooperatives.import_file import MOST_ROWS
from app.services.cooperatives.import_register import EXAMPLE
from app.ui.language import DEFAULT

SHEET, ALLOWED_SHEET, HELP_SHEET = N_("Cooperatives"), N_("Allowed values"), N_("About the columns")
COLUMN_WIDTH = 24  # characters
CHOICES: dict[str, type[LabelledEnum]] = {
    "kind": CooperativeKind,
    "workplace": Workplace,
    "status": CooperativeStatus,
}
# Plainly invented; the import refuses them by the beginning of their registration numbers.
EXAMPLES: tuple[dict[str, str], ...] = (
    {
        "registration_no": f"{EXAMPLE} 0001/2530",
        "cooperative_code": "9999000099901",
        "tax_id": "0994999000999",
        "name": "สหกรณ์ออมทรัพย์พนักงานโรงงานตัวอย่าง จำกัด",
        "kind": CooperativeKind.SAVINGS,
        "workplace": Workplace.ESTABLISHMENT,
        "registered_on": "15/3/2530",
        "address": "เลขที่ 1",
        "sub_district": "บางปลาสร้อย",
        "district": "เมืองชลบุรี",
        "province": "ชลบุรี",
        "postcode": "20000",
        "phone": "0 3800 0000",
        "email": "example1@example.or.th",
        "members": "1,850",
        "share_capital": "62,000,000.00",
        "reserve": "9,300,000.00",
        "borrowing_ceiling": "71,300,000.00",
        "ceiling_fiscal_year": "2570",
        "ordinary_rate": "6.25",
        "year_end_day": "31",
        "year_end_month": "12",
        "borrowed_before": "เคย",
        "fund_arrears": "0.00",
        "arrears_on": "30/9/2569",
        "status": CooperativeStatus.ACTIVE,
    },
    {
        "registration_no": f"{EXAMPLE} 0002/2541",
        "name": "สหกรณ์เครดิตยูเนี่ยนพนักงานรัฐวิสาหกิจตัวอย่าง จำกัด",
        "kind": CooperativeKind.CREDIT_UNION,
        "workplace": Workplace.STATE_ENTERPRISE,
        "province": "กรุงเทพมหานคร",
        "office": "BKK-01",
        "members": "640",
        "share_capital": "14000000",
        "reserve": "1800000.50",
    },
)


def template_workbook() -> bytes:
    """Return an Excel file with Thai headings, two example rows, what may be written, and what each column means."""
    target = io.BytesIO()
    with force_locale(DEFAULT), Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#f1f7f4", "bottom": 1, "valign": "top"})
        # Text cells: Excel would drop the 0 a tax number begins with, and turn 1/2530 into a date.
        text = book.add_format({"num_format": "@"})
        main, allowed, helping = (book.add_worksheet(gettext(name)) for name in (SHEET, ALLOWED_SHEET, HELP_SHEET))
        _write_rows(main, head, text)
        _offer_choices(main, allowed, head)
        _explain_columns(helping, head)
    return target.getvalue()


def _write_rows(sheet: Worksheet, head: Format, text: Format) -> None:
    sheet.set_column(0, len(COLUMNS) - 1, COLUMN_WIDTH, text)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(COLUMNS):
        sheet.write_string(0, place, gettext(LABELS[column.name]), head)
        for number, example in enumerate(EXAMPLES, start=1):
            value = example.get(column.name, "")
            if value:
                sheet.write_string(number, place, _shown(value), text)


def _shown(value: str) -> str:
    return gettext(value.label) if isinstance(value, LabelledEnum) else value


def _lists() -> dict[str, Sequence[str]]:
    """Return what may be written in each column that has a list."""
    provinces = db.session.scalars(select(Province).order_by(Province.name_sort)).all()
    offices = db.session.scalars(
        select(Office).where(Office.active).order_by(Office.code).options(selectinload(Office.provinces))
    ).all()
    return {
        **{name: [gettext(member.label) for member in kind] for name, kind in CHOICES.items()},
        "province": [province.name for province in provinces],
        "office": [office.short_name for office in offices],
    }


def _offer_choices(main: Worksheet, allowed: Worksheet, head: Format) -> None:
    """Write the lists, and let Excel offer them where they are to be filled in."""
    places = {column.name: place for place, column in enumerate(COLUMNS)}
    allowed.set_column(0, len(CHOICES) + 1, COLUMN_WIDTH)
    for at, (name, values) in enumerate(_lists().items()):
        allowed.write_string(0, at, gettext(LABELS[name]), head)
        for number, value in enumerate(values, start=1):
            allowed.write_string(number, at, value)
        letter = xl_col_to_name(at)
        source = f"='{allowed.get_name()}'!${letter}$2:${letter}${len(values) + 1}"
        # A warning only: codes and other spellings are understood, too.
        rule = {"validate": "list", "source": source, "error_type": "information"}
        main.data_validation(1, places[name], MOST_ROWS, places[name], rule)


def _explain_columns(sheet: Worksheet, head: Format) -> None:
    sheet.set_column(0, 2, COLUMN_WIDTH * 2)
    for place, title in enumerate((N_("Column"), N_("For a new cooperative"), N_("What to write"))):
        sheet.write_string(0, place, gettext(title), head)
    for number, column in enumerate(COLUMNS, start=1):
        info = Cooperative.__table__.c.get(column.name, Cooperative.__table__.c.get(f"{column.name}_id")).info
        needed = gettext("Needed") if column.name in REQUIRED else gettext("May stay empty")
        sheet.write_string(number, 0, gettext(LABELS[column.name]))
        sheet.write_string(number, 1, needed)
        sheet.write_string(number, 2, gettext(info["help"]) if info.get("help") else "")
