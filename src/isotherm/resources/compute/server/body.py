"""The body of the call that creates a server."""

from dataclasses import replace
from typing import Any

from isotherm import kit
from isotherm.kit.services.compute import SERVER
from isotherm.resources.compute.server.properties import BlockDeviceV2, Here, ServerProperties
from isotherm.resources.compute.server.user_data import encoded


async def create_body(ctx: Here, networks: str | list[dict[str, Any]] | None) -> dict[str, Any]:
    """``networks`` as the create call takes them; an image is always named, if only as none."""
    props = ctx.props
    body = {
        "name": ctx.physical_name,
        "imageRef": "",
        **kit.create_fields(props),
        "user_data": await encoded(ctx),
        "networks": networks,
        "block_device_mapping_v2": _devices_v2(props) or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def create_entity(body: kit.Fields) -> kit.Entity:
    """The entity in the microversion that the body needs.

    From 2.37 on networks must be named; the type of a new volume came with 2.67, volumes that
    several servers share with 2.60, and the latter have no files to inject any more.
    """
    devices = body.get("block_device_mapping_v2", ())
    if any("volume_type" in each for each in devices):
        return replace(SERVER, microversion="2.67")
    if "networks" not in body:
        return replace(SERVER, microversion="2.36")
    has_volumes = "block_device_mapping" in body or any(each["source_type"] == "volume" for each in devices)
    return replace(SERVER, microversion="2.60") if has_volumes and "personality" not in body else SERVER


def _devices_v2(props: ServerProperties) -> list[dict[str, Any]]:
    devices = [_device_v2(each) for each in props.block_device_mapping_v2 or ()]
    if devices and props.image:
        # Compute wants to see the disk it boots among the devices.
        devices.insert(
            0,
            {
                "source_type": "image",
                "destination_type": "local",
                "uuid": props.image,
                "boot_index": 0,
                "delete_on_termination": True,
            },
        )
    return devices


def _device_v2(device: BlockDeviceV2) -> dict[str, Any]:
    body = {**kit.create_fields(device), **_source(device)}
    return {name: value for name, value in body.items() if value is not None}


def _source(device: BlockDeviceV2) -> dict[str, Any]:
    for kind, source in (("volume", device.volume_id), ("snapshot", device.snapshot_id), ("image", device.image)):
        if source:
            return {"source_type": kind, "destination_type": "volume", "uuid": source}
    local = {"source_type": "blank", "destination_type": "local", "boot_index": -1, "delete_on_termination": True}
    if device.swap_size:
        return {**local, "guest_format": "swap", "volume_size": device.swap_size}
    return {**local, "guest_format": device.ephemeral_format, "volume_size": device.ephemeral_size}
