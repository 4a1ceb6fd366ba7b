"""Snapshots of stacks: taken, put back, thrown away; with copies of what is in the cloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from tests.scenarios.copying import COPY, Copied, content_of, copied
from tests.scenarios.templates import nested, ref, stack, thing

from isotherm.core.errors import Gone, Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit import Context, Outcome
from isotherm.kit.outcomes import ReplaceInstead
from isotherm.ports.records import Operation, Snapshot, Stack
from isotherm.testing.scene import KillAt, Scene
from isotherm.testing.scene import play as play_scene
from isotherm.testing.world import Fault, ThingProperties

INNER = nested({"deep": copied(), "plain": thing()})
OUTER = nested({"n": stack("inner.yaml"), "top": copied(size=1), "user": thing(uses=ref("top"))})
FILES = {"inner.yaml": INNER}
EMPTY = nested({})


def play(scenario: Callable[[Scene], Coroutine[Any, Any, None]]) -> None:
    play_scene(scenario, types=[Copied()])


async def made(scene: Scene, template: str = OUTER, **fields: Any) -> str:
    stack_id = await scene.create(template, files=FILES, **fields)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def taken(scene: Scene, stack_id: str) -> Snapshot:
    snapshot_id = await scene.snapshot(stack_id)
    await scene.settle(stack_id)
    return await recorded(scene, snapshot_id)


async def recorded(scene: Scene, snapshot_id: str) -> Snapshot:
    found = await scene.store.snapshot(snapshot_id)
    assert found is not None
    return found


async def changed(scene: Scene, stack_id: str, template: str) -> Stack:
    await scene.update(stack_id, template, FILES)
    return await scene.settle(stack_id)


async def restored(scene: Scene, stack_id: str, snapshot: Snapshot) -> Stack:
    await scene.restore(stack_id, snapshot.id)
    return await scene.settle(stack_id)


def is_copy(thing: dict[str, Any]) -> bool:
    return re.search(r"-[0-9a-f]{8}-[0-9a-f]{4}$", thing["name"]) is not None


def objects(scene: Scene, name: str) -> list[dict[str, Any]]:
    """Those of that resource; copies left out."""
    return [each for each in scene.world.named(name) if not is_copy(each)]


def contents(scene: Scene, name: str) -> list[int]:
    return [content_of(each) for each in objects(scene, name)]


def copies(scene: Scene) -> list[str]:
    return [each["name"] for each in scene.world.things.values() if is_copy(each)]


def test_a_snapshot_holds_copies_of_what_is_in_the_cloud_at_any_depth() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
        assert snapshot.status is Status.COMPLETE
        assert snapshot.status_reason == "Stack SNAPSHOT completed successfully"
        top, deep = snapshot.resources["top"], snapshot.resources["n"]["resources"]["deep"]
        for part in (top, deep):
            assert scene.world.things[part["resource_data"][COPY]]["content"] is not None
        root = await scene.stack(stack_id)
        assert (root.action, root.status) == (Action.SNAPSHOT, Status.COMPLETE)
        assert "top SNAPSHOT_COMPLETE" in await scene.history(stack_id)
        assert len(copies(scene)) == 2

    play(scenario)


def test_a_restored_stack_has_what_was_there_when_the_snapshot_was_taken() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            before = {name: contents(scene, name) for name in ("top", "deep")}
            for each in scene.world.things.values():
                if not is_copy(each):
                    each["content"] = 99
            await changed(
                scene, stack_id, nested({"n": stack("inner.yaml"), "top": copied(size=7)})
            )
            after = await restored(scene, stack_id, snapshot)
            assert (after.action, after.status) == (Action.RESTORE, Status.COMPLETE), after
            assert {name: contents(scene, name) for name in ("top", "deep")} == before
            assert [each["size"] for each in objects(scene, "top")] == [1]
            assert set(await scene.rows(stack_id)) == {"n", "top", "user"}
            await scene.update(stack_id, OUTER, FILES)
            await scene.settle(stack_id)
            assert {name: contents(scene, name) for name in ("top", "deep")} == before

    play(scenario)


def test_what_was_removed_since_is_made_again_with_its_old_content() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            before = {name: contents(scene, name) for name in ("top", "deep")}
            await changed(scene, stack_id, EMPTY)
            assert len(scene.world.things) == len(copies(scene)) == 2
            assert (await restored(scene, stack_id, snapshot)).status is Status.COMPLETE
            assert {name: contents(scene, name) for name in ("top", "deep")} == before

    play(scenario)


class InUse(Copied):
    """The first of all objects takes no other content any more."""

    async def restore(self, ctx: Context[ThingProperties]) -> Outcome:
        if ctx.physical_id == "thing-2":
            raise ReplaceInstead
        return await super().restore(ctx)


def test_what_cannot_be_put_back_in_place_is_replaced() -> None:
    template = nested({"top": copied(), "user": thing(uses=ref("top"))})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template)
            snapshot = await taken(scene, stack_id)
            before = contents(scene, "top")
            after = await restored(scene, stack_id, snapshot)
            assert after.status is Status.COMPLETE, after.status_reason
            assert contents(scene, "top") == before
            rows = await scene.rows(stack_id)
            assert rows["user"].properties["uses"] == rows["top"].physical_id
            assert "thing-2" not in scene.world.things

    play_scene(scenario, types=[InUse()])


def test_a_copy_that_is_gone_fails_the_restore_and_says_of_what_it_was() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            del scene.world.things[snapshot.resources["top"]["resource_data"][COPY]]
            after = await restored(scene, stack_id, snapshot)
        assert (after.action, after.status) == (Action.RESTORE, Status.FAILED)
        assert after.status_reason.endswith("resources.top: the copy is gone")

    play(scenario)


def test_a_snapshot_of_which_a_copy_fails_has_failed_and_can_go() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            no = Refused("no space for copies", status=413)
            scene.world.inject("create", Fault(error=no, count=9, named="top"))
            snapshot = await taken(scene, stack_id)
            assert snapshot.status is Status.FAILED
            assert "no space for copies" in snapshot.status_reason
            await scene.discard(snapshot.id)
            await scene.clock.sleep(30)
            assert await scene.store.snapshots(stack_id) == []
            assert copies(scene) == []
            assert (await scene.stack(stack_id)).action is Action.SNAPSHOT

    play(scenario)


def test_a_snapshot_that_is_not_wanted_any_more_takes_its_copies_along() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            first, second = await taken(scene, stack_id), await taken(scene, stack_id)
            await changed(scene, stack_id, EMPTY)
            history = await scene.history(stack_id)
            await scene.discard(first.id)
            await scene.clock.sleep(30)
            assert [each.id for each in await scene.store.snapshots(stack_id)] == [second.id]
            assert len(copies(scene)) == 2
            assert await scene.history(stack_id) == history, "nothing shows of it"

    play(scenario)


def test_a_snapshot_goes_when_the_stack_does_nothing_else() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            scene.world.building = 50
            await scene.update(stack_id, nested({"late": thing()}), FILES)
            await scene.discard(snapshot.id)
            await scene.clock.sleep(20)
            assert len(copies(scene)) == 2, "the update is not overtaken"
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            await scene.clock.sleep(30)
            assert copies(scene) == []

    play(scenario)


def test_an_update_that_overtakes_the_removal_of_a_snapshot_does_not_save_it() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            scene.world.removing = 20
            await scene.discard(snapshot.id)
            await scene.clock.sleep(5)
            assert (await changed(scene, stack_id, OUTER)).status is Status.COMPLETE
            await scene.clock.sleep(120)
            assert await scene.store.snapshots(stack_id) == []
            assert copies(scene) == []

    play(scenario)


def test_a_copy_that_cannot_be_removed_is_told_and_tried_again_on_demand() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            scene.world.inject("delete", Fault(error=Refused("held", status=400), named="top"))
            await scene.discard(snapshot.id)
            await scene.clock.sleep(60)
            left = await recorded(scene, snapshot.id)
            assert (left.action, left.status) == (Action.DELETE, Status.FAILED)
            assert "resources.top: held" in left.status_reason
            await scene.discard(snapshot.id)
            await scene.clock.sleep(60)
            assert await scene.store.snapshots(stack_id) == []
            assert copies(scene) == []

    play(scenario)


def test_a_copy_that_somebody_else_has_removed_is_no_obstacle() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            gone = Fault(error=Gone("no such thing", status=404), applied=True, named="top")
            scene.world.inject("delete", gone)
            await scene.discard(snapshot.id)
            await scene.clock.sleep(60)
            assert await scene.store.snapshots(stack_id) == []
            assert copies(scene) == []

    play(scenario)


def test_a_deleted_stack_takes_its_snapshots_along() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            await taken(scene, stack_id)
            await taken(scene, stack_id)
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert await scene.store.snapshots(stack_id) == []
        assert not scene.world.things
        assert not scene.world.trusts

    play(scenario)


@pytest.mark.parametrize("operation", [Operation.DELETE, Operation.UPDATE])
def test_what_overtakes_a_snapshot_leaves_no_copy_without_an_owner(operation: Operation) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            scene.world.building = 20
            await scene.snapshot(stack_id)
            await scene.clock.sleep(3)
            assert copies(scene)
            await scene.start(stack_id, operation)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            if operation is Operation.UPDATE:
                await scene.delete(stack_id)
                await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario)


def test_what_is_broken_stays_known_to_be_broken() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            await scene.mark(stack_id, "top")
            await scene.clock.sleep(5)
            snapshot = await taken(scene, stack_id)
            assert snapshot.status is Status.COMPLETE
            row = (await scene.rows(stack_id))["top"]
            assert (row.action, row.status) == (Action.CHECK, Status.FAILED)

    play(scenario)


POINTS = [each for each in Point if each is not Point.AFTER_END]
"""Nothing is removed by a restore."""


@pytest.mark.parametrize("name", ["top", "deep"])
@pytest.mark.parametrize("point", [Point.AFTER_CALL], ids=lambda p: p.value)
def test_a_snapshot_outlives_its_worker(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
        killed = KillAt(point, name)
        snapshot_id = await scene.snapshot(stack_id)
        await outlive(scene, stack_id, killed)
        snapshot = await recorded(scene, snapshot_id)
        assert snapshot.status is Status.COMPLETE
        assert len(copies(scene)) == 2, "nothing was copied twice"

    play(scenario)


@pytest.mark.parametrize("name", ["top", "deep"])
@pytest.mark.parametrize("point", POINTS, ids=lambda p: p.value)
def test_a_restore_outlives_its_worker(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene)
            snapshot = await taken(scene, stack_id)
            before = {each: contents(scene, each) for each in ("top", "deep")}
            await changed(scene, stack_id, EMPTY)
        await scene.restore(stack_id, snapshot.id)
        await outlive(scene, stack_id, KillAt(point, name))
        assert {each: contents(scene, each) for each in ("top", "deep")} == before
        assert len(copies(scene)) == 2

    play(scenario)


async def outlive(scene: Scene, stack_id: str, killed: KillAt) -> None:
    async with scene.worker(killed):
        await scene.clock.sleep(120)
    async with scene.worker():
        ended = await scene.settle(stack_id)
    assert killed.struck
    assert ended.status is Status.COMPLETE, ended.status_reason
