"""Block storage and image as small as compute needs them, with knobs for its tests."""

from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.peers import ImageFacts, VolumeFacts, VolumeWish

IMAGE = "20000000-0000-4000-8000-000000000000"


class FakeVolumes:
    def __init__(self) -> None:
        self.volumes: dict[str, VolumeFacts] = {}
        self.attachments: dict[str, str] = {}

    def add(self, status: str = "available", size: int = 1, **more: object) -> str:
        volume = VolumeFacts(
            id=new_uuid(),
            name="",
            status=status,
            size=size,
            bootable=bool(more.get("bootable")),
            multiattach=bool(more.get("multiattach")),
            availability_zone="nova",
        )
        self.volumes[volume.id] = volume
        return volume.id

    def _set(self, volume_id: str, status: str) -> None:
        old = self.volumes[volume_id]
        self.volumes[volume_id] = VolumeFacts(
            id=old.id,
            name=old.name,
            status=status,
            size=old.size,
            bootable=old.bootable,
            multiattach=old.multiattach,
            availability_zone="nova",
        )

    def find_volume(self, caller: Caller, volume_id: str) -> VolumeFacts:
        if volume_id not in self.volumes:
            raise Fault(404, "no volume")
        return self.volumes[volume_id]

    def find_snapshot(self, caller: Caller, snapshot_id: str) -> int:
        raise Fault(404, "no snapshot")

    def find_volume_type(self, caller: Caller, name_or_id: str) -> str:
        raise Fault(404, "no type")

    def create_server_volume(self, caller: Caller, wish: VolumeWish) -> VolumeFacts:
        return self.volumes[self.add(size=wish.size)]

    def reserve(self, caller: Caller, volume_id: str, server_id: str) -> str:
        self._set(volume_id, "reserved")
        attachment_id = new_uuid()
        self.attachments[attachment_id] = volume_id
        return attachment_id

    def complete_attachment(self, attachment_id: str, device: str) -> None:
        self._set(self.attachments[attachment_id], "in-use")

    def begin_detaching(self, attachment_id: str) -> None:
        self._set(self.attachments[attachment_id], "detaching")

    def delete_attachment(self, attachment_id: str) -> None:
        self._set(self.attachments.pop(attachment_id), "available")

    def delete_server_volume(self, volume_id: str) -> None:
        self.volumes.pop(volume_id, None)

    def snapshot_server_volume(self, caller: Caller, volume_id: str, name: str) -> str:
        return new_uuid()


class FakeImages:
    def __init__(self) -> None:
        self.images = {IMAGE: self._image(IMAGE)}

    @staticmethod
    def _image(image_id: str, **more: object) -> ImageFacts:
        facts = {"min_disk": 0, "min_ram": 0, "size": 512, "status": "active", **more}
        return ImageFacts(id=image_id, name="cirros", properties={}, **facts)  # type: ignore[arg-type]

    def add(self, **more: object) -> str:
        image_id = new_uuid()
        self.images[image_id] = self._image(image_id, **more)
        return image_id

    def find_image(self, caller: Caller, image_id: str) -> ImageFacts:
        if image_id not in self.images:
            raise Fault(404, "no image")
        return self.images[image_id]

    def create_snapshot(self, caller: Caller, name: str, properties: dict[str, str]) -> str:
        return self.add(status="queued")

    def complete_snapshot(self, image_id: str, size: int) -> None:
        self.images[image_id] = self._image(image_id, size=size)

    def image_data(self, image_id: str) -> bytes | None:
        return None
