"""Actions on volumes: POST /volumes/{id}/action with the action's name as the body's key."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.volume import attachments, bodies, rendering, volumes
from isotherm.localcloud.volume.entities import Volume
from isotherm.localcloud.volume.faults import (
    conflict,
    invalid,
    invalid_field,
    invalid_volume,
)
from isotherm.localcloud.volume.microversion import minor_of
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()

_ACTION = "/volumes/{volume_id}/action"
_ADMIN = "volume_extension:volume_admin_actions"
_STATUSES = (
    "creating",
    "available",
    "deleting",
    "error",
    "error_deleting",
    "error_managing",
    "managing",
    "attaching",
    "in-use",
    "detaching",
    "maintenance",
    "restoring-backup",
    "error_restoring",
    "reserved",
    "awaiting-transfer",
    "backing-up",
    "error_backing-up",
    "error_extending",
    "downloading",
    "uploading",
    "retyping",
    "extending",
)
# Since then volumes in use can grow.
_ATTACHED_EXTEND = 42


@routes.action(_ACTION, "os-extend", "volume.extend")
def extend(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    new_size = bodies.read_size(_required(call, "os-extend", "new_size"), "new_size")
    assert new_size is not None
    attached = minor_of(call) >= _ATTACHED_EXTEND
    volumes.begin_extend(storage, volume, new_size, attached=attached)
    storage.advance(call, "volume.grow", volume, size=new_size)


@routes.action(_ACTION, "os-retype", "volume.retype")
def retype(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    type_ = storage.volume_type(call.caller, str(_required(call, "os-retype", "new_type")))
    volumes.begin_retype(storage, volume, type_)
    storage.advance(call, "volume.retype", volume, type_id=type_.id)


@routes.action(_ACTION, "os-set_bootable", "volume.set_bootable", status=200)
def set_bootable(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    volume.bootable = bodies.read_flag(_required(call, "os-set_bootable", "bootable"), "bootable")
    storage.touch(volume)


@routes.action(_ACTION, "os-update_readonly_flag", "volume.set_readonly")
def set_readonly(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    given = _required(call, "os-update_readonly_flag", "readonly")
    readonly = bodies.read_flag(given, "readonly")
    if volume.status != "available":
        raise invalid_volume(
            f"Volume {volume.id} status must be available to update readonly flag, "
            f"but current status is: {volume.status}."
        )
    volume.admin_metadata["readonly"] = str(readonly)
    storage.touch(volume)


@routes.action(_ACTION, "os-reset_status", "volume.reset_status", policy=f"{_ADMIN}:reset_status")
def reset_status(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    status = bodies.argument_of(call, "os-reset_status").get("status")
    if status is not None and status not in _STATUSES:
        raise invalid(f"Volume status: {status} is invalid, valid statuses are: {_STATUSES}.")
    if bodies.argument_of(call, "os-reset_status").get("attach_status") == "detached":
        for attachment in storage.attachments.find(volume_id=volume.id):
            storage.attachments.remove(attachment.id)
    if status is not None:
        volumes.change_status(storage, volume, status)


@routes.action(_ACTION, "os-force_delete", "volume.force_delete", policy=f"{_ADMIN}:force_delete")
def force_delete(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    storage.cancel(volume)
    volumes.change_status(storage, volume, "deleting")
    storage.advance(call, "volume.remove", volume)


# The older way to attach; compute and its kin use attachments.


@routes.action(_ACTION, "os-reserve", "volume.reserve")
def reserve(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    if volume.status != "available" and not (volume.multiattach and volume.status == "in-use"):
        raise invalid_volume(
            f"Volume status must be available to reserve, but the status is {volume.status}."
        )
    volumes.change_status(storage, volume, "attaching")


@routes.action(_ACTION, "os-unreserve", "volume.unreserve")
def unreserve(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    if volume.status == "attaching":
        attached = storage.attachments.find(volume_id=volume.id)
        volumes.change_status(storage, volume, "in-use" if attached else "available")


@routes.action(_ACTION, "os-attach", "volume.attach")
def attach(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    wish = bodies.argument_of(call, "os-attach")
    mode = wish.get("mode", "rw")
    read_only = volume.admin_metadata.get("readonly") == "True"
    if mode not in ("rw", "ro") or (mode == "rw" and read_only):
        raise invalid(f"Invalid attaching mode '{mode}' for volume {volume.id}.")
    if volume.status not in ("attaching", "available"):
        raise invalid_volume("status must be available or attaching")
    server_id = wish.get("instance_uuid")
    volumes.change_status(storage, volume, "available")
    attachment = attachments.reserve(storage, volume, server_id, mode)
    attachments.complete(storage, attachment, wish.get("mountpoint"))
    volume.admin_metadata.setdefault("readonly", "False")
    volume.admin_metadata["attached_mode"] = mode
    storage.volumes.save(volume)


@routes.action(_ACTION, "os-begin_detaching", "volume.begin_detaching")
def begin_detaching(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    if volume.status != "in-use":
        raise invalid_volume(
            "Unable to detach volume. Volume status must be 'in-use' and attach_status must be "
            "'attached' to detach."
        )
    volumes.change_status(storage, volume, "detaching")


@routes.action(_ACTION, "os-roll_detaching", "volume.roll_detaching")
def roll_detaching(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    if volume.status == "detaching":
        volumes.change_status(storage, volume, "in-use")


@routes.action(_ACTION, "os-detach", "volume.detach")
def detach(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    attached = storage.attachments.find(volume_id=volume.id)
    attachments.require_not_of_compute(storage, call.caller, attached)
    wanted = bodies.argument_of(call, "os-detach").get("attachment_id")
    if wanted is None and len(attached) > 1:
        raise invalid_volume("Detach volume failed: More than one attachment, name one.")
    for attachment in attached:
        if wanted in (None, attachment.id):
            attachments.delete(storage, attachment)
    if not attached and volume.status in ("attaching", "detaching", "in-use"):
        volumes.change_status(storage, volume, "available")


@routes.action(_ACTION, "os-initialize_connection", "volume.connect", status=200)
def initialize_connection(storage: BlockStorage, call: Call) -> object:
    volume = _volume(storage, call)
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


@routes.action(_ACTION, "os-terminate_connection", "volume.disconnect")
def terminate_connection(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    attached = storage.attachments.find(volume_id=volume.id)
    attachments.require_not_of_compute(storage, call.caller, attached)


# Image metadata.


@routes.action(_ACTION, "os-set_image_metadata", "volume.set_image_metadata", status=200)
def set_image_metadata(storage: BlockStorage, call: Call) -> object:
    volume = _volume(storage, call)
    given = _required(call, "os-set_image_metadata", "metadata")
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise invalid_field("metadata", "It is not of type 'object'")
    volume.image_metadata |= bodies.check_metadata(given)
    storage.volumes.save(volume)
    return {"metadata": volume.image_metadata}


@routes.action(_ACTION, "os-show_image_metadata", "volume.show_image_metadata", status=200)
def show_image_metadata(storage: BlockStorage, call: Call) -> object:
    return {"metadata": _volume(storage, call).image_metadata}


@routes.action(_ACTION, "os-unset_image_metadata", "volume.unset_image_metadata", status=200)
def unset_image_metadata(storage: BlockStorage, call: Call) -> None:
    volume = _volume(storage, call)
    key = str(_required(call, "os-unset_image_metadata", "key"))
    if key not in volume.image_metadata:
        raise Fault(404, f"Glance metadata for volume/snapshot {volume.id} cannot be found.")
    del volume.image_metadata[key]
    storage.volumes.save(volume)


@routes.action(_ACTION, "os-volume_upload_image", "volume.upload")
def upload_image(storage: BlockStorage, call: Call) -> object:
    """The volume's data as a new image."""
    volume = _volume(storage, call)
    wish = bodies.argument_of(call, "os-volume_upload_image")
    name = str(_required(call, "os-volume_upload_image", "image_name"))
    forced = volume.status == "in-use" and bodies.read_flag(wish.get("force", False), "force")
    if volume.status != "available" and not forced:
        raise invalid_volume(f"Volume {volume.id} status must be available or in-use.")
    image_id = storage.frame.peers.image.create_snapshot(
        call.caller, name, dict(volume.image_metadata)
    )
    volumes.change_status(storage, volume, "uploading")
    storage.advance(call, "volume.upload", volume, image_id=image_id)
    return {"os-volume_upload_image": _show_upload(storage, volume, image_id, wish)}


