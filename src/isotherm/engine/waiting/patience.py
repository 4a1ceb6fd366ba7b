"""Patience with the cloud: which errors are waited out, and for how long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from isotherm.core.errors import Busy, Lost
from isotherm.engine.settings import EngineSettings
from isotherm.engine.waiting.halt import Halt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Makes calls, and makes them again as long as that may help and ``halt`` allows."""

    halt: Halt
    settings: EngineSettings

    async def __call__(self, call: Callable[[], Awaitable[T]], *, repeatable: bool = True) -> T:
        """The call's result; Busy is waited out, Lost only where the call may be ``repeatable``.

        Raises the last RemoteError when patience ends, Overtaken or TimedOut when halted.
        """
        attempt = 0
        while True:
            try:
                return await call()
            except Busy as busy:
                # Nothing has happened: the cloud said so.
                attempt += 1
                if attempt > self.settings.call_patience:
                    raise
                await self.halt.sleep(max(busy.after, backoff(attempt, self.settings)))
            except Lost:
                # It may have happened; whoever knows better than to repeat it looks first.
                attempt += 1
                if not repeatable or attempt > self.settings.call_patience:
                    raise
                await self.halt.sleep(backoff(attempt, self.settings))


def backoff(attempt: int, settings: EngineSettings) -> float:
    """Seconds before the next attempt: doubled each time, up to the limit."""
    delay = settings.retry_delay * 2.0 ** (attempt - 1)
    return float(min(delay, settings.retry_delay_limit))
