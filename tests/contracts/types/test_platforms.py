"""Types of clusters, containers, reservations, bare metal and databases, on a cloud."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.bare_metal import PORT as CARD
from isotherm.kit.services.clusters import CLUSTER, CLUSTER_TEMPLATE
from isotherm.kit.services.containers import CONTAINER
from isotherm.kit.services.database import DATABASE_CLUSTER, INSTANCE
from isotherm.kit.services.reservation import HOST, LEASE

pytestmark = pytest.mark.slow


async def test_cluster(account: Account, name: str) -> None:
    def template(**properties: Any) -> Document:
        kind = {"coe": "kubernetes", "image": "cirros", "external_network": "public"}
        outputs = ("status", "node_addresses", "master_count")
        return document(
            {
                "kind": resource("OS::Magnum::ClusterTemplate", name=name, **kind),
                "cluster": resource(
                    "OS::Magnum::Cluster", cluster_template=ref("kind"), **properties
                ),
            },
            **{each: attr("cluster", each) for each in outputs},
        )

    stacks, cloud = account.stacks, account.cloud
    stack = await stacks.create(name, template(node_count=2, master_count=3))
    cluster, kind = stack.ids["cluster"], stack.ids["kind"]
    shown = await cloud.show(CLUSTER, cluster)
    assert (shown["node_count"], shown["cluster_template_id"]) == (2, kind)
    assert shown["name"].startswith(f"{name}-cluster-")
    assert (stack.outputs["status"], stack.outputs["master_count"]) == ("CREATE_COMPLETE", 3)
    assert len(stack.outputs["node_addresses"]) == 2
    await stacks.update(stack, template(node_count=4, master_count=3))
    assert stack.ids["cluster"] == cluster
    assert (await cloud.show(CLUSTER, cluster))["node_count"] == 4
    await stacks.delete(stack)
    assert await account.gone(CLUSTER, cluster)
    assert await account.gone(CLUSTER_TEMPLATE, kind)


async def test_container(account: Account, name: str) -> None:
    def template(port: str, **properties: Any) -> Document:
        made = {each: resource("OS::Neutron::Port", network="private") for each in ("one", "two")}
        given = {"image": "cirros", "command": "sleep 9", "networks": [{"port": ref(port)}]}
        box = resource("OS::Zun::Container", **{**given, **properties})
        return document({**made, "box": box}, name=attr("box", "name"))

    async def ports() -> list[str]:
        told = (await cloud.show(CONTAINER, box))["addresses"]
        return [str(each["port"]) for network in told.values() for each in network]

    stacks, cloud = account.stacks, account.cloud
    first = {"environment": {"A": "1"}, "restart_policy": "on-failure:3", "memory": 64}
    stack = await stacks.create(name, template("one", name=name, **first))
    box = stack.ids["box"]
    shown = await cloud.show(CONTAINER, box)
    assert (shown["name"], shown["status"], shown["memory"]) == (name, "Running", "64")
    assert shown["restart_policy"] == {"Name": "on-failure", "MaximumRetryCount": "3"}
    assert stack.outputs["name"] == name
    assert await ports() == [stack.ids["one"]]
    await stacks.update(stack, template("two", name=f"{name}-new", **{**first, "memory": 128}))
    assert stack.ids["box"] == box
    shown = await cloud.show(CONTAINER, box)
    assert (shown["name"], shown["memory"]) == (f"{name}-new", "128")
    assert await ports() == [stack.ids["two"]]
    await stacks.delete(stack)
    assert await account.gone(CONTAINER, box)


async def test_reservation(admin: Account, name: str) -> None:
    def template(most: int) -> Document:
        wanted = {"resource_type": "physical:host", "min": 1, "max": most}
        lease = resource(
            "OS::Blazar::Lease",
            name=name,
            start_date="2099-01-01 00:00",
            end_date="2099-01-02 00:00",
            reservations=[wanted],
            depends_on="host",
        )
        host = resource("OS::Blazar::Host", name=name, extra_capability={"gpu": "yes"})
        told = attr("host", "extra_capability")
        return document(
            {"host": host, "lease": lease}, capability=told, end=attr("lease", "end_date")
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(1))
    host, lease = stack.ids["host"], stack.ids["lease"]
    assert (await cloud.show(HOST, host))["gpu"] == "yes"
    assert stack.outputs["capability"] == {"gpu": "yes"}
    assert stack.outputs["end"] == "2099-01-02T00:00:00.000000"
    shown = await cloud.show(LEASE, lease)
    assert shown["reservations"][0]["hosts"] == [name]
    await stacks.delete(stack)
    assert await admin.gone(LEASE, lease)
    assert await admin.gone(HOST, host)


def card_of(node: str, **properties: Any) -> Document:
    given = {"node": node, "address": "52:54:00:0a:0b:0c", **properties}
    card = resource("OS::Ironic::Port", **given)
    return document({"card": card}, node=attr("card", "node_uuid"))


async def test_bare_metal_port(admin: Account, name: str) -> None:
    stacks, cloud = admin.stacks, admin.cloud
    link = {"switch_id": "aa:bb:cc:dd:ee:ff", "port_id": "eth1"}
    stack = await stacks.create(
        name,
        card_of("node-1", local_link_connection=link, physical_network="one", pxe_enabled=False),
    )
    card = stack.ids["card"]
    shown = await cloud.show(CARD, card)
    assert (shown["local_link_connection"], shown["physical_network"]) == (link, "one")
    assert shown["pxe_enabled"] is False
    await stacks.update(stack, card_of("node-1", extra={"a": "b"}))
    shown = await cloud.show(CARD, card)
    assert (shown["physical_network"], shown["extra"]) == (None, {"a": "b"})
    assert (shown["local_link_connection"], shown["pxe_enabled"]) == ({}, True)
    await stacks.delete(stack)
    assert await admin.gone(CARD, card)


async def test_a_bare_metal_port_goes_to_another_node(admin: Account, name: str) -> None:
    stack = await admin.stacks.create(name, card_of("node-1"))
    card, node = stack.ids["card"], stack.outputs["node"]
    await admin.stacks.update(stack, card_of("node-2"))
    assert stack.ids["card"] == card
    assert stack.outputs["node"] != node
    await admin.stacks.delete(stack)


async def test_replicas_of_a_database_go_with_the_one_that_they_were_made_with(
    account: Account, name: str
) -> None:
    given: dict[str, Any] = {"flavor": "m1.tiny", "size": 1}
    template = document(
        {
            "origin": resource("OS::Trove::Instance", **given),
            "copies": resource(
                "OS::Trove::Instance", **given, replica_of=ref("origin"), replica_count=3
            ),
        }
    )
    stack = await account.stacks.create(name, template)
    made = await account.cloud.list(INSTANCE)
    replicas = [each for each in made if each.get("replica_of") == {"id": stack.ids["origin"]}]
    assert len(replicas) == 3
    await account.stacks.delete(stack)
    for each in replicas:
        assert await account.gone(INSTANCE, each["id"])


async def test_database(account: Account, name: str) -> None:
    def person(who: str, *databases: str) -> dict[str, Any]:
        return {"name": who, "password": f"{who}1", "databases": list(databases)}

    def template(*databases: str, **properties: Any) -> Document:
        given = {"databases": [{"name": each} for each in databases], **properties}
        db = resource("OS::Trove::Instance", **given)
        return document({"db": db}, hostname=attr("db", "hostname"), href=attr("db", "href"))

    async def inside(what: str) -> list[str]:
        told = await cloud.call("database", "GET", f"/instances/{db}/{what}")
        return sorted(str(each["name"]) for each in told[what])

    stacks, cloud = account.stacks, account.cloud
    first = {"flavor": "m1.tiny", "size": 1, "datastore_type": "mysql"}
    stack = await stacks.create(
        name, template("shop", name=name, users=[person("anna", "shop")], **first)
    )
    db = stack.ids["db"]
    shown = await cloud.show(INSTANCE, db)
    assert (shown["name"], shown["flavor"]["id"], shown["volume"]["size"]) == (name, "1", 1)
    assert stack.outputs["hostname"] == shown["ip"][0]
    assert stack.outputs["href"].endswith(db)
    assert (await inside("databases"), await inside("users")) == (["shop"], ["anna"])
    more = {**first, "flavor": "m1.small", "size": 2}
    people = [person("anna", "shop", "log"), person("bert", "log")]
    await stacks.update(stack, template("shop", "log", name=f"{name}-new", users=people, **more))
    assert stack.ids["db"] == db
    shown = await cloud.show(INSTANCE, db)
    assert (shown["flavor"]["id"], shown["volume"]["size"]) == ("2", 2)
    assert shown["name"] == f"{name}-new"
    assert (await inside("databases"), await inside("users")) == (["log", "shop"], ["anna", "bert"])
    await stacks.delete(stack)
    assert await account.gone(INSTANCE, db)


async def test_database_cluster(account: Account, name: str) -> None:
    def template(count: int) -> Document:
        member = {"flavor": "m1.small", "volume_size": 1}
        given: dict[str, Any] = {"datastore_type": "mongodb", "datastore_version": "7.0"}
        db = resource("OS::Trove::Cluster", instances=[member] * count, **given)
        return document({"db": db}, ip=attr("db", "ip"), members=attr("db", "instances"))

    stacks = account.stacks
    stack = await stacks.create(name, template(3))
    db = stack.ids["db"]
    assert (len(stack.outputs["ip"]), len(stack.outputs["members"])) == (3, 3)
    await stacks.update(stack, template(4))
    assert stack.ids["db"] != db
    assert await account.gone(DATABASE_CLUSTER, db)
    await stacks.delete(stack)
    assert await account.gone(DATABASE_CLUSTER, stack.ids["db"])
