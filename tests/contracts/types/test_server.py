"""OS::Nova::Server: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.compute import INTERFACE, SERVER
from isotherm.kit.services.network import PORT

pytestmark = pytest.mark.slow

CIDR = "10.77.0.0/24"


def server(**properties: Any) -> Any:
    return resource("OS::Nova::Server", **{"image": "cirros", "flavor": "m1.tiny", **properties})


def network() -> dict[str, Any]:
    return {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr=CIDR),
    }


async def actions(account: Account, physical_id: str) -> list[str]:
    path = f"/servers/{physical_id}/os-instance-actions"
    found = await account.cloud.call("compute", "GET", path)
    return [each["action"] for each in found["instanceActions"]]


async def test_server(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        resources = {
            **network(),
            "key": resource("OS::Nova::KeyPair", name=name),
            "server": server(networks=[{"network": ref("net")}], **properties),
        }
        outputs = ("name", "addresses", "networks", "first_address", "tags", "accessIPv4")
        return document(
            resources,
            status=attr("server", "show", "status"),
            **{each: attr("server", each) for each in outputs},
        )

    stacks, cloud = account.stacks, account.cloud
    raw = {"user_data_format": "RAW", "user_data_update_policy": "REBUILD"}
    first = template(
        name=name,
        key_name=ref("key"),
        metadata={"role": "web", "n": 1},
        tags=["a", "b"],
        security_groups=["default"],
        user_data="#!/bin/sh\n",
        **raw,
    )
    stack = await stacks.create(name, first)
    physical_id = stack.ids["server"]
    shown = await cloud.show(SERVER, physical_id)
    assert (shown["status"], shown["name"], shown["key_name"]) == ("ACTIVE", name, name)
    assert shown["metadata"] == {"role": "web", "n": "1"}
    assert sorted(shown["tags"]) == ["a", "b"]
    assert shown["image"]["id"] == await cloud.find("glance.image", "cirros")
    assert shown["flavor"]["id"] == await cloud.find("nova.flavor", "m1.tiny")
    (net_name, addresses) = next(iter(shown["addresses"].items()))
    address = addresses[0]["addr"]
    assert {key: stack.outputs[key] for key in ("name", "networks", "first_address", "status")} == {
        "name": name,
        "networks": {net_name: [address], stack.ids["net"]: [address]},
        "first_address": address,
        "status": "ACTIVE",
    }
    assert sorted(stack.outputs["tags"]) == ["a", "b"]
    described = stack.outputs["addresses"][net_name][0]
    assert (described["addr"], described["subnets"][0]["cidr"]) == (address, CIDR)
    ports = await cloud.list(PORT, device_id=physical_id)
    assert [each["id"] for each in ports] == [described["port"]]

    second = template(
        name=f"{name}-2",
        key_name=ref("key"),
        metadata={"role": "db"},
        tags=["c"],
        flavor="m1.small",
        security_groups=["default"],
        user_data="#!/bin/bash\n",
        **raw,
    )
    await stacks.update(stack, second)
    shown = await cloud.show(SERVER, physical_id)
    assert stack.ids["server"] == physical_id
    assert (shown["status"], shown["name"], shown["tags"]) == ("ACTIVE", f"{name}-2", ["c"])
    assert shown["metadata"] == {"role": "db"}
    assert shown["flavor"]["id"] == await cloud.find("nova.flavor", "m1.small")
    assert {"rebuild", "resize", "confirmResize"} <= set(await actions(account, physical_id))
    assert stack.outputs["name"] == f"{name}-2"

    await stacks.update(stack, template(name=name))
    successor = stack.ids["server"]
    assert successor != physical_id
    assert await account.gone(SERVER, physical_id)
    assert (await cloud.show(SERVER, successor))["key_name"] is None
    await stacks.delete(stack)
    assert await account.gone(SERVER, successor)
    assert await cloud.list(PORT, network_id=stack.ids["net"]) == []


async def test_networks_of_a_server(account: Account, name: str) -> None:
    def template(*networks: Any) -> Document:
        port = resource("OS::Neutron::Port", network=ref("net"))
        given = {**network(), "port": port, "server": server(networks=list(networks))}
        return document(given, networks=attr("server", "networks"))

    async def cards() -> dict[str, list[str]]:
        """The server's ports with their addresses."""
        found = await cloud.list(INTERFACE, parent=physical_id)
        return {each["port_id"]: [ip["ip_address"] for ip in each["fixed_ips"]] for each in found}

    stacks, cloud = account.stacks, account.cloud
    existing = {"port": ref("port")}
    own = {"subnet": ref("subnet"), "fixed_ip": "10.77.0.55"}
    stack = await stacks.create(name, template(existing, own))
    physical_id, port = stack.ids["server"], stack.ids["port"]
    before = await cards()
    assert port in before
    assert ["10.77.0.55"] in before.values()
    assert len(before) == 2
    assert "10.77.0.55" in stack.outputs["networks"][stack.ids["net"]]

    await stacks.update(stack, template({"subnet": ref("subnet"), "fixed_ip": "10.77.0.66"}))
    assert stack.ids["server"] == physical_id
    assert list((await cards()).values()) == [["10.77.0.66"]]
    assert stack.outputs["networks"][stack.ids["net"]] == ["10.77.0.66"]
    assert (await cloud.show(PORT, port))["device_id"] == ""
    for each in before.keys() - {port}:
        assert await account.gone(PORT, each)

    await stacks.update(stack, template(existing))
    assert stack.ids["server"] == physical_id
    assert set(await cards()) == {port}
    await stacks.delete(stack)
    assert await account.gone(SERVER, physical_id)
    assert await cloud.list(PORT, network_id=stack.ids["net"]) == []


async def test_a_group_of_servers(account: Account, name: str) -> None:
    resources = {
        "group": resource("OS::Nova::ServerGroup", policies=["soft-anti-affinity"]),
        "server": server(
            networks=[{"network": "private"}], scheduler_hints={"group": ref("group")}
        ),
    }
    stack = await account.stacks.create(
        name, document(resources, members=attr("group", "show", "members"))
    )
    path = f"/os-server-groups/{stack.ids['group']}"
    shown = (await account.cloud.call("compute", "GET", path))["server_group"]
    assert shown["members"] == [stack.ids["server"]]
    await account.stacks.delete(stack)
    assert await account.gone(SERVER, stack.ids["server"])
