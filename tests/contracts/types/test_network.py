"""OS::Neutron::Net, Subnet, Port, Router and its interface: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.network import NETWORK, PORT, ROUTER, SUBNET

pytestmark = pytest.mark.slow

NET = resource("OS::Neutron::Net")
CIDR = "10.77.0.0/24"


def subnet(**properties: Any) -> Any:
    return resource("OS::Neutron::Subnet", **{"network": ref("net"), "cidr": CIDR, **properties})


async def test_net(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        net = resource("OS::Neutron::Net", **properties)
        outputs = ("status", "name", "subnets", "tenant_id", "port_security_enabled", "mtu", "show")
        return document({"net": net}, **{each: attr("net", each) for each in outputs})

    stacks, cloud = account.stacks, account.cloud
    first = {"name": name, "admin_state_up": False, "port_security_enabled": False}
    stack = await stacks.create(name, template(**first, tags=["b", "a"]))
    physical_id = stack.ids["net"]
    net = await cloud.show(NETWORK, physical_id)
    assert {each: net[each] for each in first} == first
    assert sorted(net["tags"]) == ["a", "b"]
    assert stack.outputs["show"] == net
    assert {each: stack.outputs[each] for each in stack.outputs if each != "show"} == {
        each: net[each] for each in stack.outputs if each != "show"
    }
    second = {"name": f"{name}-2", "admin_state_up": True, "port_security_enabled": True}
    await stacks.update(stack, template(**second, tags=["c"]))
    net = await cloud.show(NETWORK, physical_id)
    assert stack.ids["net"] == physical_id
    assert {each: net[each] for each in second} == second
    assert net["tags"] == ["c"]
    assert stack.outputs["name"] == f"{name}-2"
    await stacks.update(stack, template())
    net = await cloud.show(NETWORK, physical_id)
    assert net["tags"] == []
    assert net["name"].startswith(f"{name}-net-")
    await stacks.update(stack, template(tenant_id=account.project_id))
    successor = stack.ids["net"]
    assert successor != physical_id
    assert await account.gone(NETWORK, physical_id)
    await stacks.delete(stack)
    assert await account.gone(NETWORK, successor)


async def test_subnet(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        outputs = ("name", "cidr", "gateway_ip", "allocation_pools", "ip_version", "enable_dhcp",
                   "dns_nameservers", "host_routes", "network_id", "tenant_id")  # fmt: skip
        given = {"net": NET, "subnet": subnet(**properties)}
        return document(given, **{each: attr("subnet", each) for each in outputs})

    stacks, cloud = account.stacks, account.cloud
    first = {
        "name": name,
        "gateway_ip": "10.77.0.254",
        "enable_dhcp": False,
        "dns_nameservers": ["192.0.2.1", "192.0.2.2"],
        "allocation_pools": [{"start": "10.77.0.10", "end": "10.77.0.20"}],
        "host_routes": [{"destination": "10.9.0.0/16", "nexthop": "10.77.0.9"}],
    }
    stack = await stacks.create(name, template(**first, tags=["a"]))
    physical_id = stack.ids["subnet"]
    shown = await cloud.show(SUBNET, physical_id)
    assert {each: shown[each] for each in first} == first
    assert shown["network_id"] == stack.ids["net"]
    assert (shown["cidr"], shown["ip_version"], shown["tags"]) == (CIDR, 4, ["a"])
    assert stack.outputs == {each: shown[each] for each in stack.outputs}
    second = {
        "name": f"{name}-2",
        "gateway_ip": "10.77.0.253",
        "enable_dhcp": True,
        "dns_nameservers": ["192.0.2.3"],
        "allocation_pools": [{"start": "10.77.0.10", "end": "10.77.0.30"}],
    }
    await stacks.update(stack, template(**second))
    shown = await cloud.show(SUBNET, physical_id)
    assert stack.ids["subnet"] == physical_id
    assert {each: shown[each] for each in second} == second
    assert (shown["host_routes"], shown["tags"]) == ([], [])
    await stacks.update(stack, template(cidr="10.78.0.0/24", gateway_ip=""))
    successor = stack.ids["subnet"]
    assert successor != physical_id
    assert await account.gone(SUBNET, physical_id)
    shown = await cloud.show(SUBNET, successor)
    assert (shown["cidr"], shown["gateway_ip"]) == ("10.78.0.0/24", None)
    assert stack.outputs["gateway_ip"] is None
    await stacks.delete(stack)
    assert await account.gone(SUBNET, successor)
    assert await account.gone(NETWORK, shown["network_id"])


async def test_subnet_of_ipv6(account: Account, name: str) -> None:
    modes = {"ip_version": 6, "ipv6_ra_mode": "slaac", "ipv6_address_mode": "slaac"}
    given = subnet(cidr="2001:db8::/64", **modes)
    stack = await account.stacks.create(name, document({"net": NET, "subnet": given}))
    shown = await account.cloud.show(SUBNET, stack.ids["subnet"])
    assert {each: shown[each] for each in modes} == modes
    assert shown["gateway_ip"] in ("2001:db8::1", "2001:db8::")
    await account.stacks.delete(stack)
    assert await account.gone(SUBNET, shown["id"])


async def test_port(account: Account, name: str) -> None:
    def template(address: str, **properties: Any) -> Document:
        port = resource(
            "OS::Neutron::Port",
            network=ref("net"),
            fixed_ips=[{"subnet": ref("subnet"), "ip_address": address}],
            **properties,
        )
        outputs = ("name", "fixed_ips", "mac_address", "network_id", "security_groups", "status",
                   "device_id", "device_owner", "admin_state_up", "allowed_address_pairs",
                   "port_security_enabled", "tenant_id")  # fmt: skip
        return document(
            {"net": NET, "subnet": subnet(), "port": port},
            its_network=attr("port", "network", "id"),
            its_range=attr("port", "subnets", 0, "cidr"),
            **{each: attr("port", each) for each in outputs},
        )

    stacks, cloud = account.stacks, account.cloud
    pairs = [{"ip_address": "10.77.0.100"}]
    stack = await stacks.create(
        name,
        template(
            "10.77.0.5",
            name=name,
            admin_state_up=False,
            security_groups=["default"],
            allowed_address_pairs=pairs,
            tags=["a"],
        ),
    )
    physical_id = stack.ids["port"]
    port = await cloud.show(PORT, physical_id)
    assert (port["name"], port["admin_state_up"], port["tags"]) == (name, False, ["a"])
    assert port["fixed_ips"] == [{"subnet_id": stack.ids["subnet"], "ip_address": "10.77.0.5"}]
    assert port["network_id"] == stack.ids["net"]
    assert [each["ip_address"] for each in port["allowed_address_pairs"]] == ["10.77.0.100"]
    assert port["security_groups"] == [await cloud.find("neutron.security_group", "default")]
    outputs = dict(stack.outputs)
    assert outputs.pop("its_network") == stack.ids["net"]
    assert outputs.pop("its_range") == CIDR
    assert outputs == {each: port[each] for each in outputs}
    await stacks.update(stack, template("10.77.0.6", admin_state_up=True, security_groups=[]))
    port = await cloud.show(PORT, physical_id)
    assert stack.ids["port"] == physical_id
    assert port["admin_state_up"]
    assert port["name"].startswith(f"{name}-port-")
    assert (port["security_groups"], port["allowed_address_pairs"], port["tags"]) == ([], [], [])
    assert [each["ip_address"] for each in port["fixed_ips"]] == ["10.77.0.6"]
    # The successor has the same address, which the old port must give up first.
    await stacks.update(stack, template("10.77.0.6", mac_address="fa:16:3e:12:34:56"))
    successor = stack.ids["port"]
    assert successor != physical_id
    assert await account.gone(PORT, physical_id)
    port = await cloud.show(PORT, successor)
    assert port["mac_address"] == "fa:16:3e:12:34:56"
    assert [each["ip_address"] for each in port["fixed_ips"]] == ["10.77.0.6"]
    await stacks.delete(stack)
    assert await account.gone(PORT, successor)


async def test_router(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        router = resource("OS::Neutron::Router", **properties)
        outputs = ("status", "name", "external_gateway_info", "admin_state_up", "tenant_id")
        return document({"router": router}, **{each: attr("router", each) for each in outputs})

    stacks, cloud = account.stacks, account.cloud
    gateway = {"network": "public"}
    first = template(name=name, external_gateway_info=gateway, tags=["a"], admin_state_up=False)
    stack = await stacks.create(name, first)
    physical_id = stack.ids["router"]
    router = await cloud.show(ROUTER, physical_id)
    assert (router["name"], router["admin_state_up"], router["tags"]) == (name, False, ["a"])
    public = await cloud.find("neutron.network", "public")
    assert router["external_gateway_info"]["network_id"] == public
    assert stack.outputs == {each: router[each] for each in stack.outputs}
    await stacks.update(stack, template(name=f"{name}-2"))
    router = await cloud.show(ROUTER, physical_id)
    assert stack.ids["router"] == physical_id
    assert (router["name"], router["admin_state_up"], router["tags"]) == (f"{name}-2", True, [])
    assert router["external_gateway_info"] is None
    assert stack.outputs["external_gateway_info"] is None
    await stacks.update(stack, template(name=name, tenant_id=account.project_id))
    successor = stack.ids["router"]
    assert successor != physical_id
    assert await account.gone(ROUTER, physical_id)
    await stacks.delete(stack)
    assert await account.gone(ROUTER, successor)


async def test_router_interface(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        port = resource(
            "OS::Neutron::Port",
            network=ref("net"),
            fixed_ips=[{"subnet": ref("other"), "ip_address": "10.78.0.7"}],
        )
        return document(
            {
                "net": NET,
                "subnet": subnet(),
                "other": subnet(cidr="10.78.0.0/24"),
                "port": port,
                "router": resource("OS::Neutron::Router"),
                "interface": resource(
                    "OS::Neutron::RouterInterface", router=ref("router"), **properties
                ),
            }
        )

    async def interfaces() -> dict[str, str]:
        """Addresses of the router by subnet."""
        found = await cloud.list(PORT, device_id=router)
        return {each["fixed_ips"][0]["subnet_id"]: each["id"] for each in found}

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(subnet=ref("subnet")))
    router, inner, other = (stack.ids[each] for each in ("router", "subnet", "other"))
    assert stack.ids["interface"] == f"{router}:subnet_id={inner}"
    assert set(await interfaces()) == {inner}
    await stacks.update(stack, template(port=ref("port")))
    assert stack.ids["interface"] == f"{router}:port_id={stack.ids['port']}"
    assert await interfaces() == {other: stack.ids["port"]}
    await stacks.delete(stack)
    assert await account.gone(ROUTER, router)
    assert await account.gone(PORT, stack.ids["port"])
