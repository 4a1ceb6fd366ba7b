"""What a kind of database must bring along; the statements are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, BigInteger, Boolean, Connection, Engine, Insert, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.functions import GenericFunction

READERS = 4
"""Connections, and threads, that read at the same time."""


class database_now(GenericFunction[int]):  # noqa: N801  (named as it is called in SQL)
    """The database's clock, in microseconds since 1970; each backend compiles it its way."""

    type = BigInteger()
    inherit_cache = True


class contains(GenericFunction[bool]):  # noqa: N801
    """Whether the first text contains the second, letter by letter."""

    type = Boolean()
    inherit_cache = True


@dataclass(frozen=True, kw_only=True)
class Backend:
    """One kind of database.

    ``normalise`` turns a URL as operators write it into one with our driver.
    ``upsert`` and ``insert_new`` build inserts that replace, or leave alone, a row
    whose key columns are there already. ``is_transient`` tells the failures after
    which the same transaction may be run again.
    """

    normalise: Callable[[URL], URL]
    writing_engine: Callable[[URL], Engine]
    reading_engine: Callable[[URL], Engine]
    upsert: Callable[[Table, Sequence[str]], Insert]
    insert_new: Callable[[Table, Sequence[str]], Insert]
    is_transient: Callable[[DBAPIError], bool]
    schema_lock: Callable[[Connection], AbstractContextManager[None]]


def replaced_columns(table: Table, key: Sequence[str]) -> list[str]:
    """The columns that an upsert replaces."""
    kept = {*key, *(column.name for column in table.primary_key)}
    return [column.name for column in table.columns if column.name not in kept]


def engine_options(connections: int) -> dict[str, Any]:
    """Options of an engine with a pool of just so many connections.

    Nothing is reset on return: writers end their transactions, readers have none.
    Errors do not show the values of their statement, as logs would keep them.
    """
    return {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_reset_on_return": None,
        "hide_parameters": True,
    }
