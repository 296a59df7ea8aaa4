"""A quote as files: an Excel workbook with amounts as numbers, and a PDF in Thai."""

import io
from decimal import Decimal
from pathlib import Path

from flask_babel import gettext

from app.domain.quotes import Quote
from app.domain.values.text import N_
from app.reports.pdf.drawing import drawn_pdf
from app.ui.formatting import baht, be_date
from app.ui.tables import instalment_cells

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


def quote_workbook(programme: str, quote: Quote) -> bytes:
    """The quote as XLSX; texts are typed as texts, amounts, totals too, are numbers with two decimals."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(gettext("Instalment table"))
    bold = book.add_format({"bold": True, "text_wrap": True})
    money, rate = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "0.00##"})
    sheet.write_string(0, 0, programme, book.add_format({"bold": True}))
    row = 1
    for label, amount in totals(quote):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, 4, float(amount), money)
        row += 1
    if grace := grace_line(quote):
        sheet.write_string(row, 0, grace)
        row += 1
    for column, (label, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(row + 1, column, gettext(label), bold)
    for line, item in enumerate(quote.rows, start=row + 2):
        sheet.write_number(line, 0, item.number)
        sheet.write_string(line, 1, be_date(item.due_on))
        sheet.write_number(line, 2, item.days)
        sheet.write_number(line, 3, float(item.annual_rate * 100), rate)
        for column, amount_ in enumerate((item.principal, item.interest, item.total, item.balance), start=4):
            sheet.write_number(line, column, float(amount_), money)
    sheet.freeze_panes(row + 2, 0)
    book.close()
    return target.getvalue()


def quote_pdf(programme: str, quote: Quote) -> bytes:
    """The quote as PDF."""
    paid_out = gettext("Pay-out estimated on %(day)s", day=be_date(quote.terms.paid_out_on, "long"))
    content = {
        "title": gettext("Estimate of instalments"),
        "fund": gettext("Labour Fund"),
        "programme": programme,
        "totals": [(label, baht(amount)) for label, amount in totals(quote)],
        "unit": gettext("baht"),
        "columns": column_labels(),
        "rows": instalment_cells(quote.rows),
        "note": gettext(
            "An estimate: the day count, the kind of instalment and the rounding are assumptions until the board "
            "notifies them. The contract counts."
        ),
        "paid_out": " · ".join(filter(None, (paid_out, grace_line(quote)))),
    }
    return drawn_pdf(TEMPLATE, content)
