"""Links in mails lead to where the program listens."""

import pytest

from app.serving import address_of, local_settings


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
