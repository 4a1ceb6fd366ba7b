"""The pauses between looks at an object."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from isotherm.engine.run import Run
from isotherm.kit.context import Context
from isotherm.kit.resource_type import AnyType

_SHORTEST = 0.05


class Pauses:
    """Short at first, then growing up to what the type asks for; over when there is news."""

    def __init__(self, run: Run, news: asyncio.Event | None) -> None:
        self._run = run
        self._news = news
        self._looks = 0

    async def wait(self, poll_after: float) -> None:
        """Not at all before a first look that is to come at once. Raises Overtaken, TimedOut."""
        looks, self._looks = self._looks, self._looks + 1
        if poll_after <= 0 and looks == 0:
            return
        growing = self._run.tools.settings.first_poll * 1.5**looks
        await self._run.halt.sleep(min(max(poll_after, _SHORTEST), growing), self._news)
        if self._news is not None:
            # Before the look: whatever happens from now on is news again.
            self._news.clear()


@contextmanager
def pauses(run: Run, resource_type: AnyType, ctx: Context[Any]) -> Iterator[Pauses]:
    """Those between the looks of one verb at its object."""
    if not resource_type.nests:
        yield Pauses(run, None)
        return
    with run.tools.endings.awaited(ctx.physical_id or ctx.intent.uuid) as news:
        yield Pauses(run, news)
