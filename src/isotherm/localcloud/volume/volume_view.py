"""How volumes look, by view and microversion."""

from datetime import UTC, datetime
from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import BRIEF, CHANGED, NEW
from isotherm.localcloud.volume.dialect import links, minor_of
from isotherm.localcloud.volume.entities import Attachment, Volume, timestamp
from isotherm.localcloud.volume.state import HOST, SERVICE_ID, BlockStorage


def show_more(storage: BlockStorage, call: Call, volume: Volume, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"links": links(call, f"volumes/{volume.id}")}
    if view == BRIEF:
        return shown
    attached = storage.attachments.find(volume_id=volume.id)
    shown |= {
        "volume_type": storage.type_of(volume).name,
        "metadata": {**volume.metadata, **volume.admin_metadata},
        "user_id": volume.user_id,
        "replication_status": None,
        "consistencygroup_id": None,
        "attachments": [_show_attached(each) for each in attached if each.status == "attached"],
        **_by_version(call, volume),
    }
    if view == NEW:
        shown["created_at"] = new_timestamp(volume.created_at)
    return shown if view in (NEW, CHANGED) else {**shown, **_extensions(call, volume)}


def new_timestamp(seconds: float) -> str:
    """The reply to a create still has the microseconds."""
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds")


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
    """What a show or a list tells, and a create or an update does not."""
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
