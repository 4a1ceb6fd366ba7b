"""Runs a course on the local cloud in virtual time, disturbed or not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from tests.laws.sweep.courses import FAULTS, PHASES, Course, Trial, sample_of
from tests.laws.sweep.samples import Properties
from tests.laws.sweep.seeing import Seen, seen

from isotherm.core.states import Action, Status
from isotherm.testing.lives import Life
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

SOON = 1.0
"""Seconds until something happens in the middle of a slow answer."""
WITHIN = 4000.0
"""Seconds in which every operation has come to an end."""


@dataclass
class Ending:
    """``calls`` of the phase; ``first`` is the state the stack ended in by itself; ``there``
    what was there in the end, ``left`` what the removal left."""

    calls: list[str] = field(default_factory=list)
    first: str = ""
    reason: str = ""
    repeated: bool = False
    deleted: bool = False
    struck: bool = True
    there: Seen = field(default_factory=dict)
    left: Seen = field(default_factory=dict)


def document(resources: Mapping[str, Any]) -> str:
    return yaml.safe_dump({"heat_template_version": "2021-04-16", "resources": dict(resources)})


def _resources(course: Course, state: str, *, fails: bool) -> dict[str, Any]:
    if not state:
        return {}
    sample = sample_of(course.type)
    resources: dict[str, Any] = dict(sample.around)
    if state != "around":
        properties = cast(Properties, getattr(sample, state))
        resources["it"] = {"type": course.type.split()[0], "properties": properties}
    if fails:
        waits = {"depends_on": "it"} if "it" in resources else {}
        trouble = {"type": "OS::Heat::TestResource", "properties": {"fail": True, "wait_secs": 1}}
        resources["trouble"] = {**trouble, **waits}
    return resources


def _templates(course: Course, state: str, *, fails: bool = False) -> tuple[str, dict[str, str]]:
    text = document(_resources(course, state, fails=fails))
    if not course.nested:
        return text, {}
    return document({"inner": {"type": "inner.yaml"}}), {"inner.yaml": text}


def run(course: Course, trial: Trial | None = None) -> Ending:
    """The course in virtual time, disturbed as the trial says."""

    async def scenario(stage: Stage, world: LocalWorld) -> Ending:
        return await _Run(stage, world, course, trial).run()

    return play_on_local_cloud(scenario, user=sample_of(course.type).user, limit=WITHIN * 4)


class _Run:
    def __init__(
        self, stage: Stage, world: LocalWorld, course: Course, trial: Trial | None
    ) -> None:
        self._stage = stage
        self._world = world
        self._course = course
        self._phase = PHASES[course.phase]
        self._trial = trial
        self._fault = FAULTS[trial.fault] if trial else None
        self._ending = Ending()

    async def run(self) -> Ending:
        stage, phase, ending, fault = self._stage, self._phase, self._ending, self._fault
        async with stage.worker():
            stack_id = await self._start(phase.start)
            stack = await stage.settle(stack_id, within=WITHIN)
            assert stack.status is Status.COMPLETE, f"{self._course}: {stack.status_reason}"
        await self._disturbed(stack_id)
        async with stage.worker():
            stack = await stage.settle(stack_id, within=WITHIN)
            ending.first = f"{stack.action}_{stack.status}"
            ending.reason = stack.status_reason
            self._world.tap.disturbance = None
            if stack.status is not Status.COMPLETE:
                ending.repeated = True
                deleted = fault is not None and fault.delete
                await self._begin(stack_id, "" if deleted else phase.ends)
                await stage.settle(stack_id, within=WITHIN)
            ending.deleted = (await stage.stack(stack_id)).deleted_at is not None
            ending.there = await seen(stage, self._world)
            if (await stage.stack(stack_id)).deleted_at is None:
                await stage.delete(stack_id)
                await stage.settle(stack_id, within=WITHIN)
            ending.left = await seen(stage, self._world)
        return ending

    async def _disturbed(self, stack_id: str) -> None:
        """Run the phase with its fault, to its end or to its worker's."""
        tap, trial, fault = self._world.tap, self._trial, self._fault
        life = Life()
        async with AsyncExitStack() as open_worker:
            await open_worker.enter_async_context(self._stage.worker(life=life))
            if self._phase.fails:
                await self._until_rolled_back(stack_id)
            self._arm()
            if not self._phase.fails:
                await self._act(stack_id)
            if fault is not None and (fault.kill or fault.overtake or fault.delete):
                await self._in_the_middle(stack_id, life)
            if not life.over:
                await self._stage.settle(stack_id, within=WITHIN)
            self._ending.calls = list(tap.calls)
            self._ending.struck = trial is None or tap.struck.is_set()

    def _arm(self) -> None:
        tap = self._world.tap
        if self._trial is None or self._fault is None:
            tap.watch()
        else:
            tap.arm(self._trial.operation, self._trial.nth, self._fault.disturbance)

    async def _until_rolled_back(self, stack_id: str) -> None:
        """Begin what fails, and wait for the moment in which its roll-back begins."""
        await self._act(stack_id)
        async with asyncio.timeout(WITHIN):
            while (await self._stage.stack(stack_id)).action is not Action.ROLLBACK:
                await asyncio.sleep(0)
                if not _others_ready():
                    await self._stage.clock.sleep(0.001)

    async def _act(self, stack_id: str) -> None:
        if self._phase.checks:
            await self._stage.check(stack_id)
        else:
            await self._begin(stack_id, self._phase.goal, fails=self._phase.fails)

    async def _in_the_middle(self, stack_id: str, life: Life) -> None:
        settled = asyncio.ensure_future(self._stage.settle(stack_id, within=WITHIN))
        struck = asyncio.ensure_future(self._world.tap.struck.wait())
        await asyncio.wait([settled, struck], return_when=asyncio.FIRST_COMPLETED)
        struck.cancel()
        settled.cancel()
        await asyncio.gather(struck, settled, return_exceptions=True)
        if not self._world.tap.struck.is_set():
            return
        await self._stage.clock.sleep(SOON)
        assert self._fault is not None
        if self._fault.kill:
            life.end()
        elif self._fault.delete:
            if (await self._stage.stack(stack_id)).action is not Action.DELETE:
                await self._stage.delete(stack_id)
        elif self._phase.fails or self._phase.checks:
            await self._begin(stack_id, self._phase.ends)
        else:
            await self._act(stack_id)

    async def _start(self, state: str) -> str:
        template, files = _templates(self._course, state)
        return await self._stage.create(
            template, files=files, disable_rollback=not self._phase.fails
        )

    async def _begin(self, stack_id: str, state: str, *, fails: bool = False) -> None:
        if not state:
            await self._stage.delete(stack_id)
            return
        template, files = _templates(self._course, state, fails=fails)
        await self._stage.update(stack_id, template, files)


def _others_ready() -> bool:
    return bool(getattr(asyncio.get_running_loop(), "_ready", ()))
