"""Servers: create, show, list, delete."""

from tests.localcloud.compute_world import NOWHERE, World, world

__all__ = ["world"]


async def test_a_server_is_built_and_active_at_the_next_look(world: World) -> None:
    made = await world.boot(metadata={"a": "b"})

    assert made.status == 202
    assert set(made.body["server"]) == {
        "id",
        "links",
        "OS-DCF:diskConfig",
        "security_groups",
        "adminPass",
    }
    server = await world.show(made.body["server"]["id"], mv="2.1")
    assert (server["status"], server["OS-EXT-STS:vm_state"]) == ("ACTIVE", "active")
    assert server["flavor"]["id"] == "1"
    assert server["addresses"]["private"][0]["OS-EXT-IPS:type"] == "fixed"
    assert server["metadata"] == {"a": "b"}


async def test_a_deleted_server_is_gone_with_its_ports(world: World) -> None:
    server_id = await world.server()
    assert (await world("DELETE", f"/servers/{server_id}")).status == 204
    gone = await world("GET", f"/servers/{server_id}")
    assert (gone.status, gone.body["itemNotFound"]["message"]) == (
        404,
        f"Instance {server_id} could not be found.",
    )
    assert not world.network.ports


async def test_a_volume_is_attached_at_the_next_device(world: World) -> None:
    server_id, volume_id = await world.server(), world.volumes.add()
    path = f"/servers/{server_id}/os-volume_attachments"
    made = await world("POST", path, {"volumeAttachment": {"volumeId": volume_id}})

    assert made.body["volumeAttachment"] == {
        "id": volume_id,
        "serverId": server_id,
        "volumeId": volume_id,
        "device": "/dev/vdb",
    }
    listed = await world("GET", path, mv="2.89")
    assert listed.body["volumeAttachments"][0]["volumeId"] == volume_id
    assert world.volumes.volumes[volume_id].status == "in-use"
    assert (await world("DELETE", f"{path}/{volume_id}")).status == 202
    assert (await world("GET", path)).body == {"volumeAttachments": []}
    assert world.volumes.volumes[volume_id].status == "available"


async def test_other_projects_servers_cannot_be_seen(world: World) -> None:
    server_id = await world.server(user="admin")
    assert (await world("GET", f"/servers/{server_id}")).status == 404
    assert (await world("GET", "/servers")).body == {"servers": []}
    assert (await world("GET", f"/servers/{NOWHERE}")).status == 404
