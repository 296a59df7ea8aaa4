"""A quote as files: an Excel workbook with amounts as numbers, and a PDF in Thai."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import gettext

from app.domain.quotes import Quote
from app.domain.values.text import N_
from app.reports.pdf.apart import drawn_apart
from app.ui.formatting import baht, be_date
from app.ui.language import in_english
from app.ui.tables import days_off_note, instalment_cells

COLUMNS = (
    N_("Instalment"),
    N_("Due on"),
    N_("Days"),
    N_("Rate (per cent a year)"),
    N_("Principal (baht)"),
    N_("Interest (baht)"),
    N_("Payment (baht)"),
    N_("Still owed (baht)"),
)
WIDTHS = (9, 16, 8, 14, 18, 16, 18, 18)
ESTIMATE = N_(
    "An estimate: the day count, the kind of instalment and the rounding are assumptions until the board notifies "
    "them. The contract counts."
)
MONEY = "#,##0.00"
# The second with the calendar that counts Buddhist years.
ENGLISH_DAY, THAI_DAY = "d mmm yyyy", "[$-107041E]d mmm yyyy"
TEMPLATE = Path(__file__).with_name("quote.typ")


def grace_line(quote: Quote) -> str:
    """Which instalments are interest alone; empty when none is."""
    number = quote.terms.principal_grace
    if not number:
        return ""
    return (
        f"{gettext('Instalments without principal')}: {gettext('the first %(number)s: interest alone', number=number)}"
    )


def totals(quote: Quote) -> list[tuple[str, Decimal]]:
    """What stands above the table: (label, baht)."""
    lines = [
        (gettext("Loan"), quote.terms.principal),
        (gettext("Interest altogether"), quote.total_interest),
        (gettext("Paid altogether"), quote.total),
        (gettext("First payment"), quote.rows[0].total),
        (gettext("Largest payment"), quote.largest.total),
    ]
    if quote.interest_saved:
        lines.append((gettext("Saved by the interest-free months"), quote.interest_saved))
    return lines


def column_labels() -> list[str]:
    """What stands above the columns of an instalment table."""
    return [gettext(label) for label in COLUMNS]


def _paid_out(quote: Quote) -> str:
    return gettext("Pay-out estimated on %(day)s", day=be_date(quote.terms.paid_out_on, "long"))


def _sums(quote: Quote) -> tuple[Decimal, Decimal, Decimal]:
    """Principal, interest and payments of the whole table."""
    return quote.terms.principal, quote.total_interest, quote.total


def quote_workbook(programme: str, quote: Quote) -> bytes:
    """The quote as XLSX; texts are typed as texts, days are days, amounts are numbers with two decimals."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(gettext("Instalment table"))
    looks = _looks(book)
    row = _head(sheet, looks, programme, quote)
    for column, (label, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row, column, gettext(label), looks["heading"])
    sheet.freeze_panes(row + 1, 0)
    for item in quote.rows:
        row += 1
        sheet.write_number(row, 0, item.number)
        sheet.write_datetime(row, 1, item.due_on, looks["day"])
        sheet.write_number(row, 2, item.days)
        sheet.write_number(row, 3, float(item.annual_rate * 100), looks["rate"])
        for column, amount in enumerate((item.principal, item.interest, item.total, item.balance), start=4):
            sheet.write_number(row, column, float(amount), looks["money"])
    sheet.write_string(row + 1, 0, gettext("Total"), looks["bold"])
    for column, amount in enumerate(_sums(quote), start=4):
        sheet.write_number(row + 1, column, float(amount), looks["sum"])
    for place, note in enumerate((days_off_note(), gettext(ESTIMATE)), start=row + 3):
        sheet.write_string(place, 0, note)
    book.close()
    return target.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    return {
        "bold": book.add_format({"bold": True}),
        "heading": book.add_format({"bold": True, "text_wrap": True}),
        "money": book.add_format({"num_format": MONEY}),
        "sum": book.add_format({"num_format": MONEY, "bold": True, "top": 1}),
        "rate": book.add_format({"num_format": "0.00##"}),
        "day": book.add_format({"num_format": ENGLISH_DAY if in_english() else THAI_DAY, "align": "left"}),
    }


def _head(sheet: Any, looks: dict[str, Any], programme: str, quote: Quote) -> int:
    """What stands above the table; the row of the table's own heading."""
    sheet.write_string(0, 0, gettext("Estimate of instalments"), looks["bold"])
    sheet.write_string(1, 0, programme, looks["bold"])
    row = 2
    for label, amount in totals(quote):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, 4, float(amount), looks["money"])
        row += 1
    for line in filter(None, (_paid_out(quote), grace_line(quote))):
        sheet.write_string(row, 0, line)
        row += 1
    return row + 1


def quote_pdf(programme: str, quote: Quote) -> bytes:
    """The quote as PDF."""
    content = {
        "title": gettext("Estimate of instalments"),
        "fund": gettext("Labour Fund"),
        "programme": programme,
        "totals": [(label, baht(amount)) for label, amount in totals(quote)],
        "unit": gettext("baht"),
        "columns": column_labels(),
        "rows": instalment_cells(quote.rows),
        "sums": ["", gettext("Total"), "", "", *map(baht, _sums(quote)), ""],
        "note": f"{gettext(ESTIMATE)} {days_off_note()}",
        "paid_out": " · ".join(filter(None, (_paid_out(quote), grace_line(quote)))),
    }
    return drawn_apart(TEMPLATE, content)
