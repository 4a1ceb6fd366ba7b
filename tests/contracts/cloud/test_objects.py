"""The life of one object of each service: created, found, listed, changed, deleted, gone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

import pytest

from isotherm.cloud import OpenStackCloud
from isotherm.core.errors import Conflict, Gone, Refused
from isotherm.kit import CloudApi, Entity, Remote

NETWORK = Entity("network", "network", "/networks", "networks")
SUBNET = Entity("network", "subnet", "/subnets", "subnets")
PORT = Entity("network", "port", "/ports", "ports")
VOLUME = Entity(
    "block-storage",
    "volume",
    "/volumes",
    "volumes",
    list_path="/volumes/detail",
    microversion="3.59",
)
SERVER = Entity(
    "compute", "server", "/servers", "servers", list_path="/servers/detail", microversion="2.96"
)
ASK_AGAIN = 0.2


@pytest.fixture
def name() -> str:
    return f"contract.(+{uuid.uuid4().hex[:8]}"


async def need(cloud: OpenStackCloud, *services: str) -> None:
    if missing := set(services) - await cloud.services():
        pytest.skip(f"this cloud has no {', '.join(sorted(missing))}")


async def until(
    api: CloudApi, entity: Entity, physical_id: str, reached: Callable[[Remote], bool]
) -> None:
    remote = await api.show(entity, physical_id)
    while not reached(remote):
        await asyncio.sleep(ASK_AGAIN)
        remote = await api.show(entity, physical_id)


async def until_gone(api: CloudApi, entity: Entity, physical_id: str) -> None:
    with pytest.raises(Gone):
        await until(api, entity, physical_id, lambda remote: False)


async def prove_found(api: CloudApi, entity: Entity, finder: str, remote: Remote) -> None:
    physical_id, name = str(remote["id"]), str(remote["name"])
    assert await api.find(finder, name) == physical_id
    assert await api.find(finder, physical_id) == physical_id
    listed = [each["id"] for each in await api.list(entity, limit=1)]
    assert listed.count(physical_id) == 1, "all pages, each once"
    with pytest.raises(Gone, match=f"No {finder} named 'no-such-name'"):
        await api.find(finder, "no-such-name")
    with pytest.raises(Gone) as caught:
        await api.show(entity, str(uuid.uuid4()))
    assert caught.value.request_id


async def test_network(cloud: OpenStackCloud, api: CloudApi, name: str) -> None:
    await need(cloud, "network")
    network = await api.create(NETWORK, {"name": name})
    other = await api.create(NETWORK, {"name": name})
    with pytest.raises(Refused, match="more than one"):
        await api.find("neutron.network", name)
    both = await api.list(NETWORK, id=[network["id"], other["id"]])
    assert {each["id"] for each in both} == {network["id"], other["id"]}
    await api.delete(NETWORK, other["id"])
    await prove_found(api, NETWORK, "neutron.network", network)
    changed = await api.update(NETWORK, network["id"], {"name": f"{name}2"})
    assert changed["name"] == f"{name}2"
    subnet = {"network_id": network["id"], "ip_version": 4, "cidr": "10.98.0.0/24"}
    await api.create(SUBNET, subnet)
    port = await api.create(PORT, {"network_id": network["id"]})
    with pytest.raises(Conflict) as caught:
        await api.delete(NETWORK, network["id"])
    assert caught.value.request_id
    await api.delete(PORT, port["id"])
    await api.delete(NETWORK, network["id"])
    await until_gone(api, NETWORK, network["id"])
    with pytest.raises(Gone):
        await api.delete(NETWORK, network["id"])


async def test_a_bad_request_is_refused_with_the_clouds_text(
    cloud: OpenStackCloud, api: CloudApi
) -> None:
    await need(cloud, "network")
    with pytest.raises(Refused, match="no_such_field") as caught:
        await api.create(NETWORK, {"no_such_field": 1})
    assert caught.value.status == 400


async def test_volume(cloud: OpenStackCloud, api: CloudApi, name: str) -> None:
    await need(cloud, "block-storage")
    volume = await api.create(VOLUME, {"name": name, "size": 1})
    await until(api, VOLUME, volume["id"], lambda remote: remote["status"] == "available")
    await prove_found(api, VOLUME, "cinder.volume", volume)
    await api.act(VOLUME, volume["id"], "os-extend", {"new_size": 2})
    await until(
        api,
        VOLUME,
        volume["id"],
        lambda remote: (remote["status"], remote["size"]) == ("available", 2),
    )
    await api.delete(VOLUME, volume["id"])
    await until_gone(api, VOLUME, volume["id"])


async def test_server(cloud: OpenStackCloud, api: CloudApi, name: str) -> None:
    await need(cloud, "compute", "network", "image")
    flavor, image, network = await asyncio.gather(
        api.find("nova.flavor", "m1.tiny"),
        api.find("glance.image", "cirros"),
        api.find("neutron.network", "private"),
    )
    body = {"name": name, "flavorRef": flavor, "imageRef": image, "networks": [{"uuid": network}]}
    server = {**await api.create(SERVER, body), "name": name}
    await until(api, SERVER, server["id"], lambda remote: remote["status"] == "ACTIVE")
    await prove_found(api, SERVER, "nova.server", server)
    assert (await api.update(SERVER, server["id"], {"name": "renamed"}))["name"] == "renamed"
    await api.delete(SERVER, server["id"])
    await until_gone(api, SERVER, server["id"])
