"""Column types that mean the same on every database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Serial = BigInteger().with_variant(Integer(), "sqlite")
"""Integers that the database hands out; SQLite knows them by this type name only."""


class _Longest(Text):
    """MySQL's own word for a text without limit. SQLAlchemy's type of that name would bring
    the whole dialect, also into a process that works with another database."""

    __visit_name__ = "LONGTEXT"


LongText = Text().with_variant(_Longest(), "mysql", "mariadb")


class _Bound(TypeDecorator[T]):
    """A type whose values are made storable by ``bind`` alone.

    That is done for each value of each row, so there is no call of SQLAlchemy's in between.
    """

    cache_ok = True

    @staticmethod
    def bind(value: Any) -> Any:
        """The value as the driver is given it."""
        raise NotImplementedError

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return self.bind(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        driver_has_its_own = self.impl_instance.bind_processor(dialect) is not None
        return super().bind_processor(dialect) if driver_has_its_own else self.bind


class Instant(_Bound[datetime]):
    """An aware datetime as microseconds since 1970 in UTC.

    A number keeps all digits, sorts, and needs no agreement about time zones.
    """

    impl = BigInteger
    cache_ok = True

    @staticmethod
    def bind(value: datetime | None) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def storable(text: str) -> str:
    """The text without what a database refuses: NUL and halves of surrogate pairs."""
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


class _AnyText(_Bound[str]):
    """Text from anywhere."""

    @staticmethod
    def bind(value: str | None) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return storable(value)


class Line(_AnyText):
    """A short text that is compared and sorted by code point, whatever the server's locale.

    MariaDB gets the same from the collation of the tables.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))


class Prose(_AnyText):
    """Text of any length that may come from anywhere, such as a cloud's error message."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(LongText)
