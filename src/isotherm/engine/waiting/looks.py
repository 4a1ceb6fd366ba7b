"""How long to wait between looks at an object."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from isotherm.engine.waiting.halt import Halt

# Types may ask for no wait at all; the cloud is spared a storm of looks then.
_SHORTEST = 0.05
# By then every wait is as long as the type asks for.
_GROWING = 50
_MORE_OFTEN = 4
"""How much more often who looks together with others looks than what the type asks for: there
are no more calls, because all look at the same moments."""

_NEWS_MAY_BE_LOST = 1.0
"""Seconds after which there is a first look where news were expected."""


class Looks:
    """The looks of one verb at its object.

    Short waits at first, then growing up to what the type asks for; over when there is news.
    """

    def __init__(
        self,
        halt: Halt,
        first_poll: float,
        news: asyncio.Event | None = None,
        are_shared: Callable[[], bool] = lambda: False,
    ) -> None:
        self._halt = halt
        self._first_poll = first_poll
        self.news = news
        self._are_shared = are_shared
        self._taken = 0
        self._expecting = False

    def expect_news(self) -> None:
        """Something was begun while news are listened to: they tell when the first look is due."""
        self._expecting = self.news is not None

    async def wait(self, poll_after: float) -> None:
        """Not at all before a first look that is to come at once, unless news are expected. Raises
        Overtaken, TimedOut."""
        taken, self._taken = self._taken, self._taken + 1
        if poll_after <= 0 and taken == 0 and not self._expecting:
            return
        growing = self._first_poll * 1.5 ** min(taken, _GROWING)
        usual = max(poll_after, _SHORTEST)
        pace = usual / _MORE_OFTEN if self._are_shared() else usual
        seconds = growing
        if self._expecting:
            seconds, self._expecting = _NEWS_MAY_BE_LOST, False
        elif growing >= pace:
            seconds = _to_common_tick(self._halt.monotonic(), pace, usual)
        await self._halt.sleep(seconds, self.news)
        if self.news is not None:
            # Before the look: whatever happens from now on is news again.
            self.news.clear()


def _to_common_tick(now: float, seconds: float, usual: float) -> float:
    """``seconds``, and up to an eighth of what is ``usual`` more: many who wait about as long, from
    whenever on, look at the same moment, so that one call shows the objects of all."""
    tick = 2.0 ** math.floor(math.log2(usual / 8))
    return math.ceil((now + seconds) / tick) * tick - now
