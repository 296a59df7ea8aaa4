"""Every setting of the application, read from the environment; production refuses unsafe ones."""

import copy
import hashlib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
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
MOST_PROCESSES, MOST_BY_DEFAULT = 64, 8
# A thread may hold two connections, its page's and its session's; due work holds one or two.
CONNECTIONS_KEPT, CONNECTIONS_MORE = 8, 2
READ_COPY = "read_copy"
LOCAL_HOSTS = ["localhost", "127.0.0.1"]
_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}")

# Every demonstration account has it; production refuses to run while any account still does.
DEMO_PASSWORD = "Fund-demo-2570"


class ConfigurationError(Exception):
    """The application must not run with these settings; the message is one line, Thai then English."""

    def __init__(self, thai: str, english: str) -> None:
        super().__init__(f"{thai} / {english}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment: how its text is read, and what docs/operate.md says about it.

    ``{root}`` and ``{instance}`` in a default stand for the folder of the code and for INSTANCE_DIR.
    """

    name: str
    default: str
    thai: str
    english: str
    allowed: str = ""  # for the document
    read: Callable[[str, str], Any] = lambda name, typed: typed  # refuses by ConfigurationError
    elsewhere: Mapping[str, str] = field(default_factory=dict)  # environment -> its other default
    may_be_empty: bool = False  # whether empty means nothing, and not the default
    kept: bool = True  # whether app.config has it under its name

    def value(self, environ: Mapping[str, str], env: str = "") -> Any:
        """What the environment says, or the default of ``env``."""
        typed = environ.get(self.name, "")
        if not typed.strip() and not (self.may_be_empty and self.name in environ):
            typed = self.elsewhere.get(env, self.default).replace("{root}", str(ROOT))
            if "{instance}" in typed:
                typed = typed.replace("{instance}", SETTINGS["INSTANCE_DIR"].value(environ))
        return self.read(self.name, typed)


def _whole(name: str, default: int, smallest: int, largest: int, thai: str, english: str) -> Setting:
    def read(name: str, typed: str) -> int:
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else None
        if number is None or not smallest <= number <= largest:
            raise ConfigurationError(
                f"{name} ต้องเป็นจำนวนเต็มตั้งแต่ {smallest} ถึง {largest} ไม่ใช่ {typed!r}",
                f"{name} must be a whole number from {smallest} to {largest}, not {typed!r}",
            )
        return number

    return Setting(name, str(default), thai, english, f"{smallest:,}–{largest:,}", read)


def _per_cent(name: str, typed: str) -> Decimal:
    """A rate per cent with at most four digits after the point."""
    if not re.fullmatch(r"\d{1,2}(\.\d{1,4})?", typed.strip()):
        raise ConfigurationError(
            f"{name} ต้องเป็นอัตราร้อยละ เช่น 0.5 ไม่ใช่ {typed!r}",
            f"{name} must be a rate per cent such as 0.5, not {typed!r}",
        )
    return Decimal(typed.strip())


def _switch(name: str, default: str, thai: str, english: str, **more: Any) -> Setting:
    def read(name: str, typed: str) -> bool:
        words = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        word = typed.strip().lower()
        if word not in words:
            raise ConfigurationError(f"{name} ต้องเป็น 1 หรือ 0 ไม่ใช่ {word!r}", f"{name} must be 1 or 0, not {word!r}")
        return words[word]

    return Setting(name, default, thai, english, "1, 0", read, **more)


def _environment(name: str, typed: str) -> str:
    if typed not in ENVIRONMENTS:
        raise ConfigurationError(
            f"{name} ต้องเป็น {', '.join(ENVIRONMENTS)} ไม่ใช่ {typed!r}",
            f"{name} must be {', '.join(ENVIRONMENTS)}, not {typed!r}",
        )
    return typed


def _clamd(name: str, typed: str) -> str:
    address = typed.strip()
    over_network = _HOST_AND_PORT.fullmatch(address) and int(address.rpartition(":")[2]) < 2**16
    if address and not address.startswith("/") and not over_network:
        raise ConfigurationError(
            f"{name} ต้องเป็นเส้นทางเต็มของซ็อกเก็ต หรือ host:port ไม่ใช่ {address!r}",
            f"{name} must be a socket's full path or host:port, not {address!r}",
        )
    return address


def _database_address(name: str, typed: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if typed.startswith(prefix):
            return "postgresql+psycopg://" + typed.removeprefix(prefix)
    return typed


def _private_address(name: str, typed: str) -> tuple[str, int] | None:
    """A host and a port that only this machine or its own network reaches; nothing when empty."""
    address = typed.strip()
    if not address:
        return None
    host, _, port = address.rpartition(":")
    try:
        found = ipaddress.ip_address(host.strip("[]"))
        private = found.is_loopback or (found.is_private and not found.is_unspecified)
    except ValueError:
        private = host == "localhost"
    if not private or not port.isdigit() or not 0 < int(port) < 2**16:
        raise ConfigurationError(
            f"{name} ต้องเป็นที่อยู่ภายในกับพอร์ต เช่น 127.0.0.1:9464 ไม่ใช่ {address!r}",
            f"{name} must be a private address and a port, such as 127.0.0.1:9464, not {address!r}",
        )
    return host.strip("[]"), int(port)


def _folder(name: str, typed: str) -> str:
    return str(Path(typed).resolve())


def _names(name: str, typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",") if part.strip()]


# Every variable of the environment. A new one is a row here; then: python -m tests.settings_doc
# fmt: off
_ROWS: tuple[Setting, ...] = (
    Setting("FUND_ENV", "development",
        "ใช้เพื่ออะไร ระบบจริงใช้ production ซึ่งไม่ยอมเริ่มเมื่อค่าตั้งไม่ปลอดภัย",
        "what it is for; production refuses to start with unsafe settings", ", ".join(ENVIRONMENTS), _environment),
    Setting("SECRET_KEY", DEVELOPMENT_SECRET_KEY,
        f"คีย์สุ่มสำหรับลงลายมือชื่อคุกกี้ ระบบจริงต้องกำหนดเอง {SHORTEST_SECRET_KEY} ตัวอักษรขึ้นไป",
        f"random key that signs cookies; production needs its own of {SHORTEST_SECRET_KEY} characters or more"),
    Setting("DATABASE_URL", "sqlite:///{instance}/fund.db",
        "ฐานข้อมูล ระบบจริงใช้ PostgreSQL",
        "the database; PostgreSQL in production",
        "postgresql://user:password@host/fund, sqlite:////folder/file.db", _database_address, kept=False),
    Setting("DATABASE_READ_URL", "",
        "สำเนาของฐานข้อมูลที่ตามหลังอยู่เสมอ (streaming replica) สำหรับแดชบอร์ดและการค้นหาของผู้ที่อ่านอย่างเดียว; "
        "ว่าง หรือติดต่อไม่ได้: อ่านจากฐานข้อมูลหลัก",
        "a copy of the database that follows it (a streaming replica), for dashboards and searches of people who only "
        "read; empty, or away: the database itself is read",
        "postgresql://user:password@host/fund", _database_address, kept=False),
    Setting("PG_PROGRAMS", "",
        "โฟลเดอร์ของ pg_dump และ pg_restore สำหรับ flask fund backup และ restore; ว่าง: หาใน PATH",
        "folder of pg_dump and pg_restore, for flask fund backup and restore; empty: looked for in PATH"),
    Setting("DOCUMENT_STORE", "file:{instance}/documents",
        "ที่เก็บเอกสาร: โฟลเดอร์ (พาธเต็ม) หรือที่เก็บแบบ S3",
        "where documents are kept: a folder (a full path) or an S3 store", "file:/folder, s3://bucket/prefix"),
    *(
        Setting(name, "", thai, english, kept=False)  # the store reads them itself
        for name, thai, english in (
            ("AWS_ENDPOINT_URL", "ที่อยู่ของที่เก็บแบบ S3 ที่ไม่ใช่ของ AWS", "address of an S3 store that is not AWS's"),
            ("AWS_REGION", "ภูมิภาคของที่เก็บแบบ S3", "region of the S3 store"),
            ("AWS_DEFAULT_REGION", "ใช้เมื่อไม่มี AWS_REGION", "used without AWS_REGION"),
            ("AWS_ACCESS_KEY_ID", "คีย์ของ S3; ว่าง: ใช้สิทธิ์ของเครื่อง", "key of S3; empty: the machine's own role"),
            ("AWS_SECRET_ACCESS_KEY", "ความลับของคีย์นั้น", "that key's secret"),
            ("AWS_SESSION_TOKEN", "โทเค็นของคีย์ชั่วคราว", "token of a key for a time"),
        )
    ),
    Setting("INSTANCE_DIR", "{root}/instance",
        "โฟลเดอร์ของทุกไฟล์ที่ระบบเขียนในเครื่องนี้ เว้นแต่ค่าตั้งอื่นบอกเป็นอย่างอื่น",
        "folder of everything written on this machine, unless another setting says elsewhere", read=_folder),
    Setting("ASSETS_DIR", "{instance}/assets",
        "ไฟล์หน้าเว็บที่เตรียมไว้",
        "files made ready for browsers"),
    Setting("OUTBOX_DIR", "{instance}/outbox",
        "ที่เขียนอีเมลเป็นไฟล์ .eml เมื่อไม่มี SMTP_URL",
        "where mails are written as .eml files without SMTP_URL"),
    Setting("SMTP_URL", "",
        "เซิร์ฟเวอร์อีเมล (smtp:// ไม่เข้ารหัส); ว่าง: เขียนเป็นไฟล์ใน OUTBOX_DIR",
        "the mail server (smtp:// is not encrypted); empty: mails become files in OUTBOX_DIR",
        "smtp+starttls://user:password@host:587, smtps://…, smtp://…"),
    Setting("MAIL_FROM", "no-reply@labourfund.example",
        "ผู้ส่งอีเมล",
        "sender of mails"),
    Setting("MAIL_DOMAIN", "labourfund.example",
        "โดเมนในรหัสอีเมล",
        "domain of mails' ids"),
    # Assumed: long enough for a mail server that is away over a weekend's day, short enough to act on.
    _whole("MAIL_GIVE_UP_HOURS", 48, 1, 720,
        "ชั่วโมง: อีเมลที่ส่งไม่ได้นานเท่านี้จะหยุดลองและรอให้ผู้ดูแลสั่งส่งใหม่ (ข้อสมมติ)",
        "hours after which a mail that cannot be sent waits for an administrator to send it again (assumed)"),
    Setting("PUBLIC_URL", "http://127.0.0.1:8080",
        "ที่อยู่ขึ้นต้นของลิงก์ในอีเมล (run.py ในเครื่องพัฒนา: ตาม --host และ --port)",
        "what links in mails begin with (run.py in development: follows --host and --port)"),
    Setting("TRUSTED_HOSTS", "",
        "ชื่อโฮสต์ที่ตอบ คั่นด้วยจุลภาค จุดนำหน้าหมายถึงทุกโดเมนย่อย; ว่าง: ตอบทุกชื่อ",
        "host names answered, with commas between; a leading dot means every sub-domain; empty: any",
        read=_names, elsewhere={"production": ",".join(LOCAL_HOSTS)}),
    _whole("FUND_PROCESSES", 0, 0, MOST_PROCESSES,
        "จำนวนโปรเซสที่ตอบหน้าเว็บ (run.py --processes); 0: เมื่อใช้ SQLite หนึ่ง เมื่อใช้ PostgreSQL เท่าจำนวนคอร์ "
        f"แต่ไม่เกิน {MOST_BY_DEFAULT}",
        "processes that answer pages (run.py --processes); 0: one on SQLite, on PostgreSQL one a core, but not more "
        f"than {MOST_BY_DEFAULT}"),
    Setting("METRICS_ADDRESS", "",
        "ที่อยู่ภายในที่ Prometheus อ่าน /metrics; ว่าง: ไม่มี",
        "the private address at which Prometheus reads /metrics; empty: none", "127.0.0.1:9464", _private_address),
    _whole("READY_FREE_MB", 500, 1, 1_048_576,
        "MiB: ที่ว่างในดิสก์น้อยกว่านี้ /ready/ ตอบว่าไม่พร้อม",
        "MiB of free disk below which /ready/ says that the service is not ready"),
    _whole("PROXY_COUNT", 0, 0, 5,
        "จำนวนพร็อกซีข้างหน้าที่เชื่อหัว X-Forwarded-*",
        "proxies in front whose X-Forwarded-* headers are believed"),
    _switch("SESSION_COOKIE_SECURE", "0",
        "ส่งคุกกี้ผ่าน HTTPS เท่านั้น ระบบจริงเป็น 1 เสมอ",
        "cookie over HTTPS only; always 1 in production", elsewhere={"production": "1"}),
    _whole("SESSION_LIFETIME_HOURS", 8, 1, 24,
        "ชั่วโมง: อายุการเข้าสู่ระบบ ไม่ว่าใช้งานอยู่หรือไม่",
        "hours a sign-in lasts, however busy it is"),
    _whole("SESSION_IDLE_MINUTES", 30, 1, 480,
        "นาที: ไม่ใช้งานนานเท่านี้แล้วออกจากระบบ",
        "minutes without a request, then a sign-in ends"),
    _whole("SIGN_IN_FAILURES_PER_ACCOUNT", 5, 1, 100,
        "ครั้ง: ใส่รหัสผิดของหนึ่งบัญชีจากที่เดียว แล้วต้องรอ ครั้งแรก 1 นาที ครั้งต่อไปนานขึ้นเท่าตัว",
        "wrong passwords for one account at one place, then waits: a minute, twice as long each time"),
    _whole("SIGN_IN_FAILURES_PER_ADDRESS", 50, 1, 10_000,
        "ครั้ง: ใส่รหัสผิดจากหนึ่งที่อยู่เครือข่าย หรือของหนึ่งบัญชีจากทุกที่ ในช่วงที่นับ (เบราว์เซอร์ที่เคยเข้าไม่นับ)",
        "wrong passwords from one address, or for one account from everywhere, in the window; known browsers go on"),
    _whole("SIGN_IN_WINDOW_MINUTES", 15, 1, 1440,
        "นาที: ช่วงที่นับการใส่รหัสผิด และนานที่สุดที่ต้องรอ",
        "minutes the wrong passwords are counted over, and the longest wait"),
    _whole("MAX_UPLOAD_BYTES", 20 * MIB, 1024, 200 * MIB,
        "ไบต์: เอกสารที่ใหญ่ที่สุด",
        "bytes, the largest document"),
    # Assumed: no source states how many a cooperative may have.
    _whole("OPEN_DRAFTS_PER_COOPERATIVE", 20, 1, 1000,
        "ฉบับ: ร่างคำขอที่สหกรณ์หนึ่งมีได้พร้อมกัน (ค่าสมมติ)",
        "drafts a cooperative may have at a time (assumed)"),
    # Assumed: no source states how much a cooperative may keep.
    _whole("COOPERATIVE_QUOTA_MB", 2048, 1, 1_048_576,
        "MiB: ไฟล์ทั้งหมดของสหกรณ์หนึ่งแห่ง (ข้อสมมติ)",
        "MiB, all files of one cooperative together (assumed)"),
    Setting("CLAMD_SOCKET", "",
        "เครื่องตรวจมัลแวร์ clamd; ว่าง: ไม่ตรวจไฟล์",
        "the malware scanner clamd; empty: files are not scanned", "/run/clamav/clamd.ctl, host:port", _clamd),
    # Assumed: no source says how early a board is elected anew.
    _whole("BOARD_TERM_WARNING_DAYS", 90, 1, 1000,
        "วัน: บอกล่วงหน้าว่าวาระของผู้ค้ำประกันใกล้สิ้นสุด (ข้อสมมติ)",
        "days before the end of a guarantor's term in which that is said (assumed)"),
    # Assumed: no source states how soon the office has checked an application; shown as an assumption on the screen.
    _whole("CHECK_WORKING_DAYS", 5, 1, 90,
        "วันทำการ: เวลาตรวจสอบที่แสดง (ข้อสมมติ)",
        "working days a check is expected to take (assumed)"),
    # Assumed, all four: no source says how long the fund waits, nor that it warns.
    _whole("DRAFT_DAYS", 90, 1, 3650,
        "วัน: ร่างคำขอที่ไม่มีใครแก้ไขนานเท่านี้หมดอายุ (ข้อสมมติ)",
        "days after which a draft that nobody works on expires (assumed)"),
    _whole("ANSWER_DAYS", 90, 1, 3650,
        "วัน: คำขอที่ส่งคืนให้แก้ไขและไม่มีใครแก้ไขนานเท่านี้หมดอายุ (ข้อสมมติ)",
        "days after which a returned application that nobody works on expires (assumed)"),
    _whole("EXPIRY_FIRST_WARNING_DAYS", 14, 1, 365,
        "วันก่อนหมดอายุ: เตือนสหกรณ์ครั้งแรก (ข้อสมมติ)",
        "days before it expires: the cooperative is warned for the first time (assumed)"),
    _whole("EXPIRY_LAST_WARNING_DAYS", 3, 1, 365,
        "วันก่อนหมดอายุ: เตือนสหกรณ์ครั้งสุดท้าย (ข้อสมมติ)",
        "days before it expires: the cooperative is warned for the last time (assumed)"),
    _whole("EXPIRY_MOST_A_ROUND", 20, 1, 10_000,
        "คำขอ: ถ้าจะหมดอายุพร้อมกันมากกว่านี้ (เช่น นาฬิกาเครื่องผิด) worker ไม่ทำและรอคำสั่งของผู้ดูแล (ข้อสมมติ)",
        "applications: when more would expire at once (a clock gone wrong) the worker expires none and waits for a "
        "command (assumed)"),
    # Assumed: no source states a lowest rate; shown as an assumption beside the fields.
    Setting("LOWEST_LIKELY_RATE", "0.5",
        "ร้อยละต่อปี: อัตราดอกเบี้ยของสหกรณ์ที่ต่ำกว่านี้ถูกถามกลับ เพราะน่าจะพิมพ์ 0.05 แทน 5; 0: ไม่ถาม (ข้อสมมติ)",
        "per cent a year: a lower rate of a cooperative is asked back, as 0.05 likely means 5; 0: none is (assumed)",
        "0…99.9999", _per_cent),
    # Found in public sources and not confirmed.
    Setting("FUND_PHONE", "0 2660 2180",
        "โทรศัพท์กองทุนที่แสดงทุกหน้า (จากแหล่งสาธารณะ ตรวจสอบก่อนใช้)",
        "the fund's telephone on every page (from public sources; check before use)", may_be_empty=True),
    Setting("FUND_EMAIL", "",
        "อีเมลกองทุนที่แสดงทุกหน้า (ตรวจสอบก่อนใช้)",
        "the fund's e-mail on every page (check before use)"),
    _switch("DEMO", "0",
        "ข้อมูลและบัญชีสาธิต ระบบจริงห้ามเปิด",
        "demonstration data and sign-ins; production refuses it", elsewhere={"development": "1"}),
    _switch("FLASK_DEBUG", "0",
        "โหมดแก้จุดบกพร่อง ระบบจริงห้ามเปิด",
        "debug mode; production refuses it", kept=False),
)
# fmt: on
SETTINGS = {setting.name: setting for setting in _ROWS}

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
    env = SETTINGS["FUND_ENV"].value(environ)
    production = env == "production"
    read = {name: setting.value(environ, env) for name, setting in SETTINGS.items()}
    chosen: dict[str, Any] = {
        **copy.deepcopy(FRAMEWORK),
        **{name: value for name, value in read.items() if SETTINGS[name].kept},
        "TESTING": env == "testing",
        "DEBUG": read["FLASK_DEBUG"],
        # API tokens are signed with another key, so that neither signature is good for the other's purpose.
        "JWT_SECRET_KEY": hashlib.sha256(b"jwt:" + read["SECRET_KEY"].encode()).hexdigest(),
        "FUND_PROCESSES": read["FUND_PROCESSES"] or _as_many_as_fit(read["DATABASE_URL"]),
        **database(read["DATABASE_URL"]),
        **_read_copy(read["DATABASE_URL"], read["DATABASE_READ_URL"]),
    }
    chosen |= _web(environ, chosen, production=production)
    chosen["CONFIGURATION_WARNINGS"] = _refuse_unsafe(environ, chosen) if production else []
    return {**chosen, **overrides}


def _texts(overrides: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in overrides.items() if isinstance(value, str)}


def database(url: str) -> dict[str, Any]:
    """Return the database's address and how it is opened."""
    options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
    if url not in ("sqlite://", "sqlite:///:memory:"):
        options |= {"pool_size": CONNECTIONS_KEPT, "max_overflow": CONNECTIONS_MORE}
    if url.startswith("postgresql"):
        # seconds to wait for a free connection; seconds to wait for the server
        options |= {"pool_timeout": 10, "connect_args": {"connect_timeout": 10}}
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}


