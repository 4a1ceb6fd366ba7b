"""What compute asks of block storage; see `peers.VolumePeer`."""

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.peers import VolumeFacts, VolumeWish
from isotherm.localcloud.volume import attachments, snapshots, volumes
from isotherm.localcloud.volume.entities import Volume
from isotherm.localcloud.volume.state import BlockStorage


class PeeringBlockStorage(BlockStorage):
    def find_volume(self, caller: Caller, volume_id: str) -> VolumeFacts:
        return _facts(self.volume(caller, volume_id))

    def find_snapshot(self, caller: Caller, snapshot_id: str) -> int:
        return self.snapshot(caller, snapshot_id).size

    def find_volume_type(self, caller: Caller, name_or_id: str) -> str:
        return self.volume_type(caller, name_or_id).id

    def create_server_volume(self, caller: Caller, wish: VolumeWish) -> VolumeFacts:
        said = {
            "size": wish.size,
            "name": wish.name,
            "imageRef": wish.image_id,
            "snapshot_id": wish.snapshot_id,
            "source_volid": wish.source_volume_id,
            "volume_type": wish.volume_type,
            "availability_zone": wish.availability_zone,
        }
        made = volumes.make(self, caller, said)
        after = self.timing("volume.create")
        self.schedule("volume.complete", made, after=after, status="available")
        return _facts(made)

    def reserve(self, caller: Caller, volume_id: str, server_id: str) -> str:
        volume = self.volume(caller, volume_id)
        attachment = attachments.reserve(self, volume, server_id)
        attachments.connect(self, attachment, host="compute", device=None)
        return attachment.id

    def complete_attachment(self, attachment_id: str, device: str) -> None:
        attachment = self.attachments.get(attachment_id)
        if attachment is not None:
            attachments.complete(self, attachment, device)

    def begin_detaching(self, attachment_id: str) -> None:
        attachment = self.attachments.get(attachment_id)
        if attachment is not None:
            attachments.begin_detaching(self, attachment)

    def delete_attachment(self, attachment_id: str) -> None:
        attachment = self.attachments.get(attachment_id)
        if attachment is not None:
            attachments.detach(self, attachment)

    def delete_server_volume(self, volume_id: str) -> None:
        volume = self.volumes.get(volume_id)
        if volume is not None:
            volumes.remove(self, volume)

    def snapshot_server_volume(self, caller: Caller, volume_id: str, name: str) -> str:
        snapshot = snapshots.make(self, caller, {"volume_id": volume_id, "name": name})
        after = self.timing("snapshot.create")
        self.schedule("snapshot.complete", snapshot, after=after, status="available")
        return snapshot.id


def _facts(volume: Volume) -> VolumeFacts:
    return VolumeFacts(
        id=volume.id,
        name=volume.name or "",
        status=volume.status,
        size=volume.size,
        bootable=volume.bootable,
        multiattach=volume.multiattach,
        availability_zone=volume.availability_zone,
        image_id=volume.image_metadata.get("image_id"),
    )
