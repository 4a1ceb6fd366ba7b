"""When the steps of a traversal could begin, when they began and when they ended."""

from __future__ import annotations

from isotherm.core.clock import Clock
from isotherm.planning.plan import Step
from isotherm.ports.records import Report, StepReport, Traversal


class StepTimes:
    """Of one traversal, from when it was prepared on. What waits for nothing in a later walk, such
    as removals, has waited for all that was done before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun_at = clock.now()
        self._zero = clock.monotonic()
        self._done: list[StepReport] = []
        self._ready: dict[str, float] = {}
        self._last: tuple[str, ...] = ()

    def begin_walk(self) -> None:
        """What ended last before it is what the first steps have waited for."""
        if self._done:
            self._last = (max(self._done, key=lambda each: each.ended).key,)

    def ready(self, step: Step) -> None:
        self._ready[step.key] = self._since_zero(self._clock.monotonic())

    def ended(self, step: Step, begun: float, ended: float, outcome: str) -> None:
        """The step has run from ``begun`` to ``ended``, both on the clock's monotonic time."""
        self._done.append(
            StepReport(
                key=step.key,
                resource=step.name,
                type=step.type,
                kind=step.kind.value,
                after=tuple(sorted(step.after)) if step.after else self._last,
                ready=self._ready.pop(step.key, 0.0),
                begun=self._since_zero(begun),
                ended=self._since_zero(ended),
                outcome=outcome,
            )
        )

    @property
    def steps(self) -> tuple[StepReport, ...]:
        return tuple(self._done)

    def report(self, traversal: Traversal) -> Report:
        """The traversal as it went, now that it is over."""
        return Report(
            stack_id=traversal.stack_id,
            number=traversal.number,
            operation=traversal.operation,
            asked_at=traversal.started_at,
            begun_at=self._begun_at,
            ended_at=self._clock.now(),
            steps=self.steps,
        )

    def _since_zero(self, at: float) -> float:
        return round(at - self._zero, 6)
