"""Plugging volumes into servers: reserve, connect, complete, detach."""

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.volume.entities import Attachment, Volume
from isotherm.localcloud.volume.faults import conflict, invalid_volume
from isotherm.localcloud.volume.state import BlockStorage
from isotherm.localcloud.volume.volumes import change_status


def reserve(
    storage: BlockStorage, volume: Volume, server_id: str | None, mode: str | None = None
) -> Attachment:
    """Take a free volume, or one in use that may have several. Raises Fault 400."""
    shared = volume.multiattach and volume.status in ("in-use", "reserved", "attaching")
    if volume.status not in ("available", "downloading") and not shared:
        raise invalid_volume(
            f"Volume {volume.id} status must be available or downloading to reserve, "
            f"but the current status is {volume.status}."
        )
    attachment = Attachment(
        project_id=volume.project_id, volume_id=volume.id, server_id=server_id, mode=mode
    )
    if volume.status != "in-use":
        change_status(storage, volume, "reserved")
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
            change_status(storage, volume, "attaching")
    storage.attachments.save(attachment)


def complete(storage: BlockStorage, attachment: Attachment, device: str | None = None) -> None:
    attachment.status = "attached"
    attachment.mode = attachment.mode or "rw"
    attachment.device = device or attachment.device
    attachment.attached_at = storage.now()
    storage.attachments.save(attachment)
    change_status(storage, volume_of(storage, attachment), "in-use")


def begin_detaching(storage: BlockStorage, attachment: Attachment) -> None:
    volume = volume_of(storage, attachment)
    if not volume.multiattach:
        change_status(storage, volume, "detaching")


def delete(storage: BlockStorage, attachment: Attachment) -> None:
    """The volume is `available` again if this was its last attachment."""
    volume = volume_of(storage, attachment)
    storage.attachments.remove(attachment.id)
    left = storage.attachments.find(volume_id=volume.id)
    volume.admin_metadata.pop("attached_mode", None)
    if volume.status in ("in-use", "detaching", "attaching", "reserved"):
        attached = any(each.status == "attached" for each in left)
        status = "in-use" if attached else left[0].status if left else "available"
        change_status(storage, volume, status)
    else:
        storage.touch(volume)


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
