"""OS::Neutron::Pool, OS::Neutron::LBaaS::*: what old templates make of today's service."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource
from tests.contracts.types.test_load_balancers import placed

from isotherm.kit.services.load_balancer import (
    HEALTH_MONITOR,
    L7_RULE,
    LISTENER,
    LOAD_BALANCER,
    MEMBER,
    POOL,
)

pytestmark = pytest.mark.slow


async def test_second_generation(account: Account, name: str) -> None:
    def part(kind: str, **properties: Any) -> Any:
        return resource(f"OS::Neutron::LBaaS::{kind}", **properties)

    def template(**watch: Any) -> Document:
        return document(
            placed(
                balancer=part("LoadBalancer", vip_subnet=ref("subnet")),
                pool=part(
                    *("Pool",),
                    loadbalancer=ref("balancer"), protocol="HTTP", lb_algorithm="ROUND_ROBIN",
                ),
                listener=part(
                    "Listener", default_pool=ref("pool"), protocol="HTTP", protocol_port=80
                ),
                member=part(
                    *("PoolMember",),
                    pool=ref("pool"), address="10.77.0.9", protocol_port=80, subnet=ref("subnet"),
                ),
                watch=part(
                    "HealthMonitor", pool=ref("pool"), delay=5, timeout=3, max_retries=2, **watch
                ),
                policy=part("L7Policy", listener=ref("listener"), action="REJECT"),
                rule=part(
                    *("L7Rule",),
                    l7policy=ref("policy"), type="PATH", compare_type="EQUAL_TO", value="/x",
                ),
            ),
            pool=attr("member", "pool_id"),
        )  # fmt: skip

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(type="HTTP"))
    ids = stack.ids
    assert stack.outputs["pool"] == ids["pool"]
    listener = await cloud.show(LISTENER, ids["listener"])
    assert listener["loadbalancers"] == [{"id": ids["balancer"]}]
    watch = await cloud.show(HEALTH_MONITOR, ids["watch"])
    assert (watch["http_method"], watch["url_path"]) == ("GET", "/")
    assert (await cloud.show(L7_RULE, ids["rule"], parent=ids["policy"]))["value"] == "/x"
    await stacks.update(stack, template(type="HTTP", url_path="/up"))
    assert (await cloud.show(HEALTH_MONITOR, ids["watch"]))["url_path"] == "/up"
    await stacks.delete(stack)
    assert await account.gone(LOAD_BALANCER, ids["balancer"])


async def test_first_generation(account: Account, name: str) -> None:
    def template(delay: int, *servers: str, **pool: Any) -> Document:
        monitor: dict[str, Any] = {"type": "HTTP", "delay": delay, "timeout": 3, "max_retries": 2}
        given: dict[str, Any] = {
            "protocol": "HTTP",
            "lb_method": "ROUND_ROBIN",
            "vip": {"protocol_port": 80},
        }
        given |= {"subnet": ref("subnet"), "monitors": [ref("monitor")], **pool}
        member: dict[str, Any] = {
            "pool_id": ref("pool"),
            "address": "10.77.0.9",
            "protocol_port": 8080,
        }
        machine: dict[str, Any] = {
            "image": "cirros",
            "flavor": "m1.tiny",
            "networks": [{"network": "private"}],
        }
        return document(
            placed(
                server=resource("OS::Nova::Server", **machine),
                monitor=resource("OS::Neutron::HealthMonitor", **monitor),
                pool=resource("OS::Neutron::Pool", **given),
                member=resource("OS::Neutron::PoolMember", **member),
                servers=resource(
                    "OS::Neutron::LoadBalancer",
                    pool_id=ref("pool"), protocol_port=80, members=[ref(each) for each in servers],
                ),
            ),
            pool=ref("pool"),
            address=attr("pool", "vip", "address"),
            method=attr("pool", "lb_method"),
        )  # fmt: skip

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(5, "server", name=name))
    balancer, pool = stack.ids["pool"], stack.outputs["pool"]
    shown = await cloud.show(LOAD_BALANCER, balancer)
    assert (shown["name"], shown["vip_address"]) == (name, stack.outputs["address"])
    assert [each["id"] for each in shown["pools"]] == [pool]
    names = {each["name"] for each in await cloud.list(MEMBER, parent=pool)}
    assert stack.ids["server"] in names
    assert len(names) == 2
    watch = (await cloud.show(POOL, pool))["healthmonitor_id"]
    assert (await cloud.show(HEALTH_MONITOR, watch))["delay"] == 5
    # A monitor changes where it is used; the pool stays what it is.
    await stacks.update(stack, template(9, name=name, lb_method="SOURCE_IP"))
    assert (stack.ids["pool"], stack.outputs["pool"]) == (balancer, pool)
    changed = await cloud.show(POOL, pool)
    assert (changed["lb_algorithm"], changed["healthmonitor_id"]) == ("SOURCE_IP", watch)
    assert (await cloud.show(HEALTH_MONITOR, watch))["delay"] == 9
    assert len(await cloud.list(MEMBER, parent=pool)) == 1
    await stacks.update(stack, template(9, name=name, monitors=[]))
    assert (await cloud.show(POOL, pool)).get("healthmonitor_id") is None
    await stacks.delete(stack)
    assert await account.gone(LOAD_BALANCER, balancer)
