"""Which engines there are, in memory."""

from __future__ import annotations

from datetime import datetime

from isotherm.ports.attendance import Engine


class MemoryAttendance:
    """Implements ``ports.attendance.AttendanceStore``."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}

    async def put(self, engine: Engine) -> None:
        self._engines[engine.id] = engine

    async def engines(self) -> list[Engine]:
        return sorted(self._engines.values(), key=lambda each: (each.since, each.id))

    async def remove(self, engine_id: str) -> None:
        self._engines.pop(engine_id, None)

    async def purge(self, before: datetime) -> int:
        old = [each.id for each in self._engines.values() if each.seen_at < before]
        for engine_id in old:
            del self._engines[engine_id]
        return len(old)
