"""Load balancers in the words of AWS follow the instances of a group."""

from __future__ import annotations

import json
from typing import Any

from isotherm.core.states import Action, Status
from isotherm.kit.services.load_balancer import LISTENER, MEMBER
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage


def template(size: int, flavor: str = "m1.tiny", **balancer: Any) -> str:
    group = {
        "AvailabilityZones": ["nova"],
        "LaunchConfigurationName": {"Ref": "launch"},
        "Size": size,
        "LoadBalancerNames": [{"Ref": "balancer"}],
    }
    listener = {"LoadBalancerPort": 80, "InstancePort": 8080, "Protocol": "HTTP"}
    check = {"HealthyThreshold": 3, "UnhealthyThreshold": 5, "Interval": 30, "Timeout": 5}
    return json.dumps(
        {
            "HeatTemplateFormatVersion": "2012-12-12",
            "Resources": {
                "launch": {
                    "Type": "AWS::AutoScaling::LaunchConfiguration",
                    "Properties": {"ImageId": "cirros", "InstanceType": flavor},
                },
                "one": {
                    "Type": "OS::Nova::Server",
                    "Properties": {
                        "image": "cirros",
                        "flavor": "m1.tiny",
                        "networks": [{"network": "private"}],
                    },
                },
                "balancer": {
                    "Type": "AWS::ElasticLoadBalancing::LoadBalancer",
                    "Properties": {
                        "AvailabilityZones": ["nova"],
                        "Instances": [{"Ref": "one"}],
                        "Listeners": [listener],
                        "HealthCheck": {**check, "Target": "HTTP:8081/up"},
                        **balancer,
                    },
                },
                "group": {
                    "Type": "OS::Heat::InstanceGroup",
                    "Properties": group,
                    "UpdatePolicy": {"RollingUpdate": {"MinInstancesInService": 1}},
                },
            },
        }
    )


async def serving(stage: Stage, world: LocalWorld, stack_id: str) -> set[str]:
    """Servers that the load balancer sends to, by the names of their resources."""
    api, rows = await world.connect({}), await stage.rows(stack_id)
    inside = await stage.rows(rows["group"].physical_id or "")
    names = {each.physical_id: name for name, each in {**rows, **inside}.items()}
    balancer = rows["balancer"].physical_id or ""
    (listener,) = await api.list(LISTENER, loadbalancer_id=balancer)
    members = await api.list(MEMBER, parent=listener["default_pool_id"])
    assert {each["protocol_port"] for each in members} <= {8080}
    assert {each["monitor_port"] for each in members} <= {8081}
    return {names.get(each["name"], "a server that is gone") for each in members}


async def done(stage: Stage, stack_id: str, action: Action) -> None:
    stack = await stage.settle(stack_id)
    assert (stack.action, stack.status) == (action, Status.COMPLETE), stack.status_reason


def test_members_come_and_go_with_the_instances() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        async with stage.worker():
            stack_id = await stage.create(template(2))
            await done(stage, stack_id, Action.CREATE)
            first = await serving(stage, world, stack_id)
            assert len(first) == 3
            await stage.update(stack_id, template(1))
            await done(stage, stack_id, Action.UPDATE)
            assert len(await serving(stage, world, stack_id)) == 2
            await stage.update(stack_id, template(3, "m1.small"))
            await done(stage, stack_id, Action.UPDATE)
            last = await serving(stage, world, stack_id)
            assert len(last) == 4
            assert "a server that is gone" not in last
            await stage.update(stack_id, template(3, "m1.small", Instances=[]))
            await done(stage, stack_id, Action.UPDATE)
            assert await serving(stage, world, stack_id) == last - {"one"}
            await stage.delete(stack_id)
            await stage.settle(stack_id)
        assert world.objects() == {}

    play_on_local_cloud(scenario)


def test_what_is_no_load_balancer_fails_the_group() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        source = json.loads(template(1))
        source["Resources"]["group"]["Properties"]["LoadBalancerNames"] = [{"Ref": "one"}]
        async with stage.worker():
            stack_id = await stage.create(json.dumps(source))
            stack = await stage.settle(stack_id)
            assert stack.status is Status.FAILED
            assert "in LoadBalancerNames" in stack.status_reason
            await stage.delete(stack_id)
            await stage.settle(stack_id)
        assert world.objects() == {}

    play_on_local_cloud(scenario)
