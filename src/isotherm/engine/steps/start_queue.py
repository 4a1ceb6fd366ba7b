"""Which step is started next: the one from which the longest way leads to the end."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable

from isotherm.engine.steps.run import Run
from isotherm.planning.plan import Plan, Step
from isotherm.planning.priorities import remaining_seconds

_MOST_AT_CALLS = 64
"""Steps of a stack that are at their calls at a time. More would only stand in a line at the
cloud, where whoever comes late waits, however much depends on it."""

_Entry = tuple[float, int, Step]


class StartQueue:
    """Steps that have nothing to wait for any more.

    A step with an object in the cloud takes a place from its start until it waits for the first
    time, or ends; ``room`` is called when a place has become free that somebody needs.
    """

    def __init__(self, run: Run, plan: Plan, room: Callable[[], None]) -> None:
        self._run = run
        self._room = room
        self._calls_of: dict[str, bool] = {}
        self._remaining = remaining_seconds(plan, self._expected)
        self._order = {step.key: number for number, step in enumerate(plan)}
        self._calling: list[_Entry] = []
        self._others: list[_Entry] = []
        self._places: dict[str, asyncio.Task[object]] = {}

    def put(self, step: Step) -> None:
        self._run.times.ready(step)
        entry = (-self._remaining[step.key], self._order[step.key], step)
        heapq.heappush(self._calling if self._calls(step) else self._others, entry)

    def take(self) -> Step | None:
        """The next step; None where there is none, or no place for it."""
        heaps = [self._others] if self._others else []
        if self._calling and len(self._places) < _MOST_AT_CALLS:
            heaps.append(self._calling)
        return heapq.heappop(min(heaps))[2] if heaps else None

    def started(self, step: Step, task: asyncio.Task[object]) -> None:
        if self._calls(step):
            self._places[step.key] = task

    def waits(self, task: asyncio.Task[object]) -> None:
        """The task of some step waits: for its object, or for the cloud."""
        for key, each in self._places.items():
            if each is task:
                self._leave(key)
                return

    def ended(self, step: Step) -> None:
        self._leave(step.key)

    def _leave(self, key: str) -> None:
        if self._places.pop(key, None) is not None and self._calling:
            self._room()

    def _calls(self, step: Step) -> bool:
        """Whether it is about an object in the cloud: a plan has many steps of few types."""
        calls = self._calls_of.get(step.type)
        if calls is None:
            known = self._run.types.get(step.type)
            calls = known is not None and not known.effectless and not known.nests
            self._calls_of[step.type] = calls
        return calls

    def _expected(self, step: Step) -> float:
        known = self._run.types.get(step.type)
        effectless = known is not None and known.effectless
        return self._run.tools.durations.expected(step.type, step.kind, effectless=effectless)
