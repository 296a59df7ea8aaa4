"""Every setting of the application, read from the environment; production refuses unsafe ones."""

import copy
import hashlib
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
MIB = 2**20

ENVIRONMENTS = ("development", "testing", "production")
# Known to everybody who reads this file, so production never runs with it.
DEVELOPMENT_SECRET_KEY = "development-only-secret-key-never-for-production"
SHORTEST_SECRET_KEY = 32
# A key of one repeated word has few different characters; 32 random hexadecimal digits have about 14.
FEWEST_KEY_CHARACTERS = 8
SENT_TOGETHER = 3  # the largest documents that fit into one form
LOCAL_HOSTS = ["localhost", "127.0.0.1"]
_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}")

# Every demonstration account has it; production refuses to run while any account still does.
DEMO_PASSWORD = "Fund-demo-2570"

# Whole numbers from the environment: name -> (default, smallest, largest).
WHOLE_NUMBERS: dict[str, tuple[int, int, int]] = {
    "MAX_UPLOAD_BYTES": (20 * MIB, 1024, 200 * MIB),  # bytes, the largest document
    # Assumed: no source states how much a cooperative may keep.
    "COOPERATIVE_QUOTA_MB": (2048, 1, 1_048_576),  # MiB, all files of one cooperative together
    "SESSION_LIFETIME_HOURS": (8, 1, 24),  # hours, a sign-in ends however busy it is
    "SESSION_IDLE_MINUTES": (30, 1, 480),  # minutes without a request, then a sign-in ends
    "SIGN_IN_FAILURES_PER_ACCOUNT": (5, 1, 100),  # wrong passwords for one account in the window
    "SIGN_IN_FAILURES_PER_ADDRESS": (50, 1, 10_000),  # wrong passwords from one address in the window
    "SIGN_IN_WINDOW_MINUTES": (15, 1, 1440),  # minutes the wrong passwords are counted over
    # Assumed: no source states how soon the office has checked an application; shown as an assumption on the screen.
    "CHECK_WORKING_DAYS": (5, 1, 90),  # working days
    "PROXY_COUNT": (0, 0, 5),  # proxies in front whose X-Forwarded-* headers are believed
}

# The same everywhere; not for the environment to change.
FRAMEWORK: dict[str, Any] = {
    "APP_NAME": "Labour Fund",  # translated where it is shown
    "APP_ICON": "",
    "APP_THEME": "",  # the framework's themes load fonts from another site
    # Accounts live in our database; our own sign-in counts failures for the form and the API together.
    "AUTH_TYPE": 1,
    "AUTH_USER_REGISTRATION": False,
    "AUTH_RATE_LIMITED": False,
    "RATELIMIT_ENABLED": False,
    "RATELIMIT_STORAGE_URI": "memory://",
    "PASSWORD_HASH_METHOD": "scrypt",
    # Tables, permissions and roles change in commands only, never when the application starts.
    "FAB_CREATE_DB": False,
    "FAB_UPDATE_PERMS": False,
    # The role matrix is code: no screens or API that edit permissions.
    "FAB_ADD_SECURITY_API": False,
    "FAB_ADD_SECURITY_PERMISSION_VIEW": False,
    "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
    "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
    "FAB_ADD_MENU_API": False,
    "FAB_API_SWAGGER_UI": False,
    "FAB_API_SHOW_STACKTRACE": False,
    "FAB_API_MAX_PAGE_SIZE": 100,  # rows
    "FAB_API_KEY_PREFIXES": ["cf_"],
    "FAB_ALLOW_GET_UNSAFE_MUTATIONS": False,
    "DEMO_PASSWORD": DEMO_PASSWORD,
    "MIGRATIONS_DIR": str(ROOT / "migrations"),
    "BABEL_DEFAULT_LOCALE": "th",
    "BABEL_DEFAULT_TIMEZONE": "Asia/Bangkok",
    "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
    "LANGUAGES": {"th": {"flag": "th", "name": "ไทย"}, "en": {"flag": "gb", "name": "English"}},
    "SQLALCHEMY_TRACK_MODIFICATIONS": False,
    "MAX_FORM_MEMORY_SIZE": 2 * MIB,  # bytes of all text fields of a form
    "MAX_FORM_PARTS": 1000,  # fields and files of a form
    "JWT_TOKEN_LOCATION": ["headers"],
    "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=15),
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Lax",
}


class ConfigurationError(Exception):
    """The application must not run with these settings; the message is one line, Thai then English."""

    def __init__(self, thai: str, english: str) -> None:
        super().__init__(f"{thai} / {english}")


