"""Patience with the cloud: which errors are waited out, and for how long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from isotherm.core.errors import Busy, Lost
from isotherm.engine.pause import Halt
from isotherm.engine.settings import EngineSettings

T = TypeVar("T")


async def patiently(
    call: Callable[[], Awaitable[T]], halt: Halt, settings: EngineSettings, *, repeatable: bool
) -> T:
    """The call's result; Busy is waited out, Lost only where the call may be ``repeatable``.

    Raises the last RemoteError when patience ends, Overtaken or TimedOut when halted.
    """
    attempt = 0
    while True:
        try:
            return await call()
        except Busy as busy:
            attempt += 1
            if attempt > settings.call_patience:
                raise
            await halt.sleep(max(busy.after, backoff(attempt, settings)))
        except Lost:
            attempt += 1
            if not repeatable or attempt > settings.call_patience:
                raise
            await halt.sleep(backoff(attempt, settings))


def backoff(attempt: int, settings: EngineSettings) -> float:
    """Seconds before the next attempt: doubled each time, up to the limit."""
    delay = settings.retry_delay * 2.0 ** (attempt - 1)
    return float(min(delay, settings.retry_delay_limit))
