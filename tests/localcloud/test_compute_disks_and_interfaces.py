"""Volumes and network interfaces of servers."""

from typing import Any

import pytest
from tests.localcloud.compute_world import NOWHERE, World, world
from tests.localcloud.fake_peers import IMAGE

from isotherm.localcloud import LocalCloud

__all__ = ["world"]


def _path(server_id: str, volume_id: str = "") -> str:
    tail = f"/{volume_id}" if volume_id else ""
    return f"/servers/{server_id}/os-volume_attachments{tail}"


async def _attach(world: World, server_id: str, **wish: Any) -> Any:
    mv = wish.pop("mv", "2.1")
    return await world("POST", _path(server_id), {"volumeAttachment": wish}, mv=mv)


async def test_a_requested_device_is_honoured_and_gaps_are_filled(world: World) -> None:
    server_id = await world.server()
    devices = []
    for wanted in ("/dev/vdc", None, None):
        answer = await _attach(world, server_id, volumeId=world.volumes.add(), device=wanted)
        devices.append(answer.body["volumeAttachment"]["device"])
    assert devices == ["/dev/vdc", "/dev/vdb", "/dev/vdd"]
    refused = await _attach(world, server_id, volumeId=world.volumes.add(), device="/dev/vdb")
    assert (refused.status, refused.body["conflictingRequest"]["message"]) == (
        409,
        "The supplied device path (/dev/vdb) is in use.",
    )


async def test_a_volume_is_attached_once(world: World) -> None:
    server_id, volume_id = await world.server(), world.volumes.add()
    await _attach(world, server_id, volumeId=volume_id)
    refused = await _attach(world, server_id, volumeId=volume_id)
    assert refused.body["badRequest"]["message"] == (
        f"Invalid volume: volume {volume_id} is already attached to instances: {server_id}"
    )
    assert (await _attach(world, server_id, volumeId=NOWHERE)).status == 404
    assert (await world("DELETE", _path(server_id, NOWHERE))).status == 404
    unattached = world.volumes.add()
    assert (await world("DELETE", _path(server_id, unattached))).status == 404


async def test_an_attachment_takes_its_time(world: World, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"compute.attachment.create": 5.0}
    server_id, volume_id = await world.server(), world.volumes.add()
    await _attach(world, server_id, volumeId=volume_id)
    assert world.volumes.volumes[volume_id].status == "reserved"
    cloud.advance(5)
    assert world.volumes.volumes[volume_id].status == "in-use"


async def test_a_failed_attachment_gives_the_volume_back(world: World, cloud: LocalCloud) -> None:
    cloud.inject("compute.attachment.create", state="ERROR")
    server_id, volume_id = await world.server(), world.volumes.add()
    await _attach(world, server_id, volumeId=volume_id)
    assert (await world("GET", _path(server_id))).body == {"volumeAttachments": []}
    assert world.volumes.volumes[volume_id].status == "available"


async def test_attachments_show_more_with_the_microversion(world: World) -> None:
    server_id, volume_id = await world.server(), world.volumes.add()
    await _attach(world, server_id, volumeId=volume_id, tag="t", mv="2.79")
    seen = {}
    for mv in ("2.1", "2.70", "2.79", "2.89"):
        seen[mv] = set((await world("GET", _path(server_id), mv=mv)).body["volumeAttachments"][0])
    assert seen["2.70"] - seen["2.1"] == {"tag"}
    assert seen["2.79"] - seen["2.70"] == {"delete_on_termination"}
    assert seen["2.89"] ^ seen["2.79"] == {"id", "attachment_id", "bdm_uuid"}


async def test_a_server_boots_from_a_volume_made_from_an_image(world: World) -> None:
    device = {
        "source_type": "image",
        "destination_type": "volume",
        "uuid": IMAGE,
        "volume_size": 2,
        "boot_index": 0,
        "delete_on_termination": True,
    }
    server_id = await world.server(imageRef="", block_device_mapping_v2=[device])
    shown = await world.show(server_id)
    assert (shown["status"], shown["image"]) == ("ACTIVE", "")
    [attached] = shown["os-extended-volumes:volumes_attached"]
    assert world.volumes.volumes[attached["id"]].status == "in-use"
    await world("DELETE", f"/servers/{server_id}")
    await world("GET", "/servers")
    assert attached["id"] not in world.volumes.volumes


SWAP = {"source_type": "blank", "destination_type": "local", "guest_format": "swap"}
SCRATCH = {"source_type": "blank", "destination_type": "local", "volume_size": 1}


@pytest.mark.parametrize(
    ("disks", "text"),
    [
        (
            [{**SWAP, "volume_size": 64}],
            "Swap drive requested is larger than instance type allows.",
        ),
        (
            [SWAP, SWAP],
            "Block Device Mapping is Invalid: More than one swap drive requested.",
        ),
        (
            [SCRATCH],
            (
                "Ephemeral disks requested are larger than the instance type allows. If no size is "
                "given in one block device mapping, flavor ephemeral size will be used."
            ),
        ),
    ],
)
async def test_disks_of_the_host_are_as_large_as_the_flavor_allows(
    world: World, disks: list[dict[str, Any]], text: str
) -> None:
    root = {"source_type": "image", "destination_type": "local", "uuid": IMAGE, "boot_index": 0}
    refused = await world.boot(block_device_mapping_v2=[root, *disks])
    assert (refused.status, refused.body["badRequest"]["message"]) == (400, text)


