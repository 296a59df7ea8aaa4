"""The application factory: binds extensions, registers pages, nothing else."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models
import app.security.scope  # noqa: F401  the row scope hooks itself to the session when it is imported
from app.commands import cli
from app.demo.people import PEOPLE
from app.extensions import READ_COPY, FundBuilder, Migrations, db
from app.files.store import DocumentStore
from app.logs.lines import configure
from app.logs.requests import bind_requests
from app.models.transaction import bind_transactions, only_read_sqlite, prepare_sqlite
from app.security.accounts import refuse_demo_accounts
from app.security.form_tokens import bind_form_tokens
from app.security.headers import bind_headers
from app.security.manager import FundSecurityManager
from app.security.sessions import bind_sessions
from app.ui.assets import Assets
from app.ui.compression import bind_compression
from app.ui.language import bind_language
from app.ui.page_environment import bind_pages
from app.ui.templates import bind_templates
from app.views import HomeView, register_views
from app.views.shell.bodies import FundRequest
from app.views.shell.errors import bind_errors
from config import settings


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application from the environment, with ``overrides`` for tests.

    Raises:
        ConfigurationError: a setting is missing or unsafe for the environment.
    """
    flask_app = Flask("app", static_folder=None)
    flask_app.request_class = FundRequest
    bind_pages(flask_app)
    flask_app.config.from_mapping(settings(overrides=overrides))
    configure(flask_app.config["FUND_ENV"])
    if flask_app.config["PROXY_COUNT"]:
        count = flask_app.config["PROXY_COUNT"]
        flask_app.wsgi_app = ProxyFix(flask_app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    # What is bound first sees an answer last: it is compressed when all is in it, its tokens masked.
    bind_compression(flask_app)
    bind_sessions(flask_app)
    bind_form_tokens(flask_app)
    _bind_database(flask_app)
    with flask_app.app_context():
        flask_app.extensions["document_store"] = DocumentStore.from_url(flask_app.config["DOCUMENT_STORE"])
        Assets(flask_app)
        bind_headers(flask_app)
        builder = FundBuilder(indexview=HomeView, security_manager_class=FundSecurityManager)
        builder.init_app(flask_app, db.session)
        register_views(flask_app, builder)
        # A global, not a context processor: error pages and widgets have a menu, too.
        flask_app.jinja_env.globals["appbuilder"] = builder
        bind_language(flask_app)
        bind_templates(flask_app)
    bind_transactions(flask_app, db.session)
    bind_errors(flask_app)
    bind_requests(flask_app)
    cli.bind_commands(flask_app)
    if flask_app.config["DEMO"]:
        # For the sign-in page; no page knows the demonstration.
        flask_app.extensions["demo_sign_ins"] = [
            (person.username, f"{person.first_name} {person.last_name}") for person in PEOPLE
        ]
    refuse_demo_accounts(flask_app, [person.username for person in PEOPLE])
    return flask_app


def _bind_database(flask_app: Flask) -> None:
    db.init_app(flask_app)
    Migrations(flask_app)
    with flask_app.app_context():
        if db.engine.dialect.name != "sqlite":
            return
        prepare_sqlite(db.engine, durable=not flask_app.config["TESTING"])
        if READ_COPY in db.engines:
            only_read_sqlite(db.engines[READ_COPY])
