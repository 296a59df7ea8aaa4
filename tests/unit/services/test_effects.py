"""Every effect that a row of the table names is done by the service, and no other."""

from app.domain.workflow import MOVES, Effect
from app.services.applications.effects import EFFECTS


def test_every_effect_of_a_row_is_done() -> None:
    assert {move.effect for move in MOVES.values() if move.effect is not None} == set(EFFECTS) == set(Effect)
