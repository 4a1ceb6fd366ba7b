"""What hosts do with servers, later: the transitions of servers."""

from typing import Any

from isotherm.localcloud.compute import embodiment, instance_actions, networking
from isotherm.localcloud.compute.entities import BlockDevice, Server, ServerFault
from isotherm.localcloud.compute.notifications import notify
from isotherm.localcloud.compute.placement import NO_VALID_HOST, place, zone_of
from isotherm.localcloud.compute.state import Compute, transitions
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.peers import VolumeWish

RUNNING, PAUSED, SHUT_DOWN = 1, 3, 4
_VOLUME_LOOKS = 0.5
_READY, _BROKEN = ("available", "reserved", "in-use"), ("error", "error_restoring")


@transitions.on("server.spawn")
def spawn(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    """A host is chosen; ports and volumes are made."""
    host = place(compute, server)
    if host is None:
        break_down(compute, server, NO_VALID_HOST)
        return
    server.host, server.availability_zone = host, zone_of(compute, host)
    server.task_state = "spawning"
    try:
        for request in server.networks:
            networking.plug(compute, server, request)
        for device in compute.devices_of(server):
            _make_volume(compute, server, device)
    except Fault as fault:
        break_down(compute, server, f"Build of instance {server.id} aborted: {fault.message}")
        return
    compute.touch(server)


def _make_volume(compute: Compute, server: Server, device: BlockDevice) -> None:
    if device.destination != "volume" or device.volume_id is not None:
        return
    volume = compute.frame.peers.volume.create_server_volume(
        compute.owner(server),
        VolumeWish(
            size=device.size,
            image_id=device.image_id,
            snapshot_id=device.snapshot_id,
            volume_type=device.volume_type,
        ),
    )
    device.volume_id = volume.id
    compute.devices.save(device)


@transitions.on("server.activate")
def activate(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    """The server runs, once all its volumes are there."""
    if server.vm_state == "error":
        return
    waiting = [d for d in compute.volume_devices(server) if not _take_volume(compute, server, d)]
    if server.vm_state == "error":
        return
    if waiting:
        server.task_state = "block_device_mapping"
        compute.servers.save(server)
        again = _VOLUME_LOOKS if args.get("looked") else 0
        compute.schedule("server.activate", server, after=again, looked=True)
        return
    for device in compute.volume_devices(server):
        complete(compute, device)
    for port in compute.frame.peers.network.ports_of(server.id):
        compute.frame.peers.network.activate_port(port.id)
    server.launched_at = compute.now()
    reach(compute, server, "active", RUNNING)


def _take_volume(compute: Compute, server: Server, device: BlockDevice) -> bool:
    """Reserve a volume that was made for the server; False while it is not there."""
    if device.attachment_id is not None:
        return True
    volume, owner = compute.frame.peers.volume, compute.owner(server)
    volume_id = device.volume_id or ""
    try:
        status = volume.find_volume(owner, volume_id).status
        if status == "available":
            device.attachment_id = volume.reserve(owner, volume_id, server.id)
            compute.devices.save(device)
            return True
    except Fault as fault:
        break_down(compute, server, f"Build of instance {server.id} aborted: {fault.message}")
        return False
    if status in _BROKEN:
        message = f"Volume {volume_id} did not finish being created. Its status is {status}."
        break_down(compute, server, f"Build of instance {server.id} aborted: {message}")
    return False


def complete(compute: Compute, device: BlockDevice) -> None:
    """The volume is plugged in."""
    if device.attachment_id is not None and not device.attached:
        compute.frame.peers.volume.complete_attachment(device.attachment_id, device.device)
        device.attached = True
        compute.devices.save(device)


def reach(compute: Compute, server: Server, vm_state: str, power_state: int) -> None:
    """The end of a task, in the given state."""
    task = server.task_state
    server.vm_state, server.power_state, server.task_state = vm_state, power_state, None
    instance_actions.finish(compute, server)
    compute.touch(server)
    notify(compute, server, "update")
    embodiment.follow(compute, server, task)


def break_down(compute: Compute, server: Server, message: str) -> None:
    """The end of a task in ERROR. What a server that never ran held is given back."""
    if server.launched_at is None:
        give_back(compute, server)
        server.host = None
    server.fault = ServerFault(message=message, created_at=compute.now())
    server.vm_state, server.task_state = "error", None
    server.power_state = 0 if server.launched_at is None else server.power_state
    instance_actions.finish(compute, server, failed=True)
    compute.touch(server)
    notify(compute, server, "update")
    embodiment.follow(compute, server, None)


def give_back(compute: Compute, server: Server) -> None:
    """Unplug the server's ports and volumes; volumes that go with it are deleted."""
    networking.unplug_all(compute, server)
    volume = compute.frame.peers.volume
    for device in compute.volume_devices(server):
        if device.attachment_id is not None:
            volume.delete_attachment(device.attachment_id)
        if device.delete_on_termination and device.volume_id is not None:
            volume.delete_server_volume(device.volume_id)
        compute.devices.remove(device.id)


@transitions.on("server.fail")
def fail(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    """A fault was injected into an operation of the server."""
    if str(args["state"]).upper() == "ERROR":
        break_down(compute, server, str(args["message"]))
    else:
        server.vm_state, server.task_state = str(args["state"]).lower(), None
        compute.touch(server)


@transitions.on("server.reach")
def reach_state(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    reach(compute, server, args["vm_state"], args["power_state"])


@transitions.on("server.delete")
def delete(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    give_back(compute, server)
    server.terminated_at = compute.now()
    server.vm_state, server.power_state, server.task_state = "deleted", 0, None
    server.updated_at = compute.now()
    instance_actions.finish(compute, server)
    compute.cancel(server)
    embodiment.follow(compute, server, None)
    compute.bury(server)
    notify(compute, server, "delete.end")
