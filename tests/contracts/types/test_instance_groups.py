"""Groups of servers in the words of AWS: the servers that the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.compute import SERVER

pytestmark = pytest.mark.slow


def template(size: int, flavor: str = "m1.tiny") -> Document:
    launched = {"ImageId": "cirros", "InstanceType": flavor, "UserData": "#!/bin/sh"}
    group = resource(
        "AWS::AutoScaling::AutoScalingGroup",
        AvailabilityZones=["nova"],
        LaunchConfigurationName=ref("launch"),
        MinSize=size,
        MaxSize=3,
        Tags=[{"Key": "stage", "Value": "test"}],
        VPCZoneIdentifier=[ref("subnet")],
    )
    policy = {"AutoScalingRollingUpdate": {"MinInstancesInService": 1}}
    return document(
        {
            "net": resource("OS::Neutron::Net"),
            "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.61.0.0/24"),
            "launch": resource("AWS::AutoScaling::LaunchConfiguration", **launched),
            "group": {**group, "update_policy": policy},
        },
        addresses=attr("group", "InstanceList"),
    )


async def test_instances_of_a_group(account: Account, name: str) -> None:
    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(1))

    async def servers() -> list[Any]:
        listed = await cloud.list(SERVER)
        group = stack.ids["group"]
        return [e for e in listed if e["metadata"].get("metering.groupname") == group]

    (one,) = await servers()
    assert one["metadata"]["stage"] == "test"
    assert stack.outputs["addresses"].startswith("10.61.0.")
    await stacks.update(stack, template(2))
    assert len(await servers()) == 2
    assert len(stack.outputs["addresses"].split(",")) == 2
    await stacks.update(stack, template(2, "m1.small"))
    flavors = {each["flavor"]["id"] for each in await servers()}
    assert len(flavors) == 1
    assert flavors != {one["flavor"]["id"]}
    await stacks.delete(stack)
    assert await servers() == []
