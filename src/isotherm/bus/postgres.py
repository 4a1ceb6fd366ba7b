"""Wake-ups over PostgreSQL, by LISTEN and NOTIFY: where there is no broker."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from isotherm.bus.listeners import Listeners
from isotherm.bus.outbox import WakeUp
from isotherm.bus.remote import Carrier, Connection

_CHANNEL = "isotherm_wake_ups"
# A dead peer is noticed within half a minute.
_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "application_name": "isotherm bus",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class PostgreSQL(Carrier):
    """The database of the store, on two connections of its own: one hears while one tells."""

    errors = (psycopg.Error, OSError, TimeoutError)

    def __init__(self, connection: str) -> None:
        """``connection`` as in ``[database] connection``; ValueError if it is no PostgreSQL."""
        url, found = re.subn(r"^postgres(ql)?(\+\w+)?://", "postgresql://", connection)
        if not found:
            raise ValueError("not the URL of a PostgreSQL database")
        self._url = url

    def __str__(self) -> str:
        return f"PostgreSQL at {self._url.rpartition('@')[2].partition('?')[0]}"

    @asynccontextmanager
    async def connect(self, listeners: Listeners) -> AsyncIterator[Connection]:
        connect = psycopg.AsyncConnection.connect
        async with (
            await connect(self._url, **_OPTIONS) as hearing,
            await connect(self._url, **_OPTIONS) as telling,
        ):
            await hearing.execute(f"LISTEN {_CHANNEL}")
            yield _PostgreSQLConnection(hearing, telling, listeners)


class _PostgreSQLConnection:
    def __init__(
        self,
        hearing: psycopg.AsyncConnection[Any],
        telling: psycopg.AsyncConnection[Any],
        listeners: Listeners,
    ) -> None:
        self._hearing = hearing
        self._telling = telling
        self._listeners = listeners

    async def send(self, wake_ups: list[WakeUp]) -> None:
        payloads = [f"{topic} {key}" for topic, key in wake_ups]
        await self._telling.execute(
            "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload",
            (_CHANNEL, payloads),
        )

    async def lost(self) -> None:
        own = self._telling.info.backend_pid
        async for notification in self._hearing.notifies():
            # This process has told its own listeners already.
            if notification.pid != own:
                topic, _, key = notification.payload.partition(" ")
                self._listeners.deliver(topic, key)
