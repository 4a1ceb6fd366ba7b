"""Groups of resources over the simulated world."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.scenarios.showing import outputs

from isotherm.core.errors import Refused
from isotherm.core.states import Status
from isotherm.engine.probe import Point
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.resource_group import ResourceChain, ResourceGroup
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

TYPES = (ResourceGroup(), ResourceChain(), AutoScalingGroup())


def group(count: int = 3, size: int = 1, policy: Any = None, **more: Any) -> str:
    member = {"type": "Test::Thing", "properties": {"size": size, "uses": "thing-%index%"}}
    resource = {
        "type": "OS::Heat::ResourceGroup",
        "properties": {"count": count, "resource_def": member, **more},
        "update_policy": policy or {},
    }
    reader = {"type": "Test::Thing", "properties": {"uses": {"get_attr": ["g", "serial", 0]}}}
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {"g": resource, "reader": reader},
            "outputs": {"serials": {"value": {"get_attr": ["g", "serial"]}}},
        }
    )


async def members(scene: Scene, stack_id: str) -> dict[str, str]:
    """Ids of the things in the group, by the names of the members."""
    child = (await scene.rows(stack_id))["g"].physical_id or ""
    return {name: row.physical_id or "" for name, row in (await scene.rows(child)).items()}


async def changed(scene: Scene, stack_id: str, template: str) -> Status:
    await scene.update(stack_id, template, {})
    return (await scene.settle(stack_id)).status


def test_members_are_numbered_made_and_removed_with_the_group() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group())
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert list(await members(scene, stack_id)) == ["0", "1", "2"]
            assert scene.world.made == 4
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario, types=TYPES)


def test_a_group_grows_and_shrinks_without_touching_the_rest() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(3))
            await scene.settle(stack_id)
            before = await members(scene, stack_id)
            assert await changed(scene, stack_id, group(5)) is Status.COMPLETE
            grown = await members(scene, stack_id)
            assert grown.items() > before.items()
            assert await changed(scene, stack_id, group(1)) is Status.COMPLETE
            assert await members(scene, stack_id) == {"0": before["0"]}
            assert await changed(scene, stack_id, group(0)) is Status.COMPLETE
            assert await members(scene, stack_id) == {}

    play(scenario, types=TYPES)


def test_removal_policies_name_the_members_that_go() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(3))
            await scene.settle(stack_id)
            before = await members(scene, stack_id)
            listed = [{"resource_list": ["0", before["1"], "nobody"]}]
            await changed(scene, stack_id, group(1, removal_policies=listed))
            assert await members(scene, stack_id) == {"2": before["2"]}
            await changed(scene, stack_id, group(2))
            assert list(await members(scene, stack_id)) == ["2", "3"], "those named stay away"
            again = group(2, removal_policies_mode="update")
            await changed(scene, stack_id, again)
            assert list(await members(scene, stack_id)) == ["0", "1"]

    play(scenario, types=TYPES)


ROLLING = {"rolling_update": {"min_in_service": 2, "max_batch_size": 1, "pause_time": 30}}


def test_a_rolling_update_keeps_members_in_service_and_pauses_between_batches() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(3))
            await scene.settle(stack_id)
            before, began = await members(scene, stack_id), scene.clock.monotonic()
            assert await changed(scene, stack_id, group(3, 7, ROLLING)) is Status.COMPLETE
            assert await members(scene, stack_id) == before, "sizes change in place"
            assert {scene.world.things[each]["size"] for each in before.values()} == {7}
            assert scene.clock.monotonic() - began >= 60

    play(scenario, types=TYPES)


def test_a_batch_that_fails_ends_the_update_and_the_next_one_goes_on_from_there() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(3))
            await scene.settle(stack_id)
            ids = await members(scene, stack_id)
            scene.world.faults["update"] = [Fault(Refused("no"), skip=1)]
            assert await changed(scene, stack_id, group(3, 7, ROLLING)) is Status.FAILED
            sizes = {name: scene.world.things[each]["size"] for name, each in ids.items()}
            assert sizes == {"0": 1, "1": 1, "2": 7}
            assert await changed(scene, stack_id, group(3, 7, ROLLING)) is Status.COMPLETE
        assert {scene.world.things[each]["size"] for each in ids.values()} == {7}

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_rolling_update_survives_the_death_of_its_worker(point: Point, nth: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(3))
            await scene.settle(stack_id)
            before = await members(scene, stack_id)
        await scene.update(stack_id, group(3, 7, ROLLING), {})
        killed = KillAt(point, "g", nth=nth)
        async with scene.worker(killed):
            await scene.clock.sleep(200)
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert await members(scene, stack_id) == before
        assert {scene.world.things[each]["size"] for each in before.values()} == {7}
        assert scene.world.made == 4

    play(scenario, types=TYPES)


def test_a_group_may_be_made_in_batches() -> None:
    policy = {"batch_create": {"max_batch_size": 2, "pause_time": 100}}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(group(5, policy=policy))
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert 200 <= scene.clock.monotonic() < 230, "two pauses between three batches"
            assert len(await members(scene, stack_id)) == 5

    play(scenario, types=TYPES)


def test_batches_come_though_the_worker_dies_before_it_can_note_that_there_are_any() -> None:
    policy = {"batch_create": {"max_batch_size": 2, "pause_time": 10}}

    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(group(5, policy=policy))
        async with scene.worker(KillAt(Point.AFTER_CALL, "g")):
            await scene.clock.sleep(100)
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert len(await members(scene, stack_id)) == 5

    play(scenario, types=TYPES)


@pytest.mark.parametrize("concurrent", [True, False])
def test_a_chain_is_made_in_order_unless_its_members_may_be_made_at_once(concurrent: bool) -> None:
    chain = {
        "type": "OS::Heat::ResourceChain",
        "properties": {
            "resources": ["Test::Thing"] * 4,
            "concurrent": concurrent,
            "resource_properties": {"size": 2},
        },
    }
    template = json.dumps({"heat_template_version": "2021-04-16", "resources": {"g": chain}})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert (scene.clock.monotonic() < 6) is concurrent
            assert len(await members(scene, stack_id)) == 4

    play(scenario, types=TYPES)


def scaling(size: int | None = 2, value: int = 1, **more: Any) -> str:
    group = {
        "type": "OS::Heat::AutoScalingGroup",
        "properties": {
            "min_size": 1,
            "max_size": 5,
            "resource": {"type": "Test::Thing", "properties": {"size": value}},
            **({} if size is None else {"desired_capacity": size}),
            **more,
        },
    }
    outputs = {"serials": {"get_attr": ["g", "outputs", "serial"]}}
    return json.dumps(
        {
            "heat_template_version": "2021-04-16",
            "resources": {"g": group},
            "outputs": {name: {"value": value} for name, value in outputs.items()},
        }
    )


def test_a_scaling_group_keeps_its_youngest_members_when_it_shrinks() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(scaling(2))
            await scene.settle(stack_id)
            oldest = await members(scene, stack_id)
            assert await changed(scene, stack_id, scaling(4)) is Status.COMPLETE
            grown = await members(scene, stack_id)
            assert grown.items() > oldest.items()
            assert await changed(scene, stack_id, scaling(2)) is Status.COMPLETE
            assert (await members(scene, stack_id)).items() == grown.items() - oldest.items()
            assert await changed(scene, stack_id, scaling(None, max_size=1)) is Status.COMPLETE
            assert len(await members(scene, stack_id)) == 1, "the limits hold"
            assert await changed(scene, stack_id, scaling(None)) is Status.COMPLETE
            assert len(await members(scene, stack_id)) == 1, "nobody asked for more"

    play(scenario, types=TYPES)


def test_members_that_failed_are_replaced_first() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(scaling(2))
            await scene.settle(stack_id)
            before = await members(scene, stack_id)
            scene.world.inject("create", Fault(Refused("no room", status=400)))
            assert await changed(scene, stack_id, scaling(3)) is Status.FAILED
            assert await changed(scene, stack_id, scaling(3)) is Status.COMPLETE
            after = await members(scene, stack_id)
            assert len(after) == 3
            assert after.items() > before.items()
            assert len(scene.world.things) == 3

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_a_scaling_group_survives_the_death_of_its_worker(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(scaling(2))
            await scene.settle(stack_id)
            before = await members(scene, stack_id)
        await scene.update(stack_id, scaling(4), {})
        async with scene.worker(KillAt(point, "g")):
            await scene.clock.sleep(100)
        async with scene.worker():
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert (await members(scene, stack_id)).items() > before.items()
        assert len(scene.world.things) == scene.world.made == 4

    play(scenario, types=TYPES)


def telling(count: int) -> str:
    """A group and one that scales, with what templates read of them."""
    told = {
        "numbered": ("refs_map",),
        "list": ("refs",),
        "serials": ("attributes", "serial"),
        "scaled": ("outputs", "serial"),
        "scaled_list": ("refs",),
        "size": ("current_size",),
    }
    template = json.loads(scaling(count))
    template["resources"]["n"] = json.loads(group(count))["resources"]["g"]
    template["outputs"] = {
        name: {
            "value": {"get_attr": ["g" if "s" in name[:2] and name != "serials" else "n", *path]}
        }
        for name, path in told.items()
    }
    return json.dumps(template)


def test_a_group_that_cannot_grow_tells_of_the_members_that_it_has() -> None:
    """A numbered one of all that there are to be, one that scales of those that are sound."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(telling(2))
            await scene.settle(stack_id)
            before = await outputs(scene, stack_id)
            scene.world.inject("create", Fault(Refused("no room", status=400), count=9))
            assert await changed(scene, stack_id, telling(3)) is Status.FAILED
            now = await outputs(scene, stack_id)
            assert now["numbered"] == {**before["numbered"], "2": "2"}
            assert now["list"] == [*before["list"], "2"]
            assert now["serials"] == {**before["serials"], "2": None}
            assert now["scaled"] == before["scaled"]
            assert sorted(now["scaled_list"]) == sorted(before["scaled_list"])
            assert now["size"] == before["size"] == 2

    play(scenario, types=TYPES)


def test_a_group_that_grows_tells_meanwhile_of_the_members_that_it_has() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(telling(2))
            await scene.settle(stack_id)
            scene.world.building = 60
            before = await outputs(scene, stack_id)
            await scene.update(stack_id, telling(3), {})
            await scene.clock.sleep(30)
            now = await outputs(scene, stack_id)
            assert now["serials"] == {**before["serials"], "2": None}
            assert now["list"][:2] == before["list"]
            assert now["size"] == 3
            await scene.settle(stack_id)

    play(scenario, types=TYPES)