async def test_a_volume_for_several_servers_takes_a_later_microversion(world: World) -> None:
    server_id, volume_id = await world.server(), world.volumes.add(multiattach=True)
    refused = await _attach(world, server_id, volumeId=volume_id, mv="2.59")
    assert (refused.status, refused.body["badRequest"]["message"]) == (
        400,
        "Multiattach volumes are only supported starting with compute API version 2.60.",
    )
    assert (await _attach(world, server_id, volumeId=volume_id, mv="2.60")).status == 200


async def test_deleting_a_server_gives_its_volumes_back(world: World) -> None:
    volume_id = world.volumes.add(bootable=True)
    device = {
        "source_type": "volume",
        "destination_type": "volume",
        "uuid": volume_id,
        "boot_index": 0,
    }
    server_id = await world.server(imageRef="", block_device_mapping_v2=[device])
    assert (await world.show(server_id))["status"] == "ACTIVE"
    assert (await world("DELETE", _path(server_id, volume_id))).status == 403
    await world("DELETE", f"/servers/{server_id}")
    await world("GET", "/servers")
    assert world.volumes.volumes[volume_id].status == "available"


async def test_several_networks_are_ambiguous(world: World) -> None:
    made = await world.ask("POST", "/networks", {"network": {"name": "second"}})
    subnet = {"network_id": made["network"]["id"], "cidr": "10.9.0.0/24", "ip_version": 4}
    await world.ask("POST", "/subnets", {"subnet": subnet})
    refused = await world.boot()
    assert (refused.status, refused.body["conflictingRequest"]["message"]) == (
        409,
        "Multiple possible networks found, use a Network ID to be more specific.",
    )
    assert (await world.show(await world.server(mv="2.37", networks="none")))["addresses"] == {}


async def test_a_given_port_stays_when_the_server_goes(world: World) -> None:
    network_id = await world.network_id()
    made = await world.ask("POST", "/ports", {"port": {"network_id": network_id}})
    port_id = made["port"]["id"]
    server_id = await world.server(networks=[{"port": port_id}])
    assert (await world.show(server_id))["status"] == "ACTIVE"
    refused = await world.boot(networks=[{"port": port_id}])
    message = f"Port {port_id} is still in use."
    assert (refused.status, refused.body["conflictingRequest"]["message"]) == (409, message)
    await world("DELETE", f"/servers/{server_id}")
    await world("GET", "/servers")
    assert (await world.ask("GET", f"/ports/{port_id}"))["port"]["device_id"] == ""


async def test_an_address_that_cannot_be_given_ends_the_build_in_error(world: World) -> None:
    network_id = await world.network_id()
    server_id = await world.server(networks=[{"uuid": network_id, "fixed_ip": "1.2.3.4"}])
    shown = await world.show(server_id)
    assert shown["status"] == "ERROR"
    assert shown["fault"]["message"].startswith(f"Build of instance {server_id} aborted:")


async def test_interfaces_come_and_go(world: World) -> None:
    server_id, network_id = await world.server(), await world.network_id()
    path = f"/servers/{server_id}/os-interface"
    wish = {"net_id": network_id, "fixed_ips": [{"ip_address": "10.0.0.77"}]}
    made = await world("POST", path, {"interfaceAttachment": wish})
    assert made.body["interfaceAttachment"]["port_state"] == "ACTIVE"
    again = await world("POST", path, {"interfaceAttachment": wish})
    assert again.body["conflictingRequest"]["message"] == "Fixed IP 10.0.0.77 is already in use."
    assert len((await world.show(server_id))["addresses"]["private"]) == 2
    port_id = made.body["interfaceAttachment"]["port_id"]
    assert (await world("DELETE", f"{path}/{port_id}")).status == 202
    assert len((await world("GET", path)).body["interfaceAttachments"]) == 1


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"port_id": NOWHERE}, 404),
        ({"port_id": NOWHERE, "net_id": NOWHERE}, 400),
        ({"fixed_ips": [{"ip_address": "10.0.0.9"}]}, 400),
    ],
)
async def test_interfaces_that_cannot_be(world: World, wish: dict[str, Any], status: int) -> None:
    server_id = await world.server()
    path = f"/servers/{server_id}/os-interface"
    assert (await world("POST", path, {"interfaceAttachment": wish})).status == status


async def test_security_groups_are_added_and_removed(world: World) -> None:
    await world.ask("POST", "/security-groups", {"security_group": {"name": "web"}})
    server_id = await world.server()
    assert (await world.act(server_id, "addSecurityGroup", {"name": "web"})).status == 202
    names = {group["name"] for group in (await world.show(server_id))["security_groups"]}
    assert names == {"default", "web"}
    assert (await world.act(server_id, "removeSecurityGroup", {"name": "web"})).status == 202
    refused = await world.act(server_id, "removeSecurityGroup", {"name": "web"})
    assert refused.status == 404
    assert (await world.act(server_id, "addSecurityGroup", {"name": "nosg"})).status == 404
