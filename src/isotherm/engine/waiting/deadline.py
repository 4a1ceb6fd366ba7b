"""The end of a traversal's time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from isotherm.core.clock import Clock
from isotherm.engine.waiting.halt import Halt


@asynccontextmanager
async def halted_at(deadline: datetime | None, halt: Halt, clock: Clock) -> AsyncIterator[None]:
    """The halt comes when the deadline does, for as long as the context is open."""
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(deadline, halt, clock))
            try:
                yield
            finally:
                watch.cancel()
    except ExceptionGroup as group:
        raise group.exceptions[0] from group


async def _watch(deadline: datetime | None, halt: Halt, clock: Clock) -> None:
    if deadline is None:
        return
    left = (deadline - clock.now()).total_seconds()
    if left > 0:
        await clock.sleep(left)
    halt.time_out()
