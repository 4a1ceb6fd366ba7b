"""Policies that let groups grow and shrink when they are signalled."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from isotherm.core.errors import Refused
from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit.signed_addresses import KeyPair, Purpose, is_signed
from isotherm.ports.records import Operation
from isotherm.resources.orchestration.autoscaling_group import AutoScalingGroup
from isotherm.resources.orchestration.scaling_policy import AwsScalingPolicy, ScalingPolicy
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import Fault

TYPES = (AutoScalingGroup(), ScalingPolicy(), AwsScalingPolicy())


def template(size: int = 1, *, slow: bool = False, **policy: Any) -> str:
    group = {
        "min_size": 0,
        "max_size": 5,
        "desired_capacity": size,
        "resource": {"type": "Test::Thing"},
    }
    change = {
        "auto_scaling_group_id": {"get_resource": "g"},
        "adjustment_type": "change_in_capacity",
        "scaling_adjustment": 2,
        **policy,
    }
    resources: dict[str, Any] = {
        "g": {"type": "OS::Heat::AutoScalingGroup", "properties": group},
        "p": {"type": "OS::Heat::ScalingPolicy", "properties": change},
    }
    if slow:
        resources["slow"] = {"type": "Test::Thing", "depends_on": "p"}
    return json.dumps({"heat_template_version": "2021-04-16", "resources": resources})


async def made(scene: Scene, source: str) -> str:
    stack_id = await scene.create(source)
    assert (await scene.settle(stack_id)).status is Status.COMPLETE
    return stack_id


async def size(scene: Scene, stack_id: str) -> int:
    """How many members there are, once nothing happens any more."""
    await scene.clock.sleep(60)
    return len(scene.world.things)


def test_a_signal_lets_the_group_grow_and_the_stack_stays_as_it_is() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 3
            stack, rows = await scene.stack(stack_id), await scene.rows(stack_id)
        assert (stack.action, stack.status) == (Action.CREATE, Status.COMPLETE)
        assert rows["g"].attributes["current_size"] == 3
        assert list(rows["g"].present_metadata["cooldown_end"].values()) == [
            "change_in_capacity : 2"
        ]
        told = [event for event in await scene.events(stack_id) if event.action is Action.SIGNAL]
        assert [(e.resource_name, e.status_reason) for e in told] == [
            ("p", "No signal details provided")
        ]

    play(scenario, types=TYPES)


def test_a_group_that_was_just_made_cools_down_as_one_that_was_adjusted() -> None:
    source = json.loads(template())
    source["resources"]["g"]["properties"]["cooldown"] = 100

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, json.dumps(source))
            told = (await scene.rows(stack_id))["g"].present_metadata
            assert list(told["cooldown_end"].values()) == ["ExactCapacity : 1"]
            assert "+" not in next(iter(told["cooldown_end"]))
            assert told["scaling_in_progress"] is False
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 1
            await scene.clock.sleep(60)
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 3

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("policy", "after"),
    [
        ({"scaling_adjustment": 9}, 5),
        ({"scaling_adjustment": 10**9}, 5),
        ({"scaling_adjustment": 0}, 2),
        ({"adjustment_type": "percent_change_in_capacity", "scaling_adjustment": 0}, 2),
        ({"adjustment_type": "exact_capacity", "scaling_adjustment": 99}, 5),
        ({"adjustment_type": "exact_capacity", "scaling_adjustment": -3}, 0),
        ({"scaling_adjustment": -1}, 1),
        ({"scaling_adjustment": -9}, 0),
        ({"adjustment_type": "exact_capacity", "scaling_adjustment": 4}, 4),
        ({"adjustment_type": "percent_change_in_capacity", "scaling_adjustment": 10}, 3),
        (
            {
                "adjustment_type": "percent_change_in_capacity",
                "scaling_adjustment": 10,
                "min_adjustment_step": 2,
            },
            4,
        ),
    ],
)
def test_kinds_of_adjustment_keep_to_the_limits(policy: dict[str, Any], after: int) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(2, **policy))
            await scene.signal(stack_id, "p", {"state": "ALARM"})
            assert await size(scene, stack_id) == after

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    "details",
    [
        {"previous": "alarm", "current": "ok"},
        {"state": 7},
        {"current": ["alarm"]},
        {"state": {"deep": [None]}},
    ],
)
def test_what_is_no_alarm_changes_nothing(details: dict[str, Any]) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            await scene.signal(stack_id, "p", details)
            assert await size(scene, stack_id) == 1
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 3

    play(scenario, types=TYPES)


def test_a_group_that_cools_down_is_left_alone() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(cooldown=300))
            for _ in range(3):
                await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 3
            await scene.clock.sleep(300)
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 5

    play(scenario, types=TYPES)


def test_a_signal_waits_for_what_the_stack_is_doing_and_does_not_stop_it() -> None:
    async def scenario(scene: Scene) -> None:
        scene.world.building = 30
        async with scene.worker():
            stack_id = await scene.create(template(slow=True))
            await scene.clock.sleep(40)
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(10)
            assert (await scene.stack(stack_id)).status is Status.IN_PROGRESS
            assert scene.world.made == 2
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            await scene.clock.sleep(60)
            assert scene.world.made == 4
            assert (await scene.stack(stack_id)).action is Action.CREATE

    play(scenario, types=TYPES)


def test_a_group_that_cannot_grow_says_so_and_can_be_updated_on() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            scene.world.inject("create", Fault(Refused("no room", status=403), skip=1))
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 2
            row = (await scene.rows(stack_id))["g"]
            assert (row.action, row.status) == (Action.UPDATE, Status.FAILED)
            assert "no room" in row.status_reason
            assert (await scene.stack(stack_id)).status is Status.COMPLETE
            await scene.update(stack_id, template(3), {})
            assert (await scene.settle(stack_id)).status is Status.COMPLETE
            assert await size(scene, stack_id) == 3

    play(scenario, types=TYPES)


def test_signals_to_a_group_that_cannot_grow_count_on_what_there_is() -> None:
    """Alarms go on while the quota is used up; afterwards the group grows by one step."""

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(2, scaling_adjustment=1))
            scene.world.inject("create", Fault(Refused("no room", status=403), count=5))
            for _ in range(5):
                await scene.signal(stack_id, "p")
                assert await size(scene, stack_id) == 2
                assert (await scene.rows(stack_id))["g"].status is Status.FAILED
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 3
            assert (await scene.rows(stack_id))["g"].status is Status.COMPLETE
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 4

    play(scenario, types=TYPES)


def test_a_signal_lets_a_group_try_again_that_was_released_at_its_limit() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(4, scaling_adjustment=1))
            scene.world.building = 500
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(5)
            await scene.start(stack_id, Operation.RELEASE)
            await scene.clock.sleep(5)
            assert (await scene.rows(stack_id))["g"].status is Status.FAILED
            scene.world.building = 1
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(60)
            group = (await scene.rows(stack_id))["g"]
            assert (group.status, group.attributes["current_size"]) == (Status.COMPLETE, 5)

    play(scenario, types=TYPES)


@pytest.mark.parametrize("operation", [Operation.CHECK, Operation.SNAPSHOT])
@pytest.mark.parametrize("after", [0.02, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2])
def test_whoever_looks_at_a_group_that_shrinks_waits_until_it_has(
    operation: Operation, after: float
) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(3, scaling_adjustment=-1))
            await scene.signal(stack_id, "p")
            await scene.clock.sleep(after)
            if operation is Operation.SNAPSHOT:
                await scene.snapshot(stack_id)
            else:
                await scene.start(stack_id, operation)
            looked = await scene.settle(stack_id)
            assert (looked.action, looked.status) == (Action(operation.value), Status.COMPLETE)
            assert await size(scene, stack_id) == 2

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", list(Point), ids=lambda p: p.value)
def test_no_signal_is_lost_or_obeyed_twice_when_a_worker_dies(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
        await scene.signal(stack_id, "p")
        async with scene.worker(KillAt(point, "g")):
            await scene.clock.sleep(100)
        async with scene.worker():
            await scene.clock.sleep(100)
            assert await size(scene, stack_id) == 3
        assert scene.world.made == 3

    play(scenario, types=TYPES)


def test_a_worker_that_died_when_it_had_made_the_group_does_not_make_it_smaller() -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(template(2))
        async with scene.worker(KillAt(Point.AFTER_CALL, "g")):
            await scene.clock.sleep(100)
        async with scene.worker():
            await scene.settle(stack_id)
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 4
        assert scene.world.made == 4

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", [Point.AFTER_INTENT, Point.AFTER_CALL, Point.BEFORE_OUTCOME])
def test_an_adjustment_that_lost_its_worker_comes_to_its_end(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(1))
        await scene.signal(stack_id, "p")
        async with scene.worker(KillAt(point, "g")):
            await scene.clock.sleep(100)
        async with scene.worker():
            assert await size(scene, stack_id) == 3
            row = (await scene.rows(stack_id))["g"]
        assert (row.action, row.status) == (Action.UPDATE, Status.COMPLETE)
        assert row.attributes["current_size"] == 3

    play(scenario, types=TYPES)


AWS_POLICY = {
    "type": "AWS::AutoScaling::ScalingPolicy",
    "properties": {
        "AutoScalingGroupName": {"get_resource": "g"},
        "AdjustmentType": "ChangeInCapacity",
        "ScalingAdjustment": 2,
    },
}


def test_a_policy_of_the_other_family_scales_the_same_groups() -> None:
    async def scenario(scene: Scene) -> None:
        source = json.loads(template())
        source["resources"]["p"] = AWS_POLICY
        async with scene.worker():
            stack_id = await made(scene, json.dumps(source))
            await scene.signal(stack_id, "p")
            assert await size(scene, stack_id) == 3
            rows = await scene.rows(stack_id)
        assert list(rows["g"].present_metadata["cooldown_end"].values()) == ["ChangeInCapacity : 2"]

    play(scenario, types=TYPES)


def test_a_policy_has_an_address_signed_by_its_own_key_until_it_goes() -> None:
    async def scenario(scene: Scene) -> None:
        source = json.loads(template())
        source["resources"]["q"] = AWS_POLICY
        async with scene.worker():
            stack_id = await made(scene, json.dumps(source))
            rows = await scene.rows(stack_id)
            domain = scene.world.domain
            pairs = {name: KeyPair.of(rows[name].data) for name in "pq"}
            assert set(domain.keys) == {pair.access for pair in pairs.values() if pair}
            for name in "pq":
                pair, row = pairs[name], rows[name]
                assert pair is not None
                assert domain.keys[pair.access] == (row.physical_id, pair.secret)
                address = row.attributes["alarm_url" if name == "p" else "AlarmUrl"].reveal()
                path = (
                    f"/cfn/v1/signal/arn%3Aopenstack%3Aheat%3A%3Aproject%3Astacks/stack/{stack_id}"
                )
                assert address.startswith(f"http://isotherm.test{path}/resources/{name}?")
                url, _, query = address.partition("?")
                assert is_signed(pair, Purpose.SIGNAL, [url], dict(parse_qsl(query)))
            assert rows["p"].reference == rows["p"].physical_id
            assert rows["q"].reference == rows["q"].attributes["AlarmUrl"]
            await scene.delete(stack_id)
            await scene.settle(stack_id)
        assert (scene.world.domain.keys, scene.world.domain.users) == ({}, {})

    play(scenario, types=TYPES)


def test_a_policy_tells_where_users_signal_it() -> None:
    async def scenario(scene: Scene) -> None:
        source = json.loads(template())
        source["outputs"] = {"url": {"value": {"get_attr": ["p", "signal_url"]}}}
        async with scene.worker():
            stack_id = await made(scene, json.dumps(source))
            told = (await scene.rows(stack_id))["p"].attributes["signal_url"]
        path = f"/v1/project/stacks/stack/{stack_id}/resources/p/signal"
        assert told == f"http://isotherm.test{path}"

    play(scenario, types=TYPES)
