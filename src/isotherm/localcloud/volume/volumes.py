"""Volumes: made of nothing, of an image or of a copy; shown, changed, removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.localcloud.exchange import Call, Caller, instead_of
from isotherm.localcloud.kinds import (
    Kind,
    Life,
    Listing,
    Metadata,
    Wish,
    said,
    said_only,
)
from isotherm.localcloud.kinds.checks import Check, as_is, integer, or_none, text
from isotherm.localcloud.kinds.lists import holds
from isotherm.localcloud.peers import ImageFacts
from isotherm.localcloud.volume import usage
from isotherm.localcloud.volume.dialect import (
    DIALECT,
    LenientDialect,
    invalid,
    invalid_input,
    invalid_volume,
    minor_of,
)
from isotherm.localcloud.volume.entities import (
    NAME,
    PAIRS,
    Snapshot,
    Volume,
    VolumeType,
    identifier,
)
from isotherm.localcloud.volume.state import ZONE, BlockStorage
from isotherm.localcloud.volume.volume_view import show_more

_DELETABLE = ("available", "error", "error_restoring", "error_extending", "error_managing")
_ERROR_AFTER = {"deleting": "error_deleting", "extending": "error_extending"}
_GIB = 2**30
_STRICT = 53
MULTIATTACH = "<is> True"
_NO_MULTIATTACH = (
    "multiattach parameter has been removed. The default behavior is to use multiattach enabled "
    "volume types. Contact your administrator to create a multiattach enabled volume type and "
    "use it to create multiattach volumes."
)


def _new(check: Check) -> Any:
    return said_only(or_none(check), update=False)


_SAID = {
    "size": said(or_none(integer(1)), update=False),
    "display_name": said_only(NAME),
    "display_description": said_only(NAME),
    "volume_type": _new(text()),
    "imageRef": _new(text()),
    "image_id": _new(text()),
    "backup_id": _new(identifier),
    "consistencygroup_id": _new(text()),
    "group_id": _new(text()),
    "multiattach": said(as_is, update=False),
}


@dataclass(frozen=True)
class _Source:
    """What a new volume is made of; `copied` is the advice about the type of a copy."""

    size: int | None = None
    type_id: str | None = None
    zone: str | None = None
    bootable: bool = False
    image_metadata: dict[str, str] = field(default_factory=dict)
    copied: str = ""


def create(storage: BlockStorage, call: Call, wish: Wish) -> Volume:
    if wish.pop("multiattach", None):
        raise invalid(_NO_MULTIATTACH)
    for name in ("group_id", "consistencygroup_id"):
        group_id = wish.pop(name, None)
        if group_id is not None:
            raise DIALECT.missing("Group", group_id)
    return make(storage, call.caller, _plain(wish))


def _plain(wish: Wish) -> Wish:
    """The older names by the newer ones; nothing is not said."""
    for name in ("name", "description"):
        older = wish.pop(f"display_{name}", None)
        if wish.get(name) is None and older is not None:
            wish[name] = older
    if "image_id" in wish:
        wish.setdefault("imageRef", wish.pop("image_id"))
    if wish.get("metadata", {}) is None:
        wish["metadata"] = {}
    return wish


def make(storage: BlockStorage, caller: Caller, wish: Wish) -> Volume:
    """A volume in status `creating`. Raises Fault 400, 404, 413."""
    if caller.project_id is None:
        raise invalid("Malformed request url")
    source = _source(storage, caller, wish)
    size = wish.get("size") or source.size
    if size is None:
        raise invalid(
            "The server could not comply with the request since it is either malformed or "
            "otherwise incorrect."
        )
    type_ = _type(storage, caller, wish.get("volume_type") or source.type_id)
    if source.copied and not _alike(type_, storage.types.get(source.type_id or "")):
        raise invalid_input(
            f"Invalid volume_type provided: {type_.id} (requested type is not compatible; "
            f"{source.copied} type argument)."
        )
    zone = wish.pop("availability_zone", None) or source.zone or ZONE
    if zone != ZONE:
        raise invalid(f"Availability zone '{zone}' is invalid.")
    usage.check_size(storage, caller.project_id, size)
    usage.check(storage, caller.project_id, type_, {"gigabytes": size, "volumes": 1})
    made = {
        "size": size,
        "volume_type_id": type_.id,
        "bootable": source.bootable,
        "multiattach": type_.extra_specs.get("multiattach") == MULTIATTACH,
        "encrypted": type_.encryption is not None,
        "image_metadata": source.image_metadata,
    }
    return VOLUMES.add(storage, caller, {**wish, **made})


def _alike(type_: VolumeType, of: VolumeType | None) -> bool:
    """Whether a copy of a volume of one type may be of the other."""
    if of is None or of is type_:
        return True
    backends = {each.extra_specs.get("volume_backend_name") for each in (type_, of)}
    return None not in backends and len(backends) == 1 and type_.encryption == of.encryption


def _type(storage: BlockStorage, caller: Caller, name_or_id: str | None) -> VolumeType:
    return storage.volume_type(caller, name_or_id) if name_or_id else storage.default_type()


def _source(storage: BlockStorage, caller: Caller, wish: Mapping[str, Any]) -> _Source:
    size = wish.get("size")
    named = [
        name
        for name in ("imageRef", "snapshot_id", "source_volid", "backup_id")
        if wish.get(name) is not None
    ]
    if len(named) > 1:
        if "imageRef" in named:
            _from_image(storage, caller, wish["imageRef"], size)
        raise invalid_input("May specify only one of backup, imageRef, snapshot, source volume")
    match named:
        case ["snapshot_id"]:
            return _from_snapshot(storage, storage.snapshot(caller, wish["snapshot_id"]), size)
        case ["source_volid"]:
            return _from_volume(storage.volume(caller, wish["source_volid"]), size)
        case ["imageRef"]:
            return _from_image(storage, caller, wish["imageRef"], size)
        case ["backup_id"]:
            return _Source(size=storage.backup(caller, wish["backup_id"]).size)
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
        raise DIALECT.missing("Volume", snapshot.volume_id)
    return _copy_of(volume, snapshot.size, "recommend omitting the")


def _from_volume(volume: Volume, size: int | None) -> _Source:
    if volume.status not in ("available", "in-use"):
        raise invalid_volume(
            "Originating source volume status must be one of 'available, in-use' values"
        )
    if size is not None and size < volume.size:
        raise invalid_input(
            f"Volume size '{size}'GB cannot be smaller than original volume size  "
            f"{volume.size}GB. They must be >= original volume size."
        )
    return _copy_of(volume, volume.size, "either match source volume, or omit")


def _copy_of(volume: Volume, size: int, advice: str) -> _Source:
    return _Source(
        size=size,
        type_id=volume.volume_type_id,
        zone=volume.availability_zone,
        bootable=volume.bootable,
        image_metadata=dict(volume.image_metadata),
        copied=advice,
    )


def _from_image(storage: BlockStorage, caller: Caller, image_id: str, size: int | None) -> _Source:
    refusal = invalid("Invalid image identifier or unable to access requested image.")
    with instead_of(None, refusal):
        image = storage.frame.peers.image.find_image(caller, image_id)
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


def change(storage: BlockStorage, call: Call, volume: Volume, wish: Wish) -> None:
    if wish.get("metadata", {}) is None:
        raise DIALECT.invalid("metadata", None, ValueError("None is not of type 'object'"))
    VOLUMES.assign(storage, volume, _plain(wish))


def delete(storage: BlockStorage, call: Call, volume: Volume) -> None:
    """Raises Fault 400 for a volume that is in use or has snapshots."""
    snapshots = storage.snapshots.find(volume_id=volume.id)
    cascade = (call.argument("cascade") or "").lower() == "true"
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


def remove(storage: BlockStorage, volume: Volume) -> None:
    """Forget the volume with its snapshots and attachments."""
    for snapshot in storage.snapshots.find(volume_id=volume.id):
        storage.snapshots.remove(snapshot.id)
    for attachment in storage.attachments.find(volume_id=volume.id):
        storage.attachments.remove(attachment.id)
    storage.volumes.remove(volume.id)


def _complete(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    if volume.image_metadata:
        volume.bootable = True


def _fail(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> str:
    state: str = args["state"]
    return _ERROR_AFTER.get(volume.status, state) if state == "error" else state


class _Volumes(Kind[BlockStorage, Volume]):
    def wish(self, call: Call, said: Any, verb: str) -> Wish:
        """What nobody knows of a new volume was ignored once."""
        if verb == "create" and minor_of(call) < _STRICT and isinstance(said, dict):
            known = [name for name, each in self.fields.items() if each.create]
            said = {name: value for name, value in said.items() if name in known}
        return super().wish(call, said, verb)


VOLUMES = _Volumes(
    dialect=LenientDialect(),
    name="volume",
    entity=Volume,
    brief=True,
    also=_SAID,
    life=Life(
        creating="creating",
        deleting="deleting",
        completed=_complete,
        failing=_fail,
        removed=remove,
    ),
    listing=Listing(
        filters=("name", "status", "metadata", "availability_zone", "size", "created_at")
        + ("updated_at",),
        matchers={
            "bootable": lambda _, volume, said: volume.bootable == (said.lower() in ("true", "1")),
            "consumes_quota": lambda _, volume, said: said.lower() in ("true", "1"),
            "migration_status": lambda _, volume, said: said == "None",
            "group_id": lambda _, volume, said: said == "None",
            "glance_metadata": lambda _, volume, said: holds(volume.image_metadata, said),
        },
    ),
    create=create,
    change=change,
    delete=delete,
    more=show_more,
)
Metadata(VOLUMES, PAIRS)
routes = VOLUMES.routes


@routes.get("/volumes/summary", "volume.summarize", since=12)
def summarize_volumes(storage: BlockStorage, call: Call) -> object:
    found = [each for each in storage.volumes if DIALECT.sees(call, each.project_id)][::-1]
    metadata: dict[str, list[str]] = {}
    for volume in found:
        for key, value in volume.metadata.items():
            values = metadata.setdefault(key, [])
            if value not in values:
                values.append(value)
    total = sum(volume.size for volume in found)
    summary = {"total_count": len(found), "total_size": total, "metadata": metadata}
    return {"volume-summary": summary}


@routes.get("/volumes/{id}/encryption", "volume.show_encryption")
def show_encryption(storage: BlockStorage, call: Call) -> object:
    volume = VOLUMES.of(storage, call)
    return {"encryption_key_id": None} | (storage.type_of(volume).encryption or {})


@routes.get("/resource_filters", "resource_filter.list", since=33)
def list_resource_filters(storage: BlockStorage, call: Call) -> object:
    known = (*VOLUMES.listing.filters, *VOLUMES.listing.matchers)
    filters = [name for name in known if name != "glance_metadata"]
    return {"resource_filters": [{"resource": "volume", "filters": filters}]}
