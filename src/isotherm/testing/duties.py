"""Duties in memory, on a clock that tests can turn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from isotherm.core.clock import Clock
from isotherm.ports.store import Duty


@dataclass(slots=True)
class _State:
    due_at: datetime
    expires_at: datetime
    epoch: int = 0


class Duties:
    """Which are due, and who is at them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._states: dict[tuple[str, str], _State] = {}

    def add(self, kind: str, key: str) -> None:
        now = self._clock.now()
        self._states.setdefault((kind, key), _State(now, now))

    def claim(self, owner: str, kinds: Collection[str], limit: int, seconds: float) -> list[Duty]:
        now = self._clock.now()
        due = [
            (state.due_at, kind, key)
            for (kind, key), state in self._states.items()
            if kind in kinds and state.due_at <= now and state.expires_at <= now
        ]
        taken = []
        for _, kind, key in sorted(due)[:limit]:
            state = self._states[kind, key]
            state.epoch += 1
            state.expires_at = now + timedelta(seconds=seconds)
            taken.append(Duty(kind=kind, key=key, owner=owner, epoch=state.epoch))
        return taken

    def end(self, duty: Duty, due_in: float) -> None:
        state = self._states[duty.kind, duty.key]
        if state.epoch == duty.epoch:
            now = self._clock.now()
            state.expires_at = now
            state.due_at = now + timedelta(seconds=due_in)
