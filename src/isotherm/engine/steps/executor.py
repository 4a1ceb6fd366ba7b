"""Walks a plan: starts each step when all it waits for is done, as parallel as that allows."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.failures import Failure
from isotherm.core.states import Status
from isotherm.engine.interruptions import Interrupted, Overtaken, PutOff, TimedOut, TimedOutAtHook
from isotherm.engine.operations import VISITS
from isotherm.engine.recording.remedies import REMEDY
from isotherm.engine.steps.closing import close_failed, tell_refused
from isotherm.engine.steps.converging import converge
from isotherm.engine.steps.failures import NotBegun, Restricted, StepFailed, forget_way
from isotherm.engine.steps.remedies import carry_out_remedy, row_of
from isotherm.engine.steps.removal import remove
from isotherm.engine.steps.run import Run
from isotherm.engine.steps.seeing_out import see_out
from isotherm.engine.steps.start_queue import StartQueue
from isotherm.engine.steps.tidying import tidy
from isotherm.engine.steps.visiting import visit
from isotherm.planning.plan import REMOVALS, Kind, Plan, Step
from isotherm.ports.records import DONE
from isotherm.ports.store import Fenced, StoreUnavailable

log = logging.getLogger(__name__)

_INTERRUPTED = "interrupted"
_FORESEEN = (StepFailed, RemoteError, InvalidDocument, TimedOut)

# Every other kind leads to what the template asks.
_VERBS = {
    **dict.fromkeys(VISITS, visit),
    **dict.fromkeys(REMOVALS, remove),
    Kind.TIDY: tidy,
    Kind.SEE_OUT: see_out,
}


@dataclass(slots=True)
class Result:
    """How a walk ended; ``failures`` in the order in which they happened.

    ``settled``: everything desired is there, so that what was there before may be gone.
    ``keeps``: what is to go is still there, as the stack above wants it.
    """

    failures: list[Failure] = field(default_factory=list)
    overtaken: bool = False
    timed_out: bool = False
    settled: bool = False
    keeps: bool = False

    @property
    def went_well(self) -> bool:
        return not (self.failures or self.overtaken or self.timed_out)


class _News(Enum):
    """What a walk hears of, besides steps that have ended."""

    MESSAGE = auto()
    ROOM = auto()


class Executor:
    """One walk over one plan.

    After a failure the steps that run are allowed to finish, and nothing new starts; one that
    ``goes_on`` starts what does not wait for the failed step, too.
    """

    def __init__(self, run: Run, plan: Plan, *, goes_on: bool) -> None:
        self._run = run
        self._plan = plan
        self._waits = {step.key: len(step.after) for step in plan}
        # A step that has ended, with whether it is done, or what else has happened.
        news: asyncio.Queue[tuple[Step, str] | _News] = asyncio.Queue()
        self._news = news
        # Not by way of ``self``: all rows would be in a circle, and stay until that is looked for.
        self._queue = StartQueue(run, plan, lambda: news.put_nowait(_News.ROOM))
        for step in plan:
            if not step.after:
                self._queue.put(step)
        self._working: dict[str, Step] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: deque[Step] = deque()
        self._left = len(plan)
        self._messages_left = self._told = False
        self._goes_on = goes_on
        self.result = Result()

    async def walk(self) -> Result:
        """Returns when nothing runs any more; raises Fenced or StoreUnavailable."""
        self._run.times.begin_walk()
        inbox, halt = self._run.inbox, self._run.halt
        try:
            async with asyncio.TaskGroup() as tasks:
                with inbox.heard_by(self._tell), halt.heard_by(self._queue.waits):
                    while True:
                        while (step := self._next()) is not None:
                            self._working[step.key] = step
                            task = tasks.create_task(self._work(step))
                            self._tasks[step.key] = task
                            self._queue.started(step, task)
                        if not self._working:
                            break
                        await self._hear(await self._news.get())
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
        if self._left and not self.result.failures:
            # Halted between two steps, so that no step could tell.
            self.result.overtaken |= self._run.halt.overtaken
            self.result.timed_out |= self._run.halt.timed_out
        return self.result

    def _tell(self) -> None:
        """Many messages that come at once are read together."""
        if not self._told:
            self._told = True
            self._news.put_nowait(_News.MESSAGE)

    async def _hear(self, news: tuple[Step, str] | _News) -> None:
        if not isinstance(news, _News):
            step, outcome = news
            del self._working[step.key], self._tasks[step.key]
            if outcome == DONE:
                self._release(step)
            elif outcome == _INTERRUPTED:
                # Only now: before, what was ordered may not be written in its row yet.
                self._again.append(step)
            elif self.result.failures and not self._goes_on:
                self._run.breakpoints.put_off()
        if news is _News.MESSAGE:
            self._told = False
        if news is _News.MESSAGE or self._messages_left:
            # Nothing is started meanwhile, so no step can come upon a row that is just changing.
            busy = {step.name for step in self._working.values()} - self._run.breakpoints.waiting
            left = await self._run.inbox.take(self._run.ledger, busy)
            self._messages_left = bool(left)
            self._run.letterboxes.deliver(left)
            self._run.breakpoints.look()
            for message in left:
                if message.kind == REMEDY:
                    self._interrupt(message.resource_id)

    def _interrupt(self, row_id: str) -> None:
        """Have the step that works on the row stop, so that what was ordered for it is done."""
        for step in self._working.values():
            row = row_of(self._run, step)
            if row is not None and row.id == row_id:
                self._run.halt.interrupt(self._tasks[step.key])

    def _next(self) -> Step | None:
        """The next step to be started; one that was interrupted goes on in any case."""
        if self._again and not self._run.halt.raised.is_set():
            return self._again.popleft()
        return self._queue.take() if self._may_start() else None

    def _may_start(self) -> bool:
        if self.result.overtaken or self.result.timed_out or self._run.halt.raised.is_set():
            return False
        return self._goes_on or not self.result.failures

    def _release(self, step: Step) -> None:
        self._left -= 1
        for key in self._plan.dependants[step.key]:
            self._waits[key] -= 1
            if self._waits[key] == 0:
                self._queue.put(self._plan.steps[key])

    async def _work(self, step: Step) -> None:
        outcome, clock = "broken off", self._run.tools.clock
        begun = clock.monotonic()
        try:
            outcome = await self._outcome(step)
        finally:
            ended = clock.monotonic()
            self._run.tools.metrics.ended_step(step.kind.value, outcome, ended - begun)
            self._run.times.ended(step, begun, ended, outcome)
            self._queue.ended(step)
            self._news.put_nowait((step, outcome))

    async def _outcome(self, step: Step) -> str:
        """How the step ended; raises Fenced or StoreUnavailable."""
        try:
            self._run.halt.raise_if_halted()
            if not await carry_out_remedy(self._run, step):
                await _VERBS.get(step.kind, converge)(self._run, step)
        except (Interrupted, PutOff, Overtaken, TimedOut) as stopped:
            return await self._stop(step, stopped)
        except (Fenced, StoreUnavailable):
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, it is told of the resource)
            await self._fail(step, error)
            forget_way(error)
            return "failed"
        return DONE

    async def _stop(self, step: Step, stopped: Exception) -> str:
        """The step has stopped where it was, through no fault of its own."""
        match stopped:
            case Interrupted():
                return _INTERRUPTED
            case PutOff():
                return "put off"
            case Overtaken():
                self.result.overtaken = True
                self._run.halt.overtake()
                return "overtaken"
        self.result.timed_out = True
        if not isinstance(stopped, TimedOutAtHook):
            await self._fail(step, stopped)
            forget_way(stopped)
        return "timed out"

    async def _fail(self, step: Step, error: Exception) -> None:
        if not isinstance(error, _FORESEEN):
            log.error("resource %s (%s) failed unexpectedly", step.name, step.type, exc_info=error)
        removed = step.row if step.kind in REMOVALS else None
        failure = self._run.explain(step.name, error, row_id=removed)
        failures, place = self.result.failures, len(self.result.failures)
        failures.append(failure)
        log.warning(
            "resource %s (%s): %s failed: %s", step.name, step.type, step.kind.value, failure
        )
        if isinstance(error, Restricted):
            await tell_refused(self._run, step, failure)
        if isinstance(error, NotBegun):
            return
        try:
            closed = await close_failed(self._run, step, failure)
            if closed is not None and closed.status is Status.FAILED:
                failures[place] = replace(failure, action=str(closed.action))
        except Overtaken:
            self.result.overtaken = True


def refused(reason: str) -> Result:
    """The result where there was not even a plan to walk."""
    return Result(failures=[Failure("", "", reason)])
