"""What servers are made from: images, volumes and snapshots, and whether a flavor holds them."""

from collections.abc import Iterable

from isotherm.localcloud.compute.entities import BlockDevice, Flavor, FlavorFacts, ImageNeeds
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Caller, instead_of
from isotherm.localcloud.peers import ImageFacts, VolumeFacts

_INVALID = "Block Device Mapping is Invalid"
_GIB = 2**30
# Since then servers may share a volume.
_SHARED = 60


def check_sources(
    compute: Compute, call: Call, devices: Iterable[BlockDevice]
) -> ImageFacts | None:
    """Everything named exists and fits; the root disk's image, if it has one. Raises Fault 400."""
    root_image, caller = None, call.caller
    for device in devices:
        _check_size(device)
        if device.volume_type is not None:
            _check_volume_type(compute, caller, device.volume_type)
        if device.source == "volume" and device.volume_id is not None:
            _check_volume(compute, call, device)
        if device.source == "snapshot" and device.snapshot_id is not None:
            _check_snapshot(compute, caller, device)
        if device.source == "image" and device.image_id is not None:
            image = _check_image(compute, caller, device)
            root_image = image if device.boot_index == 0 else root_image
    return root_image


def check_root_image(image: ImageFacts, flavor: Flavor | FlavorFacts, *, local: bool) -> None:
    """The flavor has the memory, and (for a local root disk) the space. Raises Fault 400."""
    if image.status != "active":
        raise invalid(f"Image {image.id} is not active.")
    needs = ImageNeeds(min_disk=image.min_disk, min_ram=image.min_ram)
    check_image_needs(needs, flavor, local=local)
    has = flavor.disk * _GIB
    if local and 0 < has < image.size:
        raise invalid(
            "Flavor's disk is too small for requested image. "
            f"Flavor disk is {has} bytes, image is {image.size} bytes."
        )


def needs_of(image: ImageFacts, flavor: Flavor | FlavorFacts) -> ImageNeeds:
    """What a server that is made from the image will ask of each later flavor."""
    return ImageNeeds(min_disk=max(image.min_disk, flavor.disk), min_ram=image.min_ram)


def check_image_needs(needs: ImageNeeds, flavor: Flavor | FlavorFacts, *, local: bool) -> None:
    """Raises Fault 400."""
    if needs.min_ram > flavor.ram:
        raise invalid("Flavor's memory is too small for requested image.")
    if local and 0 < flavor.disk < needs.min_disk:
        raise invalid(
            "Flavor's disk is smaller than the minimum size specified in image metadata. "
            f"Flavor disk is {flavor.disk * _GIB} bytes, "
            f"minimum size is {needs.min_disk * _GIB} bytes."
        )


def find_image(compute: Compute, caller: Caller, image_id: str, refusal: str) -> ImageFacts:
    """Raises Fault 400 with the refusal's text."""
    with instead_of(None, invalid(refusal)):
        return compute.frame.peers.image.find_image(caller, image_id)


def check_attachable(
    compute: Compute, call: Call, volume: VolumeFacts, server_id: str = ""
) -> None:
    """The volume is free, or shareable and not on this server yet. Raises Fault 400."""
    if volume.multiattach and minor_of(call) < _SHARED:
        raise invalid(
            "Multiattach volumes are only supported starting with compute API version 2.60."
        )
    servers = [device.server_id for device in compute.devices.find(volume_id=volume.id)]
    if server_id in servers or (servers and not volume.multiattach):
        raise invalid(
            f"Invalid volume: volume {volume.id} is already attached to instances: "
            + ", ".join(servers)
        )
    if volume.multiattach and volume.status in ("reserved", "attaching"):
        raise invalid(
            f"Invalid input received: Invalid volume: Volume {volume.id} status must be available "
            "or in-use or downloading to reserve, but the current status is "
            f"{volume.status}. (HTTP 400)"
        )
    if volume.status not in ("available", "in-use") or (
        volume.status == "in-use" and not volume.multiattach
    ):
        raise invalid(
            f"Invalid volume: volume '{volume.id}' status must be 'available'. "
            f"Currently in '{volume.status}'"
        )


def _check_size(device: BlockDevice) -> None:
    if device.destination != "volume" or device.size:
        return
    if device.source == "blank":
        raise invalid("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")
    if device.source == "image":
        raise invalid(
            "Images with destination_type 'volume' need to have a non-zero size specified"
        )


def _check_volume(compute: Compute, call: Call, device: BlockDevice) -> None:
    volume_id = device.volume_id or ""
    with instead_of(404, invalid(f"{_INVALID}: failed to get volume {volume_id}.")):
        volume = compute.frame.peers.volume.find_volume(call.caller, volume_id)
    if device.boot_index == 0 and not volume.bootable:
        raise invalid(f"Block Device {volume_id} is not bootable.")
    check_attachable(compute, call, volume)


def _check_snapshot(compute: Compute, caller: Caller, device: BlockDevice) -> None:
    snapshot_id = device.snapshot_id or ""
    with instead_of(404, invalid(f"Snapshot {snapshot_id} could not be found.")):
        size = compute.frame.peers.volume.find_snapshot(caller, snapshot_id)
    device.size = device.size or size


def _check_volume_type(compute: Compute, caller: Caller, name: str) -> None:
    with instead_of(404, invalid(f"Volume type {name} could not be found.")):
        compute.frame.peers.volume.find_volume_type(caller, name)


def _check_image(compute: Compute, caller: Caller, device: BlockDevice) -> ImageFacts:
    refusal = f"{_INVALID}: failed to get image {device.image_id}."
    image = find_image(compute, caller, device.image_id or "", refusal)
    if device.destination == "volume" and image.min_disk > device.size:
        raise invalid(
            "Volume is smaller than the minimum size specified in image metadata. Volume size is "
            f"{device.size * _GIB} bytes, minimum size is {image.min_disk * _GIB} bytes."
        )
    return image
