"""Making, changing and removing volumes."""

from dataclasses import dataclass

import msgspec

from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.peers import ImageFacts
from isotherm.localcloud.volume import usage
from isotherm.localcloud.volume.entities import Snapshot, Volume, VolumeType
from isotherm.localcloud.volume.faults import (
    invalid,
    invalid_input,
    invalid_volume,
    not_found,
)
from isotherm.localcloud.volume.state import ZONE, BlockStorage

_DELETABLE = ("available", "error", "error_restoring", "error_extending", "error_managing")
_GIB = 2**30
_MULTIATTACH = "<is> True"


class CreateWish(msgspec.Struct, kw_only=True):
    """At most one of the sources. Without a size the source's is taken."""

    size: int | None = None
    name: str | None = None
    description: str | None = None
    volume_type: str | None = None
    availability_zone: str | None = None
    metadata: dict[str, str] = {}
    image_ref: str | None = None
    snapshot_id: str | None = None
    source_volid: str | None = None
    backup_id: str | None = None


@dataclass(frozen=True)
class _Source:
    """What a new volume is made of."""

    size: int | None = None
    type_id: str | None = None
    zone: str | None = None
    bootable: bool = False
    image_metadata: dict[str, str] | None = None


def create(storage: BlockStorage, caller: Caller, wish: CreateWish) -> Volume:
    """A volume in status `creating`; the caller schedules its completion."""
    if caller.project_id is None:
        raise invalid("Malformed request url")
    source = _source(storage, caller, wish)
    size = wish.size or source.size
    if size is None:
        raise invalid(
            "The server could not comply with the request since it is either malformed or "
            "otherwise incorrect."
        )
    type_ = _type(storage, caller, wish.volume_type or source.type_id)
    zone = wish.availability_zone or source.zone or ZONE
    if zone != ZONE:
        raise invalid(f"Availability zone '{zone}' is invalid.")
    usage.check_volume(storage, caller.project_id, type_, size)
    return storage.volumes.add(
        Volume(
            project_id=caller.project_id,
            user_id=caller.user_id,
            size=size,
            volume_type_id=type_.id,
            created_at=storage.now(),
            name=wish.name,
            description=wish.description,
            bootable=source.bootable,
            multiattach=type_.extra_specs.get("multiattach") == _MULTIATTACH,
            encrypted=type_.encryption is not None,
            snapshot_id=wish.snapshot_id,
            source_volid=wish.source_volid,
            metadata=dict(wish.metadata),
            image_metadata=source.image_metadata or {},
        )
    )


def _type(storage: BlockStorage, caller: Caller, name_or_id: str | None) -> VolumeType:
    return storage.volume_type(caller, name_or_id) if name_or_id else storage.default_type()


def _source(storage: BlockStorage, caller: Caller, wish: CreateWish) -> _Source:
    sources = (wish.image_ref, wish.snapshot_id, wish.source_volid, wish.backup_id)
    if sum(source is not None for source in sources) > 1:
        raise invalid_input("May specify only one of backup, imageRef, snapshot, source volume")
    if wish.snapshot_id is not None:
        return _from_snapshot(storage, storage.snapshot(caller, wish.snapshot_id), wish.size)
    if wish.source_volid is not None:
        return _from_volume(storage.volume(caller, wish.source_volid), wish.size)
    if wish.image_ref is not None:
        return _from_image(storage, caller, wish.image_ref, wish.size)
    if wish.backup_id is not None:
        backup = storage.backup(caller, wish.backup_id)
        return _Source(size=backup.size)
    return _Source()


def _from_snapshot(storage: BlockStorage, snapshot: Snapshot, size: int | None) -> _Source:
    if snapshot.status != "available":
        raise invalid(
            "Invalid snapshot: Originating snapshot status must be one of 'available' values"
        )
    if size is not None and size < snapshot.size:
        raise invalid_input(
            f"Volume size '{size}'GB cannot be smaller than the snapshot size "
            f"{snapshot.size}GB. They must be >= original snapshot size."
        )
    volume = storage.volumes.get(snapshot.volume_id)
    if volume is None:
        raise not_found("Volume", snapshot.volume_id)
    return _copy_of(volume, snapshot.size)


def _from_volume(volume: Volume, size: int | None) -> _Source:
    if volume.status not in ("available", "in-use"):
        raise invalid_volume(f"Source volume {volume.id} is in status {volume.status}.")
    if size is not None and size < volume.size:
        raise invalid_input(
            f"Volume size '{size}'GB cannot be smaller than original volume size  "
            f"{volume.size}GB. They must be >= original volume size."
        )
    return _copy_of(volume, volume.size)


