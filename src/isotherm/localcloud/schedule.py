"""Transitions of entities that lie in the future, durable, applied in the order of their time."""

import heapq
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec

from isotherm.localcloud.clock import Clock
from isotherm.localcloud.journal import Journal


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is `<kind>.<verb>`; `at` is in seconds since the epoch."""

    seq: int
    at: float
    service: str
    name: str
    entity_id: str
    args: dict[str, Any] = {}


class Schedule:
    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._applying_at: float | None = None
        self._heap: list[tuple[float, int]] = []
        self._pending: dict[int, Transition] = {}
        self._by_entity: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._last_seq = 0
        for body in journal.load_transitions():
            self._push(msgspec.json.decode(body, type=Transition))

    def now(self) -> float:
        """The clock's time; inside a transition, the time at which it was due."""
        return self._clock.now() if self._applying_at is None else self._applying_at

    def add(
        self, service: str, name: str, entity_id: str, *, after: float, args: dict[str, Any]
    ) -> None:
        """Apply transition `name` to the entity `after` seconds from now."""
        transition = Transition(
            seq=self._last_seq + 1,
            at=self.now() + after,
            service=service,
            name=name,
            entity_id=entity_id,
            args=args,
        )
        self._push(transition)
        self._journal.put_transition(transition.seq, msgspec.json.encode(transition))

    def cancel(self, service: str, entity_id: str) -> None:
        """Forget all that lies ahead of the entity."""
        for seq in tuple(self._by_entity.get((service, entity_id), ())):
            self._forget(seq)

    def clear(self, service: str) -> None:
        """Forget all that lies ahead of the service's entities."""
        for seq, transition in tuple(self._pending.items()):
            if transition.service == service:
                self._forget(seq)

    def next_due(self) -> float | None:
        """When the earliest pending transition is due."""
        while self._heap and self._heap[0][1] not in self._pending:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def apply_due(self, apply: Callable[[Transition], None]) -> None:
        """Apply all that is due, also what the applied ones add for a time gone by."""
        limit = self._clock.now()
        while (due := self.next_due()) is not None and due <= limit:
            transition = self._pending[self._heap[0][1]]
            self._forget(transition.seq)
            self._applying_at = transition.at
            try:
                apply(transition)
            finally:
                self._applying_at = None

    def _push(self, transition: Transition) -> None:
        self._last_seq = max(self._last_seq, transition.seq)
        self._pending[transition.seq] = transition
        self._by_entity[transition.service, transition.entity_id].add(transition.seq)
        heapq.heappush(self._heap, (transition.at, transition.seq))

    def _forget(self, seq: int) -> None:
        transition = self._pending.pop(seq)
        owner = (transition.service, transition.entity_id)
        self._by_entity[owner].discard(seq)
        if not self._by_entity[owner]:
            del self._by_entity[owner]
        self._journal.drop_transition(seq)
