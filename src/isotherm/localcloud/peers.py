"""What services ask of each other inside the process, without HTTP.

A service implements its protocol on its state class under exactly these names; it reaches
the others as `self.frame.peers.network` and so on. A peer that refuses raises `Fault` with
the status its own API would give; the asking service turns it into its own refusal.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.machines import Machines, NoMachines, ServerFacts

_NAMES = {
    "block-storage": "volume",
    "metric": "metrics",
    "alarming": "alarms",
    "key-manager": "key_manager",
}


class FixedAddress(msgspec.Struct, frozen=True):
    address: str
    subnet_id: str
    version: int
    cidr: str
    floating_address: str | None = None


class PortFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A port as compute shows it in a server's addresses and interfaces."""

    id: str
    network_id: str
    network_name: str
    mac_address: str
    status: str
    device_id: str
    addresses: tuple[FixedAddress, ...]
    security_group_names: tuple[str, ...] = ()


class SecurityGroupFacts(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    description: str
    project_id: str


class PortWish(msgspec.Struct, frozen=True, kw_only=True):
    """What compute wants of a new port. Security groups are names or ids."""

    network_id: str
    device_id: str
    fixed_ip: str | None = None
    security_groups: tuple[str, ...] = ()
    availability_zone: str = "nova"


class VipWish(msgspec.Struct, frozen=True, kw_only=True):
    """The address that a load balancer wants to be reached at: in a subnet, or anywhere in a
    network."""

    device_id: str
    name: str
    network_id: str | None = None
    subnet_id: str | None = None
    address: str | None = None


class VolumeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Size in GiB."""

    id: str
    name: str
    status: str
    size: int
    bootable: bool
    multiattach: bool
    availability_zone: str
    image_id: str | None = None


class VolumeWish(msgspec.Struct, frozen=True, kw_only=True):
    """A volume that compute creates for a block device. At most one source is given."""

    size: int
    name: str = ""
    image_id: str | None = None
    snapshot_id: str | None = None
    source_volume_id: str | None = None
    volume_type: str | None = None
    availability_zone: str | None = None


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`min_disk` in GiB, `min_ram` in MiB, `size` in bytes."""

    id: str
    name: str
    status: str
    min_disk: int
    min_ram: int
    size: int
    properties: dict[str, str]
    checksum: str | None = None
    disk_format: str | None = None
    container_format: str | None = None


class IdentityPeer(Protocol):
    def caller_of(self, token_id: str) -> Caller | None:
        """Who holds the token; None when it is unknown, expired or revoked."""

    def project_name(self, project_id: str) -> str | None: ...

    def project_id(self, name: str) -> str:
        """The project of the default domain. Raises KeyError if there is none."""

    def act_for(self, user_id: str, project_id: str) -> str:
        """A token of the user in the project, as a trust gives it; empty where the user has
        no rights there any more."""


class NetworkPeer(Protocol):
    """Everything is seen with the caller's eyes: foreign networks and ports are 404."""

    def usable_network_ids(self, caller: Caller) -> list[str]:
        """Networks a server without any network wish may get: the project's own, else shared."""

    def find_network(self, caller: Caller, network_id: str) -> str:
        """The id of a network that the caller may plug into."""

    def create_server_port(self, caller: Caller, wish: PortWish) -> PortFacts: ...

    def create_vip_port(self, caller: Caller, wish: VipWish) -> PortFacts:
        """A port that `release_port` deletes. 404 for a subnet that the caller does not see."""

    def bind_port(self, caller: Caller, port_id: str, device_id: str) -> PortFacts:
        """Plug an existing port into a server. 409 if it is bound to another."""

    def activate_port(self, port_id: str) -> None:
        """The server runs: the port becomes ACTIVE."""

    def release_port(self, port_id: str) -> None:
        """Unplug: a port made by `create_server_port` is deleted, another only unbound."""

    def ports_of(self, device_id: str) -> list[PortFacts]: ...

    def open_to_all(self, port_id: str) -> list[tuple[int, int]]:
        """The ranges of TCP ports that its security groups let anybody connect to."""

    def find_port(self, caller: Caller, port_id: str) -> PortFacts:
        """As it is; `device_id` is empty while nothing is plugged in."""

    def find_security_group(self, caller: Caller, name_or_id: str) -> str:
        """The group's id. 404 if there is none, 409 if the name is not unique."""

    def security_groups_of(self, device_id: str) -> list[SecurityGroupFacts]:
        """The groups of all ports of a server, each once."""

    def add_security_group(self, device_id: str, group_id: str) -> None:
        """Every port of the server gets the group."""

    def remove_security_group(self, device_id: str, group_id: str) -> None:
        """No port of the server keeps the group. 404 if none has it."""


class VolumePeer(Protocol):
    def find_volume(self, caller: Caller, volume_id: str) -> VolumeFacts: ...

    def find_snapshot(self, caller: Caller, snapshot_id: str) -> int:
        """The size of its volume, in GiB."""

    def find_volume_type(self, caller: Caller, name_or_id: str) -> str:
        """The type's id."""

    def create_server_volume(self, caller: Caller, wish: VolumeWish) -> VolumeFacts: ...

    def reserve(self, caller: Caller, volume_id: str, server_id: str) -> str:
        """Take the volume for a server: status `reserved`, then `attaching`; the attachment's id.

        400 if the volume is not available (or in-use without multiattach).
        """

    def complete_attachment(self, attachment_id: str, device: str) -> None:
        """The volume is plugged in at `device`: status `in-use`."""

    def begin_detaching(self, attachment_id: str) -> None: ...

    def delete_attachment(self, attachment_id: str) -> None:
        """Unplugged: `available` again if it was the last."""

    def delete_server_volume(self, volume_id: str) -> None:
        """Delete on termination; a volume that is gone is fine."""

    def snapshot_server_volume(self, caller: Caller, volume_id: str, name: str) -> str: ...


class ImagePeer(Protocol):
    def find_image(self, caller: Caller, image_id: str) -> ImageFacts: ...

    def create_snapshot(self, caller: Caller, name: str, properties: dict[str, str]) -> str:
        """A queued private image that belongs to the caller's project; its id.

        The formats are `disk_format` and `container_format` of the properties, else those
        of the image `base_image_ref`, else raw and bare.
        """

    def complete_snapshot(self, image_id: str, size: int) -> None:
        """The snapshot has its data: the image becomes active."""

    def image_data(self, image_id: str) -> bytes | None: ...


class MessagingPeer(Protocol):
    def post_to(self, project_id: str, queue_name: str, body: object) -> None: ...


class MetricPeer(Protocol):
    """Metrics are named by their ids."""

    def metric_of(self, resource_id: str, name: str) -> list[str]: ...

    def metrics_of_all(self, project_id: str, name: str, query: Any = None) -> list[str]:
        """Of the project's resources that meet a search."""

    def measures(
        self, metric_ids: Sequence[str], wish: dict[str, Any]
    ) -> list[tuple[float, float]]:
        """Times and values of whole spans, oldest first; `wish` has `method`, `granularity`,
        `start`. Raises KeyError for a method that nobody knows."""


class AlarmPeer(Protocol):
    def notice(self, project_id: str, event: dict[str, Any]) -> None:
        """Something has happened: `event` has `event_type` and `traits`."""


class KeyManagerPeer(Protocol):
    def holds(self, caller: Caller, reference: str) -> bool:
        """Whether the reference is that of a secret or a container that the caller may read."""


class ComputePeer(Protocol):
    def server_exists(self, server_id: str) -> bool: ...

    def server_facts(self, server_id: str) -> ServerFacts | None: ...

    def running_servers(self) -> list[str]: ...

    def server_ended(self, server_id: str) -> None:
        """Its machine has turned itself off."""


class Peers:
    """The services by what they are to each other; complete when all services are built."""

    identity: IdentityPeer
    network: NetworkPeer
    volume: VolumePeer
    image: ImagePeer
    messaging: MessagingPeer
    metrics: MetricPeer
    alarms: AlarmPeer
    key_manager: KeyManagerPeer
    compute: ComputePeer

    def __init__(self) -> None:
        self.machines: Machines = NoMachines()

    def join(self, service_type: str, service: object) -> None:
        """What no peer asks for is joined too, and nobody sees it."""
        setattr(self, _NAMES.get(service_type, service_type), service)
