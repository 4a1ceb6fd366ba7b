"""Groups that shrink: who goes first, and what is waited for before members go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isotherm.core.states import Status
from isotherm.engine.probe import Point
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.scaling_policy import ScalingPolicy
from isotherm.resources.orchestration.wait_condition_handle import WaitConditionHandle
from isotherm.testing.scene import KillAt, Scene, play

TYPES = (AutoScalingGroup(), ScalingPolicy(), WaitConditionHandle())
DRAIN = {"drain": {"handle": {"get_resource": "h"}, "timeout": 300}}


def template(size: int = 3, scale_in: Any = None) -> str:
    group: dict[str, Any] = {
        "type": "OS::Heat::AutoScalingGroup",
        "properties": {
            "min_size": 0,
            "max_size": 5,
            "desired_capacity": size,
            "resource": {"type": "Test::Thing"},
        },
    }
    if scale_in is not None:
        group["metadata"] = {"scale_in": scale_in, "mine": "kept"}
    policy = {
        "auto_scaling_group_id": {"get_resource": "g"},
        "adjustment_type": "change_in_capacity",
        "scaling_adjustment": -1,
    }
    resources = {
        "g": group,
        "p": {"type": "OS::Heat::ScalingPolicy", "properties": policy},
        "h": {"type": "OS::Heat::WaitConditionHandle"},
    }
    return json.dumps({"heat_template_version": "2021-04-16", "resources": resources})


async def made(scene: Scene, source: str) -> str:
    stack_id = await scene.create(source)
    stack = await scene.settle(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason
    return stack_id


async def draining(scene: Scene, stack_id: str) -> dict[str, Any]:
    metadata = (await scene.rows(stack_id))["g"].present_metadata
    assert metadata["mine"] == "kept"
    told: dict[str, Any] = metadata.get("draining", {})
    return told


@pytest.mark.parametrize("order", ["oldest", "newest", None])
def test_who_goes_first(order: str | None) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            source = template(1, None if order is None else {"order": order})
            stack_id = await made(scene, source)
            (first,) = scene.world.things
            await scene.update(
                stack_id, source.replace('"desired_capacity": 1', '"desired_capacity": 2')
            )
            await scene.settle(stack_id)
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 1
            assert (first in scene.world.things) is (order == "newest")

    play(scenario, types=TYPES)


@pytest.mark.parametrize("by", ["name", "reference"])
def test_a_member_goes_when_the_handle_is_told_that_it_may(by: str) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(3, DRAIN))
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 3
            ((name, reference),) = (await draining(scene, stack_id)).items()
            assert reference in scene.world.things
            await scene.signal(stack_id, "h", {"id": name if by == "name" else reference})
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 2
            assert reference not in scene.world.things
            assert await draining(scene, stack_id) == {}

    play(scenario, types=TYPES)


def test_after_its_time_a_member_goes_all_the_same() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(3, DRAIN))
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(290)
            assert len(scene.world.things) == 3
            await scene.clock.sleep(30)
            assert len(scene.world.things) == 2
            assert await draining(scene, stack_id) == {}
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(200)
            assert len(scene.world.things) == 2, "the next one has its own time"
            await scene.clock.sleep(120)
            assert len(scene.world.things) == 1

    play(scenario, types=TYPES)


def test_an_update_waits_for_members_too_and_a_delete_does_not() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(3, DRAIN))
            await scene.update(stack_id, template(1, DRAIN))
            await scene.clock.sleep(100)
            assert len(await draining(scene, stack_id)) == 2
            await scene.settle(stack_id)
            assert scene.clock.monotonic() >= 300
            assert len(scene.world.things) == 1
            await scene.update(stack_id, template(0, DRAIN))
            await scene.clock.sleep(10)
            begun = scene.clock.monotonic()
            await scene.delete(stack_id)
            await scene.settle(stack_id)
            assert scene.clock.monotonic() - begun < 60
            assert scene.world.things == {}

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", [Point.BEFORE_INTENT, Point.AFTER_INTENT, Point.BEFORE_OUTCOME])
def test_a_worker_that_dies_changes_nothing_of_it(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(3, DRAIN))
        await scene.signal(stack_id, "p")
        async with scene.worker(KillAt(point, "g")):
            await scene.clock.sleep(100)
        async with scene.worker():
            await scene.clock.sleep(500)
            assert len(scene.world.things) == 2
        assert scene.world.made == 3

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    "scale_in",
    [
        "soon",
        {"order": "biggest"},
        {"when": "now"},
        {"drain": True},
        {"drain": {"timeout": 5}},
        {"drain": {"handle": "h", "timeout": "long"}},
        {"drain": {"handle": "h", "timeout": -1}},
        {"drain": {"handle": "h", "timeout": True}},
    ],
)
def test_what_cannot_be_understood_is_told(scale_in: Any) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(1, scale_in))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "metadata.scale_in: " in stack.status_reason

    play(scenario, types=TYPES)


def test_a_handle_of_nowhere_lets_nobody_go() -> None:
    async def scenario(scene: Scene) -> None:
        drain = {"drain": {"handle": "nowhere", "timeout": 5}}
        async with scene.worker():
            stack_id = await made(scene, template(2, drain))
            await scene.update(stack_id, template(1, drain))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "the handle of drain is none of the stack" in stack.status_reason
        assert len(scene.world.things) == 2

    play(scenario, types=TYPES)
