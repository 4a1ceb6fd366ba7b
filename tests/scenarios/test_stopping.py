"""Cancelling without a roll-back: what is under way comes to its end, nothing else begins."""

from __future__ import annotations

import pytest
from tests.scenarios.templates import nested, ref, stack, thing, things
from tests.scenarios.test_groups import TYPES, group
from tests.scenarios.test_nested_stacks import everything

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

CHAIN = things(a={}, b={"uses": ref("a")}, c={"uses": ref("b")})


async def nothing_in_progress(scene: Scene) -> None:
    for each in await everything(scene):
        assert each.status is not Status.IN_PROGRESS
        traversal = await scene.store.traversal(each.id)
        assert traversal is not None
        assert traversal.finished
        for row in await scene.store.resources(each.id):
            assert row.status is not Status.IN_PROGRESS, f"{row.name} {row.action}"


@pytest.mark.parametrize("after", [0.0, 0.02, 0.07, 1.0, 2.2, 4.5])
def test_a_stopped_create_finishes_what_it_has_begun(after: float) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(CHAIN)
            await scene.clock.sleep(after)
            begun = set(await scene.rows(stack_id))
            await scene.stop(stack_id)
            stopped = await scene.settle(stack_id)
            assert (stopped.action, stopped.status) == (Action.CREATE, Status.FAILED)
            assert stopped.status_reason == "Stack CREATE cancelled"
            await nothing_in_progress(scene)
            rows = await scene.rows(stack_id)
            assert set(rows) == begun
            assert scene.clock.monotonic() < after + 4
            await scene.update(stack_id, CHAIN)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert len(scene.world.things) == 3
            for name, row in rows.items():
                if row.status is Status.COMPLETE:
                    assert (await scene.rows(stack_id))[name].physical_id == row.physical_id

    play(scenario)


def test_a_stopped_update_finishes_its_changes_and_begins_no_removal() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={"size": 1}, gone={}), disable_rollback=False)
            await scene.settle(stack_id)
            await scene.update(stack_id, things(a={"size": 2}, b={"uses": ref("a")}))
            await scene.clock.sleep(0.02)
            await scene.stop(stack_id)
            stopped = await scene.settle(stack_id)
        assert (stopped.action, stopped.status) == (Action.UPDATE, Status.FAILED)
        assert stopped.status_reason == "Stack UPDATE cancelled"
        await nothing_in_progress(scene)
        row = (await scene.rows(stack_id))["a"]
        assert (row.action, row.status, row.properties["size"]) == ("UPDATE", "COMPLETE", 2)
        assert scene.world.things[row.physical_id or ""]["size"] == 2
        assert scene.world.named("gone")
        assert not scene.world.named("b")

    play(scenario)


def test_a_removal_under_way_is_finished() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(things(a={}, b={}, user={"uses": ref("b")}))
            await scene.settle(stack_id)
            await scene.update(stack_id, things(a={}))
            await scene.clock.sleep(0.3)
            await scene.stop(stack_id)
            stopped = await scene.settle(stack_id)
        assert stopped.status is Status.FAILED
        await nothing_in_progress(scene)
        assert set(await scene.rows(stack_id)) == {"a", "b"}
        assert len(scene.world.things) == 2

    play(scenario)


@pytest.mark.parametrize("point", list(Point))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_leaves_nothing_in_progress(point: Point, when: str) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(CHAIN)
        async with scene.worker(KillAt(point, nth=1)):
            await scene.clock.sleep(1 if when == "before" else 0.02)
            await scene.stop(stack_id)
            await scene.clock.sleep(60)
        async with scene.worker():
            stopped = await scene.settle(stack_id)
            assert stopped.status is Status.FAILED
            await nothing_in_progress(scene)
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert not scene.world.things

    play(scenario)


