"""Drawing a paper takes a processor for a while: few at a time, one more waits, and all others are asked back.

A thread that waits answers nobody else, so that more must not wait than there are threads to spare. Visitors have one
turn among them, and whoever is signed in never waits behind them.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from app.domain.values.errors import RuleBroken
from app.domain.values.text import N_
from app.files.turns import Turns

AT_ONCE, OF_VISITORS, WAITING, PATIENCE_SECONDS = 2, 1, 1, 3.0
AGAIN_SECONDS = 3  # when to come back
BUSY = N_("Many papers are being drawn just now. Wait a few seconds and press again; what you typed is kept.")

_of_people = Turns("drawing", AT_ONCE), Turns("drawing-waits", WAITING)
_of_visitors = Turns("visitors-drawing", OF_VISITORS), Turns("visitors-drawing-waits", WAITING)


class TooManyDrawn(RuleBroken):
    """All turns are taken; a moment later one is free."""

    def __init__(self) -> None:
        super().__init__(BUSY)


@contextmanager
def drawing_turn(*, visitor: bool) -> Iterator[None]:
    """Hold a turn inside the block.

    Args:
        visitor: the paper is for somebody who is not signed in.

    Raises:
        TooManyDrawn: others draw, and another waits already.
    """
    drawing, waiting = _of_visitors if visitor else _of_people
    with ExitStack() as turn:
        if not turn.enter_context(drawing.one()):
            with waiting.one() as may_wait:
                if not may_wait or not turn.enter_context(drawing.one(PATIENCE_SECONDS)):
                    raise TooManyDrawn
        yield