def _read_copy(url: str, copy_url: str) -> dict[str, Any]:
    """Where figures and searches are read, when that is another server; nothing can be written there."""
    if not copy_url:
        return {}
    if copy_url.partition(":")[0] != url.partition(":")[0]:
        raise ConfigurationError(
            "DATABASE_READ_URL ต้องเป็นสำเนาของฐานข้อมูลชนิดเดียวกับ DATABASE_URL",
            "DATABASE_READ_URL must be a copy of a database of the same kind as DATABASE_URL",
        )
    options = database(copy_url)["SQLALCHEMY_ENGINE_OPTIONS"]
    if copy_url.startswith("postgresql"):
        # A copy that does not answer must not keep people waiting: the database itself is there.
        options |= {"connect_args": {"connect_timeout": 3, "options": "-c default_transaction_read_only=on"}}
    return {"SQLALCHEMY_BINDS": {READ_COPY: {"url": copy_url, **options}}}


def _as_many_as_fit(database_url: str) -> int:
    """One process for SQLite, where writers wait for each other anyway; else one for each core we may use."""
    if not database_url.startswith("postgresql"):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_BY_DEFAULT)


def _web(environ: Mapping[str, str], chosen: Mapping[str, Any], *, production: bool) -> dict[str, Any]:
    secure = production or chosen["SESSION_COOKIE_SECURE"]
    asked_for = _names("TRUSTED_HOSTS", environ.get("TRUSTED_HOSTS", ""))
    lifetime = timedelta(hours=chosen["SESSION_LIFETIME_HOURS"])
    return {
        "TRUSTED_HOSTS": chosen["TRUSTED_HOSTS"] or None,
        # Empty means the host asked, which TRUSTED_HOSTS has already checked.
        "FAB_SAFE_REDIRECT_HOSTS": [host.lstrip(".") for host in asked_for],
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