def _copy_of(volume: Volume, size: int) -> _Source:
    return _Source(
        size=size,
        type_id=volume.volume_type_id,
        zone=volume.availability_zone,
        bootable=volume.bootable,
        image_metadata=dict(volume.image_metadata),
    )


def _from_image(storage: BlockStorage, caller: Caller, image_id: str, size: int | None) -> _Source:
    try:
        image = storage.frame.peers.image.find_image(caller, image_id)
    except Fault as fault:
        raise invalid("Invalid image identifier or unable to access requested image.") from fault
    if image.status != "active":
        raise invalid_input(f"Image {image.id} is not active.")
    if size is not None:
        _check_image_fits(image, size)
    return _Source(
        type_id=image.properties.get("cinder_img_volume_type"),
        image_metadata=_image_metadata(image),
    )


def _check_image_fits(image: ImageFacts, size: int) -> None:
    needed = -(-image.size // _GIB)
    if needed > size:
        raise invalid_input(
            f"Size of specified image {needed}GB is larger than volume size {size}GB."
        )
    if image.min_disk > size:
        raise invalid_input(
            f"Volume size {size}GB cannot be smaller than the image minDisk size "
            f"{image.min_disk}GB."
        )


def _image_metadata(image: ImageFacts) -> dict[str, str]:
    known = {
        "checksum": image.checksum,
        "container_format": image.container_format,
        "disk_format": image.disk_format,
    }
    return {
        **image.properties,
        "image_id": image.id,
        "image_name": image.name,
        **{name: value for name, value in known.items() if value is not None},
        "min_disk": str(image.min_disk),
        "min_ram": str(image.min_ram),
        "size": str(image.size),
    }


def change_status(storage: BlockStorage, volume: Volume, status: str) -> Volume:
    """`previous_status` is kept where the new one will pass by itself."""
    if status in ("extending", "retyping", "backing-up", "uploading"):
        volume.previous_status = volume.status
    volume.status = status
    return storage.touch(volume)


def begin_delete(storage: BlockStorage, volume: Volume, *, cascade: bool) -> None:
    """Raises Fault 400 for a volume that is in use or has snapshots."""
    snapshots = storage.snapshots.find(volume_id=volume.id)
    attached = storage.attachments.find(volume_id=volume.id)
    if volume.status not in _DELETABLE or attached or (snapshots and not cascade):
        raise invalid_volume(
            "Volume status must be available or error or error_restoring or error_extending or "
            "error_managing and must not be migrating, attached, belong to a group, have "
            "snapshots, awaiting a transfer, or be disassociated from snapshots after volume "
            "transfer."
        )
    for snapshot in snapshots:
        snapshot.status = "deleting"
        storage.snapshots.save(snapshot)
    storage.cancel(volume)
    change_status(storage, volume, "deleting")


def remove(storage: BlockStorage, volume: Volume) -> None:
    """Forget the volume with its snapshots and attachments."""
    for snapshot in storage.snapshots.find(volume_id=volume.id):
        storage.snapshots.remove(snapshot.id)
    for attachment in storage.attachments.find(volume_id=volume.id):
        storage.attachments.remove(attachment.id)
    storage.volumes.remove(volume.id)


def begin_extend(storage: BlockStorage, volume: Volume, new_size: int, *, attached: bool) -> None:
    """`attached`: whether a volume in use may grow. Raises Fault 400, 413."""
    allowed = ("available", "in-use") if attached else ("available",)
    if volume.status not in allowed:
        raise invalid_volume(
            f"Volume {volume.id} status must be '{{'status': 'available'}}' to extend, "
            f"currently {volume.status}."
        )
    if new_size <= volume.size:
        raise invalid_input(
            "New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {new_size})."
        )
    usage.check_size(storage, volume.project_id, new_size)
    type_, more = storage.type_of(volume), new_size - volume.size
    usage.check_growth(storage, volume.project_id, type_, more)
    change_status(storage, volume, "extending")


def begin_retype(storage: BlockStorage, volume: Volume, type_: VolumeType) -> None:
    same = type_.id == volume.volume_type_id
    if volume.status not in ("available", "in-use") or same:
        raise invalid_volume(
            "Retype needs volume to be in available or in-use state, not be part of an active "
            "migration or a consistency group, requested type has to be different that the one "
            "from the volume, and for in-use volumes front-end qos specs cannot change."
        )
    change_status(storage, volume, "retyping")
