"""By what the service knows its own trusts in identity, and when it took them.

A trust has neither name nor description. Its end lies a thousand years and a number of days
of this deployment after the moment in which it was taken, or soon after that: identity keeps
whole seconds, and no two trusts of one user that end in the same. That tells which one it is
where the answer was lost, and which were left behind.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
SPREADS = (3_600, 86_400, 31 * 86_400)
"""Among how many seconds a mark is drawn: more where those of the first draw are taken."""
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

    def mark(self, now: datetime, spread: int = SPREADS[0]) -> str:
        """The end of a trust that is taken now. Two may be alike: identity refuses the second."""
        # Nothing is kept secret with it.
        drawn = timedelta(seconds=random.randrange(spread))  # noqa: S311
        return (now.replace(microsecond=0) + drawn + self._distance).strftime(_FORM)

    def taken_at(self, end: object, now: datetime) -> datetime | None:
        """When a trust with this end was taken, or up to its spread later; None where it is
        not ours."""
        if not isinstance(end, str):
            return None
        try:
            taken = datetime.strptime(end, _FORM).replace(tzinfo=UTC) - self._distance
        except (ValueError, OverflowError):
            return None
        latest = now + timedelta(seconds=SPREADS[-1] + 1)
        return taken if now - _ENDLESS < taken <= latest else None
