"""How a server comes to be: all is checked first, then it is built in the background."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from isotherm.localcloud.compute import block_devices, instance_actions, networking, sources
from isotherm.localcloud.compute.entities import (
    BlockDevice,
    Flavor,
    NetworkRequest,
    Server,
    ServerGroup,
)
from isotherm.localcloud.compute.faults import invalid, not_found, quota_exceeded
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.placement import HOSTS, zone_of
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.compute.usage import check_metadata_quota, check_server_quota
from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds.checks import is_uuid
from isotherm.localcloud.peers import ImageFacts


class Blueprint(msgspec.Struct, kw_only=True):
    """All that was found out about a wish for servers; nothing is made yet."""

    wish: Mapping[str, Any]
    hints: Mapping[str, Any]
    flavor: Flavor
    devices: list[BlockDevice]
    image: ImageFacts | None
    networks: list[NetworkRequest]
    security_group_ids: list[str]
    group: ServerGroup | None
    zone: str | None
    count: int


def draw(
    compute: Compute, call: Call, wish: Mapping[str, Any], hints: Mapping[str, Any]
) -> Blueprint:
    """Check the whole wish. Raises Fault 400, 403, 404, 409."""
    caller, project_id = call.caller, call.project_id
    least, most = _counts(wish)
    zone = _check_zone(compute, caller, wish.get("availability_zone"))
    check_metadata_quota(compute, project_id, wish.get("metadata", {}))
    check_key(compute, caller, wish.get("key_name"))
    flavor = find_flavor(compute, caller, str(wish["flavorRef"]))
    devices = _devices(wish)
    image = _check_disks(compute, call, devices, flavor)
    networks = networking.resolve(compute, caller, wish.get("networks"))
    _check_count(most, networks, devices)
    names = [group["name"] for group in wish.get("security_groups", ()) if "name" in group]
    security_group_ids = networking.resolve_security_groups(compute, caller, names)
    group = _find_group(compute, caller, hints)
    count = check_server_quota(compute, project_id, flavor, (least, most), group)
    return Blueprint(
        wish=wish,
        hints=hints,
        flavor=flavor,
        devices=devices,
        image=image,
        networks=networks,
        security_group_ids=security_group_ids,
        group=group,
        zone=zone,
        count=count,
    )


def find_flavor(compute: Compute, caller: Caller, flavor_id: str) -> Flavor:
    """The flavor that a body names. Raises Fault 400."""
    try:
        return compute.find_flavor(caller, flavor_id)
    except Fault as fault:
        raise invalid(fault.message) from fault


def build(compute: Compute, call: Call, blueprint: Blueprint) -> list[Server]:
    """Make the servers; hosts work at them from now on."""
    reservation_id = "r-" + "".join(
        secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(8)
    )
    return [
        _build_one(compute, call, blueprint, index, reservation_id)
        for index in range(blueprint.count)
    ]


def _build_one(
    compute: Compute, call: Call, blueprint: Blueprint, index: int, reservation_id: str
) -> Server:
    wish, image, now = blueprint.wish, blueprint.image, compute.now()
    name = wish["name"] if blueprint.count == 1 else f"{wish['name']}-{index + 1}"
    server = Server(
        project_id=call.project_id,
        user_id=call.caller.user_id,
        owner_roles=sorted(call.caller.roles),
        name=name,
        number=compute.next_number(),
        flavor=blueprint.flavor.facts(),
        created_at=now,
        updated_at=now,
        hostname="",
        reservation_id=reservation_id,
        description=wish.get("description", name if minor_of(call) < 19 else None),
        image_id=wish.get("imageRef") or None,
        image_needs=sources.needs_of(image, blueprint.flavor) if image else None,
        pinned_zone=blueprint.zone,
        launch_index=index,
        key_name=wish.get("key_name"),
        user_data=wish.get("user_data"),
        config_drive=wish.get("config_drive") or False,
        disk_config=wish.get("OS-DCF:diskConfig", "MANUAL"),
        access_ipv4=wish.get("accessIPv4", ""),
        access_ipv6=wish.get("accessIPv6", ""),
        metadata=dict(wish.get("metadata", {})),
        tags=list(dict.fromkeys(wish.get("tags", ()))),
        hints=dict(blueprint.hints),
        group_id=blueprint.group.id if blueprint.group else None,
        networks=blueprint.networks,
        security_group_ids=blueprint.security_group_ids,
    )
    server.hostname = wish.get("hostname") or hostname_of(server)
    _add_devices(compute, call.caller, server, blueprint.devices)
    instance_actions.begin(compute, call, server, "create", "compute__do_build_and_run_instance")
    compute.servers.add(server)
    compute.schedule("server.spawn", server, after=0)
    compute.advance(call, "server.activate", server)
    return server


def _add_devices(
    compute: Compute, caller: Caller, server: Server, devices: Sequence[BlockDevice]
) -> None:
    """Keep the disks; volumes that exist are taken now, others made while it is built."""
    made = [
        msgspec.structs.replace(device, id=new_uuid(), server_id=server.id) for device in devices
    ]
    block_devices.name_devices(made, server.flavor)
    for device in made:
        if device.volume_id is not None:
            device.attachment_id = compute.frame.peers.volume.reserve(
                caller, device.volume_id, server.id
            )
        compute.devices.add(device)


def hostname_of(server: Server) -> str:
    """The server's name as a host name."""
    name = re.sub(r"[ _]", "-", server.name.encode("latin-1", "ignore").decode("latin-1"))
    name = re.sub(r"[^\w.-]+", "", name, flags=re.ASCII).lower().strip(".-")[:63]
    return name or f"server-{server.id}"


