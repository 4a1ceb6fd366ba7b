"""Stacks that are put to rest and woken up again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.scenarios.templates import nested, ref, stack, thing, things

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit import Context, Outcome, Pending, Ready, Remote
from isotherm.ports.records import Operation
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Thing, ThingProperties


class Sleeper(Thing):
    """A thing that takes its time to rest and to wake; ``told`` is what it was told, in order."""

    name = "Test::Sleeper"

    def __init__(self) -> None:
        self.told: list[str] = []

    async def suspend(self, ctx: Context[ThingProperties]) -> Outcome:
        self.told.append(f"suspend {ctx.resource}")
        return Pending(5, stage="resting")

    async def resume(self, ctx: Context[ThingProperties]) -> Outcome:
        self.told.append(f"resume {ctx.resource}")
        return Pending(5, stage="waking")

    async def advance(self, ctx: Context[ThingProperties], remote: Remote) -> Outcome:
        return Ready(remote) if ctx.stage else await super().advance(ctx, remote)


def sleepers(**resources: dict[str, Any]) -> str:
    return json.dumps({"heat_template_version": "2021-04-16", "resources": resources})


THREE = sleepers(
    a={"type": "Test::Sleeper"},
    b={"type": "Test::Sleeper", "properties": {"uses": ref("a")}},
    c={"type": "Test::Thing", "properties": {"uses": ref("b")}},
)


async def act(scene: Scene, stack_id: str, operation: Operation) -> Status:
    await scene.start(stack_id, operation)
    return (await scene.settle(stack_id)).status


def test_what_depends_on_others_rests_first_and_wakes_last() -> None:
    sleeper = Sleeper()

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(THREE)
            await scene.settle(stack_id)
            assert await act(scene, stack_id, Operation.SUSPEND) is Status.COMPLETE
            assert sleeper.told == ["suspend b", "suspend a"]
            rows = (await scene.rows(stack_id)).values()
            assert {(row.action, row.status, row.stage) for row in rows} == {
                (Action.SUSPEND, Status.COMPLETE, "")
            }
            assert await act(scene, stack_id, Operation.RESUME) is Status.COMPLETE
            assert sleeper.told[2:] == ["resume a", "resume b"]
            assert (await scene.stack(stack_id)).action is Action.RESUME
        assert scene.world.made == 3

    play(scenario, types=[sleeper])


def test_what_was_suspended_can_be_updated_checked_and_removed_after_it_woke() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={"size": 1}))
            await scene.settle(stack_id)
            await act(scene, stack_id, Operation.SUSPEND)
            await scene.check(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert await act(scene, stack_id, Operation.RESUME) is Status.COMPLETE
            await scene.update(stack_id, things(a={"size": 2}), {})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert [each["size"] for each in scene.world.things.values()] == [2]
            await act(scene, stack_id, Operation.SUSPEND)
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario)


def test_what_was_never_suspended_cannot_wake_and_stays_as_it_is() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}))
            await scene.settle(stack_id)
            assert await act(scene, stack_id, Operation.RESUME) is Status.FAILED
        told = (await scene.stack(stack_id)).status_reason
        invalid = "resources.a: State ('CREATE', 'COMPLETE') invalid for resume"
        assert told == f"Resource RESUME failed: Error: {invalid}"
        row = (await scene.rows(stack_id))["a"]
        assert (row.action, row.status) == (Action.CREATE, Status.COMPLETE)

    play(scenario)


def test_stacks_inside_rest_with_the_stack_around_them() -> None:
    sleeper = Sleeper()
    inner = nested({"deep": {"type": "Test::Sleeper", "properties": {}}})
    outer = nested({"n": stack("inner.yaml"), "t": thing()})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(outer, files={"inner.yaml": inner})
            await scene.settle(stack_id)
            assert await act(scene, stack_id, Operation.SUSPEND) is Status.COMPLETE
            child = await scene.stack((await scene.rows(stack_id))["n"].physical_id or "")
            assert child.action is Action.SUSPEND
            assert await act(scene, stack_id, Operation.RESUME) is Status.COMPLETE
        assert sleeper.told == ["suspend deep", "resume deep"]

    play(scenario, types=[sleeper])


@pytest.mark.parametrize("operation", [Operation.SUSPEND, Operation.RESUME])
@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_it_goes_on_after_the_death_of_a_worker(point: Point, operation: Operation) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(THREE)
            await scene.settle(stack_id)
            if operation is Operation.RESUME:
                await act(scene, stack_id, Operation.SUSPEND)
        await scene.start(stack_id, operation)
        async with scene.worker(KillAt(point, "b")):
            await scene.clock.sleep(60)
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        rows = (await scene.rows(stack_id)).values()
        assert {row.action.value for row in rows} == {operation.value}

    play(scenario, types=[Sleeper()])
