"""OS::Octavia::*: what the load balancer service then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account, Bed
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.load_balancer import (
    AVAILABILITY_ZONE,
    FLAVOR,
    HEALTH_MONITOR,
    L7_POLICY,
    L7_RULE,
    LISTENER,
    LOAD_BALANCER,
    MEMBER,
    POOL,
    QUOTA,
)
from isotherm.kit.services.network import PORT

pytestmark = pytest.mark.slow


def placed(**more: Any) -> dict[str, Any]:
    return {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.77.0.0/24"),
        **more,
    }


def balancer(**more: Any) -> Any:
    return resource("OS::Octavia::LoadBalancer", vip_subnet=ref("subnet"), **more)


async def test_load_balancer(account: Account, bed: Bed, name: str) -> None:
    def template(**properties: Any) -> Document:
        told = ("vip_address", "vip_port_id", "vip_subnet_id", "pools", "flavor_id")
        return document(
            placed(balancer=balancer(**properties)),
            **{each: attr("balancer", each) for each in told},
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(
        name, template(name=name, vip_address="10.77.0.50", description="d")
    )
    physical_id = stack.ids["balancer"]
    shown = await cloud.show(LOAD_BALANCER, physical_id)
    assert (shown["name"], shown["description"]) == (name, "d")
    assert stack.outputs == {
        "vip_address": "10.77.0.50",
        "vip_port_id": shown["vip_port_id"],
        "vip_subnet_id": stack.ids["subnet"],
        "pools": [],
        "flavor_id": None,
    }
    if bed.local:  # elsewhere it may be the service's, or none at all
        port = await cloud.show(PORT, shown["vip_port_id"])
        assert port["fixed_ips"][0]["ip_address"] == "10.77.0.50"
    await stacks.update(stack, template(vip_address="10.77.0.50", admin_state_up=False))
    shown = await cloud.show(LOAD_BALANCER, physical_id)
    assert (shown["description"], shown["admin_state_up"]) == ("", False)
    assert shown["name"].startswith(f"{name}-balancer-")
    await stacks.update(stack, template(vip_address="10.77.0.51"))
    assert await account.gone(LOAD_BALANCER, physical_id)
    await stacks.delete(stack)
    assert await account.gone(LOAD_BALANCER, stack.ids["balancer"])
    assert await account.gone(PORT, shown["vip_port_id"])


def balanced(**more: Any) -> dict[str, Any]:
    """A load balancer with all its parts; ``more`` are properties by resource."""

    def part(kind: str, key: str, **properties: Any) -> Any:
        return resource(f"OS::Octavia::{kind}", **{**properties, **more.get(key, {})})

    return placed(
        balancer=balancer(),
        listener=part(
            "Listener", "listener", loadbalancer=ref("balancer"), protocol="HTTP", protocol_port=80
        ),
        pool=part(
            "Pool", "pool", listener=ref("listener"), protocol="HTTP", lb_algorithm="ROUND_ROBIN"
        ),
        other=part(
            *("Pool", "other"),
            loadbalancer=ref("balancer"), protocol="HTTP", lb_algorithm="SOURCE_IP",
        ),
        member=part(
            "PoolMember", "member", pool=ref("pool"), address="10.77.0.9", protocol_port=80
        ),
        monitor=part(
            *("HealthMonitor", "monitor"),
            pool=ref("pool"), type="HTTP", delay=5, timeout=3, max_retries=2,
        ),
        policy=part(
            *("L7Policy", "policy"),
            listener=ref("listener"), action="REDIRECT_TO_POOL", redirect_pool=ref("other"),
        ),
        rule=part(
            *("L7Rule", "rule"),
            l7policy=ref("policy"), type="PATH", compare_type="STARTS_WITH", value="/api",
        ),
    )  # fmt: skip


async def test_all_parts(account: Account, name: str) -> None:
    stacks, cloud = account.stacks, account.cloud
    told = {
        "listeners": attr("pool", "listeners"),
        "members": attr("pool", "members"),
        "watched": attr("monitor", "pools"),
        "rules": attr("policy", "rules"),
        "of": attr("listener", "loadbalancers"),
    }
    stack = await stacks.create(name, document(balanced(), **told))
    ids = stack.ids
    listener = await cloud.show(LISTENER, ids["listener"])
    assert (listener["default_pool_id"], listener["protocol_port"]) == (ids["pool"], 80)
    pool = await cloud.show(POOL, ids["pool"])
    assert pool["healthmonitor_id"] == ids["monitor"]
    assert pool["members"] == [{"id": ids["member"]}]
    policy = await cloud.show(L7_POLICY, ids["policy"])
    assert (policy["redirect_pool_id"], policy["rules"]) == (ids["other"], [{"id": ids["rule"]}])
    member = await cloud.show(MEMBER, ids["member"], parent=ids["pool"])
    assert (member["address"], member["weight"]) == ("10.77.0.9", 1)
    assert stack.outputs["of"] == [{"id": ids["balancer"]}]
    assert stack.outputs["watched"] == [{"id": ids["pool"]}]
    changed = balanced(
        listener={"connection_limit": 7, "description": "d"},
        pool={"lb_algorithm": "LEAST_CONNECTIONS", "session_persistence": {"type": "SOURCE_IP"}},
        member={"weight": 9, "tags": ["a"]},
        monitor={"delay": 8, "url_path": "/up", "http_method": "HEAD"},
        policy={"action": "REJECT", "redirect_pool": None},
        rule={"value": "/v2", "invert": True},
    )
    await stacks.update(stack, document(changed, **told))
    assert stack.ids == ids
    assert (await cloud.show(LISTENER, ids["listener"]))["connection_limit"] == 7
    pool = await cloud.show(POOL, ids["pool"])
    assert (pool["lb_algorithm"], pool["session_persistence"]["type"]) == (
        "LEAST_CONNECTIONS",
        "SOURCE_IP",
    )
    member = await cloud.show(MEMBER, ids["member"], parent=ids["pool"])
    assert (member["weight"], member["tags"]) == (9, ["a"])
    monitor = await cloud.show(HEALTH_MONITOR, ids["monitor"])
    assert (monitor["delay"], monitor["url_path"], monitor["http_method"]) == (8, "/up", "HEAD")
    assert (await cloud.show(L7_POLICY, ids["policy"]))["action"] == "REJECT"
    rule = await cloud.show(L7_RULE, ids["rule"], parent=ids["policy"])
    assert (rule["value"], rule["invert"]) == ("/v2", True)
    # A pool is watched in one way: another takes the place of the one before.
    other = {"monitor": {"type": "TCP"}, "member": {"monitor_port": 81}}
    await stacks.update(stack, document(balanced(**other), **told))
    assert stack.ids["monitor"] != ids["monitor"]
    assert stack.ids["member"] != ids["member"]
    assert (await cloud.show(POOL, ids["pool"]))["healthmonitor_id"] == stack.ids["monitor"]
    await stacks.update(stack, document(changed, **told))
    ids = stack.ids
    # What is taken out is as it was before it was given.
    await stacks.update(stack, document(balanced(), **told))
    assert (await cloud.show(LISTENER, ids["listener"]))["connection_limit"] == -1
    assert (await cloud.show(POOL, ids["pool"]))["session_persistence"] is None
    assert (await cloud.show(HEALTH_MONITOR, ids["monitor"]))["url_path"] == "/"
    assert (await cloud.show(MEMBER, ids["member"], parent=ids["pool"]))["tags"] == []
    await stacks.delete(stack)
    assert await account.gone(LOAD_BALANCER, ids["balancer"])


async def test_tls_ends_at_a_listener(account: Account, name: str) -> None:
    def template(certificate: str) -> Document:
        secrets = {
            each: resource("OS::Barbican::Secret", payload=each, payload_content_type="text/plain")
            for each in ("one", "two")
        }
        return document(
            placed(
                **secrets,
                box=resource(
                    "OS::Barbican::CertificateContainer", certificate_ref=ref(certificate)
                ),
                balancer=balancer(),
                listener=resource(
                    "OS::Octavia::Listener",
                    loadbalancer=ref("balancer"),
                    protocol="TERMINATED_HTTPS",
                    protocol_port=443,
                    default_tls_container_ref=ref("box"),
                ),
            )
        )

    stack = await account.stacks.create(name, template("one"))
    first = stack.ids["listener"]
    assert (await account.cloud.show(LISTENER, first))["default_tls_container_ref"] == stack.ids[
        "box"
    ]
    await account.stacks.update(stack, template("two"))
    assert stack.ids["listener"] == first
    assert (await account.cloud.show(LISTENER, first))["default_tls_container_ref"] == stack.ids[
        "box"
    ]
    await account.stacks.delete(stack)


async def test_flavors_and_zones(admin: Account, name: str) -> None:
    provider = {"provider_name": "octavia"}

    def template(**more: Any) -> Document:
        return document(
            placed(
                sizes=resource("OS::Octavia::FlavorProfile", flavor_data="{}", **provider),
                flavor=resource("OS::Octavia::Flavor", flavor_profile=ref("sizes"), **more),
                places=resource(
                    "OS::Octavia::AvailabilityZoneProfile", availability_zone_data="{}", **provider
                ),
                zone=resource(
                    "OS::Octavia::AvailabilityZone", availability_zone_profile=ref("places"), **more
                ),
                balancer=balancer(flavor=ref("flavor"), availability_zone=ref("zone")),
            ),
            profile=attr("flavor", "flavor_profile_id"),
            flavor=attr("balancer", "flavor_id"),
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(description="d"))
    assert stack.outputs == {"profile": stack.ids["sizes"], "flavor": stack.ids["flavor"]}
    shown = await cloud.show(LOAD_BALANCER, stack.ids["balancer"])
    assert shown["availability_zone"] == stack.ids["zone"]
    await stacks.update(stack, template(enabled=False))
    for entity, key in ((FLAVOR, "flavor"), (AVAILABILITY_ZONE, "zone")):
        offered = await cloud.show(entity, stack.ids[key])
        assert (offered["description"], offered["enabled"]) == ("", False)
    await stacks.delete(stack)
    assert await admin.gone(FLAVOR, stack.ids["flavor"])


async def test_quota(admin: Account, name: str) -> None:
    def template(**limits: Any) -> Document:
        project = resource("OS::Keystone::Project")
        return document(
            {
                "project": project,
                "quota": resource("OS::Octavia::Quota", project=ref("project"), **limits),
            }
        )

    stack = await admin.stacks.create(name, template(loadbalancer=3, member=9))
    shown = await admin.cloud.show(QUOTA, stack.ids["project"])
    assert (shown["loadbalancer"], shown["member"]) == (3, 9)
    await admin.stacks.update(stack, template(pool=4))
    shown = await admin.cloud.show(QUOTA, stack.ids["project"])
    assert (shown["loadbalancer"], shown["pool"]) == (-1, 4)
    await admin.stacks.delete(stack)
