"""How the objects of block storage look on the wire."""

from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.volume.entities import (
    Attachment,
    Backup,
    QosSpecs,
    Snapshot,
    Volume,
    VolumeType,
)
from isotherm.localcloud.volume.microversion import minor_of
from isotherm.localcloud.volume.state import BlockStorage

# The one volume service there is.
SERVICE_ID = "6c0f5dc2-9d5c-4f0a-8f1b-5b6a7e1f0a11"
HOST = "local@local#local"
# Extra specs that are no secret of the operator.
_VISIBLE_SPECS = ("RESKEY:availability_zones", "multiattach", "replication_enabled")


def timestamp(seconds: float | None) -> str | None:
    return None if seconds is None else iso_time(seconds, suffix=".000000")


def _new_timestamp(seconds: float) -> str:
    """The reply to a create still has the microseconds."""
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds")


def links(call: Call, path: str) -> list[dict[str, str]]:
    prefix = "/".join(filter(None, (call.params.get("project_id"), path)))
    return [
        {"rel": "self", "href": f"{call.base_url}/volume/v3/{prefix}"},
        {"rel": "bookmark", "href": f"{call.base_url}/volume/{prefix}"},
    ]


def show_brief(call: Call, volume: Volume) -> dict[str, Any]:
    return {"id": volume.id, "name": volume.name, "links": links(call, f"volumes/{volume.id}")}


def show_volume(
    storage: BlockStorage, call: Call, volume: Volume, *, extended: bool = False, new: bool = False
) -> dict[str, Any]:
    """`extended`: as a show or list does, not as a create or update."""
    attached = [
        _show_attached(each)
        for each in storage.attachments.find(volume_id=volume.id)
        if each.status == "attached"
    ]
    shown = {
        "id": volume.id,
        "status": volume.status,
        "size": volume.size,
        "availability_zone": volume.availability_zone,
        "created_at": _new_timestamp(volume.created_at) if new else timestamp(volume.created_at),
        "updated_at": timestamp(volume.updated_at),
        "name": volume.name,
        "description": volume.description,
        "volume_type": storage.type_of(volume).name,
        "snapshot_id": volume.snapshot_id,
        "source_volid": volume.source_volid,
        "metadata": {**volume.metadata, **volume.admin_metadata},
        "links": links(call, f"volumes/{volume.id}"),
        "user_id": volume.user_id,
        "bootable": str(volume.bootable).lower(),
        "encrypted": volume.encrypted,
        "replication_status": None,
        "consistencygroup_id": None,
        "multiattach": volume.multiattach,
        "attachments": attached,
        **_by_version(call, volume),
    }
    return {**shown, **_extensions(call, volume)} if extended else shown


def _by_version(call: Call, volume: Volume) -> dict[str, Any]:
    creating = volume.status == "creating"
    fields = (
        (0, True, {"migration_status": None}),
        (13, False, {"group_id": None}),
        (21, True, {"provider_id": None}),
        (48, False, {"shared_targets": creating, "service_uuid": None if creating else SERVICE_ID}),
        (61, True, {"cluster_name": None}),
        (63, False, {"volume_type_id": volume.volume_type_id}),
        (65, False, {"consumes_quota": True}),
    )
    minor, is_admin = minor_of(call), call.caller.is_admin
    shown: dict[str, Any] = {}
    for since, for_admins, more in fields:
        if minor >= since and (is_admin or not for_admins):
            shown |= more
    return shown


def _extensions(call: Call, volume: Volume) -> dict[str, Any]:
    shown: dict[str, Any] = {"os-vol-tenant-attr:tenant_id": volume.project_id}
    if call.caller.is_admin:
        shown |= {
            "os-vol-mig-status-attr:migstat": None,
            "os-vol-mig-status-attr:name_id": None,
            "os-vol-host-attr:host": HOST,
        }
    if volume.image_metadata:
        shown["volume_image_metadata"] = volume.image_metadata
    return shown


def _show_attached(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.volume_id,
        "attachment_id": attachment.id,
        "volume_id": attachment.volume_id,
        "server_id": attachment.server_id,
        "host_name": None,
        "device": attachment.device,
        "attached_at": timestamp(attachment.attached_at),
    }


