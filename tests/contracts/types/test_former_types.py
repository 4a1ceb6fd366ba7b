"""Types of old templates that work on what does the job today."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import LOOK_EVERY, Document, attr, document, ref, resource

from isotherm.core.errors import NoSuchService
from isotherm.kit.services.clusters import CLUSTER_TEMPLATE
from isotherm.kit.services.compute import SERVER
from isotherm.kit.services.database import INSTANCE
from isotherm.kit.services.image import IMAGE
from isotherm.kit.services.network import FLOATING_IP, PORT

pytestmark = pytest.mark.slow

HOST = {"image": "cirros", "flavor": "m1.tiny", "networks": [{"port": {"get_resource": "port"}}]}


def inside() -> dict[str, Any]:
    """A server that outer addresses can lead to."""
    joined: dict[str, Any] = {"router": ref("router"), "subnet": ref("subnet")}
    return {
        "net": resource("OS::Neutron::Net"),
        "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.72.0.0/24"),
        "router": resource("OS::Neutron::Router", external_gateway_info={"network": "public"}),
        "joined": resource("OS::Neutron::RouterInterface", **joined),
        "port": resource("OS::Neutron::Port", network=ref("net"), depends_on="subnet"),
        "server": resource("OS::Nova::Server", depends_on="joined", **HOST),
    }


async def test_floating_ip_of_compute(account: Account, name: str) -> None:
    way: dict[str, Any] = {"floating_ip": ref("address"), "server_id": ref("server")}
    template = document(
        {
            **inside(),
            "address": resource("OS::Nova::FloatingIP", pool="public"),
            "way": resource("OS::Nova::FloatingIPAssociation", **way),
        },
        ip=attr("address", "ip"),
        pool=attr("address", "pool"),
    )
    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template)
    address = stack.ids["address"]
    shown = await cloud.show(FLOATING_IP, address)
    assert stack.outputs == {"ip": shown["floating_ip_address"], "pool": "public"}
    leads_to = await cloud.show(PORT, str(shown["port_id"]))
    assert leads_to["device_id"] == stack.ids["server"]
    await stacks.delete(stack)
    assert await account.gone(FLOATING_IP, address)


async def test_a_signal_has_a_server_made_anew_and_what_leads_to_it_follows(
    account: Account, name: str
) -> None:
    way: dict[str, Any] = {"floating_ip": ref("address"), "server_id": ref("server")}
    template = document(
        {
            **inside(),
            "address": resource("OS::Nova::FloatingIP", pool="public"),
            "way": resource("OS::Nova::FloatingIPAssociation", **way),
            "restarter": resource("OS::Heat::HARestarter", InstanceId=ref("server")),
        },
        url=attr("restarter", "AlarmUrl"),
    )
    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template)
    before = dict(stack.ids)
    assert "/signal/" in stack.outputs["url"]
    await stacks.signal(stack, "restarter", state="ok")
    await stacks.signal(stack, "restarter")
    while stack.status != "UPDATE_COMPLETE":
        await asyncio.sleep(LOOK_EVERY)
        await stacks.settle(stack)
    server = stack.ids["server"]
    assert server != before["server"]
    assert await account.gone(SERVER, before["server"])
    assert stack.ids["port"] == before["port"]
    assert (await cloud.show(PORT, stack.ids["port"]))["device_id"] == server
    leads_to = (await cloud.show(FLOATING_IP, stack.ids["address"]))["port_id"]
    assert leads_to == stack.ids["port"]
    await stacks.delete(stack)
    assert await account.gone(SERVER, server)


async def test_image(account: Account, name: str, location: str) -> None:
    def template(**properties: Any) -> Document:
        given = {"disk_format": "raw", "container_format": "bare", **properties}
        return document({"image": resource("OS::Glance::Image", location=location, **given)})

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(name=name, min_ram=64))
    image = stack.ids["image"]
    shown = await cloud.show(IMAGE, image)
    assert (shown["name"], shown["visibility"], shown["min_ram"]) == (name, "private", 64)
    await stacks.update(stack, template(name=name, min_ram=64, os_distro="debian"))
    assert (await cloud.show(IMAGE, image))["os_distro"] == "debian"
    assert stack.ids["image"] == image
    await stacks.delete(stack)
    assert await account.gone(IMAGE, image)


async def test_database_of_amazon(account: Account, name: str) -> None:
    def template(flavor: str, storage: str) -> Document:
        given = {"DBName": "blog", "Engine": "MySQL", "MasterUsername": "anna"}
        db = resource(
            "AWS::RDS::DBInstance",
            AllocatedStorage=storage,
            DBInstanceClass=flavor,
            MasterUserPassword="secret",
            **given,
        )
        return document(
            {"db": db}, port=attr("db", "Endpoint.Port"), at=attr("db", "Endpoint.Address")
        )

    stacks, cloud = account.stacks, account.cloud
    try:
        await cloud.address("database")
    except NoSuchService:
        pytest.skip("a server stands in for the database service, and needs an image of its own")
    stack = await stacks.create(name, template("db.m1.tiny", "1"))
    db = stack.ids["db"]
    shown = await cloud.show(INSTANCE, db)
    assert stack.outputs == {"port": "3306", "at": shown["ip"][0]}
    await stacks.update(stack, template("db.m1.small", "2"))
    shown = await cloud.show(INSTANCE, db)
    assert (shown["flavor"]["id"], shown["volume"]["size"]) == ("2", 2)
    await stacks.delete(stack)
    assert await account.gone(INSTANCE, db)


async def test_bay_model(account: Account, name: str) -> None:
    kind = {"coe": "swarm", "image": "cirros", "external_network": "public"}
    stack = await account.stacks.create(
        name, document({"kind": resource("OS::Magnum::BayModel", **kind)})
    )
    shown = await account.cloud.show(CLUSTER_TEMPLATE, stack.ids["kind"])
    assert (shown["coe"], shown["image_id"]) == ("swarm", "cirros")
    await account.stacks.delete(stack)
    assert await account.gone(CLUSTER_TEMPLATE, stack.ids["kind"])
