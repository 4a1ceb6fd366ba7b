"""PostgreSQL, by psycopg."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from isotherm.store.backend import (
    CONNECT_SECONDS,
    IDLE_SECONDS,
    READERS,
    OnConflictBackend,
    contains,
    database_now,
    engine_options,
)
from isotherm.store.obstacles import Obstacle

_OBSTACLES = {
    "40001": Obstacle.CONTENTION,  # serialisation failure
    "40P01": Obstacle.CONTENTION,  # deadlock
    "55P03": Obstacle.CONTENTION,  # lock not available
    "53300": Obstacle.AWAY,  # too many connections
    "25P03": Obstacle.AWAY,  # this process stood still within a transaction
    "25006": Obstacle.READ_ONLY,  # what a primary becomes when another takes over
    "53100": Obstacle.FULL,
    "58030": Obstacle.BROKEN,
    # Classes: lost connections, and shutdowns.
    "08": Obstacle.AWAY,
    "57": Obstacle.AWAY,
}
# A dead peer is noticed within half a minute.
_CONNECTING = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_SCHEMA_LOCK = 0x69736F74


class Postgres(OnConflictBackend):
    insert = staticmethod(insert)

    def normalise(self, url: URL) -> URL:
        return url.set(drivername="postgresql+psycopg")

    def writing_engine(self, url: URL) -> Engine:
        return _engine(url, "READ COMMITTED", 1)

    def reading_engine(self, url: URL) -> Engine:
        return _engine(url, "AUTOCOMMIT", READERS)

    def obstacle(self, error: DBAPIError) -> Obstacle | None:
        state = getattr(error.orig, "sqlstate", None)
        if state is not None:
            return _OBSTACLES.get(state) or _OBSTACLES.get(state[:2])
        # Connecting failed, or the connection broke before the server said anything.
        lost = error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
        return Obstacle.AWAY if lost else None

    @contextlib.contextmanager
    def schema_lock(self, connection: Connection) -> Iterator[None]:
        """Held to the end of the transaction."""
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
        yield


def _engine(url: URL, isolation: IsolationLevel, connections: int) -> Engine:
    engine = create_engine(
        url,
        isolation_level=isolation,
        # What the operator's URL says goes first.
        connect_args={name: each for name, each in _CONNECTING.items() if name not in url.query},
        **engine_options(connections),
    )

    # Not among the options of connecting: poolers between us and the server refuse some.
    @event.listens_for(engine, "connect")
    def bound_idleness(connection: psycopg.Connection, _: Any) -> None:
        connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
        connection.commit()

    return engine


@compiles(database_now, "postgresql")
def _compile_now(element: database_now, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"


@compiles(contains, "postgresql")
def _compile_contains(element: contains, compiler: SQLCompiler, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"
