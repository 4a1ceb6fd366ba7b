"""Whatever a stack is doing, a newer operation takes over, and the last word holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from tests.scenarios.copying import Copied, copied
from tests.scenarios.templates import nested, ref, stack, thing
from tests.scenarios.test_nested_stacks import everything
from tests.scenarios.test_snapshots import is_copy

from isotherm.core.states import Action, Status
from isotherm.engine.recording.parts import all_parts, parts_of
from isotherm.ports.records import Operation
from isotherm.testing.scene import Scene
from isotherm.testing.scene import play as play_scene
from isotherm.testing.world import Fault

INNER = nested({"deep": copied(size=1), "deeper": thing(uses=ref("deep"))})
FILES = {"inner.yaml": INNER}


def outer(size: int = 1, colour: str = "red", **more: Any) -> str:
    """A thing, one that uses it, and a nested stack; ``colour`` is what replaces the first."""
    return nested(
        {
            "top": copied(size=size, colour=colour),
            "user": thing(uses=ref("top")),
            "n": stack("inner.yaml"),
            **more,
        }
    )


WITHOUT = nested({"top": copied(size=3, colour="red"), "alone": thing()})
"""Another template, which lacks the nested stack."""
SLOW = 8


def play(scenario: Callable[[Scene], Coroutine[Any, Any, None]]) -> None:
    play_scene(scenario, types=[Copied()])


async def made(scene: Scene) -> str:
    stack_id = await scene.create(outer(), files=FILES, disable_rollback=False)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    scene.world.building = scene.world.removing = SLOW
    return stack_id


# -- what runs --------------------------------------------------------------------------


async def creating(scene: Scene) -> str:
    scene.world.building = SLOW
    return await scene.create(outer(), files=FILES)


async def creating_in_vain(scene: Scene) -> str:
    scene.world.building = SLOW
    scene.world.inject("create", Fault(status="ERROR", named="top", count=1))
    return await scene.create(outer(), files=FILES, disable_rollback=False)


async def updating(scene: Scene) -> str:
    stack_id = await made(scene)
    await scene.update(stack_id, outer(2, added=thing()), FILES)
    return stack_id


async def updating_inside(scene: Scene) -> str:
    stack_id = await made(scene)
    files = {"inner.yaml": nested({"deep": copied(size=4), "fresh": thing(uses=ref("deep"))})}
    await scene.update(stack_id, outer(), files)
    return stack_id


async def replacing(scene: Scene) -> str:
    stack_id = await made(scene)
    await scene.update(stack_id, outer(colour="blue"), FILES)
    return stack_id


async def rolling_back(scene: Scene) -> str:
    stack_id = await made(scene)
    scene.world.inject("create", Fault(status="ERROR", named="fails", count=20))
    scene.world.building = 1
    await scene.update(stack_id, outer(colour="blue", fails=thing()), FILES, disable_rollback=False)
    while (await scene.stack(stack_id)).action is not Action.ROLLBACK:
        await scene.clock.sleep(0.5)
    scene.world.building = SLOW
    return stack_id


async def removing(scene: Scene) -> str:
    stack_id = await made(scene)
    await scene.update(stack_id, WITHOUT, {})
    return stack_id


async def copying(scene: Scene) -> str:
    stack_id = await made(scene)
    await scene.snapshot(stack_id)
    return stack_id


async def restoring(scene: Scene) -> str:
    stack_id = await made(scene)
    snapshot = await scene.snapshot(stack_id)
    await scene.settle(stack_id)
    await scene.update(stack_id, WITHOUT, {})
    await scene.settle(stack_id)
    await scene.restore(stack_id, snapshot)
    return stack_id


async def discarding(scene: Scene) -> str:
    stack_id = await made(scene)
    snapshot = await scene.snapshot(stack_id)
    await scene.settle(stack_id)
    await scene.discard(snapshot)
    return stack_id


async def checking(scene: Scene) -> str:
    stack_id = await made(scene)
    scene.world.latency = 3
    await scene.check(stack_id)
    return stack_id


async def suspending(scene: Scene) -> str:
    stack_id = await made(scene)
    await scene.start(stack_id, Operation.SUSPEND)
    return stack_id


async def stopping(scene: Scene) -> str:
    stack_id = await updating(scene)
    await scene.clock.sleep(1)
    await scene.stop(stack_id)
    return stack_id


Begin = Callable[[Scene], Awaitable[str]]
RUNNING: dict[str, Begin] = {
    each.__name__: each
    for each in (
        creating,
        creating_in_vain,
        updating,
        updating_inside,
        replacing,
        rolling_back,
        removing,
        copying,
        restoring,
        discarding,
        checking,
        suspending,
        stopping,
    )
}
OBJECTS = {"Test::Copied", "Test::Thing"}
MOMENTS = [0.0, 0.3, 4.0, 9.0, 14.0]


async def nothing_without_an_owner(scene: Scene) -> None:
    """What is recorded of all live stacks is what is in the world, copies apart."""
    stacks = await everything(scene)
    rows = [row for each in stacks for row in await scene.store.resources(each.id)]
    assert all(row.current for row in rows), "no leftover stays"
    assert all(row.status is not Status.IN_PROGRESS for row in rows)
    named = {row.physical_id for row in rows if row.type in OBJECTS}
    assert {k for k, each in scene.world.things.items() if not is_copy(each)} == named


@pytest.mark.parametrize("after", MOMENTS)
@pytest.mark.parametrize("running", RUNNING)
def test_a_delete_overtakes_anything_and_leaves_nothing(running: str, after: float) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await RUNNING[running](scene)
            await scene.clock.sleep(after)
            await scene.delete(stack_id)
            gone = await scene.settle(stack_id)
        assert (gone.action, gone.status) == (Action.DELETE, Status.COMPLETE), gone.status_reason
        assert not scene.world.things
        assert not await scene.store.snapshots(stack_id)
        assert not scene.world.trusts

    play(scenario)


@pytest.mark.parametrize("kept", [True, False], ids=["with the nested stack", "without it"])
@pytest.mark.parametrize("after", MOMENTS)
@pytest.mark.parametrize("running", RUNNING)
def test_an_update_overtakes_anything_and_holds(running: str, after: float, kept: bool) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await RUNNING[running](scene)
            await scene.clock.sleep(after)
            template = outer(5, "green") if kept else WITHOUT
            await scene.update(stack_id, template, FILES if kept else {})
            ended = await scene.settle(stack_id)
            assert (ended.action, ended.status) == (Action.UPDATE, Status.COMPLETE), (
                ended.status_reason
            )
            rows = await scene.rows(stack_id)
            assert set(rows) == ({"top", "user", "n"} if kept else {"top", "alone"})
            top = scene.world.things[rows["top"].physical_id or ""]
            assert (top["size"], top["colour"]) == ((5, "green") if kept else (3, "red"))
            if kept:
                assert scene.world.things[rows["user"].physical_id or ""]["uses"] == top["id"]
                inner = await scene.rows(rows["n"].physical_id or "")
                assert set(inner) == {"deep", "deeper"}
            await nothing_without_an_owner(scene)
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert not scene.world.things

    play(scenario)


@pytest.mark.parametrize("running", ["updating_inside", "creating", "replacing"])
def test_what_is_under_way_inside_is_told_to_stop_at_once(running: str) -> None:
    """Though the newer template lacks the nested stack, and takes its time with something else."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await RUNNING[running](scene)
            await scene.clock.sleep(1)
            child = next(iter(await scene.store.children(stack_id)), None)
            scene.world.building = 200
            await scene.update(stack_id, WITHOUT, {})
            await scene.clock.sleep(SLOW + 5)
            if child is not None:
                traversal = await scene.store.traversal(child.id)
                assert traversal is not None
                assert traversal.finished, "it does not go on as if it were wanted"
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            await nothing_without_an_owner(scene)

    play(scenario)


@pytest.mark.parametrize("running", RUNNING)
def test_an_abandoned_stack_ends_whatever_runs_and_keeps_its_objects(running: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await RUNNING[running](scene)
            await scene.clock.sleep(12)
            recorded = all_parts(await parts_of(scene.store, stack_id))
            objects = {part["resource_id"] for _, part in recorded if part["type"] in OBJECTS}
            there = objects & scene.world.things.keys()
            await scene.abandon(stack_id)
            gone = await scene.settle(stack_id)
            assert (gone.action, gone.status) == (Action.DELETE, Status.COMPLETE)
        assert there
        assert there <= scene.world.things.keys()
        assert not await everything(scene)

    play(scenario)
