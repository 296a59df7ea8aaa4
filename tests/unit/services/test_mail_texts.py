"""Whoever is told of a move as staff is told what to do next."""

import pytest

from app.domain.roles import COOPERATIVE
from app.domain.workflow import MOVES
from app.services.applications.mail_texts import NEXT_FOR_STAFF
from app.serving import address_of, local_settings


def test_every_move_told_to_staff_has_a_next_step() -> None:
    targets = {move.target for move in MOVES.values() if move.tells - COOPERATIVE}

    assert targets == set(NEXT_FOR_STAFF)


@pytest.mark.parametrize(
    ("environ", "settings"),
    [
        ({}, {"PUBLIC_URL": "http://127.0.0.1:8099"}),
        ({"PUBLIC_URL": "https://loans.example"}, {}),
        ({"FUND_ENV": "production"}, {}),
    ],
)
def test_links_in_mails_of_a_development_server_follow_its_port(
    environ: dict[str, str], settings: dict[str, str]
) -> None:
    assert local_settings(environ, address_of("0.0.0.0", 8099)) == settings  # noqa: S104
