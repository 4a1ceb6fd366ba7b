"""What stacks are made of, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from isotherm.core.clock import Clock
from isotherm.ports.records import Source, Stack
from isotherm.testing.copies import copied, revealed

_GRACE = timedelta(hours=1)


class Sources:
    """Each once, by its content."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, Source] = {}
        self._given_at: dict[str, datetime] = {}

    def put(self, source: Source) -> str:
        put = copied(source)
        content = msgspec.json.encode(put, enc_hook=revealed, order="deterministic")
        source_id = hashlib.sha256(content).hexdigest()
        self._known.setdefault(source_id, put)
        self._given_at[source_id] = self._clock.now()
        return source_id

    def __getitem__(self, source_id: str) -> Source:
        return copied(self._known[source_id])

    def require(self, stack: Stack) -> None:
        """Raises ValueError where the stack names one that is not there."""
        if stack.source_id not in self._known:
            raise ValueError(f"stack {stack.id} names an unknown source")

    def purge(self, used: Collection[str]) -> None:
        """Drop all others, but for one that was just given: it may be about to become some
        stack's."""
        since = self._clock.now() - _GRACE
        self._known = {
            k: source for k, source in self._known.items() if k in used or self._given_at[k] > since
        }
