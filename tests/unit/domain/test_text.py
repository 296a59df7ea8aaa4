"""Short texts with figures: equal when a reader sees the same."""

from app.domain.values.text import Words


def test_words_are_equal_when_text_and_figures_are() -> None:
    five = Words("%(number)s persons", number=5)

    assert five == Words("%(number)s persons", number=5)
    assert five != Words("%(number)s persons", number=6)
    assert five != Words("%(number)s others", number=5)
    assert five != "5 persons"
    assert len({five, Words("%(number)s persons", number=5)}) == 1
    assert str(five) == "5 persons"
