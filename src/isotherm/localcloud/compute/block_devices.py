"""Disks of servers: from what a request says about them to volumes and device names."""

from collections.abc import Iterable, Mapping, Sequence, Set
from string import ascii_lowercase
from typing import Any

from isotherm.localcloud.compute.entities import BlockDevice, Flavor, FlavorFacts
from isotherm.localcloud.compute.faults import conflict, invalid

_INVALID = "Block Device Mapping is Invalid"
_BAD_SEQUENCE = (
    f"{_INVALID}: Boot sequence for the instance and image/block device mapping "
    "combination is not valid."
)
_PREFIX = "/dev/vd"


def wished(entries: Sequence[Mapping[str, Any]]) -> list[BlockDevice]:
    """Devices as `block_device_mapping_v2` describes them. Raises Fault 400."""
    return [_wished(entry) for entry in entries if not entry.get("no_device")]


def _wished(entry: Mapping[str, Any]) -> BlockDevice:
    source = entry.get("source_type", "volume" if entry.get("volume_id") else "")
    source_id = entry.get("uuid") or entry.get("volume_id")
    destination = entry.get("destination_type") or ("local" if source == "blank" else "volume")
    size = entry.get("volume_size") or 0
    if source != "blank" and not source_id:
        raise invalid(f"{_INVALID}: Missing device UUID.")
    if source in ("volume", "snapshot") and destination == "local":
        raise invalid(f"{_INVALID}: Mapping {source} to local is not supported.")
    return BlockDevice(
        server_id="",
        source=source,
        destination=destination,
        device=full_name(entry.get("device_name")),
        boot_index=_boot_index(entry.get("boot_index")),
        image_id=source_id if source == "image" else None,
        snapshot_id=source_id if source == "snapshot" else None,
        volume_id=source_id if source == "volume" else None,
        size=size,
        volume_type=entry.get("volume_type"),
        delete_on_termination=entry.get("delete_on_termination", destination == "local"),
        tag=entry.get("tag"),
        is_swap=source == "blank" and entry.get("guest_format") == "swap",
    )


def _boot_index(value: int | None) -> int | None:
    return None if value is None or value < 0 else value


def wished_long_ago(
    entries: Sequence[Mapping[str, Any]], image_id: str | None
) -> list[BlockDevice]:
    """Devices as the older `block_device_mapping` describes them, with the image as root."""
    devices = [local_root(image_id)] if image_id else []
    for entry in entries:
        if entry.get("no_device"):
            continue
        snapshot_id, volume_id = entry.get("snapshot_id"), entry.get("volume_id")
        if not (snapshot_id or volume_id):
            raise invalid(f"{_INVALID}: Missing device UUID.")
        source = "volume" if volume_id else "snapshot"
        device = BlockDevice(
            server_id="",
            source=source,
            destination="volume",
            device=full_name(entry.get("device_name")),
            snapshot_id=None if volume_id else snapshot_id,
            volume_id=volume_id or None,
            size=entry.get("volume_size") or 0,
            delete_on_termination=entry.get("delete_on_termination", False),
        )
        devices.append(device)
    if devices and not image_id:
        roots = [device for device in devices if device.device == "/dev/vda"]
        (roots or devices)[0].boot_index = 0
    return devices


def local_root(image_id: str) -> BlockDevice:
    return BlockDevice(
        server_id="",
        source="image",
        destination="local",
        boot_index=0,
        image_id=image_id,
        delete_on_termination=True,
    )


def check_boot_sequence(devices: Iterable[BlockDevice]) -> None:
    """Boot indexes count up from one root disk. Raises Fault 400."""
    indexes = sorted(d.boot_index for d in devices if d.boot_index is not None)
    if not indexes or indexes != list(range(len(indexes))):
        raise invalid(_BAD_SEQUENCE)


def check_own_disks(devices: Iterable[BlockDevice], flavor: Flavor) -> None:
    """Disks that the host makes are as large as the flavor allows. Raises Fault 400."""
    made = [each for each in devices if (each.source, each.destination) == ("blank", "local")]
    if sum(each.size or flavor.ephemeral for each in made if not each.is_swap) > flavor.ephemeral:
        raise invalid(
            "Ephemeral disks requested are larger than the instance type allows. If no size is "
            "given in one block device mapping, flavor ephemeral size will be used."
        )
    swap = [each.size for each in made if each.is_swap]
    if len(swap) > 1:
        raise invalid(f"{_INVALID}: More than one swap drive requested.")
    if sum(swap) > flavor.swap:
        raise invalid("Swap drive requested is larger than instance type allows.")


def full_name(name: str | None) -> str:
    """`vdb` and `/dev/sdb` are the second disk: `/dev/vdb`. Nothing stays nothing."""
    if not name:
        return ""
    return _PREFIX + name.removeprefix("/dev/")[2:]


def name_devices(devices: Sequence[BlockDevice], flavor: FlavorFacts) -> None:
    """Give every disk of a new server its name, in order; the flavor's own come after the root."""
    taken = {device.device for device in devices if device.device}
    for device in sorted(devices, key=lambda d: d.boot_index != 0):
        device.device = device.device or next_name(taken)
        taken.add(device.device)
        if device.boot_index == 0:
            for _ in filter(None, (flavor.ephemeral, flavor.swap)):
                taken.add(next_name(taken))


def next_name(taken: Set[str]) -> str:
    """The first device name that is free. Raises Fault 403 when there is none."""
    for letter in ascii_lowercase:
        if _PREFIX + letter not in taken:
            return _PREFIX + letter
    raise conflict("No free disk device names for prefix 'vd'")


def own_names(flavor: FlavorFacts) -> set[str]:
    """Names that the root disk and the flavor's own disks have on every server."""
    count = 1 + bool(flavor.ephemeral) + bool(flavor.swap)
    return {_PREFIX + letter for letter in ascii_lowercase[:count]}
