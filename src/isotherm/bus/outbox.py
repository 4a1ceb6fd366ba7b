"""Wake-ups on their way out of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

WakeUp = tuple[str, str]
"""Topic and key."""

_MOST = 10_000


class Outbox:
    """What is still to be sent: each wake-up once, the oldest forgotten when there are too many."""

    def __init__(self) -> None:
        self._waiting: dict[WakeUp, None] = {}
        self._filled = asyncio.Event()
        self._all_sent = asyncio.Event()
        self._all_sent.set()

    def put(self, wake_up: WakeUp) -> None:
        """Send this as soon as may be."""
        self._waiting[wake_up] = None
        if len(self._waiting) > _MOST:
            del self._waiting[next(iter(self._waiting))]
        self._all_sent.clear()
        self._filled.set()

    async def take(self) -> list[WakeUp]:
        """Everything that waits, as soon as there is something."""
        await self._filled.wait()
        taken = list(self._waiting)
        self._waiting.clear()
        self._filled.clear()
        return taken

    def give_back(self, wake_ups: Sequence[WakeUp]) -> None:
        """What was taken could not be sent."""
        for wake_up in wake_ups:
            self.put(wake_up)

    def confirm(self) -> None:
        """What was taken has been sent."""
        if not self._waiting:
            self._all_sent.set()

    async def all_sent(self) -> None:
        """Wait until nothing is on its way any more."""
        await self._all_sent.wait()
