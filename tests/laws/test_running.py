"""Whatever happens, a stack comes to an end, and its rows say what is there."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Self

from hypothesis import given
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.observing import (
    check_nothing_lost,
    check_recorded_is_observed,
    check_terminal,
    end_state,
)
from tests.laws.strategies import (
    POINTS,
    SECRETS,
    Check,
    Clear,
    Crash,
    Delete,
    Graph,
    Happening,
    Order,
    Release,
    Restart,
    Sleep,
    Trouble,
    Update,
    environment,
    graphs,
    happenings,
    hooked,
)

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Probe
from isotherm.ports.records import Operation
from isotherm.testing.scene import KillAt, Scene, play

SEEDS = st.integers(0, 1_000_000)


class Stage:
    """A scene with one worker at a time, and one stack to which things happen."""

    def __init__(self, scene: Scene, stack_id: str) -> None:
        self._scene = scene
        self._stack_id = stack_id
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._start(None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def let(self, happening: Happening) -> None:
        scene, stack_id = self._scene, self._stack_id
        match happening:
            case Sleep(seconds):
                await scene.clock.sleep(seconds)
            case Trouble(operation):
                scene.world.inject(operation, happening.fault())
            case Restart():
                await self._start(None)
            case Crash(point, nth):
                await self._start(KillAt(point, nth=nth))
            case Update(graph, hooks) if not await self._is_gone():
                await scene.update(stack_id, graph.template, environment=environment(hooks))
            case Delete() if not await self._is_gone():
                await scene.delete(stack_id)
            case Check() if (await scene.stack(stack_id)).status is not Status.IN_PROGRESS:
                if not await self._is_gone():
                    await scene.check(stack_id)

            case Clear() | Order() | Release():
                await self._intervene(happening)

    async def _intervene(self, happening: Clear | Order | Release) -> None:
        """Somebody does something about what waits or hangs."""
        scene, stack_id = self._scene, self._stack_id
        match happening:
            case Clear():
                for row in await scene.store.resources(stack_id):
                    if row.pause is not None and not row.pause.cleared:
                        await scene.clear(stack_id, row.name, row.pause.hook)
            case Order(verb, name) if await self._is_worked_on(name):
                await scene.order(stack_id, name, verb)
            case Release() if (await scene.stack(stack_id)).status is Status.IN_PROGRESS:
                await scene.start(stack_id, Operation.RELEASE)

    async def _is_worked_on(self, name: str) -> bool:
        rows = await self._scene.store.resources(self._stack_id)
        return any(row.name == name and row.status is Status.IN_PROGRESS for row in rows)

    async def calm(self) -> None:
        """No trouble any more, and a worker that lives."""
        self._scene.world.faults.clear()
        await self._start(None)

    async def _start(self, probe: Probe | None) -> None:
        async with asyncio.timeout(1000):
            await self._open.aclose()
        await self._open.enter_async_context(self._scene.worker(probe))

    async def _is_gone(self) -> bool:
        return (await self._scene.stack(self._stack_id)).action is Action.DELETE


@examples
@given(
    first=st.builds(Update, graphs(), hooked()),
    story=happenings(),
    last=graphs(),
    rolls_back=st.booleans(),
    seed=SEEDS,
)
def test_every_story_comes_to_an_end_with_nothing_lost(
    first: Update, story: list[Happening], last: Graph, rolls_back: bool, seed: int
) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(
            first.graph.template,
            environment=environment(first.hooks),
            disable_rollback=not rolls_back,
            timeout_mins=5,
        )
        async with Stage(scene, stack_id) as stage:
            for happening in story:
                await stage.let(happening)
            await scene.clock.sleep(120)
            await stage.calm()
            stack = await scene.settle(stack_id)
            await check_terminal(scene, stack_id)
            await check_nothing_lost(scene, stack_id)
            if stack.status is Status.COMPLETE and stack.action is not Action.DELETE:
                await check_recorded_is_observed(scene, stack_id)
            if stack.action is not Action.DELETE:
                await scene.update(stack_id, last.template)
                stack = await scene.settle(stack_id)
                assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), (
                    stack.status_reason
                )
                assert set(await scene.rows(stack_id)) == set(last.specs)
                await check_recorded_is_observed(scene, stack_id)
            if (stack.action, stack.status) != (Action.DELETE, Status.COMPLETE):
                await scene.delete(stack_id)
                stack = await scene.settle(stack_id)
            assert (stack.action, stack.status) == (Action.DELETE, Status.COMPLETE)
            assert not scene.world.things
            assert not await scene.store.resources(stack_id)
            assert not scene.world.trusts

    play(scenario, seed=seed)


@examples
@given(
    first=graphs(secrets=SECRETS),
    second=graphs(secrets=SECRETS),
    point=POINTS,
    nth=st.integers(1, 8),
    when=st.sampled_from(["create", "update", "delete"]),
    seed=SEEDS,
)
def test_a_crash_anywhere_and_a_resume_end_where_no_crash_ends(
    first: Graph, second: Graph, point: object, nth: int, when: str, seed: int
) -> None:
    ends = []

    def scenario_with(killed: KillAt | None):  # type: ignore[no-untyped-def]
        async def scenario(scene: Scene) -> None:
            stack_id = ""
            for operation in ("create", "update", "delete"):
                if operation == "create":
                    stack_id = await scene.create(first.template)
                elif operation == "update":
                    await scene.update(stack_id, second.template)
                else:
                    await scene.delete(stack_id)
                if operation == when and killed is not None:
                    async with scene.worker(killed):
                        await scene.clock.sleep(100)
                async with scene.worker():
                    await scene.settle(stack_id)
                ends.append(await end_state(scene, stack_id))
                if operation != "delete":
                    await check_recorded_is_observed(scene, stack_id)
            ends.append({"made": scene.world.made, "left": len(scene.world.things)})

        return scenario

    play(scenario_with(None), seed=seed)
    undisturbed = list(ends)
    ends.clear()
    play(scenario_with(KillAt(point, nth=nth)), seed=seed)  # type: ignore[arg-type]
    assert ends == undisturbed
