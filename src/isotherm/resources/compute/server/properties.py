"""The properties of OS::Nova::Server, and rules across them."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from isotherm import kit
from isotherm.kit import Named, Properties, changeable, deprecated, former, hidden, prop, supported
from isotherm.resources import agents
from isotherm.resources.networking import PortDetails


def text_values(metadata: kit.Fields) -> dict[str, str]:
    """Compute takes texts only; anything else becomes JSON."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in metadata.items()}


def _files(personality: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"path": path, "contents": base64.b64encode(str(content).encode()).decode()}
        for path, content in personality.items()
    ]


class BlockDevice(Properties):
    device_name: str = prop("Device, such as vda.")
    volume_id: str | None = prop("Volume to attach.", exists="cinder.volume")
    snapshot_id: str | None = prop("Snapshot to make a volume of.", exists="cinder.snapshot")
    volume_size: int | None = prop("Size in GiB.")
    delete_on_termination: bool | None = prop("Whether the volume goes with the server.")

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        if not {"volume_id", "snapshot_id"} & kit.given(given):
            yield "", "needs a volume_id or a snapshot_id"


_ORDER = ("volume_id", "image", "image_id", "snapshot_id", "swap_size", "ephemeral_size")
_SOURCES = frozenset(_ORDER)


class BlockDeviceV2(Properties):
    """What it is made of is not sent as such: see ``body``."""

    device_name: str | None = prop("Device, such as vda.")
    volume_id: str | None = prop("Volume to attach.", exists="cinder.volume", sends=None)
    image_id: str | None = former(
        "image", exists="glance.image", support=hidden("9.0.0", deprecated("7.0.0", supported("5.0.0")))
    )
    image: str | None = prop("Image to make a volume of.", finds="glance.image", sends=None, since="7.0.0")
    snapshot_id: str | None = prop("Snapshot to make a volume of.", exists="cinder.snapshot", sends=None)
    swap_size: int | None = prop("Size of a swap device in MiB.", sends=None)
    ephemeral_size: int | None = prop("Size of a local disk in GiB.", ge=1, sends=None, since="8.0.0")
    ephemeral_format: str | None = prop(
        "File system of the local disk.", sends=None, allowed=("ext2", "ext3", "ext4", "xfs", "ntfs"), since="8.0.0"
    )
    device_type: str | None = prop("Kind of device.", allowed=("cdrom", "disk"))
    disk_bus: str | None = prop("Bus of the device.", allowed=("ide", "lame_bus", "sata", "scsi", "usb", "virtio"))
    boot_index: int | None = prop("Place in the boot order, from 0.")
    volume_size: int | None = prop("Size in GiB.")
    delete_on_termination: bool | None = prop("Whether the volume goes with the server.")
    volume_type: str | None = prop("Type of the new volume.", exists="cinder.vtype", since="26.0.0")

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        if not _SOURCES & kit.given(given) or len(_SOURCES & kit.surely_given(given)) > 1:
            yield "", f"needs one of {', '.join(_ORDER)}"


class Network(Properties):
    uuid: str | None = former("network", exists="neutron.network", support=hidden("5.0.0", deprecated("2014.1")))
    network: str | None = prop("Network.", finds="neutron.network")
    allocate_network: str | None = changeable(
        "Let compute choose a network, or give none.", allowed=("none", "auto"), since="9.0.0"
    )
    fixed_ip: str | None = prop("Address to have there.", exists="ip_addr")
    port: str | None = prop("Existing port.", finds="neutron.port")
    port_extra_properties: PortDetails | None = changeable("Details of the new port.", since="6.0.0")
    subnet: str | None = prop("Subnet.", resolves="neutron.subnet", since="5.0.0")
    floating_ip: str | None = prop("Id of a floating IP to lead here.", since="6.0.0")
    tag: str | None = prop("Name of the card for the guest.", since="9.0.0")

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        if not kit.given(given) & {"network", "uuid", "port", "subnet", "allocate_network"}:
            yield "", "needs one of network, port, subnet or allocate_network"
        sure = kit.surely_given(given)
        if "port" in sure and sure & {"subnet", "fixed_ip", "port_extra_properties"}:
            yield "port", "an existing port brings its own addresses and details"


