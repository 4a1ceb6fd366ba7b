"""How long a lease surely holds, by this machine's clock, and what it may be used for."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.engine.settings import EngineSettings
from isotherm.ports.store import Fenced

_LOOK_AGAIN_AFTER = 0.2


class Tenure:
    """Known without asking the database: its clock began to count the lease's seconds after
    ours did, when the lease was asked for. ``asked_at`` is monotonic time."""

    def __init__(self, clock: Clock, settings: EngineSettings, asked_at: float) -> None:
        self._clock = clock
        self._settings = settings
        self._until = asked_at + settings.lease_seconds

    def prolong(self, asked_at: float) -> None:
        """The database confirmed the lease. May be called from any thread."""
        self._until = asked_at + self._settings.lease_seconds

    @property
    def left(self) -> float:
        """Seconds; not positive once the lease may have another owner."""
        return self._until - self._clock.monotonic()

    async def secure(self) -> None:
        """Wait until there is time enough for an effect. Raises Fenced if the lease is over.

        Whoever comes next looks for what calls of ours have left behind. With half of the
        lease before it, a call has come to its end by then; renewals come twice as often.
        """
        while (left := self.left) < self._settings.lease_seconds / 2:
            if left <= 0:
                raise Fenced("the lease could not be renewed in time")
            await self._clock.sleep(min(left, _LOOK_AGAIN_AFTER))
