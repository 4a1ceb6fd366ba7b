"""What is taken out of a template means its default, and what satisfies a wish is kept."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, document, ref, resource

from isotherm.kit.services.compute import INTERFACE
from isotherm.kit.services.network import NETWORK, PORT, SUBNET

pytestmark = pytest.mark.slow

CIDR = "10.77.0.0/24"
FIELDS = {
    NETWORK: ("port_security_enabled", "admin_state_up", "tags"),
    SUBNET: ("gateway_ip", "allocation_pools", "enable_dhcp", "dns_nameservers", "host_routes"),
    PORT: ("port_security_enabled", "security_groups", "admin_state_up", "allowed_address_pairs"),
}


async def test_an_update_without_a_property_gives_what_a_create_without_it_gives(
    account: Account, name: str
) -> None:
    def template(net: dict[str, Any], subnet: dict[str, Any], *ports: dict[str, Any]) -> Document:
        made = {
            f"port{n}": resource("OS::Neutron::Port", network=ref("net"), **each)
            for n, each in enumerate(ports)
        }
        lan = {
            "group": resource("OS::Neutron::SecurityGroup"),
            "net": resource("OS::Neutron::Net", **net),
            "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr=CIDR, **subnet),
        }
        return document({**lan, **made})

    said = template(
        {"admin_state_up": False, "tags": ["t"]},
        {
            "gateway_ip": "10.77.0.200",
            "allocation_pools": [{"start": "10.77.0.10", "end": "10.77.0.20"}],
            "enable_dhcp": False,
            "dns_nameservers": ["9.9.9.9"],
            "host_routes": [{"destination": "10.99.0.0/24", "nexthop": "10.77.0.9"}],
        },
        {"security_groups": [ref("group")], "admin_state_up": False},
        {"port_security_enabled": False, "no_fixed_ips": True},
    )
    stacks, cloud = account.stacks, account.cloud
    plain = await stacks.create(f"{name}-plain", template({}, {}, {}, {}))
    stack = await stacks.create(name, said)
    await stacks.update(stack, template({}, {}, {}, {}))
    for entity, each in ((NETWORK, "net"), (SUBNET, "subnet"), (PORT, "port0"), (PORT, "port1")):
        ours = await cloud.show(entity, stack.ids[each])
        theirs = await cloud.show(entity, plain.ids[each])
        for field in FIELDS[entity]:
            assert ours[field] == theirs[field], f"{each}.{field}"
    assert len((await cloud.show(PORT, stack.ids["port1"]))["fixed_ips"]) == 1
    await stacks.delete(stack)
    await stacks.delete(plain)


async def test_a_server_keeps_the_cards_that_its_new_networks_want(
    account: Account, name: str
) -> None:
    def template(*networks: dict[str, Any]) -> Document:
        wanted: dict[str, Any] = {"networks": list(networks)} if networks else {}
        return document(
            {
                "net": resource("OS::Neutron::Net"),
                "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr=CIDR),
                "server": resource("OS::Nova::Server", image="cirros", flavor="m1.tiny", **wanted),
            }
        )

    async def cards() -> dict[str, str]:
        found = await account.cloud.list(INTERFACE, parent=stack.ids["server"])
        return {each["port_id"]: each["fixed_ips"][0]["ip_address"] for each in found}

    stacks = account.stacks
    stack = await stacks.create(name, template({"network": ref("net")}))
    ((port, address),) = first = (await cards()).items()
    for entry in (
        {"network": ref("net"), "subnet": ref("subnet")},
        {"network": ref("net"), "fixed_ip": address},
        {"subnet": ref("subnet")},
        {"port": port},
    ):
        await stacks.update(stack, template(entry))
        assert await cards() == dict(first), entry
    await stacks.update(stack, template({"network": ref("net")}, {"subnet": ref("subnet")}))
    both = await cards()
    assert len(both) == 2
    assert both[port] == address
    await stacks.update(stack, template({"network": ref("net"), "fixed_ip": address}))
    assert await cards() == {port: address}
    await stacks.delete(stack)
