"""What an ownership that broke off may have left under way in the cloud."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.engine.settings import EngineSettings
from isotherm.ports.store import Lease


class Aftermath:
    """Until it is over, an object that is not found may still come to be: the cloud may be
    working on a call whose caller is dead. To be made as soon as the lease is there."""

    def __init__(self, clock: Clock, settings: EngineSettings, lease: Lease) -> None:
        self._clock = clock
        left = settings.call_seconds - lease.broken_off if lease.broken_off is not None else 0.0
        self._over_at = clock.monotonic() + left

    @property
    def left(self) -> float:
        """Seconds; not positive when it is over."""
        return self._over_at - self._clock.monotonic()