def show_snapshot(
    call: Call, snapshot: Snapshot, *, extended: bool = False, new: bool = False
) -> dict[str, Any]:
    shown: dict[str, Any] = show_snapshot_brief(snapshot)
    if new:
        shown["created_at"] = _new_timestamp(snapshot.created_at)
    minor = minor_of(call)
    if minor >= 14:
        shown["group_snapshot_id"] = None
    if minor >= 41:
        shown["user_id"] = snapshot.user_id
    if minor >= 65:
        shown["consumes_quota"] = True
    if extended:
        done = "100%" if snapshot.status == "available" else "0%"
        shown["os-extended-snapshot-attributes:project_id"] = snapshot.project_id
        shown["os-extended-snapshot-attributes:progress"] = done
    return shown


def show_snapshot_brief(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "created_at": timestamp(snapshot.created_at),
        "updated_at": timestamp(snapshot.updated_at),
        "name": snapshot.name,
        "description": snapshot.description,
        "volume_id": snapshot.volume_id,
        "status": snapshot.status,
        "size": snapshot.size,
        "metadata": snapshot.metadata,
    }


def show_backup_brief(call: Call, backup: Backup) -> dict[str, Any]:
    return {"id": backup.id, "name": backup.name, "links": links(call, f"backups/{backup.id}")}


def show_backup(storage: BlockStorage, call: Call, backup: Backup) -> dict[str, Any]:
    dependent = any(each.parent_id == backup.id for each in storage.backups)
    shown = {
        "id": backup.id,
        "status": backup.status,
        "size": backup.size,
        "object_count": 0,
        "availability_zone": None,
        "container": backup.container,
        "created_at": timestamp(backup.created_at),
        "updated_at": timestamp(backup.updated_at),
        "name": backup.name,
        "description": backup.description,
        "fail_reason": None,
        "volume_id": backup.volume_id,
        "links": links(call, f"backups/{backup.id}"),
        "is_incremental": backup.parent_id is not None,
        "has_dependent_backups": dependent,
        "snapshot_id": backup.snapshot_id,
        "data_timestamp": timestamp(backup.created_at),
    }
    if minor_of(call) >= 43:
        shown["metadata"] = backup.metadata
    if call.caller.is_admin:
        if minor_of(call) >= 18:
            shown["os-backup-project-attr:project_id"] = backup.project_id
        if minor_of(call) >= 56:
            shown["user_id"] = backup.user_id
    return shown


def show_type(call: Call, type_: VolumeType, *, extended: bool = True) -> dict[str, Any]:
    specs, is_admin = type_.extra_specs, call.caller.is_admin
    if not is_admin:
        specs = {name: value for name, value in specs.items() if name in _VISIBLE_SPECS}
    shown = {
        "id": type_.id,
        "name": type_.name,
        "is_public": type_.is_public,
        "description": type_.description,
        "extra_specs": specs,
    }
    if extended:
        if is_admin:
            shown["qos_specs_id"] = type_.qos_specs_id
        shown["os-volume-type-access:is_public"] = type_.is_public
    return shown


def show_qos(specs: QosSpecs) -> dict[str, Any]:
    return {
        "id": specs.id,
        "name": specs.name,
        "consumer": specs.consumer,
        "specs": specs.specs,
    }


def show_attachment_brief(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "status": attachment.status,
        "instance": attachment.server_id,
        "volume_id": attachment.volume_id,
    }


def show_attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        **show_attachment_brief(attachment),
        "attached_at": timestamp(attachment.attached_at) or "",
        "detached_at": "",
        "attach_mode": attachment.mode or "null",
        "connection_info": show_connection(attachment) if attachment.connected else {},
    }


def show_connection(attachment: Attachment) -> dict[str, Any]:
    return {
        "volume_id": attachment.volume_id,
        "qos_specs": None,
        "access_mode": attachment.mode or "rw",
        "encrypted": False,
        "cacheable": False,
        "driver_volume_type": "local",
        "attachment_id": attachment.id,
        "enforce_multipath": False,
    }