def settings(environ: Mapping[str, str] | None = None, *, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the settings for ``app.config.from_mapping``.

    ``CONFIGURATION_WARNINGS`` lists what production allows and should not stay.

    Args:
        environ: the environment; ``os.environ`` unless a test gives another.
        overrides: settings that win, for tests; a text counts as the environment's variable of its name, too.

    Raises:
        ConfigurationError: a value is not understood, or production would be unsafe.
    """
    overrides = overrides or {}
    environ = {**(os.environ if environ is None else environ), **_texts(overrides)}
    env = environ.get("FUND_ENV", "development")
    if env not in ENVIRONMENTS:
        raise ConfigurationError(
            f"FUND_ENV ต้องเป็น {', '.join(ENVIRONMENTS)} ไม่ใช่ {env!r}",
            f"FUND_ENV must be {', '.join(ENVIRONMENTS)}, not {env!r}",
        )
    production = env == "production"
    chosen: dict[str, Any] = {
        **copy.deepcopy(FRAMEWORK),
        "FUND_ENV": env,
        "TESTING": env == "testing",
        "DEBUG": _switch(environ, "FLASK_DEBUG", default=False),
        # The demo sign-ins and what is shown about them.
        "DEMO": _switch(environ, "DEMO", default=env == "development"),
        **{name: _whole_number(environ, name) for name in WHOLE_NUMBERS},
        **_folders(environ),
        **_contact(environ),
    }
    chosen |= _secrets(environ)
    chosen |= _database(environ, Path(chosen["INSTANCE_DIR"]))
    chosen |= _web(environ, chosen, production=production)
    chosen["CONFIGURATION_WARNINGS"] = _refuse_unsafe(environ, chosen) if production else []
    return {**chosen, **overrides}


def _texts(overrides: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in overrides.items() if isinstance(value, str)}


def _folders(environ: Mapping[str, str]) -> dict[str, Any]:
    instance = Path(environ.get("INSTANCE_DIR") or ROOT / "instance").resolve()
    return {
        # Everything written on this machine, unless a setting below says elsewhere.
        "INSTANCE_DIR": str(instance),
        # Uploaded documents: file:<folder>, or s3://bucket/prefix with the AWS_* variables.
        "DOCUMENT_STORE": environ.get("DOCUMENT_STORE") or f"file:{instance / 'documents'}",
        # Where mail is written as files when SMTP_URL is empty.
        "OUTBOX_DIR": environ.get("OUTBOX_DIR") or str(instance / "outbox"),
        # smtp+starttls://user:password@host:587 or smtps://…; empty: mails become files in OUTBOX_DIR.
        "SMTP_URL": environ.get("SMTP_URL", ""),
        # Who mails come from, the domain of their ids, and the address links in them begin with.
        "MAIL_FROM": environ.get("MAIL_FROM") or "no-reply@labourfund.example",
        "MAIL_DOMAIN": environ.get("MAIL_DOMAIN") or "labourfund.example",
        "PUBLIC_URL": environ.get("PUBLIC_URL") or "http://127.0.0.1:8080",
        # The malware scanner: clamd's socket as a path or as host:port; empty: files are not scanned.
        "CLAMD_SOCKET": _clamd(environ.get("CLAMD_SOCKET", "").strip()),
        # Scripts, styles and fonts made ready for browsers by app/ui/assets.py.
        "ASSETS_DIR": environ.get("ASSETS_DIR") or str(instance / "assets"),
    }


def _clamd(typed: str) -> str:
    over_network = _HOST_AND_PORT.fullmatch(typed) and int(typed.rpartition(":")[2]) < 2**16
    if typed and not typed.startswith("/") and not over_network:
        raise ConfigurationError(
            f"CLAMD_SOCKET ต้องเป็นเส้นทางเต็มของซ็อกเก็ต หรือ host:port ไม่ใช่ {typed!r}",
            f"CLAMD_SOCKET must be a socket's full path or host:port, not {typed!r}",
        )
    return typed


def _contact(environ: Mapping[str, str]) -> dict[str, str]:
    """How people reach the fund; shown on every page as written."""
    return {
        # Found in public sources and not confirmed: to be checked before the service opens.
        "FUND_PHONE": environ.get("FUND_PHONE", "0 2660 2180"),
        "FUND_EMAIL": environ.get("FUND_EMAIL", ""),
    }


def _secrets(environ: Mapping[str, str]) -> dict[str, Any]:
    key = environ.get("SECRET_KEY") or DEVELOPMENT_SECRET_KEY
    # API tokens are signed with another key, so that neither signature is good for the other's purpose.
    return {"SECRET_KEY": key, "JWT_SECRET_KEY": hashlib.sha256(b"jwt:" + key.encode()).hexdigest()}


def _database(environ: Mapping[str, str], instance: Path) -> dict[str, Any]:
    """Return the database's address and how it is opened; default SQLite in the instance folder."""
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'fund.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
    if url not in ("sqlite://", "sqlite:///:memory:"):
        # connections: a thread may hold two, its page's and its session's
        options |= {"pool_size": 20, "max_overflow": 5}
    if url.startswith("postgresql"):
        # seconds to wait for a free connection; seconds to wait for the server
        options |= {"pool_timeout": 10, "connect_args": {"connect_timeout": 10}}
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}


