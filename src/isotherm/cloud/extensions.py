"""Which extensions a service of the cloud has, asked for now and then."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.kit.cloud_api import CloudApi

REMEMBERED = 300.0
"""Seconds: operators restart a service to give it another extension."""


class Extensions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, frozenset[str]]] = {}

    async def of(self, service: str, api: CloudApi) -> frozenset[str]:
        """Their aliases; none where the service tells of none. Raises RemoteError."""
        asked_at, found = self._known.get(service, (-REMEMBERED, frozenset()))
        now = self._clock.monotonic()
        if now - asked_at < REMEMBERED:
            return found
        told = await api.call(service, "GET", "/extensions")
        found = frozenset(str(each["alias"]) for each in told["extensions"])
        self._known[service] = now, found
        return found
