"""Accounts that everybody knows never open the real service."""

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.extensions import db
from app.security.accounts import hashed, refuse_demo_accounts
from app.security.scope import unscoped
from config import ConfigurationError
from tests import make


def test_production_does_not_serve_while_a_demonstration_account_opens(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(demo_app.config, "FUND_ENV", "production")

    with pytest.raises(ConfigurationError, match="coop1"):
        refuse_demo_accounts(demo_app, ["coop1"])


def test_production_serves_once_its_password_is_another(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with demo_app.app_context(), unscoped():
        db.session.scalars(select(User).where(User.username == "coop1")).one().password = hashed(make.PASSWORD)
        db.session.commit()
    monkeypatch.setitem(demo_app.config, "FUND_ENV", "production")

    refuse_demo_accounts(demo_app, ["coop1"])


def test_a_command_that_looks_for_such_accounts_fails_while_there_is_one(demo_app: Flask) -> None:
    found = demo_app.test_cli_runner().invoke(args=["fund", "check-accounts"])

    assert found.exit_code != 0
    assert "coop1" in found.output
