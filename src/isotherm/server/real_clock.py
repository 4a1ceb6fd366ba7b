"""The clock of the machine."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