@pytest.mark.parametrize("after", [0.0, 0.05, 0.3, 1.0, 2.3, 4.6, 7.0])
def test_what_is_below_is_stopped_too(after: float) -> None:
    inner = nested({"a": thing(), "b": thing(uses=ref("a"))})
    middle = nested({"inner": stack("inner.yaml")})
    outer = nested({"kid": stack("middle.yaml"), "last": {**thing(), "depends_on": "kid"}})

    async def scenario(scene: Scene) -> None:
        files = {"middle.yaml": middle, "inner.yaml": inner}
        async with scene.worker():
            stack_id = await scene.create(outer, files=files)
            await scene.clock.sleep(after)
            if (await scene.stack(stack_id)).status is not Status.IN_PROGRESS:
                return
            await scene.stop(stack_id)
            stopped = await scene.settle(stack_id)
            assert (stopped.action, stopped.status) == (Action.CREATE, Status.FAILED)
            await nothing_in_progress(scene)
            made = scene.world.made
            await scene.clock.sleep(30)
            assert scene.world.made == made, "nothing begins any more"
            await scene.update(stack_id, outer, files)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE

    play(scenario)


PACES = {
    "batch_create": {"max_batch_size": 1, "pause_time": 100},
    "rolling_update": {"max_batch_size": 1, "pause_time": 100},
}


@pytest.mark.parametrize("after", [0.0, 0.05, 1.0, 50.0, 101.0, 150.0])
def test_a_group_begins_no_further_batch(after: float) -> None:
    """Whether it is at a batch, or pauses before the next one."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(5, policy=PACES))
            await scene.clock.sleep(after)
            await scene.stop(stack_id)
            stopped = await scene.settle(stack_id)
            assert (stopped.action, stopped.status) == (Action.CREATE, Status.FAILED)
            await nothing_in_progress(scene)
            assert scene.world.made <= 2
            assert scene.clock.monotonic() < after + 5
            await scene.update(stack_id, group(5), {})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert scene.world.made == len(scene.world.things) == 6
            await scene.update(stack_id, group(5, 7, PACES), {})
            await scene.clock.sleep(after)
            await scene.stop(stack_id)
            stopped = await scene.settle(stack_id)
            assert (stopped.action, stopped.status) == (Action.UPDATE, Status.FAILED)
            await nothing_in_progress(scene)
            assert sum(each["size"] == 7 for each in scene.world.things.values()) <= 2
            await scene.update(stack_id, group(5, 7), {})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert sum(each["size"] == 7 for each in scene.world.things.values()) == 5

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", [Point.AFTER_INTENT, Point.AFTER_CALL])
@pytest.mark.parametrize("same", [False, True])
def test_what_an_older_traversal_began_and_fails_is_made_anew(point: Point, same: bool) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(things(a={"size": 1}), disable_rollback=False)
        async with scene.worker(KillAt(point, "a")):
            await scene.clock.sleep(1)
        call = "create" if point is Point.AFTER_INTENT else "show"
        if same or call == "show":
            # Otherwise it is not even tried: nobody wants it any more.
            scene.world.inject(call, Fault(Refused("too small", status=400)))
        await scene.update(stack_id, things(a={"size": 1 if same else 2}))
        async with scene.worker():
            updated = await scene.settle(stack_id)
        assert (updated.action, updated.status) == (Action.UPDATE, Status.COMPLETE), (
            updated.status_reason
        )
        (only,) = scene.world.things.values()
        assert only["size"] == (1 if same else 2)
        assert (await scene.rows(stack_id))["a"].physical_id == only["id"]

    play(scenario)


def test_tags_and_time_out_go_back_with_the_rollback() -> None:
    async def scenario(scene: Scene) -> None:
        before = {"tags": ("old",), "timeout_mins": 7}
        async with scene.worker():
            stack_id = await scene.create(things(a={}), disable_rollback=False, **before)
            await scene.settle(stack_id)
            scene.world.inject("create", Fault(Refused("no", status=400)))
            await scene.update(stack_id, things(a={}, b={}), tags=("new",), timeout_mins=9)
            back = await scene.settle(stack_id)
            assert (back.action, back.tags, back.timeout_mins) == ("ROLLBACK", ("old",), 7)
            await scene.update(stack_id, things(a={}, b={}), tags=("new",), timeout_mins=9)
            done = await scene.settle(stack_id)
            assert (done.action, done.tags, done.timeout_mins) == ("UPDATE", ("new",), 9)

    play(scenario)
