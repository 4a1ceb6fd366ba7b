"""Stacks that are given up, and stacks made of objects that are there already."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from tests.scenarios.templates import nested, ref, stack, thing

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.engine.recording.parts import parts_of
from isotherm.kit.resource_type import AnyType
from isotherm.ports.records import Stack
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.random_string import RandomString
from isotherm.resources.orchestration.resource_group import ResourceGroup
from isotherm.testing.scene import KillAt, Scene
from isotherm.testing.scene import play as play_scene
from isotherm.testing.world import THING, Fault

INNER = nested({"deep": thing(size=3), "word": {"type": "OS::Heat::RandomString"}})
OUTER = nested(
    {"n": stack("inner.yaml"), "a": thing(size=2), "b": thing(uses=ref("a"))},
    word={"get_attr": ["n", "resource.word", "value"]},
)
FILES = {"inner.yaml": INNER}


def play(scenario: Callable[[Scene], Coroutine[Any, Any, None]]) -> None:
    types: list[AnyType] = [RandomString(), ResourceGroup(), AutoScalingGroup()]
    for each, name in zip(
        types, ("RandomString", "ResourceGroup", "AutoScalingGroup"), strict=True
    ):
        each.name = f"OS::Heat::{name}"
    play_scene(scenario, types=types)


async def given_up(scene: Scene, template: str = OUTER) -> dict[str, Any]:
    """A stack is made and abandoned; what had been recorded of it."""
    stack_id = await scene.create(template, files=FILES)
    made = await scene.settle(stack_id)
    assert made.status is Status.COMPLETE, made.status_reason
    parts = await parts_of(scene.store, stack_id)
    await scene.abandon(stack_id)
    gone = await scene.settle(stack_id)
    assert (gone.action, gone.status) == (Action.DELETE, Status.COMPLETE)
    assert gone.deleted_at is not None
    return json.loads(json.dumps(parts))  # type: ignore[no-any-return]


async def adopted(
    scene: Scene, parts: dict[str, Any], template: str = OUTER, **fields: Any
) -> Stack:
    stack_id = await scene.adopt(template, parts, files=FILES, **fields)
    return await scene.settle(stack_id)


def test_an_abandoned_stack_leaves_its_objects_at_any_depth() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            await given_up(scene)
        assert len(scene.world.things) == scene.world.made == 3
        assert scene.world.count("delete") == 0
        assert not scene.world.trusts

    play(scenario)


def test_what_was_abandoned_is_adopted_and_belongs_to_the_new_stack() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            new = await adopted(scene, parts)
            assert (new.action, new.status) == (Action.ADOPT, Status.COMPLETE), new.status_reason
            assert new.status_reason == "Stack ADOPT completed successfully"
            rows = await scene.rows(new.id)
            assert {row.action for row in rows.values()} == {Action.ADOPT}
            assert rows["a"].physical_id == parts["a"]["resource_id"]
            (child,) = await scene.store.children(new.id)
            inner = await scene.rows(child.id)
            old = parts["n"]["resources"]
            assert inner["deep"].physical_id == old["deep"]["resource_id"]
            assert inner["word"].data == old["word"]["resource_data"]
            assert child.id != parts["n"]["resource_id"], "the stack around it is a new one"
            assert (scene.world.made, scene.world.count("update")) == (3, 0)
            await scene.update(new.id, OUTER, FILES)
            assert (await scene.settle(new.id)).status is Status.COMPLETE
            assert (scene.world.made, scene.world.count("update")) == (3, 0)
            assert await scene.store.snapshots(new.id) == [], "nothing is kept of what was given"
            await scene.delete(new.id)
            await scene.settle(new.id)
        assert not scene.world.things

    play(scenario)


GROUPS = nested(
    {
        "numbered": {
            "type": "OS::Heat::ResourceGroup",
            "properties": {
                "count": 2,
                "removal_policies": [{"resource_list": ["1"]}],
                "resource_def": {"type": "Test::Thing"},
            },
        },
        "scaled": {
            "type": "OS::Heat::AutoScalingGroup",
            "properties": {
                "min_size": 1,
                "max_size": 5,
                "desired_capacity": 2,
                "resource": {"type": "Test::Thing"},
            },
        },
    }
)


@pytest.mark.parametrize("told", [True, False], ids=["ours", "without private data"])
def test_members_of_groups_keep_their_names_and_objects(told: bool) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(GROUPS)
            await scene.settle(stack_id)
            await scene.update(stack_id, GROUPS)
            await scene.settle(stack_id)
            parts = await parts_of(scene.store, stack_id)
            assert sorted(parts["numbered"]["resources"]) == ["0", "2"]
            await scene.abandon(stack_id)
            await scene.settle(stack_id)
            if not told:
                for each in parts.values():
                    each["resource_data"] = {}
            new = await adopted(scene, parts, GROUPS)
            assert new.status is Status.COMPLETE, new.status_reason
            before = set(scene.world.things)
            await scene.update(new.id, GROUPS.replace("size: 2", "size: 2"), {})
            assert (await scene.settle(new.id)).status is Status.COMPLETE
            assert set(scene.world.things) == before
            for child in await scene.store.children(new.id):
                rows = await scene.rows(child.id)
                assert set(rows) == set(parts[child.parent_resource or ""]["resources"])

    play(scenario)


def test_signals_had_told_what_metadata_still_tells() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            parts["a"]["metadata"] = {"heard": "something"}
            new = await adopted(scene, parts)
            assert (await scene.rows(new.id))["a"].present_metadata == {"heard": "something"}

    play(scenario)


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "nothing of a resource": (
        lambda parts: parts.pop("a"),
        "Resource ADOPT failed: Exception: resources.a: Resource ID was not provided.",
    ),
    "no id": (
        lambda parts: parts["a"].pop("resource_id"),
        "Resource ADOPT failed: Exception: resources.a: Resource ID was not provided.",
    ),
    "nothing of a resource inside": (
        lambda parts: parts["n"]["resources"].pop("deep"),
        "Exception: resources.n.resources.deep: Resource ID was not provided.",
    ),
    "nothing of a stack inside": (
        lambda parts: parts.pop("n"),
        "Exception: resources.n.resources.",
    ),
    "an object that is gone": (
        lambda parts: parts["a"].update(resource_id="thing-99"),
        "NotFound: resources.a: there is no object thing-99",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("end", ["delete", "roll-back", "update to nothing"])
def test_a_failed_adoption_harms_nothing(wrong: str, end: str) -> None:
    spoil, reason = WRONG[wrong]

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            spoil(parts)
            new = await adopted(scene, parts, disable_rollback=end != "roll-back")
            if end == "roll-back":
                assert (new.action, new.status) == (Action.ROLLBACK, Status.COMPLETE)
                assert await scene.rows(new.id) == {}
            else:
                assert (new.action, new.status) == (Action.ADOPT, Status.FAILED)
                assert reason in new.status_reason
            if end == "update to nothing":
                await scene.update(new.id, nested({}), {})
                assert (await scene.settle(new.id)).status is Status.COMPLETE
            await scene.delete(new.id)
            assert (await scene.settle(new.id)).status is Status.COMPLETE
        assert len(scene.world.things) == 3
        assert scene.world.count("delete") == scene.world.count("update") == 0

    play(scenario)


def test_a_failed_adoption_can_be_mended_and_owns_what_it_has_then() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            lost = parts.pop("b")["resource_id"]
            new = await adopted(scene, parts)
            await scene.update(new.id, OUTER, FILES)
            mended = await scene.settle(new.id)
            assert mended.status is Status.COMPLETE, mended.status_reason
            row = (await scene.rows(new.id))["b"]
            assert row.action is Action.CREATE
            assert row.physical_id != lost
            await scene.delete(new.id)
            await scene.settle(new.id)
        assert list(scene.world.things) == [lost], "only what was never adopted is left"

    play(scenario)


def test_what_an_update_replaces_after_a_failed_adoption_is_left_alone() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            lost = parts.pop("b")["resource_id"]
            new = await adopted(scene, parts)
            assert new.status is Status.FAILED
            other = OUTER.replace("size: 2", "size: 2\n      colour: red")
            await scene.update(new.id, other, FILES)
            assert (await scene.settle(new.id)).status is Status.COMPLETE
            assert {lost, parts["a"]["resource_id"]} <= set(scene.world.things)

    play(scenario)


def test_the_object_of_another_stack_is_not_adopted() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=FILES, name="owner")
            await scene.settle(stack_id)
            parts = await parts_of(scene.store, stack_id)
            new = await adopted(scene, parts, name="thief")
            assert new.status is Status.FAILED
            assert "belongs to stack owner" in new.status_reason
            await scene.delete(new.id)
            await scene.settle(new.id)
        assert len(scene.world.things) == 3

    play(scenario)


def test_a_delete_that_overtakes_an_adoption_removes_nothing() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            scene.world.latency = 5
            stack_id = await scene.adopt(OUTER, parts, files=FILES)
            await scene.clock.sleep(3)
            await scene.delete(stack_id)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
        assert len(scene.world.things) == 3

    play(scenario)


def test_an_update_that_overtakes_an_adoption_doubles_nothing_it_had_come_to() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
            scene.world.latency = 5
            stack_id = await scene.adopt(OUTER, parts, files=FILES)
            await scene.clock.sleep(3)
            await scene.update(stack_id, OUTER, FILES)
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            rows = await scene.rows(stack_id)
            assert rows["a"].physical_id == parts["a"]["resource_id"]
            assert {each["id"] for each in scene.world.named("a")} == {rows["a"].physical_id}

    play(scenario)


def test_abandoning_overtakes_and_goes_on_after_a_failed_delete() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(OUTER, files=FILES)
            await scene.settle(stack_id)
            scene.world.building = 60
            await scene.update(stack_id, OUTER.replace("size: 2", "size: 5"), FILES)
            await scene.clock.sleep(1)
            await scene.abandon(stack_id)
            gone = await scene.settle(stack_id)
            assert gone.status is Status.COMPLETE, gone.status_reason
        assert len(scene.world.things) == 3

    play(scenario)


@pytest.mark.parametrize("name", ["a", "deep", "n"])
@pytest.mark.parametrize("point", sorted({*Point} - {Point.AFTER_CALL, Point.AFTER_END}, key=str))
def test_an_adoption_outlives_its_worker(point: Point, name: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            parts = await given_up(scene)
        stack_id = await scene.adopt(OUTER, parts, files=FILES)
        killed = KillAt(point, name)
        async with scene.worker(killed):
            await scene.clock.sleep(120)
        async with scene.worker():
            new = await scene.settle(stack_id)
            assert killed.struck
            assert new.status is Status.COMPLETE, new.status_reason
            assert (scene.world.made, scene.world.count("delete")) == (3, 0)
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert not scene.world.things

    play(scenario)


def test_a_cloud_that_does_not_answer_is_waited_for() -> None:
    async def scenario(scene: Scene) -> None:
        from isotherm.core.errors import Lost

        async with scene.worker():
            parts = await given_up(scene)
            scene.world.inject("show", Fault(error=Lost("no answer"), count=5))
            new = await adopted(scene, parts)
            assert new.status is Status.COMPLETE, new.status_reason
        assert THING.plural == "things"

    play(scenario)
