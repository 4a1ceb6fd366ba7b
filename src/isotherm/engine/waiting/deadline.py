"""The end of a traversal's time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from isotherm.core.clock import Clock
from isotherm.engine.waiting.halt import Halt
from isotherm.ports.records import Traversal


@asynccontextmanager
async def halted_in_time(traversal: Traversal, halt: Halt, clock: Clock) -> AsyncIterator[None]:
    """The halt comes at the traversal's deadline, for as long as the context is open."""
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(traversal, halt, clock))
            try:
                yield
            finally:
                watch.cancel()
    except ExceptionGroup as group:
        raise group.exceptions[0] from group


async def _watch(traversal: Traversal, halt: Halt, clock: Clock) -> None:
    if traversal.deadline is None:
        return
    # A clock that was set back since does not give more time than there was in the beginning.
    whole = traversal.deadline - traversal.started_at
    left = min(traversal.deadline - clock.now(), whole).total_seconds()
    if left > 0:
        await clock.sleep(left)
    halt.time_out()
