"""What a kind of database must bring along; the statements are the same for all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, BigInteger, Boolean, Connection, Engine, Insert, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.functions import GenericFunction

from isotherm.store.obstacles import Obstacle

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

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


CONNECT_SECONDS = 5
IDLE_SECONDS = 10
"""After so long the server ends a transaction whose process stands still: its locks would keep
others from taking over."""
"""How long a server may take to accept a connection."""


class Backend(ABC):
    """One kind of database."""

    @abstractmethod
    def normalise(self, url: URL) -> URL:
        """A URL as operators write it, with our driver. Raises ValueError."""

    @abstractmethod
    def writing_engine(self, url: URL) -> Engine: ...

    @abstractmethod
    def reading_engine(self, url: URL) -> Engine: ...

    def looking_engine(self, url: URL) -> Engine | None:
        """For looking without changing anything; None where there is nothing to look at."""
        return self.reading_engine(url)

    @abstractmethod
    def upsert(self, table: Table, key: Sequence[str]) -> Insert:
        """An insert that replaces a row whose key columns are there already."""

    @abstractmethod
    def insert_new(self, table: Table, key: Sequence[str]) -> Insert:
        """An insert that leaves alone a row whose key columns are there already."""

    @abstractmethod
    def obstacle(self, error: DBAPIError) -> Obstacle | None:
        """What keeps the transaction from being made now; None if it is at fault itself."""

    @abstractmethod
    def schema_lock(self, connection: Connection) -> AbstractContextManager[None]:
        """Keeps other processes from changing the schema. Raises TimeoutError."""


class OnConflictBackend(Backend):
    """With PostgreSQL's ``ON CONFLICT``, which SQLite has taken over."""

    @staticmethod
    @abstractmethod
    def insert(table: Table) -> postgresql.Insert | sqlite.Insert: ...

    def upsert(self, table: Table, key: Sequence[str]) -> Insert:
        statement = self.insert(table)
        replaced = {name: statement.excluded[name] for name in replaced_columns(table, key)}
        return statement.on_conflict_do_update(index_elements=list(key), set_=replaced)

    def insert_new(self, table: Table, key: Sequence[str]) -> Insert:
        return self.insert(table).on_conflict_do_nothing(index_elements=list(key))


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