def _show_upload(
    storage: BlockStorage, volume: Volume, image_id: str, wish: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": volume.id,
        "updated_at": rendering.timestamp(volume.updated_at),
        "status": "uploading",
        "display_description": volume.description,
        "size": volume.size,
        "volume_type": storage.type_of(volume).name,
        "image_id": image_id,
        "container_format": wish.get("container_format", "bare"),
        "disk_format": wish.get("disk_format", "raw"),
        "image_name": wish.get("image_name"),
    }


@routes.action(_ACTION, "revert", "volume.revert", since=40)
def revert(storage: BlockStorage, call: Call) -> Reply:
    """Back to what the newest snapshot holds."""
    volume = _volume(storage, call)
    snapshot = storage.snapshot(call.caller, str(_required(call, "revert", "snapshot_id")))
    newest = storage.snapshots.find(volume_id=volume.id)[-1:]
    if snapshot not in newest:
        raise invalid(
            f"Invalid input received: Snapshot {snapshot.id} is not the latest one of volume "
            f"{volume.id}."
        )
    if volume.status not in ("available", "in-use"):
        raise conflict(f"Volume {volume.id} is {volume.status}.")
    storage.touch(volume)
    return Reply(202)


def _volume(storage: BlockStorage, call: Call) -> Volume:
    return storage.volume(call.caller, call.params["volume_id"])


def _required(call: Call, action: str, name: str) -> object:
    value = bodies.argument_of(call, action).get(name)
    if value is None:
        raise invalid_field(action, f"'{name}' is a required property")
    return value
