"""Network, block storage and image as small as compute needs them."""

from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.peers import (
    FixedAddress,
    ImageFacts,
    PortFacts,
    PortWish,
    SecurityGroupFacts,
    VolumeFacts,
    VolumeWish,
)

NETWORK, IMAGE, GROUP = (f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2, 3))


class FakeNetwork:
    def __init__(self) -> None:
        self.networks = {NETWORK: "private"}
        self.ports: dict[str, PortFacts] = {}

    def usable_network_ids(self, caller: Caller) -> list[str]:
        return list(self.networks)

    def find_network(self, caller: Caller, network_id: str) -> str:
        if network_id not in self.networks:
            raise Fault(404, "no network")
        return network_id

    def find_port(self, caller: Caller, port_id: str) -> PortFacts:
        if port_id not in self.ports:
            raise Fault(404, "no port")
        return self.ports[port_id]

    def create_server_port(self, caller: Caller, wish: PortWish) -> PortFacts:
        number = len(self.ports) + 10
        address = wish.fixed_ip or f"10.0.{number // 250}.{number % 250}"
        port = PortFacts(
            id=new_uuid(),
            network_id=wish.network_id,
            network_name=self.networks[wish.network_id],
            mac_address="fa:16:3e:00:00:01",
            status="DOWN",
            device_id=wish.device_id,
            addresses=(FixedAddress(address, "subnet", 4),),
            security_group_names=("default",),
        )
        self.ports[port.id] = port
        return port

    def bind_port(self, caller: Caller, port_id: str, device_id: str) -> PortFacts:
        raise NotImplementedError

    def activate_port(self, port_id: str) -> None: ...

    def release_port(self, port_id: str) -> None:
        del self.ports[port_id]

    def ports_of(self, device_id: str) -> list[PortFacts]:
        return [port for port in self.ports.values() if port.device_id == device_id]

    def find_security_group(self, caller: Caller, name_or_id: str) -> str:
        if name_or_id not in ("default", GROUP):
            raise Fault(404, "no group")
        return GROUP

    def security_groups_of(self, device_id: str) -> list[SecurityGroupFacts]:
        return []

    def add_security_group(self, device_id: str, group_id: str) -> None: ...

    def remove_security_group(self, device_id: str, group_id: str) -> None: ...


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
            bootable=False,
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
