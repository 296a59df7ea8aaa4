"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Numeric, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# Sort keys compare by code point on both databases, whatever the server's language is.
SORT_KEY = String(400).with_variant(String(400, collation="C"), "postgresql")
SEARCH_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


class Money(TypeDecorator[Decimal]):
    """Baht as ``Decimal``: ``Numeric(15, 2)``, kept as whole satang on SQLite, which has no exact decimals."""

    impl = Numeric
    cache_ok = True
    digits = 15

    def __init__(self) -> None:
        super().__init__(self.digits, 2)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.digits, 2))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        amount = Decimal(value)
        return int((amount * 100).to_integral_exact()) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(int(value)).scaleb(-2) if dialect.name == "sqlite" else Decimal(value)


class Total(Money):
    """A sum of many amounts; whole satang still go into eight bytes on SQLite."""

    cache_ok = True
    digits = 19


class Rate(TypeDecorator[Decimal]):
    """A yearly rate as a fraction (0.0275 is 2.75 per cent), six decimals; text on SQLite, so that it stays exact."""

    impl = Numeric
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(9, 6)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(12))
        return dialect.type_descriptor(Numeric(9, 6))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        rate = Decimal(value).quantize(Decimal("0.000001"))
        return str(rate) if dialect.name == "sqlite" else rate

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Figure(Rate):
    """A figure of a criterion below a thousand, six decimals: 1.5 times, 2 years; shown as it is, not per cent."""

    cache_ok = True


class Moment(TypeDecorator[datetime]):
    """An instant, stored in UTC and always read back with its zone."""

    impl = DateTime
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
