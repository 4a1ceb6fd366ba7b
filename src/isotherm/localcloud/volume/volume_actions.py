"""What can be done with volumes besides changing their fields."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds.checks import integer, one_of, short_flag
from isotherm.localcloud.volume import attachments, usage
from isotherm.localcloud.volume.dialect import (
    argument,
    checked,
    conflict,
    invalid,
    invalid_input,
    invalid_volume,
    minor_of,
)
from isotherm.localcloud.volume.entities import PAIRS, Volume, VolumeType, timestamp
from isotherm.localcloud.volume.state import BlockStorage
from isotherm.localcloud.volume.volumes import MULTIATTACH, VOLUMES

_ADMIN = "volume_extension:volume_admin_actions"
_STATUSES = (
    *("creating", "available", "deleting", "error", "error_deleting", "error_managing"),
    *("managing", "attaching", "in-use", "detaching", "maintenance", "restoring-backup"),
    *("error_restoring", "reserved", "awaiting-transfer", "backing-up", "error_backing-up"),
    *("error_extending", "downloading", "uploading", "retyping", "extending"),
)
_POLICY = one_of("on-demand", "never")
# Since then volumes in use can grow.
_ATTACHED_EXTEND = 42


@VOLUMES.action("os-extend", "extend")
def extend(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    size: int = checked("new_size", argument(said, "os-extend", "new_size"), integer(1))
    in_use = minor_of(call) >= _ATTACHED_EXTEND
    if volume.status not in (("available", "in-use") if in_use else ("available",)):
        raise invalid_volume(
            f"Volume {volume.id} status must be '{{'status': 'available'}}' to extend, "
            f"currently {volume.status}."
        )
    if size <= volume.size:
        raise invalid_input(
            "New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {size})."
        )
    usage.check_size(storage, volume.project_id, size)
    more = {"gigabytes": size - volume.size}
    usage.check(storage, volume.project_id, storage.type_of(volume), more)
    storage.change_status(volume, "extending")
    storage.advance(call, "volume.grow", volume, size=size)


@VOLUMES.transitions.on("volume.grow")
def grow(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    volume.size = args["size"]
    storage.change_status(volume, volume.previous_status)


@VOLUMES.action("os-retype", "retype")
def retype(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    checked("migration_policy", _told(said).get("migration_policy", "never"), _POLICY)
    type_ = storage.volume_type(call.caller, str(argument(said, "os-retype", "new_type")))
    if _shares(type_) != volume.multiattach and volume.status != "available":
        raise invalid_input(
            "Invalid volume_type passed, retypes affecting multiattach are only allowed on "
            "available volumes, the specified volume however currently has a status of: "
            f"{volume.status}."
        )
    if volume.status not in ("available", "in-use") or type_.id == volume.volume_type_id:
        raise invalid_volume(
            "Retype needs volume to be in available or in-use state, not be part of an active "
            "migration or a consistency group, requested type has to be different that the one "
            "from the volume, and for in-use volumes front-end qos specs cannot change."
        )
    storage.change_status(volume, "retyping")
    storage.advance(call, "volume.retype", volume, type_id=type_.id)


@VOLUMES.transitions.on("volume.retype")
def complete_retype(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    type_ = storage.types.get(args["type_id"])
    if type_ is not None:
        volume.volume_type_id = type_.id
        volume.multiattach = _shares(type_)
    storage.change_status(volume, volume.previous_status)


@VOLUMES.action("os-set_bootable", "set_bootable", status=200)
def set_bootable(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    given = argument(said, "os-set_bootable", "bootable")
    volume.bootable = checked("bootable", given, short_flag)
    VOLUMES.touch(storage, volume)


@VOLUMES.action("os-update_readonly_flag", "set_readonly")
def set_readonly(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    readonly = checked(
        "readonly", argument(said, "os-update_readonly_flag", "readonly"), short_flag
    )
    if volume.status != "available":
        raise invalid_volume(
            f"Volume {volume.id} status must be available to update readonly flag, "
            f"but current status is: {volume.status}."
        )
    volume.admin_metadata["readonly"] = str(readonly)
    VOLUMES.touch(storage, volume)


@VOLUMES.action("os-reset_status", "reset_status", rule=f"{_ADMIN}:reset_status")
def reset_status(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    wish = _told(said)
    status = wish.get("status")
    if not wish.keys() & {"status", "attach_status", "migration_status"}:
        raise invalid("Must specify 'status', 'attach_status' or 'migration_status' for update.")
    if status is not None and status not in _STATUSES:
        raise invalid(f"Volume status: {status} is invalid, valid statuses are: {_STATUSES}.")
    if status == "deleting":
        raise invalid("Cannot reset-state to deleting")
    if wish.get("attach_status") == "detached":
        for attachment in storage.attachments.find(volume_id=volume.id):
            storage.attachments.remove(attachment.id)
    if status is not None:
        storage.change_status(volume, status)


@VOLUMES.action("os-force_delete", "force_delete", rule=f"{_ADMIN}:force_delete")
def force_delete(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    storage.cancel(volume)
    VOLUMES.begin(storage, call, volume, "delete")


# The older way to attach; compute and its kin use attachments.


@VOLUMES.action("os-reserve", "reserve")
def reserve(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    if volume.status != "available" and not (volume.multiattach and volume.status == "in-use"):
        raise invalid_volume(
            f"Volume status must be available to reserve, but the status is {volume.status}."
        )
    storage.change_status(volume, "attaching")


@VOLUMES.action("os-unreserve", "unreserve")
def unreserve(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    if volume.status == "attaching":
        attached = storage.attachments.find(volume_id=volume.id)
        storage.change_status(volume, "in-use" if attached else "available")


@VOLUMES.action("os-attach", "attach")
def attach(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    wish = _told(said)
    mode = wish.get("mode", "rw")
    read_only = volume.admin_metadata.get("readonly") == "True"
    if mode not in ("rw", "ro") or (mode == "rw" and read_only):
        raise invalid(f"Invalid attaching mode '{mode}' for volume {volume.id}.")
    if volume.status not in ("attaching", "available"):
        raise invalid_volume("status must be available or attaching")
    storage.change_status(volume, "available")
    attachment = attachments.reserve(storage, volume, wish.get("instance_uuid"), mode)
    attachments.complete(storage, attachment, wish.get("mountpoint"))
    volume.admin_metadata.setdefault("readonly", "False")
    volume.admin_metadata["attached_mode"] = mode
    storage.volumes.save(volume)


@VOLUMES.action("os-begin_detaching", "begin_detaching")
def begin_detaching(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    if volume.status != "in-use":
        raise invalid_volume(
            "Unable to detach volume. Volume status must be 'in-use' and attach_status must be "
            "'attached' to detach."
        )
    storage.change_status(volume, "detaching")


@VOLUMES.action("os-roll_detaching", "roll_detaching")
def roll_detaching(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    if volume.status == "detaching":
        storage.change_status(volume, "in-use")


@VOLUMES.action("os-detach", "detach")
def detach(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    attached = storage.attachments.find(volume_id=volume.id)
    attachments.require_not_of_compute(storage, call.caller, attached)
    wanted = _told(said).get("attachment_id")
    if wanted is None and len(attached) > 1:
        raise invalid_volume("Detach volume failed: More than one attachment, name one.")
    for attachment in attached:
        if wanted in (None, attachment.id):
            attachments.detach(storage, attachment)
    if not attached and volume.status in ("attaching", "detaching", "in-use"):
        storage.change_status(volume, "available")


@VOLUMES.action("os-initialize_connection", "connect", status=200)
def initialize_connection(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> object:
    data = {
        "volume_id": volume.id,
        "qos_specs": None,
        "access_mode": "rw",
        "encrypted": volume.encrypted,
        "cacheable": False,
        "enforce_multipath": False,
    }
    info = {"driver_volume_type": "local", "data": data, "enforce_multipath": False}
    return {"connection_info": info}


@VOLUMES.action("os-terminate_connection", "disconnect")
def terminate_connection(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    attached = storage.attachments.find(volume_id=volume.id)
    attachments.require_not_of_compute(storage, call.caller, attached)


# What is known of the image that a volume was made of.


@VOLUMES.action("os-set_image_metadata", "set_image_metadata", status=200)
def set_image_metadata(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> object:
    given = argument(said, "os-set_image_metadata", "metadata")
    volume.image_metadata |= checked("metadata", given, PAIRS)
    storage.volumes.save(volume)
    return {"metadata": volume.image_metadata}


@VOLUMES.action("os-show_image_metadata", "show_image_metadata", status=200)
def show_image_metadata(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> object:
    return {"metadata": volume.image_metadata}


@VOLUMES.action("os-unset_image_metadata", "unset_image_metadata", status=200)
def unset_image_metadata(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> None:
    key = str(argument(said, "os-unset_image_metadata", "key"))
    if key not in volume.image_metadata:
        raise Fault(404, f"Glance metadata for volume/snapshot {volume.id} cannot be found.")
    del volume.image_metadata[key]
    storage.volumes.save(volume)


@VOLUMES.action("os-volume_upload_image", "upload")
def upload_image(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> object:
    """The volume's data as a new image."""
    wish = _told(said)
    name = str(argument(said, "os-volume_upload_image", "image_name"))
    forced = volume.status == "in-use" and checked("force", wish.get("force", False), short_flag)
    if volume.status != "available" and not forced:
        raise invalid_volume(f"Volume {volume.id} status must be available or in-use.")
    properties = dict(volume.image_metadata)
    image_id = storage.frame.peers.image.create_snapshot(call.caller, name, properties)
    storage.change_status(volume, "uploading")
    storage.advance(call, "volume.upload", volume, image_id=image_id)
    shown = {
        "id": volume.id,
        "updated_at": timestamp(volume.updated_at),
        "status": "uploading",
        "display_description": volume.description,
        "size": volume.size,
        "volume_type": storage.type_of(volume).name,
        "image_id": image_id,
        "container_format": wish.get("container_format", "bare"),
        "disk_format": wish.get("disk_format", "raw"),
        "image_name": name,
    }
    return {"os-volume_upload_image": shown}


@VOLUMES.transitions.on("volume.upload")
def complete_upload(storage: BlockStorage, volume: Volume, args: dict[str, Any]) -> None:
    storage.frame.peers.image.complete_snapshot(args["image_id"], volume.size * 2**30)
    storage.change_status(volume, volume.previous_status)


@VOLUMES.action("revert", "revert", since=40)
def revert(storage: BlockStorage, call: Call, volume: Volume, said: Any) -> Reply:
    """Back to what the newest snapshot holds."""
    snapshot = storage.snapshot(call.caller, str(argument(said, "revert", "snapshot_id")))
    if snapshot not in storage.snapshots.find(volume_id=volume.id)[-1:]:
        raise invalid(
            f"Specified snapshot {snapshot.id} is None or not the latest one of volume {volume.id}."
        )
    if volume.status not in ("available", "in-use"):
        raise conflict(f"Volume {volume.id} is {volume.status}.")
    VOLUMES.touch(storage, volume)
    return Reply(202)


def _shares(type_: VolumeType) -> bool:
    return type_.extra_specs.get("multiattach") == MULTIATTACH


def _told(said: Any) -> dict[str, Any]:
    """What an action was given; an empty object where it needs nothing."""
    return said if isinstance(said, dict) else {}
