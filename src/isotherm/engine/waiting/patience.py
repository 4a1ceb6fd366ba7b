"""Patience with the cloud: which errors are waited out, and for how long."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from isotherm.core.clock import Clock
from isotherm.core.errors import Busy, Conflict, NoSuchService, RemoteError
from isotherm.engine.settings import EngineSettings
from isotherm.engine.waiting.halt import Halt

log = logging.getLogger(__name__)

T = TypeVar("T")

# Beyond that the delay has long reached its limit, and the power its own.
_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits as long as that may help and ``halt`` allows. ``awaits_services``: also for services
    that the catalogue does not name (any more)."""

    halt: Halt
    settings: EngineSettings
    clock: Clock
    awaits_services: bool = True

    async def __call__(self, look: Callable[[], Awaitable[T]]) -> T:
        """The result of what only looks: it is done again until the cloud answers.

        Raises the reason when patience ends, Overtaken or TimedOut when halted.
        """
        trouble = self.trouble(looking=True)
        while True:
            try:
                return await look()
            except RemoteError as error:
                await trouble.wait_out(error)

    def trouble(self, *, looking: bool = False) -> Trouble:
        """None so far, with an undertaking that is about to begin."""
        return Trouble(self, looking=looking)

    def for_beginners(self) -> Patience:
        """For what is begun, and has nothing yet in a service that is missing: whoever has
        mistaken its name is told at once."""
        return replace(self, awaits_services=False)


class Trouble:
    """What went wrong with one undertaking, from its first attempt on.

    A cloud that cannot be reached is waited for through an outage. Whatever may have had an
    effect, and what the cloud refuses for now, is tried a few times.
    """

    def __init__(self, patience: Patience, *, looking: bool) -> None:
        self._patience = patience
        self._looking = looking
        self._attempts = 0
        self._since = 0.0
        self._reason: RemoteError | None = None

    async def wait_out(self, error: RemoteError) -> None:
        """Return when it is time for the next attempt; raises the first true reason when there
        is to be none: what the cloud said itself, before that it said nothing."""
        halt, settings = self._patience.halt, self._patience.settings
        now = self._patience.clock.monotonic()
        if not (error.passes or self._awaits(error)):
            raise error
        if self._reason is None:
            self._since = now
        if self._reason is None or self._reason.status is None:
            self._reason = error
        self._attempts += 1
        if self._through_outage(error):
            over = now - self._since >= settings.outage_seconds
        else:
            over = self._attempts > settings.call_patience
        if over:
            raise _missed(self._reason)
        after = error.after if isinstance(error, Busy) else 0.0
        # What the cloud said may quote what is secret: the reason is told when it is given up.
        log.info("waiting for the cloud (%s, HTTP %s)", type(error).__name__, error.status)
        await halt.sleep(max(after, backoff(self._attempts, settings)))

    def _through_outage(self, error: RemoteError) -> bool:
        if isinstance(error, Busy) or self._awaits(error):
            return True
        return self._looking and not isinstance(error, Conflict)

    def _awaits(self, error: RemoteError) -> bool:
        return isinstance(error, NoSuchService) and self._patience.awaits_services


def _missed(reason: RemoteError) -> RemoteError:
    """Whoever waited for a service had something there."""
    if not isinstance(reason, NoSuchService):
        return reason
    return NoSuchService(f"{reason.message.rstrip('.')} any more.")


def backoff(attempt: int, settings: EngineSettings) -> float:
    """Seconds before the next attempt: doubled each time, up to the limit."""
    delay = settings.retry_delay * 2.0 ** min(attempt - 1, _DOUBLINGS)
    return float(min(delay, settings.retry_delay_limit))
