"""AWS::ElasticLoadBalancing::LoadBalancer: what the load balancer service then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account, Bed
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.load_balancer import (
    HEALTH_MONITOR,
    LISTENER,
    LOAD_BALANCER,
    MEMBER,
    POOL,
)
from isotherm.kit.services.network import PORT

pytestmark = pytest.mark.slow


async def test_elastic_load_balancer(account: Account, bed: Bed, name: str) -> None:
    check = {"HealthyThreshold": 3, "UnhealthyThreshold": 5, "Interval": 30, "Timeout": 5}

    def template(*instances: str, **more: Any) -> Document:
        machine: dict[str, Any] = {
            "image": "cirros",
            "flavor": "m1.tiny",
            "networks": [{"network": "private"}],
        }
        balancer = resource(
            "AWS::ElasticLoadBalancing::LoadBalancer",
            AvailabilityZones=["nova"],
            Instances=[ref(each) for each in instances],
            Listeners=[
                {"LoadBalancerPort": 80, "InstancePort": 8080, "Protocol": "HTTP"},
                {"LoadBalancerPort": 25, "InstancePort": 25, "Protocol": "TCP"},
            ],
            HealthCheck={**check, "Target": "HTTP:8081/up"},
            **more,
        )
        return document(
            {
                "one": resource("OS::Nova::Server", **machine),
                "two": resource("OS::Nova::Server", **machine),
                "group": resource("OS::Neutron::SecurityGroup"),
                "balancer": balancer,
            },
            address=attr("balancer", "DNSName"),
            name=ref("balancer"),
            zone=attr("balancer", "CanonicalHostedZoneNameID"),
        )

    async def members() -> dict[int, set[str]]:
        found = {}
        for listener in await cloud.list(LISTENER, loadbalancer_id=physical_id):
            there = await cloud.list(MEMBER, parent=listener["default_pool_id"])
            found[listener["protocol_port"]] = {each["name"] for each in there}
            assert {each["monitor_port"] for each in there} <= {8081}
        return found

    stacks, cloud = account.stacks, account.cloud
    # The port of the address may be out of reach elsewhere, or none at all.
    guarded: dict[str, Any] = {"SecurityGroups": [ref("group")]} if bed.local else {}
    stack = await stacks.create(name, template("one"))
    physical_id = stack.ids["balancer"]
    shown = await cloud.show(LOAD_BALANCER, physical_id)
    assert stack.outputs == {"address": shown["vip_address"], "name": "balancer", "zone": ""}
    assert await members() == {80: {stack.ids["one"]}, 25: {stack.ids["one"]}}
    for pool in await cloud.list(POOL, loadbalancer_id=physical_id):
        monitor = await cloud.show(HEALTH_MONITOR, pool["healthmonitor_id"])
        told = ("type", "url_path", "delay", "timeout", "max_retries", "max_retries_down")
        assert [monitor[each] for each in told] == ["HTTP", "/up", 30, 5, 3, 5]
    await stacks.update(stack, template("one", "two", **guarded))
    assert stack.ids["balancer"] == physical_id
    both = {stack.ids["one"], stack.ids["two"]}
    assert await members() == {80: both, 25: both}
    if bed.local:
        port = await cloud.show(PORT, shown["vip_port_id"])
        assert port["security_groups"] == [stack.ids["group"]]
    await stacks.update(stack, template("two"))
    assert await members() == {80: {stack.ids["two"]}, 25: {stack.ids["two"]}}
    await stacks.delete(stack)
    assert await account.gone(LOAD_BALANCER, physical_id)


async def test_its_address_is_in_the_subnet_that_is_named(account: Account, name: str) -> None:
    def template(*subnets: Any) -> Document:
        return document(
            {
                "net": resource("OS::Neutron::Net"),
                "one": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.9.1.0/24"),
                "two": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.9.2.0/24"),
                "balancer": resource(
                    "AWS::ElasticLoadBalancing::LoadBalancer",
                    Subnets=list(subnets),
                    Listeners=[{"LoadBalancerPort": 80, "InstancePort": 80, "Protocol": "TCP"}],
                ),
            }
        )

    stack = await account.stacks.create(name, template(ref("two")))
    shown = await account.cloud.show(LOAD_BALANCER, stack.ids["balancer"])
    assert shown["vip_subnet_id"] == stack.ids["two"]
    await account.stacks.delete(stack)
    with pytest.raises(AssertionError, match="other than one subnet is not supported yet"):
        await account.stacks.begin(name, template("one", "two"))
