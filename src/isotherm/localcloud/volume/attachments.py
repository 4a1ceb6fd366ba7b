"""Plugging volumes into servers: reserve, connect, complete, detach."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import BRIEF, Kind, Listing, Wish, said_only
from isotherm.localcloud.kinds.checks import as_is, mapping, or_none, text, uuid
from isotherm.localcloud.volume.dialect import DIALECT, VolumeDialect, conflict, invalid_volume
from isotherm.localcloud.volume.entities import Attachment, Volume
from isotherm.localcloud.volume.state import BlockStorage

_SINCE = {"since": 27}


def reserve(
    storage: BlockStorage, volume: Volume, server_id: str | None, mode: str | None = None
) -> Attachment:
    """Take a free volume, or one in use that may have several. Raises Fault 400."""
    free = ("available", *(("in-use",) if volume.multiattach else ()), "downloading")
    if volume.status not in free:
        raise invalid_volume(
            f"Volume {volume.id} status must be {' or '.join(free)} to reserve, "
            f"but the current status is {volume.status}."
        )
    attachment = Attachment(
        project_id=volume.project_id, volume_id=volume.id, server_id=server_id, mode=mode
    )
    if volume.status != "in-use":
        storage.change_status(volume, "reserved")
    return storage.attachments.add(attachment)


def connect(
    storage: BlockStorage, attachment: Attachment, *, host: str | None, device: str | None
) -> None:
    """The host knows how to reach the volume."""
    attachment.connected = True
    attachment.host = host
    attachment.device = device
    if attachment.status == "reserved":
        attachment.status = "attaching"
        volume = volume_of(storage, attachment)
        if volume.status == "reserved":
            storage.change_status(volume, "attaching")
    storage.attachments.save(attachment)


def complete(storage: BlockStorage, attachment: Attachment, device: str | None = None) -> None:
    attachment.status = "attached"
    attachment.mode = attachment.mode or "rw"
    attachment.device = device or attachment.device
    attachment.attached_at = storage.now()
    storage.attachments.save(attachment)
    storage.change_status(volume_of(storage, attachment), "in-use")


def begin_detaching(storage: BlockStorage, attachment: Attachment) -> None:
    storage.change_status(volume_of(storage, attachment), "detaching")


def detach(storage: BlockStorage, attachment: Attachment) -> None:
    """The volume is `available` again if this was its last attachment."""
    volume = volume_of(storage, attachment)
    storage.attachments.remove(attachment.id)
    left = storage.attachments.find(volume_id=volume.id)
    volume.admin_metadata.pop("attached_mode", None)
    status = volume.status
    if status in ("in-use", "detaching", "attaching", "reserved"):
        attached = any(each.status == "attached" for each in left)
        status = "in-use" if attached else left[0].status if left else "available"
    storage.change_status(volume, status)


def volume_of(storage: BlockStorage, attachment: Attachment) -> Volume:
    """An attachment never outlives its volume."""
    volume = storage.volumes.get(attachment.volume_id)
    assert volume is not None
    return volume


def require_not_of_compute(
    storage: BlockStorage, caller: Caller, attachments: list[Attachment]
) -> None:
    """What compute has plugged in, only compute unplugs. Raises Fault 409."""
    if "service" in caller.roles:
        return
    for attachment in attachments:
        server_id = attachment.server_id
        if server_id is not None and storage.frame.peers.compute.server_exists(server_id):
            raise conflict(f"Detach volume from instance {server_id} using the Compute API")


class _AttachmentDialect(VolumeDialect):
    def missing(self, noun: str, entity_id: str) -> Fault:
        where = f"attachment_id = {entity_id}."
        return Fault(404, f"Volume attachment could not be found with filter: {where}")

    def nothing(self, where: str) -> None:
        return None


def _more(storage: BlockStorage, call: Call, attachment: Attachment, view: str) -> dict[str, Any]:
    if view == BRIEF:
        return {}
    connection = {
        "volume_id": attachment.volume_id,
        "qos_specs": None,
        "access_mode": attachment.mode or "rw",
        "encrypted": False,
        "cacheable": False,
        "driver_volume_type": "local",
        "attachment_id": attachment.id,
        "enforce_multipath": False,
    }
    return {
        "detached_at": "",
        "attach_mode": attachment.mode or "null",
        "connection_info": connection if attachment.connected else {},
    }


ATTACHMENTS = Kind[BlockStorage, Attachment](
    dialect=_AttachmentDialect(),
    name="attachment",
    entity=Attachment,
    noun="Volume attachment",
    verbs=("list", "show"),
    brief=True,
    options={"list": _SINCE, "show": _SINCE},
    also={
        "volume_uuid": said_only(uuid, update=False, required=True),
        "instance_uuid": said_only(or_none(text()), update=False),
        "connector": said_only(or_none(mapping(as_is))),
    },
    listing=Listing(
        filters=("volume_id", "status"),
        matchers={
            "instance_id": lambda _, attachment, said: str(attachment.server_id) == said,
            "attach_status": lambda _, attachment, said: attachment.status == said,
        },
        linked=False,
    ),
    more=_more,
)
routes = ATTACHMENTS.routes


@routes.post("/attachments", "attachment.create", **_SINCE)
def create_attachment(storage: BlockStorage, call: Call) -> object:
    wish = ATTACHMENTS.read(call, "create")
    volume = storage.volume(call.caller, wish["volume_uuid"])
    attachment = reserve(storage, volume, wish.get("instance_uuid"), wish.get("mode"))
    return _connected(storage, call, attachment, wish)


@routes.put("/attachments/{id}", "attachment.update", **_SINCE)
def update_attachment(storage: BlockStorage, call: Call) -> object:
    wish = ATTACHMENTS.read(call, "update")
    if wish.get("connector") is None:
        said = DIALECT.body(call, "attachment")
        raise DIALECT.required("attachment", "connector", said)
    attachment = ATTACHMENTS.of(storage, call)
    attachment.mode = wish.get("mode") or attachment.mode
    return _connected(storage, call, attachment, wish)


def _connected(
    storage: BlockStorage, call: Call, attachment: Attachment, wish: Wish
) -> dict[str, Any]:
    """The reply, whose status is still the one from before the connector was given."""
    before, connector = attachment.status, wish.get("connector")
    if connector:
        host, device = connector.get("host"), connector.get("mountpoint")
        connect(storage, attachment, host=host, device=device)
    return {"attachment": {**ATTACHMENTS.show(storage, call, attachment), "status": before}}


@routes.delete("/attachments/{id}", "attachment.delete", status=200, **_SINCE)
def delete_attachment(storage: BlockStorage, call: Call) -> object:
    attachment = ATTACHMENTS.of(storage, call)
    require_not_of_compute(storage, call.caller, [attachment])
    detach(storage, attachment)
    left = storage.attachments.find(volume_id=attachment.volume_id)
    return {"attachments": [ATTACHMENTS.show(storage, call, each, BRIEF) for each in left]}


@ATTACHMENTS.action("os-complete", "complete", status=204)
def complete_attachment(
    storage: BlockStorage, call: Call, attachment: Attachment, said: Any
) -> None:
    complete(storage, attachment)
