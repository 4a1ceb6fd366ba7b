"""Routes of attachments."""

from collections.abc import Callable
from typing import Any

import msgspec

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.volume import attachments, bodies, listing, rendering
from isotherm.localcloud.volume.entities import Attachment
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()

_SINCE = 27
_FILTERS: dict[str, Callable[[Attachment], object]] = {
    "volume_id": lambda attachment: attachment.volume_id,
    "status": lambda attachment: attachment.status,
    "instance_id": lambda attachment: attachment.server_id,
    "attach_status": lambda attachment: attachment.status,
}


class CreateBody(msgspec.Struct, kw_only=True):
    volume_uuid: str
    instance_uuid: str | None = None
    connector: dict[str, Any] | None = None
    mode: str | None = None


class UpdateBody(msgspec.Struct, kw_only=True):
    connector: dict[str, Any]
    mode: str | None = None


@routes.post("/attachments", "attachment.create", since=_SINCE)
def create_attachment(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "attachment", CreateBody)
    volume = storage.volume(call.caller, body.volume_uuid)
    attachment = attachments.reserve(storage, volume, body.instance_uuid, body.mode)
    return {"attachment": _connected(storage, attachment, body.connector)}


@routes.put("/attachments/{attachment_id}", "attachment.update", since=_SINCE)
def update_attachment(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "attachment", UpdateBody)
    attachment = _find(storage, call)
    attachment.mode = body.mode or attachment.mode
    return {"attachment": _connected(storage, attachment, body.connector)}


def _connected(
    storage: BlockStorage, attachment: Attachment, connector: dict[str, Any] | None
) -> dict[str, Any]:
    """The reply, whose status is still the one from before the connector was given."""
    before = attachment.status
    if connector:
        host, device = connector.get("host"), connector.get("mountpoint")
        attachments.connect(storage, attachment, host=host, device=device)
    return {**rendering.show_attachment(attachment), "status": before}


@routes.get("/attachments", "attachment.list", since=_SINCE)
def list_attachments(storage: BlockStorage, call: Call) -> object:
    return _list(storage, call, rendering.show_attachment_brief)


@routes.get("/attachments/detail", "attachment.list", since=_SINCE)
def list_attachments_in_detail(storage: BlockStorage, call: Call) -> object:
    return _list(storage, call, rendering.show_attachment)


def _list(
    storage: BlockStorage, call: Call, show: Callable[[Attachment], dict[str, Any]]
) -> dict[str, Any]:
    found = listing.filtered(call, listing.visible(call, storage.attachments), _FILTERS)
    page, _ = listing.page(call, found, "Volume attachment")
    return {"attachments": [show(attachment) for attachment in page]}


@routes.get("/attachments/{attachment_id}", "attachment.show", since=_SINCE)
def show_attachment(storage: BlockStorage, call: Call) -> object:
    return {"attachment": rendering.show_attachment(_find(storage, call))}


@routes.delete("/attachments/{attachment_id}", "attachment.delete", since=_SINCE, status=200)
def delete_attachment(storage: BlockStorage, call: Call) -> object:
    attachment = _find(storage, call)
    attachments.require_not_of_compute(storage, call.caller, [attachment])
    attachments.delete(storage, attachment)
    left = storage.attachments.find(volume_id=attachment.volume_id)
    return {"attachments": [rendering.show_attachment_brief(each) for each in left]}


@routes.action(
    "/attachments/{attachment_id}/action", "os-complete", "attachment.complete", status=204
)
def complete_attachment(storage: BlockStorage, call: Call) -> None:
    attachments.complete(storage, _find(storage, call))


def _find(storage: BlockStorage, call: Call) -> Attachment:
    attachment_id = call.params["attachment_id"]
    attachment = storage.attachments.get(attachment_id)
    if attachment is None or not call.caller.sees(attachment.project_id):
        where = f"attachment_id = {attachment_id}."
        raise Fault(404, f"Volume attachment could not be found with filter: {where}")
    return attachment