def _web(environ: Mapping[str, str], chosen: Mapping[str, Any], *, production: bool) -> dict[str, Any]:
    secure = production or _switch(environ, "SESSION_COOKIE_SECURE", default=False)
    hosts = [host.strip() for host in environ.get("TRUSTED_HOSTS", "").split(",") if host.strip()]
    lifetime = timedelta(hours=chosen["SESSION_LIFETIME_HOURS"])
    return {
        # Host names answered, with commas between; a leading dot means every sub-domain. Development answers to any.
        "TRUSTED_HOSTS": hosts or (LOCAL_HOSTS if production else None),
        # Empty means the host asked, which TRUSTED_HOSTS has already checked.
        "FAB_SAFE_REDIRECT_HOSTS": [host.lstrip(".") for host in hosts],
        "PREFERRED_URL_SCHEME": "https" if production else "http",
        # A document and one MiB for the rest of its form.
        "MAX_CONTENT_LENGTH": chosen["MAX_UPLOAD_BYTES"] + MIB,
        # Several documents in one form, as a browser without script sends them; the server reads no further.
        "MAX_SENDING_BYTES": SENT_TOGETHER * chosen["MAX_UPLOAD_BYTES"] + MIB,
        "PERMANENT_SESSION_LIFETIME": lifetime,
        "WTF_CSRF_TIME_LIMIT": int(lifetime.total_seconds()),  # seconds; a form stays good as long as the sign-in
        # The __Host- prefix makes browsers refuse the cookie from a sub-domain or without TLS.
        "SESSION_COOKIE_NAME": "__Host-fund" if secure else "fund_session",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SECURE": secure,
    }


def _refuse_unsafe(environ: Mapping[str, str], chosen: Mapping[str, Any]) -> list[str]:
    """Refuse what production must never have; return warnings about what it should not keep."""
    key = environ.get("SECRET_KEY", "")
    weak = len(key) < SHORTEST_SECRET_KEY or len(set(key)) < FEWEST_KEY_CHARACTERS
    if weak or key == DEVELOPMENT_SECRET_KEY:
        raise ConfigurationError(
            f"ระบบจริงต้องกำหนด SECRET_KEY ที่สุ่มขึ้นเองยาวอย่างน้อย {SHORTEST_SECRET_KEY} ตัวอักษร",
            f"production needs its own random SECRET_KEY of at least {SHORTEST_SECRET_KEY} characters, for example "
            "from: python3 -c 'import secrets; print(secrets.token_hex(32))'",
        )
    for name, key_name in (("FLASK_DEBUG", "DEBUG"), ("DEMO", "DEMO")):
        if chosen[key_name]:
            raise ConfigurationError(f"ระบบจริงห้ามเปิด {name}", f"production must not run with {name} on")
    warnings = []
    if chosen["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        warnings.append("DATABASE_URL is SQLite: good for one small office, use PostgreSQL for the fund itself")
    if not environ.get("TRUSTED_HOSTS"):
        warnings.append("TRUSTED_HOSTS is not set: only requests for localhost are answered")
    return warnings


def _whole_number(environ: Mapping[str, str], name: str) -> int:
    default, smallest, largest = WHOLE_NUMBERS[name]
    typed = environ.get(name) or str(default)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else None
    if number is None or not smallest <= number <= largest:
        raise ConfigurationError(
            f"{name} ต้องเป็นจำนวนเต็มตั้งแต่ {smallest} ถึง {largest} ไม่ใช่ {typed!r}",
            f"{name} must be a whole number from {smallest} to {largest}, not {typed!r}",
        )
    return number


def _switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    words = {"": default, "1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    typed = environ.get(name, "").strip().lower()
    if typed not in words:
        raise ConfigurationError(f"{name} ต้องเป็น 1 หรือ 0 ไม่ใช่ {typed!r}", f"{name} must be 1 or 0, not {typed!r}")
    return words[typed]
