"""Types that speak the words of AWS: what the cloud then has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.block_storage import VOLUME
from isotherm.kit.services.compute import SERVER
from isotherm.kit.services.network import (
    FLOATING_IP,
    NETWORK,
    PORT,
    ROUTER,
    SECURITY_GROUP,
    SUBNET,
)

pytestmark = pytest.mark.slow

INSTANCE = {"ImageId": "cirros", "InstanceType": "m1.tiny"}


def vpc(**more: Any) -> dict[str, Any]:
    """A network with a subnet, a route table of its own, and a way out."""
    moved: dict[str, Any] = {"RouteTableId": ref("table"), "SubnetId": ref("subnet")}
    way: dict[str, Any] = {"VpcId": ref("vpc"), "InternetGatewayId": ref("gateway")}
    return {
        "vpc": resource(
            "AWS::EC2::VPC",
            CidrBlock="10.60.0.0/16",
            EnableDnsSupport=True,
            EnableDnsHostnames="true",
        ),
        "subnet": resource("AWS::EC2::Subnet", VpcId=ref("vpc"), CidrBlock="10.60.1.0/24"),
        "table": resource("AWS::EC2::RouteTable", VpcId=ref("vpc")),
        "gateway": resource("AWS::EC2::InternetGateway"),
        "way": resource("AWS::EC2::VPCGatewayAttachment", **way),
        "moved": resource("AWS::EC2::SubnetRouteTableAssociation", **moved),
        **more,
    }


async def routers_with(account: Account, subnet: str) -> list[str]:
    """Ids of the routers that a subnet is connected to."""
    ports = await account.cloud.list(PORT, device_owner="network:router_interface")
    return [
        str(each["device_id"])
        for each in ports
        if any(fixed["subnet_id"] == subnet for fixed in each["fixed_ips"])
    ]


@pytest.mark.parametrize("promise", ["EnableDnsSupport", "EnableDnsHostnames"])
async def test_what_no_network_can_keep_is_refused(
    account: Account, name: str, promise: str
) -> None:
    said: dict[str, Any] = {promise: False}
    wrong = document({"vpc": resource("AWS::EC2::VPC", **said)})
    with pytest.raises(AssertionError, match="false is not supported yet"):
        await account.stacks.begin(name, wrong)


async def test_vpc(account: Account, name: str) -> None:
    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, document(vpc()))
    ids = stack.ids
    network = await cloud.show(NETWORK, ids["vpc"])
    (own,) = await cloud.list(ROUTER, name=network["name"])
    subnet = await cloud.show(SUBNET, ids["subnet"])
    assert (subnet["network_id"], subnet["cidr"]) == (ids["vpc"], "10.60.1.0/24")
    assert await routers_with(account, ids["subnet"]) == [ids["table"]]
    (public,) = await cloud.list(NETWORK, **{"router:external": "True"})
    table = await cloud.show(ROUTER, ids["table"])
    assert table["external_gateway_info"]["network_id"] == public["id"]
    assert own["external_gateway_info"] is None
    without = vpc()
    del without["moved"]
    del without["way"]
    await stacks.update(stack, document(without))
    assert await routers_with(account, ids["subnet"]) == [own["id"]]
    assert (await cloud.show(ROUTER, ids["table"]))["external_gateway_info"] is None
    await stacks.delete(stack)
    assert await account.gone(NETWORK, ids["vpc"])
    assert await account.gone(ROUTER, str(own["id"]))
    assert await account.gone(ROUTER, ids["table"])


async def test_instance(account: Account, name: str) -> None:
    def template(flavor: str, tag: str, **more: Any) -> Document:
        given = {"ImageId": "cirros", "InstanceType": flavor, "SubnetId": ref("subnet"), **more}
        tags = [{"Key": "name", "Value": tag}]
        volumes = [{"Device": "/dev/vdc", "VolumeId": ref("volume")}]
        host = resource("AWS::EC2::Instance", **given, Tags=tags, Volumes=volumes)
        volume = resource("AWS::EC2::Volume", Size=1, AvailabilityZone="nova", Tags=tags)
        zone, address = attr("host", "AvailabilityZone"), attr("host", "PrivateIp")
        return document(vpc(host=host, volume=volume), zone=zone, address=address)

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("m1.tiny", "one"))
    server, volume = stack.ids["host"], stack.ids["volume"]
    shown = await cloud.show(SERVER, server)
    assert (shown["status"], shown["metadata"]) == ("ACTIVE", {"name": "one"})
    assert stack.outputs["zone"] == shown["OS-EXT-AZ:availability_zone"]
    assert stack.outputs["address"].startswith("10.60.1.")
    disk = await cloud.show(VOLUME, volume)
    assert (disk["size"], disk["metadata"]["name"]) == (1, "one")
    assert [each["server_id"] for each in disk["attachments"]] == [server]
    flavor = shown["flavor"]["id"]
    before = await stacks.attributes(stack, "host")
    assert before["PublicDnsName"] == stack.outputs["address"]
    larger = template("m1.small", "one")
    await stacks.update(stack, larger)
    assert stack.ids["host"] == server
    assert (await cloud.show(SERVER, server))["flavor"]["id"] != flavor
    await stacks.update(stack, template("m1.small", "one", UserData="#!/bin/sh"))
    assert stack.ids["host"] != server
    assert await account.gone(SERVER, server)
    await stacks.delete(stack)
    assert await account.gone(VOLUME, volume)


async def test_elastic_ip(account: Account, name: str) -> None:
    def template(card: str, **more: Any) -> Document:
        cards = {
            each: resource("AWS::EC2::NetworkInterface", SubnetId=ref("subnet"))
            for each in ("red", "blue")
        }
        joined = resource(
            "AWS::EC2::EIPAssociation",
            AllocationId=attr("address", "AllocationId"),
            NetworkInterfaceId=ref(card),
        )
        address = resource("AWS::EC2::EIP")
        return document(vpc(**cards, address=address, joined=joined, **more), ip=ref("address"))

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("red"))
    floating = stack.ids["address"]
    shown = await cloud.show(FLOATING_IP, floating)
    assert shown["port_id"] == stack.ids["red"]
    assert stack.outputs["ip"] == shown["floating_ip_address"]
    await stacks.update(stack, template("blue"))
    assert (await cloud.show(FLOATING_IP, floating))["port_id"] == stack.ids["blue"]
    await stacks.delete(stack)
    assert await account.gone(FLOATING_IP, floating)


async def test_elastic_ip_of_an_instance(account: Account, name: str) -> None:
    def template(server: str) -> Document:
        hosts = {
            each: resource("AWS::EC2::Instance", **INSTANCE, SubnetId=ref("subnet"))
            for each in ("one", "two")
        }
        # The address can lead in only when the subnet has a way out.
        waits = {each: {**host, "depends_on": ["moved", "way"]} for each, host in hosts.items()}
        return document(vpc(**waits, address=resource("AWS::EC2::EIP", InstanceId=ref(server))))

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("one"))
    floating = stack.ids["address"]

    async def leads_to() -> str:
        port = (await cloud.show(FLOATING_IP, floating))["port_id"]
        return str((await cloud.show(PORT, str(port)))["device_id"])

    assert await leads_to() == stack.ids["one"]
    await stacks.update(stack, template("two"))
    assert await leads_to() == stack.ids["two"]
    await stacks.delete(stack)
    assert await account.gone(FLOATING_IP, floating)


async def test_security_group(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        other = resource("AWS::EC2::SecurityGroup", GroupDescription="other")
        group = resource("AWS::EC2::SecurityGroup", GroupDescription="mine", **properties)
        return document({"group": group, "other": other})

    async def rules() -> set[tuple[Any, ...]]:
        group = await cloud.show(SECURITY_GROUP, stack.ids["group"])
        names = ("direction", "protocol", "port_range_min", "remote_ip_prefix", "remote_group_id")
        found = group["security_group_rules"]
        return {tuple(each[n] for n in names) for each in found if each["ethertype"] == "IPv4"}

    stacks, cloud = account.stacks, account.cloud
    ping = {"IpProtocol": "icmp", "FromPort": "-1", "ToPort": "-1", "CidrIp": "0.0.0.0/0"}
    web = {"IpProtocol": "tcp", "FromPort": "80", "ToPort": "80"}
    stack = await stacks.create(
        name, template(SecurityGroupIngress=[ping, {**web, "CidrIp": "10.0.0.0/8"}])
    )
    first = stack.ids["group"]
    everything = ("egress", None, None, None, None)
    assert await rules() == {
        everything,
        ("ingress", "icmp", None, "0.0.0.0/0", None),
        ("ingress", "tcp", 80, "10.0.0.0/8", None),
    }
    inside = {**web, "SourceSecurityGroupId": ref("other")}
    out = {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}
    await stacks.update(stack, template(SecurityGroupIngress=[inside], SecurityGroupEgress=[out]))
    assert stack.ids["group"] == first
    assert await rules() == {
        ("egress", None, None, "10.0.0.0/8", None),
        ("ingress", "tcp", 80, None, stack.ids["other"]),
    }
    await stacks.delete(stack)
    assert await account.gone(SECURITY_GROUP, first)


async def test_volume_attachment(account: Account, name: str) -> None:
    def template(device: str) -> Document:
        volume = resource("AWS::EC2::Volume", Size=1, AvailabilityZone="nova")
        joined: dict[str, Any] = {"InstanceId": ref("host"), "VolumeId": ref("volume")}
        joined["Device"] = device
        return document(
            {
                "net": resource("OS::Neutron::Net"),
                "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.61.0.0/24"),
                "host": resource("AWS::EC2::Instance", **INSTANCE, SubnetId=ref("subnet")),
                "volume": volume,
                "joined": resource("AWS::EC2::VolumeAttachment", **joined),
            }
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template("/dev/vdc"))
    shown = await cloud.show(VOLUME, stack.ids["volume"])
    assert [each["server_id"] for each in shown["attachments"]] == [stack.ids["host"]]
    await stacks.delete(stack)
    assert await account.gone(VOLUME, stack.ids["volume"])
