"""Images of servers."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.lifecycle import reach
from isotherm.localcloud.compute.permissions import check_state
from isotherm.localcloud.compute.power import start_task
from isotherm.localcloud.compute.resizing import is_volume_backed
from isotherm.localcloud.compute.state import Compute, transitions
from isotherm.localcloud.compute.usage import check_metadata_quota
from isotherm.localcloud.exchange import Call, Caller

_GIB = 2**30


def begin_snapshot(compute: Compute, call: Call, server: Server, wish: Mapping[str, Any]) -> str:
    """The id of the image to come. Raises Fault 403, 409."""
    metadata = wish.get("metadata", {})
    check_metadata_quota(compute, server.project_id, metadata)
    check_state(call, server, "createImage", ("active", "stopped", "paused", "suspended"))
    peers, name = compute.frame.peers, wish["name"]
    properties = {**snapshot_properties(call.caller, server), **metadata}
    image_id = peers.image.create_snapshot(call.caller, name, properties)
    size = server.flavor.disk * _GIB
    if is_volume_backed(compute, server):
        size = 0
        for device in compute.volume_devices(server):
            volume_id = device.volume_id or ""
            snapshot_name = f"snapshot for {name}"
            peers.volume.snapshot_server_volume(call.caller, volume_id, snapshot_name)
    names = ("createImage", "compute_snapshot_instance", "image_snapshot_pending")
    start_task(compute, call, server, names)
    compute.advance(call, "server.snapshot", server, image_id=image_id, size=size)
    return image_id


@transitions.on("server.snapshot")
def complete_snapshot(compute: Compute, server: Server, args: dict[str, Any]) -> None:
    compute.frame.peers.image.complete_snapshot(args["image_id"], args["size"])
    reach(compute, server, server.vm_state, server.power_state)


def snapshot_properties(caller: Caller, server: Server) -> dict[str, str]:
    """What an image says about the server it was taken from."""
    return {
        "base_image_ref": server.image_id or "",
        "image_type": "snapshot",
        "instance_uuid": server.id,
        "owner_project_name": caller.project_name or "",
        "owner_user_name": caller.user_name,
        "user_id": caller.user_id,
    }
