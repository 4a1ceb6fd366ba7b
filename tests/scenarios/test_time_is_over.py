"""The time of a stack is over: whatever it does ends then, and says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from tests.scenarios.copying import Copied
from tests.scenarios.test_overtaking_anything import FILES, WITHOUT, outer

from isotherm.core.states import Action, Status
from isotherm.ports.records import Operation
from isotherm.testing.scene import Scene, play

NEVER = 1_000_000.0
LIMIT = 2


async def made(scene: Scene, *, rollback: bool = False) -> str:
    stack_id = await scene.create(
        outer(), files=FILES, timeout_mins=LIMIT, disable_rollback=not rollback
    )
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


def nothing_gets_done(scene: Scene) -> None:
    scene.world.building = scene.world.removing = NEVER


async def creating(scene: Scene) -> str:
    nothing_gets_done(scene)
    return await scene.create(outer(), files=FILES, timeout_mins=LIMIT)


async def replacing(scene: Scene) -> str:
    stack_id = await made(scene)
    nothing_gets_done(scene)
    await scene.update(stack_id, outer(colour="blue"), FILES)
    return stack_id


async def removing(scene: Scene) -> str:
    stack_id = await made(scene)
    nothing_gets_done(scene)
    await scene.update(stack_id, WITHOUT, {})
    return stack_id


async def deleting(scene: Scene) -> str:
    stack_id = await made(scene)
    nothing_gets_done(scene)
    await scene.delete(stack_id)
    return stack_id


async def copying(scene: Scene) -> str:
    stack_id = await made(scene)
    nothing_gets_done(scene)
    await scene.snapshot(stack_id)
    return stack_id


async def restoring(scene: Scene) -> str:
    stack_id = await made(scene)
    snapshot = await scene.snapshot(stack_id)
    await scene.settle(stack_id)
    await scene.update(stack_id, WITHOUT, {})
    await scene.settle(stack_id)
    nothing_gets_done(scene)
    await scene.restore(stack_id, snapshot)
    return stack_id


RUNNING: dict[str, tuple[Callable[[Scene], Awaitable[str]], Action]] = {
    "creating": (creating, Action.CREATE),
    "replacing": (replacing, Action.UPDATE),
    "removing": (removing, Action.UPDATE),
    "deleting": (deleting, Action.DELETE),
    "copying": (copying, Action.SNAPSHOT),
    "restoring": (restoring, Action.RESTORE),
}


@pytest.mark.parametrize("owner", ["alive", "dies", "dead for long"])
@pytest.mark.parametrize("running", RUNNING)
def test_every_operation_ends_when_its_time_is_over(running: str, owner: str) -> None:
    begin, action = RUNNING[running]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begin(scene)
            if owner == "alive":
                ended = await scene.settle(stack_id, within=LIMIT * 60 + 30)
            else:
                await scene.clock.sleep(5)
        if owner != "alive":
            await scene.clock.sleep(3600 if owner == "dead for long" else 5)
            async with scene.worker():
                ended = await scene.settle(stack_id, within=LIMIT * 60 + 90)
        assert (ended.action, ended.status) == (action, Status.FAILED), ended.status_reason
        assert "timed out" in ended.status_reason
        rows = await scene.store.resources(stack_id)
        assert not [row.name for row in rows if row.status is Status.IN_PROGRESS]

    play(scenario, types=[Copied()])


def test_an_update_that_takes_too_long_is_rolled_back_in_time_of_its_own() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, rollback=True)
            before = {row.physical_id for row in (await scene.rows(stack_id)).values()}
            scene.world.building = NEVER
            await scene.update(stack_id, outer(colour="blue"), FILES)
            back = await scene.settle(stack_id, within=LIMIT * 60 * 3)
            assert (back.action, back.status) == (Action.ROLLBACK, Status.COMPLETE), back
            after = {row.physical_id for row in (await scene.rows(stack_id)).values()}
            assert after == before

    play(scenario, types=[Copied()])


@pytest.mark.parametrize("running", RUNNING)
def test_what_timed_out_can_be_gone_on_with(running: str) -> None:
    begin, _ = RUNNING[running]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await begin(scene)
            await scene.settle(stack_id)
            scene.world.building = scene.world.removing = 1
            for each in scene.world.things.values():
                each["_ready_at"] = min(each["_ready_at"], scene.clock.monotonic() + 1)
                if each["_gone_at"] is not None:
                    each["_gone_at"] = scene.clock.monotonic() + 1
            operation = Operation.DELETE if running == "deleting" else Operation.UPDATE
            await scene.start(stack_id, operation)
            ended = await scene.settle(stack_id)
            assert ended.status is Status.COMPLETE, ended.status_reason
            await scene.delete(stack_id) if operation is Operation.UPDATE else None
            await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario, types=[Copied()])
