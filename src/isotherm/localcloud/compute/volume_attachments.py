"""Routes of volumes that are attached to servers."""

from typing import Any

from isotherm.localcloud.compute import attachments, bodies, checks
from isotherm.localcloud.compute.dialect import read
from isotherm.localcloud.compute.entities import BlockDevice, Server
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.permissions import check_state
from isotherm.localcloud.compute.routing import ComputeRoutes
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import flag, or_none, text, uuid
from isotherm.localcloud.paging import page_of

routes = ComputeRoutes()

_PATH = "/servers/{server_id}/os-volume_attachments"
_ATTACHABLE = (
    "active",
    "stopped",
    "paused",
    "suspended",
    "resized",
    "shelved",
    "shelved_offloaded",
)
_CREATE = {
    "volumeId": said(uuid, required=True),
    "device": said(or_none(bodies.DEVICE_NAME)),
    "tag": said(checks.TAG, since=49),
    "delete_on_termination": said(flag, since=79),
}
_UPDATE = {
    "volumeId": said(uuid, required=True),
    "id": said(uuid, since=85),
    "device": said(or_none(text()), since=85),
    "serverId": said(uuid, since=85),
    "tag": said(or_none(text()), since=85),
    "delete_on_termination": said(flag, since=85),
}


@routes.get(_PATH, "attachment.list")
def list_attachments(compute: Compute, call: Call) -> object:
    devices = compute.volume_devices(compute.server_of(call))
    page, _ = page_of(devices, call)
    return {"volumeAttachments": [_show(call, device) for device in page]}


@routes.get(_PATH + "/{volume_id}", "attachment.show")
def show_attachment(compute: Compute, call: Call) -> object:
    server = compute.server_of(call)
    device = attachments.find_attachment(compute, server, call.params["volume_id"])
    if device is None:
        raise _not_attached(server, call.params["volume_id"])
    return {"volumeAttachment": _show(call, device)}


@routes.post(_PATH, "attachment.create")
def create_attachment(compute: Compute, call: Call) -> object:
    wish = read(call, "volumeAttachment", _CREATE)
    server = compute.server_of(call)
    check_state(call, server, "attach_volume", _ATTACHABLE)
    device = attachments.attach(compute, call, server, wish)
    shown = {"id": device.volume_id, "serverId": server.id, "volumeId": device.volume_id}
    shown["device"] = device.device
    if minor_of(call) >= 70:
        shown["tag"] = device.tag
    if minor_of(call) < 79:
        return {"volumeAttachment": shown}
    return {"volumeAttachment": {**shown, "delete_on_termination": device.delete_on_termination}}


@routes.put(_PATH + "/{volume_id}", "attachment.update", status=202)
def update_attachment(compute: Compute, call: Call) -> None:
    wish = read(call, "volumeAttachment", _UPDATE)
    server, volume_id = compute.server_of(call), call.params["volume_id"]
    attachments.find_volume(compute, call, volume_id)
    device = attachments.find_attachment(compute, server, volume_id)
    if device is None:
        raise _not_attached(server, volume_id)
    if wish["volumeId"] != volume_id or minor_of(call) < 85:
        raise Fault(
            403,
            "Policy doesn't allow os_compute_api:os-volumes-attachments:swap to be performed.",
        )
    if "delete_on_termination" not in wish:
        raise invalid(f"The requested volume {volume_id} is the attached one.")
    device.delete_on_termination = wish["delete_on_termination"]
    compute.devices.save(device)


@routes.delete(_PATH + "/{volume_id}", "attachment.delete", status=202)
def delete_attachment(compute: Compute, call: Call) -> None:
    server, volume_id = compute.server_of(call), call.params["volume_id"]
    attachments.find_volume(compute, call, volume_id)
    check_state(call, server, "detach_volume", _ATTACHABLE)
    device = attachments.find_attachment(compute, server, volume_id)
    if device is None:
        raise _not_attached(server, volume_id)
    if device.boot_index == 0:
        raise Fault(403, "Cannot detach a root device volume")
    attachments.detach(compute, call, server, device)


def _not_attached(server: Server, volume_id: str) -> Fault:
    return Fault(404, f"Instance {server.id} is not attached to volume {volume_id}")


def _show(call: Call, device: BlockDevice) -> dict[str, Any]:
    minor = minor_of(call)
    shown: dict[str, Any] = {} if minor >= 89 else {"id": device.volume_id}
    shown |= {
        "volumeId": device.volume_id,
        "serverId": device.server_id,
        "device": device.device,
    }
    if minor >= 70:
        shown["tag"] = device.tag
    if minor >= 79:
        shown["delete_on_termination"] = device.delete_on_termination
    if minor >= 89:
        shown |= {"attachment_id": device.attachment_id, "bdm_uuid": device.id}
    return shown
