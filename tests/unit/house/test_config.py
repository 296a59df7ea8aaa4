"""Settings: safe defaults, clear refusals, and a production that will not start unsafe."""

from pathlib import Path

import pytest

from config import DEVELOPMENT_SECRET_KEY, FRAMEWORK, SETTINGS, ConfigurationError, settings

GOOD_KEY = "2f6c1f0e9a7b4d538c6e0a1b2d3f4c5e"
PRODUCTION = {
    "FUND_ENV": "production",
    "SECRET_KEY": GOOD_KEY,
    "DATABASE_URL": "postgresql://fund@db/fund",
    "TRUSTED_HOSTS": "loans.example.go.th",
}


def test_nothing_set_is_development_on_sqlite_in_the_instance_folder() -> None:
    chosen = settings({})

    assert chosen["FUND_ENV"] == "development"
    assert chosen["DEMO"] is True
    assert chosen["DEBUG"] is False
    assert chosen["SQLALCHEMY_DATABASE_URI"].startswith("sqlite:////")
    assert chosen["SQLALCHEMY_DATABASE_URI"].endswith("/instance/fund.db")


def test_production_with_good_settings_runs_without_warnings() -> None:
    chosen = settings(PRODUCTION)

    assert chosen["CONFIGURATION_WARNINGS"] == []
    assert chosen["DEMO"] is False
    assert chosen["SESSION_COOKIE_SECURE"] is True
    assert chosen["SESSION_COOKIE_NAME"] == "__Host-fund"
    assert chosen["TRUSTED_HOSTS"] == ["loans.example.go.th"]


@pytest.mark.parametrize("key", ["", "short", GOOD_KEY[:31], "a" * 64, DEVELOPMENT_SECRET_KEY])
def test_production_refuses_a_weak_secret_key(key: str) -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        settings({**PRODUCTION, "SECRET_KEY": key})


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "DEMO"])
def test_production_refuses_debug_and_demo(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settings({**PRODUCTION, name: "1"})


def test_production_on_sqlite_is_allowed_with_a_warning() -> None:
    chosen = settings({**PRODUCTION, "DATABASE_URL": ""})

    assert [line for line in chosen["CONFIGURATION_WARNINGS"] if "SQLite" in line]


def test_production_without_host_names_answers_only_this_machine() -> None:
    chosen = settings({**PRODUCTION, "TRUSTED_HOSTS": ""})

    assert chosen["TRUSTED_HOSTS"] == ["localhost", "127.0.0.1"]
    assert [line for line in chosen["CONFIGURATION_WARNINGS"] if "TRUSTED_HOSTS" in line]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_addresses_name_the_driver_we_have(scheme: str) -> None:
    chosen = settings({"DATABASE_URL": f"{scheme}://fund@db/fund"})

    assert chosen["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://fund@db/fund"


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://fund@db/fund"])
def test_statements_in_errors_hide_their_values(url: str) -> None:
    options = settings({"DATABASE_URL": url})["SQLALCHEMY_ENGINE_OPTIONS"]

    assert options["hide_parameters"] is True
    assert options["pool_pre_ping"] is True


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if "–" in setting.allowed])
@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "๕", "99999999999999999999"])
def test_a_number_that_is_none_is_refused_by_name(name: str, typed: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settings({name: typed})


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="FUND_ENV"):
        settings({"FUND_ENV": "prod"})


def test_an_unclear_switch_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="DEMO"):
        settings({"DEMO": "maybe"})


@pytest.mark.parametrize("environ", [{"FUND_ENV": "prod"}, {**PRODUCTION, "SECRET_KEY": ""}, {"PROXY_COUNT": "x"}])
def test_a_refusal_is_one_line_in_thai_and_english(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        settings(environ)

    thai, english = str(refusal.value).split(" / ", 1)
    assert any("ก" <= letter <= "๛" for letter in thai)
    assert english
    assert "\n" not in str(refusal.value)


def test_a_request_may_be_as_large_as_a_document_and_its_form() -> None:
    chosen = settings({"MAX_UPLOAD_BYTES": "2048"})

    # 2,048 bytes and 1 MiB = 1,048,576 bytes
    assert chosen["MAX_CONTENT_LENGTH"] == 1_050_624


def test_tokens_and_cookies_are_signed_with_different_keys() -> None:
    chosen = settings(PRODUCTION)

    assert chosen["JWT_SECRET_KEY"] != chosen["SECRET_KEY"]


def test_overrides_win_and_their_texts_count_as_the_environment(tmp_path: Path) -> None:
    chosen = settings(
        {}, overrides={"DATABASE_URL": "postgres://fund@db/fund", "INSTANCE_DIR": str(tmp_path), "MARK": 1}
    )

    assert chosen["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://fund@db/fund"
    assert chosen["ASSETS_DIR"] == str(tmp_path / "assets")
    assert chosen["MARK"] == 1


def test_the_same_settings_twice_share_nothing_that_tests_may_change() -> None:
    first = settings({})
    first["LANGUAGES"]["xx"] = {}

    assert "xx" not in settings({})["LANGUAGES"]
    assert "xx" not in FRAMEWORK["LANGUAGES"]


@pytest.mark.parametrize(
    "address", ["", "/run/clamav/clamd.ctl", "127.0.0.1:3310", "scanner.internal:3310", "[::1]:3310"]
)
def test_malware_scanner_is_a_path_or_a_host_and_port(address: str) -> None:
    assert settings({"CLAMD_SOCKET": address})["CLAMD_SOCKET"] == address


@pytest.mark.parametrize(
    "address", ["run/clamd.ctl", "localhost", ":3310", "host:port", "host:70000", "http://host:3310"]
)
def test_malware_scanner_that_is_neither_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="CLAMD_SOCKET"):
        settings({"CLAMD_SOCKET": address})
