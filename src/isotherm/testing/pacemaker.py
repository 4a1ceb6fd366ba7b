"""The pacemaker of a worker in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from isotherm.core.clock import Clock


class ClockPacemaker:
    """Beats on the virtual clock."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    def start(self, beat: Callable[[], None]) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(beat))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self, beat: Callable[[], None]) -> None:
        while True:
            await self._clock.sleep(self._seconds)
            beat()
