"""Rows drawn once and filled: a cell is text whatever stands in it, also what marks the slots."""

from markupsafe import Markup

from app.ui.tables import SLOT, filled

PATTERN = Markup('<i id="{0}">{0}</i>').format(SLOT)


def test_the_mark_of_a_slot_in_a_cell_is_a_letter_like_others() -> None:
    note = f"มืด{SLOT}<b>"
    assert filled(PATTERN, [["1", note], ["2", "\0"]]) == f'<i id="1">มืด{SLOT}&lt;b&gt;</i><i id="2">\0</i>'
