"""The map's shades are told apart in print without colours and by eyes that see few, and its key names all of them."""

from itertools import pairwise

import pytest

from app.reports.charts.volume_by_province import GREENS, NONE_COLOUR, OUTLINE, bounds_of, colours_of, marked_of
from app.reports.still import Areas, Mark


def luminance(colour: str) -> float:
    """As WCAG defines it, 0 for black and 1 for white: all that a print without colours keeps."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def map_of(*values: float) -> Areas:
    marks = [Mark(name="ก", spoken="ก", value=value, url="/list" if value else "") for value in values]
    bounds = bounds_of(values)
    return Areas(marks, "ล้านบาท", bounds, marked_of(bounds), colours_of(bounds), NONE_COLOUR, OUTLINE, {}, 1, 1)


def test_neighbours_among_the_shades_and_none_differ_by_half_as_much_light_again() -> None:
    shades = [NONE_COLOUR, *GREENS, OUTLINE]

    assert min(contrast(one, next_) for one, next_ in pairwise(shades)) >= 1.6


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        ((), []),
        ((0, 0), []),
        ((7,), []),
        ((7, 7, 7), []),
        ((3, 4, 6, 15), [4, 6, 15]),  # one shade each
        ((3, 3, 3, 3, 3, 3, 9), [9]),
        # Fifths of twelve: from the third, fifth, eighth and tenth on.
        (tuple(range(1, 13)), [3, 5, 8, 10]),
        # Most alike: the fifths begin with the least value, which parts nothing, and with the last two.
        ((1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6), [2, 4]),
        ((*[1] * 25, 2, 3, 4, 5, 6), [2]),
    ],
)  # fmt: skip
def test_bounds_leave_no_shade_without_a_province(values: tuple[float, ...], bounds: list[float]) -> None:
    drawn = map_of(*values)

    assert bounds_of(values) == bounds
    used = {drawn.colour(mark) for mark in drawn.marks if mark.url}
    assert used in (set(drawn.colours), set())
    assert len(drawn.legend) == len(drawn.colours)


@pytest.mark.parametrize(
    ("values", "legend"),
    [
        ((3, 4, 6, 15), ["< 4.0", "4.0 – 6.0", "6.0 – 15.0", "≥ 15.0"]),
        ((1.0, 1.01, 1.02, 1.03, 900), ["< 1.01", "1.01 – 1.02", "1.02 – 1.03", "1.03 – 900.00", "≥ 900.00"]),
        ((0.01, 0.02, 0.05), ["< 0.02", "0.02 – 0.05", "≥ 0.05"]),
        ((5, 5), ["5.0"]),
    ],
)
def test_key_names_every_bound_with_as_many_decimals_as_tell_them_apart(
    values: tuple[float, ...], legend: list[str]
) -> None:
    assert [words for _colour, words in map_of(*values).legend] == legend
