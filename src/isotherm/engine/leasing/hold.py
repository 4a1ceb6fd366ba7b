"""A lease in this worker's hands, and what the owner before it may have left behind."""

from __future__ import annotations

from dataclasses import dataclass

from isotherm.core.clock import Clock
from isotherm.engine.leasing.tenure import Tenure
from isotherm.engine.settings import EngineSettings
from isotherm.ports.store import Lease


class Aftermath:
    """What an ownership that broke off may have left under way in the cloud.

    Until it is over, an object that is not found may still come to be: the cloud may be
    working on a call whose caller is dead. To be made as soon as the lease is there.
    """

    def __init__(self, clock: Clock, settings: EngineSettings, lease: Lease) -> None:
        self._clock = clock
        left = settings.call_seconds - lease.broken_off if lease.broken_off is not None else 0.0
        self._over_at = clock.monotonic() + left

    @property
    def left(self) -> float:
        """Seconds; not positive when it is over."""
        return self._over_at - self._clock.monotonic()


@dataclass(frozen=True, slots=True)
class Hold:
    """A lease, how long it surely holds, and what the owner before may have left under way."""

    lease: Lease
    tenure: Tenure
    aftermath: Aftermath
