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

    def __init__(
        self, clock: Clock, settings: EngineSettings, lease: Lease, jumped: float = 0.0
    ) -> None:
        self._clock = clock
        left = 0.0
        if lease.broken_off is not None:
            left = settings.call_seconds - max(lease.broken_off - jumped, 0.0)
        self._over_at = clock.monotonic() + left

    @property
    def left(self) -> float:
        """Seconds; not positive when it is over."""
        return self._over_at - self._clock.monotonic()


def seconds_jumped(lease: Lease, since_last_look: float | None, settings: EngineSettings) -> float:
    """How far the store's clock has jumped ahead, to tell by that a stack seems to have waited
    for much longer than since its new owner looked last and it was not to be had."""
    if since_last_look is None:
        return 0.0
    jumped = lease.waited - since_last_look
    return jumped if jumped > settings.lease_seconds else 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """A lease, how long it surely holds, and what the owner before may have left under way.

    ``jumped``: by how many seconds the clocks have jumped ahead while the stack had no owner.
    """

    lease: Lease
    tenure: Tenure
    aftermath: Aftermath
    jumped: float = 0.0
