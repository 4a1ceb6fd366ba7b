"""Types that need each other: a server on a network of its own, reachable, with a volume."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit import Entity
from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import KEY_PAIR, SERVER
from isotherm.kit.services.network import FLOATING_IP, NETWORK, PORT, ROUTER, SECURITY_GROUP, SUBNET

pytestmark = pytest.mark.slow

ENTITIES: dict[str, Entity] = {
    "net": NETWORK,
    "subnet": SUBNET,
    "router": ROUTER,
    "group": SECURITY_GROUP,
    "port": PORT,
    "address": FLOATING_IP,
    "key": KEY_PAIR,
    "server": SERVER,
    "volume": VOLUME,
}

BEFORE = (
    ("association", "address"),
    ("association", "interface"),
    ("association", "port"),
    ("attachment", "server"),
    ("attachment", "volume"),
    ("server", "port"),
    ("server", "key"),
    ("port", "subnet"),
    ("port", "group"),
    ("address", "router"),
    ("interface", "router"),
    ("interface", "subnet"),
    ("subnet", "net"),
)
"""Pairs of resources of which the first must be gone before the second is deleted."""


def topology(name: str, *, size: int, ports: list[int], **server: Any) -> Document:
    rules = [{"protocol": "tcp", "port_range_min": p, "port_range_max": p} for p in ports]
    resources = {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.77.0.0/24"),
        "router": resource("OS::Neutron::Router", external_gateway_info={"network": "public"}),
        "interface": resource(
            "OS::Neutron::RouterInterface", router=ref("router"), subnet=ref("subnet")
        ),
        "group": resource("OS::Neutron::SecurityGroup", rules=rules),
        "port": resource(
            "OS::Neutron::Port",
            network=ref("net"),
            fixed_ips=[{"subnet": ref("subnet")}],
            security_groups=[ref("group")],
        ),
        "address": resource("OS::Neutron::FloatingIP", floating_network="public"),
        "association": resource(
            "OS::Neutron::FloatingIPAssociation", floatingip_id=ref("address"), port_id=ref("port")
        ),
        "key": resource("OS::Nova::KeyPair", name=name),
        "server": resource(
            "OS::Nova::Server", image="cirros", networks=[{"port": ref("port")}], **server
        ),
        "volume": resource("OS::Cinder::Volume", size=size),
        "attachment": resource(
            "OS::Cinder::VolumeAttachment",
            instance_uuid=ref("server"),
            volume_id=ref("volume"),
            mountpoint="/dev/vdb",
        ),
    }
    return document(
        resources,
        inner=attr("port", "fixed_ips", 0, "ip_address"),
        outer=attr("address", "floating_ip_address"),
        first=attr("server", "first_address"),
        rules=attr("group", "show", "security_group_rules"),
    )


async def test_a_server_with_all_around_it(account: Account, name: str) -> None:
    async def check() -> None:
        """That all is connected as the template says."""
        server = await cloud.show(SERVER, stack.ids["server"])
        addresses = {each["addr"] for each in next(iter(server["addresses"].values()))}
        assert server["status"] == "ACTIVE"
        assert addresses == {stack.outputs["inner"], stack.outputs["outer"]}
        assert (await cloud.show(PORT, stack.ids["port"]))["device_id"] == server["id"]
        floating = await cloud.show(FLOATING_IP, stack.ids["address"])
        assert (floating["port_id"], floating["router_id"]) == (
            stack.ids["port"],
            stack.ids["router"],
        )
        volume = await cloud.show(VOLUME, stack.ids["volume"])
        assert volume["status"] == "in-use"
        # Hypervisors may name devices in their own way, and only keep the letter.
        attached = [(each["server_id"], each["device"][-1]) for each in volume["attachments"]]
        assert attached == [(server["id"], "b")]

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, topology(name, size=1, ports=[22], flavor="m1.tiny"))
    first = dict(stack.ids)
    await check()

    await stacks.update(
        stack, topology(name, size=2, ports=[22, 80], flavor="m1.small", metadata={"n": "1"})
    )
    assert stack.ids == first
    await check()
    assert (await cloud.show(VOLUME, stack.ids["volume"]))["size"] == 2
    server = await cloud.show(SERVER, stack.ids["server"])
    assert server["flavor"]["id"] == await cloud.find("nova.flavor", "m1.small")
    assert server["metadata"] == {"n": "1"}
    opened = {each["port_range_min"] for each in stack.outputs["rules"]}
    assert opened == {22, 80, None}

    # Another key needs another server, which takes over the port and the volume.
    await stacks.update(
        stack, topology(name, size=2, ports=[22, 80], flavor="m1.small", key_name=ref("key"))
    )
    assert {each for each in first if stack.ids[each] != first[each]} == {"server"}
    assert await account.gone(SERVER, first["server"])
    await check()

    await stacks.delete(stack)
    for each, entity in ENTITIES.items():
        assert await account.gone(entity, stack.ids[each]), each
    gone = await stacks.deleted_in_order(stack)
    last = {each: len(gone) - 1 - gone[::-1].index(each) for each in stack.ids}
    for one, other in BEFORE:
        assert last[one] < last[other], f"{one} before {other}"
