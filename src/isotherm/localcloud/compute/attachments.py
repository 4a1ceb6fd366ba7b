"""Volumes of servers: plugging in and out while the server lives."""

from typing import Any

from isotherm.localcloud.compute import block_devices, instance_actions, lifecycle
from isotherm.localcloud.compute.entities import BlockDevice, Server
from isotherm.localcloud.compute.faults import conflict, invalid, not_found
from isotherm.localcloud.compute.sources import check_attachable
from isotherm.localcloud.compute.state import Compute, transitions
from isotherm.localcloud.exchange import Call, instead_of
from isotherm.localcloud.peers import VolumeFacts


def attach(compute: Compute, call: Call, server: Server, wish: dict[str, Any]) -> BlockDevice:
    """Take the volume and begin to plug it in. Raises Fault 400, 404, 409."""
    volume = find_volume(compute, call, wish["volumeId"])
    check_attachable(compute, call, volume, server.id)
    device = BlockDevice(
        server_id=server.id,
        source="volume",
        destination="volume",
        device=_device_name(compute, server, wish.get("device")),
        volume_id=volume.id,
        size=volume.size,
        delete_on_termination=wish.get("delete_on_termination", False),
        tag=wish.get("tag"),
    )
    peers = compute.frame.peers
    device.attachment_id = peers.volume.reserve(call.caller, volume.id, server.id)
    compute.devices.add(device)
    instance_actions.begin(compute, call, server, "attach_volume", "compute_attach_volume")
    compute.touch(server)
    compute.advance(call, "block_device.attach", device)
    return device


def detach(compute: Compute, call: Call, server: Server, device: BlockDevice) -> None:
    """Begin to unplug. Raises Fault 400 while the volume goes from a server."""
    volume = find_volume(compute, call, device.volume_id or "")
    if volume.status == "detaching":
        raise invalid(
            "Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. "
            "Volume status must be 'in-use' and attach_status must be 'attached' to detach. "
            "(HTTP 400)"
        )
    compute.frame.peers.volume.begin_detaching(device.attachment_id or "")
    instance_actions.begin(compute, call, server, "detach_volume", "compute_detach_volume")
    compute.touch(server)
    compute.advance(call, "block_device.detach", device)


def find_volume(compute: Compute, call: Call, volume_id: str) -> VolumeFacts:
    with instead_of(404, not_found("Volume", volume_id)):
        return compute.frame.peers.volume.find_volume(call.caller, volume_id)


def find_attachment(compute: Compute, server: Server, volume_id: str) -> BlockDevice | None:
    return next((d for d in compute.devices_of(server) if d.volume_id == volume_id), None)


def _device_name(compute: Compute, server: Server, wanted: str | None) -> str:
    taken = {device.device for device in compute.devices_of(server)}
    taken |= block_devices.own_names(server.flavor)
    name = block_devices.full_name(wanted)
    if name and name in taken:
        raise conflict(f"The supplied device path ({name}) is in use.")
    return name or block_devices.next_name(taken)


@transitions.on("block_device.attach")
def complete_attach(compute: Compute, device: BlockDevice, args: dict[str, Any]) -> None:
    lifecycle.complete(compute, device)
    _finish(compute, device)


@transitions.on("block_device.detach")
def complete_detach(compute: Compute, device: BlockDevice, args: dict[str, Any]) -> None:
    if device.attachment_id is not None:
        compute.frame.peers.volume.delete_attachment(device.attachment_id)
    compute.devices.remove(device.id)
    _finish(compute, device)


@transitions.on("block_device.fail")
def fail(compute: Compute, device: BlockDevice, args: dict[str, Any]) -> None:
    """What was to be plugged in stays out; what was to come out stays in."""
    if not device.attached:
        if device.attachment_id is not None:
            compute.frame.peers.volume.delete_attachment(device.attachment_id)
        compute.devices.remove(device.id)
    elif device.attachment_id is not None:
        compute.frame.peers.volume.complete_attachment(device.attachment_id, device.device)
    _finish(compute, device, failed=True)


def _finish(compute: Compute, device: BlockDevice, *, failed: bool = False) -> None:
    server = compute.servers.get(device.server_id)
    if server is not None:
        instance_actions.finish(compute, server, failed=failed)
        compute.servers.save(server)
