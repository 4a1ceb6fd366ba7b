"""By what the service knows its own trusts in identity, and when it took them.

A trust has neither name nor description. Its end lies a thousand years and a number of days
of this deployment after the moment in which it was taken: that tells which one it is where
the answer was lost, and which were left behind.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
_THOUSAND_YEARS = 365_250
_DEPLOYMENTS = 1_000_000
_ENDLESS = timedelta(days=3650)
"""No trust is older: what seems to be is another deployment's."""


def number_of(deployment: str) -> int:
    """The number of days for a deployment, by what all its processes call it."""
    digest = hashlib.sha256(deployment.encode()).digest()
    return int.from_bytes(digest[:8]) % _DEPLOYMENTS


@dataclass(frozen=True, slots=True)
class TrustMarks:
    days: int

    @property
    def _distance(self) -> timedelta:
        return timedelta(days=_THOUSAND_YEARS + self.days)

    def mark(self, now: datetime) -> str:
        """The end of a trust that is taken now; no two are alike."""
        # Nothing is kept secret with it.
        taken = now.replace(microsecond=random.randrange(1_000_000))  # noqa: S311
        return (taken + self._distance).strftime(_FORM)

    def taken_at(self, end: object, now: datetime) -> datetime | None:
        """When a trust with this end was taken; None where it is not ours."""
        if not isinstance(end, str):
            return None
        try:
            taken = datetime.strptime(end, _FORM).replace(tzinfo=UTC) - self._distance
        except (ValueError, OverflowError):
            return None
        return taken if now - _ENDLESS < taken <= now + timedelta(seconds=1) else None
