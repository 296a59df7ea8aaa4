"""Stills stand where the figures say: bars along round numbers, areas in the colour of their group."""

import re

import pytest

from app.reports.outlines import HEIGHT, outlines
from app.reports.still import Areas, Bars, Mark

GREENS = ("light", "middle", "dark")


def mark(value: float, url: str = "/list") -> Mark:
    return Mark(name="ก", spoken=f"ก: {value}", value=value, url=url)


def bars(*values: float) -> Bars:
    return Bars([mark(value) for value in values], "ล้านบาท", "green")


def areas(*bounds: float) -> Areas:
    shades = GREENS[: len(bounds) + 1]
    return Areas((), "ล้านบาท", bounds, [f"{each:,.1f}" for each in bounds], shades, "grey", "black", {}, 1, 1)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0.25, [0, 1]),
        (1, [0, 1]),
        (4.5, [0, 1, 2, 3, 4, 5]),
        (12, [0, 5, 10, 15]),
        (99, [0, 20, 40, 60, 80, 100]),
        (100, [0, 20, 40, 60, 80, 100]),
        (101, [0, 50, 100, 150]),
        (12_345, [0, 5_000, 10_000, 15_000]),
    ],
)
def test_axis_goes_by_few_round_numbers_to_beyond_the_longest_bar(most: float, ticks: list[int]) -> None:
    assert bars(most, most / 2).ticks == ticks


def test_bar_is_as_long_as_its_share_of_the_axis() -> None:
    chart = bars(75, 30)

    # To 80 by twenties.
    assert (chart.share(75), chart.share(30), chart.share(0)) == ("93.75%", "37.5%", "0%")


def test_few_bars_fill_the_room_of_four() -> None:
    assert (bars(1).height, bars(1).row) == (120, 120)
    assert (bars(*range(1, 16)).height, bars(*range(1, 16)).row) == (450, 30)


def test_area_has_the_colour_of_its_group_and_grey_without_a_list() -> None:
    map_ = areas(4.0, 25.0)

    colours = [map_.colour(mark(value)) for value in (0.1, 3.99, 4.0, 24.9, 25.0, 900)]

    assert colours == ["light", "light", "middle", "middle", "dark", "dark"]
    assert map_.colour(mark(0, url="")) == "grey"


def test_legend_names_each_colour_in_use() -> None:
    assert areas(4.0, 1_025.0).legend == [("light", "< 4.0"), ("middle", "4.0 – 1,025.0"), ("dark", "≥ 1,025.0")]
    assert areas(4.0).legend == [("light", "< 4.0"), ("middle", "≥ 4.0")]


def test_every_province_has_an_outline_within_the_map() -> None:
    width, paths = outlines()

    assert len(paths) == 77
    assert 500 < width < HEIGHT
    for code, path in paths.items():
        assert re.fullmatch(r"(M\d+ \d+l-?\d+[ -]\d+([ -]-?\d+)*z)+", path), code
    # A page brings them all: shortened, but still shapes.
    assert 8_000 < sum(map(len, paths.values())) < 20_000
