"""The clock of the machine."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

# Goes on while the machine is suspended, as leases and tokens do elsewhere.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(_STEADY)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
