"""The port to where engines say that they are there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct


class Engine(Struct, frozen=True, kw_only=True):
    """An engine process: what it is called, on which machine it is, since when it runs, and when
    it last said so."""

    id: str
    host: str
    hostname: str
    since: datetime
    seen_at: datetime


class AttendanceStore(Protocol):
    """Durable where a method returns. Raises StoreUnavailable."""

    async def put(self, engine: Engine) -> None:
        """In the place of what it said before."""
        ...

    async def engines(self) -> list[Engine]:
        """All that are noted, the longest running first."""
        ...

    async def remove(self, engine_id: str) -> None:
        """One that has ended, or was never there."""
        ...

    async def purge(self, before: datetime) -> int:
        """Those that have said nothing since; how many they were."""
        ...
