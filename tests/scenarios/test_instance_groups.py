"""Groups of servers in the words of AWS: launch configurations, rolling updates, policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from isotherm.core.states import Action, Status
from isotherm.engine.probe import Point
from isotherm.kit import EntityType, Properties, attr, prop
from isotherm.resources.orchestration.instance_groups import (
    AwsAutoScalingGroup,
    InstanceGroup,
    pause_of,
)
from isotherm.resources.orchestration.launch_configuration import LaunchConfiguration
from isotherm.resources.orchestration.scaling_policy import AwsScalingPolicy
from isotherm.testing.scene import KillAt, Scene, play
from isotherm.testing.world import THING


class InstanceProperties(Properties):
    image: str = prop("Image.", name="ImageId")
    flavor: str = prop("Flavor.", name="InstanceType")
    key: str | None = prop("Key.", name="KeyName")
    groups: list[Any] | None = prop("Groups.", name="SecurityGroups")
    user_data: str | None = prop("Script.", name="UserData", secret=True)
    subnet: str | None = prop("Subnet.", name="SubnetId")
    tags: list[Any] | None = prop("Tags.", name="Tags")


class Instance(EntityType[InstanceProperties]):
    """A thing of the world that goes by the name of what groups are made of."""

    name = "AWS::EC2::Instance"
    entity = THING
    service = "world"
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    attributes = (attr("PublicIp", source="name"),)


TYPES = (
    AwsAutoScalingGroup(),
    InstanceGroup(),
    LaunchConfiguration(),
    AwsScalingPolicy(),
    Instance(),
)
AWS = "AWS::AutoScaling::AutoScalingGroup"
ROLLING = {"MinInstancesInService": 1, "MaxBatchSize": 1, "PauseTime": "PT30S"}


def launch(image: str = "one", **more: Any) -> dict[str, Any]:
    given = {"ImageId": image, "InstanceType": "small", "UserData": "script", **more}
    return {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": given}


def group(size: int = 2, policy: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    properties = {
        "AvailabilityZones": ["nova"],
        "LaunchConfigurationName": {"Ref": "LC"},
        "MinSize": 0,
        "MaxSize": 5,
        "DesiredCapacity": size,
        **more,
    }
    written = {"Type": AWS, "Properties": properties}
    return written if policy is None else {**written, "UpdatePolicy": policy}


def template(**resources: Any) -> str:
    outputs = {"list": {"Value": {"Fn::GetAtt": ["G", "InstanceList"]}}}
    return json.dumps(
        {
            "HeatTemplateFormatVersion": "2012-12-12",
            "Resources": {"LC": launch(), "G": group(), **resources},
            "Outputs": outputs,
        }
    )


POLICY = {
    "Type": "AWS::AutoScaling::ScalingPolicy",
    "Properties": {
        "AutoScalingGroupName": {"Ref": "G"},
        "AdjustmentType": "ChangeInCapacity",
        "ScalingAdjustment": 1,
        "Cooldown": 60,
    },
}


async def made(scene: Scene, source: str) -> str:
    stack_id = await scene.create(source)
    stack = await scene.settle(stack_id)
    assert stack.status is Status.COMPLETE, stack.status_reason
    return stack_id


async def updated(scene: Scene, stack_id: str, source: str) -> None:
    await scene.update(stack_id, source)
    stack = await scene.settle(stack_id)
    assert (stack.action, stack.status) == (Action.UPDATE, Status.COMPLETE), stack.status_reason


def images(scene: Scene) -> list[str]:
    return sorted(each["ImageId"] for each in scene.world.things.values())


def test_instances_are_what_the_launch_configuration_says() -> None:
    async def scenario(scene: Scene) -> None:
        tags = [
            {"Key": "stage", "Value": "test", "PropagateAtLaunch": True},
            {"Key": "owner", "Value": "group", "PropagateAtLaunch": False},
        ]
        source = template(
            LC=launch(KeyName="mine", SecurityGroups=["web"]),
            G=group(Tags=tags, VPCZoneIdentifier=["subnet"]),
        )
        async with scene.worker():
            stack_id = await made(scene, source)
            rows = await scene.rows(stack_id)
            one, two = scene.world.things.values()
        group_id = rows["G"].physical_id
        assert one["Tags"] == [
            {"Key": "stage", "Value": "test"},
            {"Key": "metering.groupname", "Value": group_id},
            {"Key": "metering.AutoScalingGroupName", "Value": group_id},
        ]
        for each in (one, two):
            seen = (
                each["ImageId"],
                each["InstanceType"],
                each["KeyName"],
                each["SecurityGroups"],
                each["UserData"],
            )
            assert seen == ("one", "small", "mine", ["web"], "script")
            assert each["SubnetId"] == "subnet"
        addresses = rows["G"].attributes["resource.*.PublicIp"].values()
        assert sorted(addresses) == sorted((one["name"], two["name"]))
        assert rows["LC"].reference == rows["LC"].physical_name
        assert rows["G"].reference == group_id

    play(scenario, types=TYPES)


def test_an_instance_group_has_the_size_that_it_is_given() -> None:
    def source(size: int) -> str:
        given = {
            "AvailabilityZones": ["nova"],
            "LaunchConfigurationName": {"Ref": "LC"},
            "Size": size,
        }
        return template(G={"Type": "OS::Heat::InstanceGroup", "Properties": given})

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, source(2))
            before = set(scene.world.things)
            await updated(scene, stack_id, source(3))
            assert set(scene.world.things) > before
            await updated(scene, stack_id, source(1))
            assert len(scene.world.things) == 1
            assert not set(scene.world.things) & before, "the oldest go first"
            (tag,) = next(iter(scene.world.things.values()))["Tags"]
            assert tag["Key"] == "metering.groupname"
            await updated(scene, stack_id, source(0))
            assert scene.world.things == {}

    play(scenario, types=TYPES)


def test_without_a_policy_only_new_instances_get_the_new_definition() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            before = set(scene.world.things)
            await updated(scene, stack_id, template(LC=launch("two")))
            assert set(scene.world.things) == before
            await updated(scene, stack_id, template(LC=launch("two"), G=group(3)))
        assert images(scene) == ["one", "one", "two"]

    play(scenario, types=TYPES)


@pytest.mark.parametrize("kind", [AWS, "OS::Heat::InstanceGroup"])
def test_with_a_policy_instances_are_renewed_in_batches(kind: str) -> None:
    def source(image: str) -> str:
        if kind == AWS:
            made_of = group(3, {"AutoScalingRollingUpdate": ROLLING})
        else:
            made_of = group(3, {"RollingUpdate": ROLLING}, Size=3)
            for name in ("MinSize", "MaxSize", "DesiredCapacity"):
                del made_of["Properties"][name]
            made_of["Type"] = kind
        return template(LC=launch(image), G=made_of)

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, source("one"))
            begun = scene.clock.monotonic()
            await updated(scene, stack_id, source("two"))
            assert images(scene) == ["two"] * 3
            assert scene.clock.monotonic() - begun > 60, "there are pauses between three batches"

    play(scenario, types=TYPES)


def test_a_policy_lets_the_group_grow_by_what_it_was_launched_with() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template(P=POLICY))
            await scene.signal(stack_id, "P")
            await scene.clock.sleep(30)
            assert images(scene) == ["one"] * 3
            await scene.signal(stack_id, "P")
            await scene.clock.sleep(30)
            assert len(scene.world.things) == 3, "it cools down"
            rows = await scene.rows(stack_id)
        metadata = rows["G"].present_metadata
        assert list(metadata["cooldown_end"].values()) == ["ChangeInCapacity : 1"]

    play(scenario, types=TYPES)


@pytest.mark.parametrize("point", [Point.BEFORE_INTENT, Point.AFTER_CALL, Point.BEFORE_OUTCOME])
def test_whoever_dies_the_group_has_the_right_size_in_the_end(point: Point) -> None:
    async def scenario(scene: Scene) -> None:
        stack_id = await scene.create(template(P=POLICY))
        async with scene.worker(KillAt(point, "G")):
            await scene.clock.sleep(120)
        async with scene.worker():
            await scene.settle(stack_id)
            await scene.signal(stack_id, "P")
            await scene.clock.sleep(60)
            assert len(scene.world.things) == 3
        assert scene.world.made == 3

    play(scenario, types=TYPES)


def test_a_launch_configuration_that_the_stack_does_not_have() -> None:
    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await scene.create(template(G=group(LaunchConfigurationName="nowhere")))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "(nowhere) reference can not be found" in stack.status_reason

    play(scenario, types=TYPES)


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT0S", 0), ("PT5M", 300), ("PT1H", 3600), ("PT1M30S", 90)]
)
def test_times_between_batches(text: str, seconds: int) -> None:
    assert pause_of(text) == seconds


@pytest.mark.parametrize("text", ["", "PT", "5", "P1D", "PT2H", "PT1.5S"])
def test_what_is_no_time_between_batches_fails_the_update(text: str) -> None:
    policy = {"AutoScalingRollingUpdate": {"PauseTime": text}}

    async def scenario(scene: Scene) -> None:
        async with scene.worker():
            stack_id = await made(scene, template())
            await scene.update(stack_id, template(LC=launch("two"), G=group(2, policy)))
            stack = await scene.settle(stack_id)
        assert stack.status is Status.FAILED
        assert "PauseTime" in stack.status_reason

    play(scenario, types=TYPES)
