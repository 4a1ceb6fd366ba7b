"""OS::Neutron::SecurityGroup and its rules, FloatingIP and its association."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import FLOATING_IP, SECURITY_GROUP, SECURITY_GROUP_RULE

pytestmark = pytest.mark.slow


async def test_security_group(account: Account, name: str) -> None:
    def template(rules: list[Any], **properties: Any) -> Document:
        group = resource("OS::Neutron::SecurityGroup", rules=rules, **properties)
        return document({"group": group}, rules=attr("group", "show", "security_group_rules"))

    async def rules(direction: str) -> set[tuple[Any, ...]]:
        group = await cloud.show(SECURITY_GROUP, physical_id)
        keys = ("ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix",
                "remote_group_id")  # fmt: skip
        return {
            tuple(each[key] for key in keys)
            for each in group["security_group_rules"]
            if each["direction"] == direction
        }

    stacks, cloud = account.stacks, account.cloud
    web = {
        "protocol": "tcp",
        "port_range_min": 80,
        "port_range_max": 81,
        "remote_ip_prefix": "10.0.0.0/8",
    }
    own = {"remote_mode": "remote_group_id", "ethertype": "IPv6"}
    stack = await stacks.create(name, template([web, own], name=name, description="what it is"))
    physical_id = stack.ids["group"]
    group = await cloud.show(SECURITY_GROUP, physical_id)
    assert (group["name"], group["description"]) == (name, "what it is")
    assert await rules("ingress") == {
        ("IPv4", "tcp", 80, 81, "10.0.0.0/8", None),
        ("IPv6", None, None, None, None, physical_id),
    }
    anywhere = {("IPv4", *[None] * 5), ("IPv6", *[None] * 5)}
    assert await rules("egress") == anywhere
    assert len(stack.outputs["rules"]) == 4
    out = {"direction": "egress", "protocol": "udp", "port_range_min": 53, "port_range_max": 53}
    await stacks.update(stack, template([{"protocol": "icmp"}, out], name=f"{name}-2"))
    group = await cloud.show(SECURITY_GROUP, physical_id)
    assert stack.ids["group"] == physical_id
    assert (group["name"], group["description"]) == (f"{name}-2", "")
    assert await rules("ingress") == {("IPv4", "icmp", None, None, None, None)}
    assert await rules("egress") == {("IPv4", "udp", 53, 53, None, None)}
    await stacks.update(stack, template([]))
    assert (await cloud.show(SECURITY_GROUP, physical_id))["name"].startswith(f"{name}-group-")
    assert await rules("ingress") == set()
    assert await rules("egress") == anywhere
    await stacks.delete(stack)
    assert await account.gone(SECURITY_GROUP, physical_id)


async def test_security_group_rule(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        return document(
            {
                "group": resource("OS::Neutron::SecurityGroup"),
                "rule": resource(
                    "OS::Neutron::SecurityGroupRule", security_group=ref("group"), **properties
                ),
            }
        )

    stacks, cloud = account.stacks, account.cloud
    first = {
        "direction": "ingress",
        "ethertype": "IPv4",
        "protocol": "tcp",
        "port_range_min": 22,
        "port_range_max": 22,
        "remote_ip_prefix": "192.0.2.0/24",
        "description": "from the office",
    }
    stack = await stacks.create(name, template(**first))
    physical_id = stack.ids["rule"]
    rule = await cloud.show(SECURITY_GROUP_RULE, physical_id)
    assert {each: rule[each] for each in first} == first
    assert rule["security_group_id"] == stack.ids["group"]
    await stacks.update(stack, template(protocol="icmp", remote_group=ref("group")))
    successor = stack.ids["rule"]
    assert successor != physical_id
    assert await account.gone(SECURITY_GROUP_RULE, physical_id)
    rule = await cloud.show(SECURITY_GROUP_RULE, successor)
    assert (rule["protocol"], rule["remote_group_id"]) == ("icmp", stack.ids["group"])
    await stacks.delete(stack)
    assert await account.gone(SECURITY_GROUP_RULE, successor)
    assert await account.gone(SECURITY_GROUP, stack.ids["group"])


def inner_network() -> dict[str, Any]:
    """A network with a way out, and two ports on it."""
    port = resource("OS::Neutron::Port", network=ref("net"), fixed_ips=[{"subnet": ref("subnet")}])
    return {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.77.0.0/24"),
        "router": resource("OS::Neutron::Router", external_gateway_info={"network": "public"}),
        "interface": resource(
            "OS::Neutron::RouterInterface", router=ref("router"), subnet=ref("subnet")
        ),
        "port": port,
        "other": port,
    }


async def test_floating_ip(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        address = resource("OS::Neutron::FloatingIP", floating_network="public", **properties)
        outputs = ("router_id", "tenant_id", "floating_network_id", "fixed_ip_address",
                   "floating_ip_address", "port_id")  # fmt: skip
        given = {**inner_network(), "address": address}
        return document(given, **{each: attr("address", each) for each in outputs})

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(port_id=ref("port")))
    physical_id = stack.ids["address"]
    shown = await cloud.show(FLOATING_IP, physical_id)
    assert shown["port_id"] == stack.ids["port"]
    assert shown["router_id"] == stack.ids["router"]
    assert shown["floating_network_id"] == await cloud.find("neutron.network", "public")
    assert stack.outputs == {each: shown[each] for each in stack.outputs}
    await stacks.update(stack, template(port_id=ref("other")))
    assert stack.ids["address"] == physical_id
    moved = await cloud.show(FLOATING_IP, physical_id)
    assert moved["port_id"] == stack.ids["other"]
    assert moved["floating_ip_address"] == shown["floating_ip_address"]
    assert stack.outputs["port_id"] == stack.ids["other"]
    await stacks.update(stack, template())
    assert (await cloud.show(FLOATING_IP, physical_id))["port_id"] is None
    assert stack.outputs["fixed_ip_address"] is None
    await stacks.update(stack, template(floating_subnet="public-subnet", port_id=ref("port")))
    successor = stack.ids["address"]
    assert successor != physical_id
    assert await account.gone(FLOATING_IP, physical_id)
    assert (await cloud.show(FLOATING_IP, successor))["port_id"] == stack.ids["port"]
    await stacks.delete(stack)
    assert await account.gone(FLOATING_IP, successor)


async def test_floating_ip_association(account: Account, name: str) -> None:
    def template(address: str, port: str) -> Document:
        floating = resource("OS::Neutron::FloatingIP", floating_network="public")
        return document(
            {
                **inner_network(),
                "address": floating,
                "spare": floating,
                "association": resource(
                    "OS::Neutron::FloatingIPAssociation",
                    floatingip_id=ref(address),
                    port_id=ref(port),
                ),
            }
        )

    async def leads_to(address: str) -> Any:
        return (await cloud.show(FLOATING_IP, stack.ids[address]))["port_id"]

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("address", "port"))
    assert stack.ids["association"] == stack.ids["address"]
    assert await leads_to("address") == stack.ids["port"]
    await stacks.update(stack, template("address", "other"))
    assert stack.ids["association"] == stack.ids["address"]
    assert await leads_to("address") == stack.ids["other"]
    await stacks.update(stack, template("spare", "other"))
    assert stack.ids["association"] == stack.ids["spare"]
    assert await leads_to("spare") == stack.ids["other"]
    assert await leads_to("address") is None
    without = template("spare", "other")
    del without["resources"]["association"]
    await stacks.update(stack, without)
    assert await leads_to("spare") is None
    await stacks.delete(stack)
    assert await account.gone(FLOATING_IP, stack.ids["address"])
    assert await account.gone(FLOATING_IP, stack.ids["spare"])
