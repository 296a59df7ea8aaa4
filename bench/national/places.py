"""Where in the filled database the pages and the floor look: the same on every machine."""

from typing import Any

import psycopg

ROWS = 25
# Each gives one value; a later one may name an earlier one.
PLACES = {
    "office": "SELECT office_id FROM office_post p JOIN ab_user u ON u.id = p.user_id WHERE username = 'officer1'",
    "cooperative": (
        "SELECT cooperative_id FROM membership m JOIN ab_user u ON u.id = m.user_id WHERE username = 'coop1'"
    ),
    "province": "SELECT province_id FROM office_province WHERE office_id = {office}",
    "middle": "SELECT 1000 + max(id) / 2 FROM loan_application",
    "number": (
        "SELECT substr(number, 4) FROM loan_application WHERE number IS NOT NULL AND id >= {middle} ORDER BY id LIMIT 1"
    ),
    "digits": "SELECT split_part('{number}', '/', 1)",
    "office_number": (
        "SELECT substr(number, 4) FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id"
        " WHERE number IS NOT NULL AND c.office_id = {office} AND a.id >= {middle} ORDER BY a.id LIMIT 1"
    ),
    # From inside the name of one that asked: people, trade, province and number.
    "name": (
        "SELECT substr(cooperative_name, 16, length(cooperative_name) - 21) FROM loan_application a"
        " JOIN cooperative c ON c.id = a.cooperative_id WHERE c.office_id = {office} AND c.id > 1000"
        " AND submitted_at IS NOT NULL ORDER BY a.id LIMIT 1"
    ),
    "year": "SELECT max(decided_fiscal_year) - 2 FROM loan_application",
    "programme": "SELECT min(programme_id) FROM loan_application WHERE decided_fiscal_year = {year}",
    "half": "SELECT count(*) / 2 FROM loan_application WHERE submitted_at IS NOT NULL",
    "office_half": (
        "SELECT count(*) / 2 FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id"
        " WHERE submitted_at IS NOT NULL AND c.office_id = {office}"
    ),
    "one": (
        "SELECT a.id FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id"
        " WHERE a.status = 'in_review' AND c.office_id = {office} ORDER BY a.id DESC LIMIT 1"
    ),
    "approved": (
        "SELECT a.id FROM loan_application a JOIN cooperative c ON c.id = a.cooperative_id"
        " WHERE a.status = 'approved' AND c.office_id = {office} AND a.id > 1000 ORDER BY a.id LIMIT 1"
    ),
    "on_agenda": "SELECT max(id) FROM loan_application WHERE status = 'on_agenda'",
    "own": (
        "SELECT max(id) FROM loan_application WHERE cooperative_id = {cooperative} AND submitted_at IS NOT NULL"
        " AND status NOT IN ('withdrawn', 'expired')"
    ),
    "draft": "SELECT max(id) FROM loan_application WHERE cooperative_id = {cooperative} AND status = 'draft'",
    "borrower": "SELECT id FROM cooperative WHERE office_id = {office} AND id > 1000 ORDER BY id LIMIT 1",
}


def find_places(address: str) -> dict[str, Any]:
    """The values of ``PLACES``, and the numbers of pages that follow from them."""
    found: dict[str, Any] = {}
    with psycopg.connect(address, autocommit=True) as connection:
        for name, statement in PLACES.items():
            row = connection.execute(statement.format(**found)).fetchone()
            found[name] = row[0] if row else 0
    return found | {
        "half_page": found["half"] // ROWS,
        "office_half_page": found["office_half"] // ROWS,
    }