class ServerProperties(Named):
    image: str | None = changeable(
        "Image to boot.", finds="glance.image", sends="imageRef", reads="image.id", by_call=True
    )
    block_device_mapping: list[BlockDevice] | None = prop("Volumes to attach at boot.")
    block_device_mapping_v2: list[BlockDeviceV2] | None = prop(
        "Volumes and local disks to attach at boot.", sends=None, since="2015.1"
    )
    flavor: str = changeable("Flavor.", finds="nova.flavor", sends="flavorRef", reads="flavor.id", by_call=True)
    flavor_update_policy: str = changeable(
        "What another flavor does.", sends=None, default="RESIZE", allowed=("RESIZE", "REPLACE")
    )
    image_update_policy: str = changeable(
        "What another image does.",
        sends=None,
        default="REBUILD",
        allowed=("REBUILD", "REPLACE", "REBUILD_PRESERVE_EPHEMERAL"),
    )
    key_name: str | None = prop("Key pair to let in.", exists="nova.keypair")
    admin_user: str | None = prop(
        "Not used.", sends=None, support=hidden("5.0.0", deprecated("2014.1", supported("2013.2")))
    )
    availability_zone: str | None = prop("Zone to run in.", reads="OS-EXT-AZ:availability_zone")
    security_groups: list[Any] = prop(
        "Security groups, by name or id; not for existing ports.",
        default=[],
        encodes=lambda groups: [{"name": each} for each in groups] or None,
        reads=None,
    )
    networks: list[Network] | None = changeable("Where it is connected, in this order.", sends=None)
    scheduler_hints: dict[str, Any] | None = prop("Hints for the scheduler.", sends="os:scheduler_hints", beside=True)
    metadata: dict[str, Any] = changeable(
        "Key-value pairs.", default={}, encodes=lambda pairs: text_values(pairs) or None, by_call=True
    )
    user_data_format: str = prop(
        "How the user data gets to the server.",
        sends=None,
        default="HEAT_CFNTOOLS",
        allowed=("HEAT_CFNTOOLS", "RAW", "SOFTWARE_CONFIG"),
        option="default_user_data_format",
    )
    software_config_transport: str = agents.transport_property()
    user_data_update_policy: str = changeable(
        "What other user data does.",
        sends=None,
        default="REPLACE",
        allowed=("REPLACE", "IGNORE", "REBUILD"),
        since="6.0.0",
    )
    user_data: str = changeable("Script or data for cloud-init.", default="", sends=None)
    reservation_id: str | None = prop("Id of a reservation.")
    config_drive: bool | None = prop("Whether it gets a configuration drive.")
    disk_config: str | None = prop(
        "Whether partitions are resized.", name="diskConfig", sends="OS-DCF:diskConfig", allowed=("AUTO", "MANUAL")
    )
    personality: dict[str, Any] = prop(
        "Files to inject, content by path.",
        default={},
        encodes=lambda files: _files(files) or None,
        support=deprecated("12.0.0"),
    )
    admin_pass: str | None = changeable("Administrator's password.", secret=True, sends="adminPass", by_call=True)
    tags: list[str] | None = changeable("Tags.", sends=None, reads="tags", since="8.0.0")
    deployment_swift_data: agents.SwiftData = changeable(
        "Where its metadata are put in the object store.", sends=None, default={}, since="9.0.0"
    )


Here = kit.Context[ServerProperties]


def problems(properties: kit.Values) -> kit.Problems:
    """Property paths and reasons."""
    devices = properties.get("block_device_mapping")
    devices_v2 = properties.get("block_device_mapping_v2")
    if "image" not in kit.given(properties) and not devices and not devices_v2:
        yield "image", "must be given unless a bootable volume is"
    networks = list(kit.maps_in(properties, "networks"))
    for path, network in networks:
        sure = kit.surely_given(network)
        if "allocate_network" in sure and (len(networks) > 1 or sure != {"allocate_network"}):
            yield f"{path}.allocate_network", "cannot be used together with other networks"