def _counts(wish: Mapping[str, Any]) -> tuple[int, int]:
    least = wish.get("min_count", 1)
    most = wish.get("max_count", least)
    if least > most:
        raise invalid("min_count must be <= max_count")
    return least, most


def _check_count(
    most: int, networks: Sequence[NetworkRequest], devices: Sequence[BlockDevice]
) -> None:
    if most == 1:
        return
    prefix = "Failed to launch instances: " if any(n.fixed_ip for n in networks) else ""
    if prefix:
        raise invalid(f"{prefix}max_count cannot be greater than 1 if an fixed_ip is specified.")
    if any(request.port_id for request in networks):
        raise invalid(
            "Unable to launch multiple instances with a single configured port ID. "
            "Please launch your instance one by one with different ports."
        )
    if any(device.source == "volume" for device in devices):
        raise invalid("Cannot attach one or more volumes to multiple instances")


def _check_zone(compute: Compute, caller: Caller, zone: str | None) -> str | None:
    """`zone`, or `zone:host` from an administrator."""
    if zone is None:
        return None
    name, _, host = zone.partition(":")
    if host and not caller.is_admin:
        raise Fault(
            403,
            "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.",
        )
    if name and name not in {zone_of(compute, known.name) for known in HOSTS}:
        raise invalid("The requested availability zone is not available")
    host = host.partition(":")[0]
    if host and host not in {known.name for known in HOSTS}:
        raise invalid(f"Compute host {host} could not be found.")
    return zone


def check_key(compute: Compute, caller: Caller, name: str | None) -> None:
    if name is not None and not compute.keypairs.find(user_id=caller.user_id, name=name):
        raise invalid("Invalid key_name provided.")


def _devices(wish: Mapping[str, Any]) -> list[BlockDevice]:
    image_id = wish.get("imageRef") or None
    modern, old = wish.get("block_device_mapping_v2"), wish.get("block_device_mapping")
    if modern and old:
        raise invalid(
            "Using different block_device_mapping syntaxes is not allowed in the same request."
        )
    if modern:
        devices = block_devices.wished(modern)
    elif old:
        devices = block_devices.wished_long_ago(old, image_id)
    else:
        devices = [block_devices.local_root(image_id)] if image_id else []
    if not devices:
        raise invalid("Missing imageRef attribute")
    return devices


def _check_disks(
    compute: Compute, call: Call, devices: Sequence[BlockDevice], flavor: Flavor
) -> ImageFacts | None:
    caller = call.caller
    root = next((device for device in devices if device.boot_index == 0), None)
    if root is not None and root.destination == "local" and root.image_id is not None:
        sources.find_image(compute, caller, root.image_id, "Can not find requested image")
        if flavor.disk == 0 and not caller.is_admin:
            raise quota_exceeded(
                "Only volume-backed servers are allowed for flavors with zero disk."
            )
    block_devices.check_boot_sequence(devices)
    block_devices.check_own_disks(devices, flavor)
    image = sources.check_sources(compute, call, devices)
    if image is not None and root is not None:
        sources.check_root_image(image, flavor, local=root.destination == "local")
    return image


def _find_group(compute: Compute, caller: Caller, hints: Mapping[str, Any]) -> ServerGroup | None:
    group_id = hints.get("group")
    if group_id is None:
        return None
    if not is_uuid(str(group_id)):
        raise invalid(
            f"Invalid input for field/attribute group. Value: {group_id}. "
            f"{group_id!r} is not valid under any of the given schemas"
        )
    group = compute.groups.get(group_id)
    if group is None or group.project_id != caller.project_id:
        raise invalid(not_found("Instance group", group_id).message)
    return group
