"""The product on a database of national size: made ready once, then served as it serves itself."""

import os
from pathlib import Path
from typing import Any

from flask import Flask

from app.commands.preparing import prepare
from app.extensions import db
from app.factory import create_app
from app.ui.asset_making import build_assets
from app.ui.catalogue import compile_catalogue
from config import ROOT

# A sign-in is slow on purpose; what is measured comes after it.
QUICK_HASH = "scrypt:512:8:1"


def application(address: str, instance: Path, *, demo: bool) -> Flask:
    """The product on the database at ``address``, with what it writes in ``instance``."""
    compile_catalogue()
    assets = Path(os.environ.get("ASSETS_DIR", ROOT / "instance" / "assets"))
    build_assets(assets)
    settings: dict[str, Any] = {
        "FUND_ENV": "development",
        "DEMO": demo,
        "DATABASE_URL": address.replace("postgresql://", "postgresql+psycopg://"),
        "INSTANCE_DIR": str(instance),
        "ASSETS_DIR": str(assets),
        "DOCUMENT_STORE": f"file:{instance / 'documents'}",
        "OUTBOX_DIR": str(instance / "outbox"),
        "PASSWORD_HASH_METHOD": QUICK_HASH,
        "SECRET_KEY": "a key for measurements only, 0123456789 abcdef",
    }
    return create_app(settings)


def prepare_database(address: str, instance: Path) -> None:
    """Migrate the database and put the demonstration in: its accounts of every role, its programmes and papers."""
    app = application(address, instance, demo=True)
    prepare(app)
    with app.app_context():
        db.engine.dispose()


def migrate(address: str, instance: Path) -> list[str]:
    """Bring a kept database up to this version; tells what had to be done."""
    app = application(address, instance, demo=False)
    done = prepare(app)
    with app.app_context():
        db.engine.dispose()
    return done
