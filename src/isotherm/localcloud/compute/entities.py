"""What compute remembers. Memory in MiB, disk in GiB, times in seconds since the epoch."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity, new_uuid
from isotherm.localcloud.kinds import shown


class FlavorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A flavor as a server keeps it: the flavor itself may be deleted later."""

    flavor_id: str
    name: str
    vcpus: int
    ram: int
    disk: int
    ephemeral: int
    swap: int
    extra_specs: dict[str, str]


class Flavor(Entity, kw_only=True, eq=False):
    """`serial` is the number in messages; `swap` in MiB."""

    name: Annotated[str, shown(brief=True)]
    vcpus: Annotated[int, shown()]
    ram: Annotated[int, shown()]
    disk: Annotated[int, shown()]
    serial: int
    created_at: float
    ephemeral: Annotated[int, shown(name="OS-FLV-EXT-DATA:ephemeral")] = 0
    swap: int = 0
    rxtx_factor: Annotated[float, shown()] = 1.0
    is_public: Annotated[bool, shown(name="os-flavor-access:is_public")] = True
    disabled: Annotated[bool, shown(name="OS-FLV-DISABLED:disabled")] = False
    description: Annotated[str | None, shown(since=55, brief=True)] = None
    extra_specs: Annotated[dict[str, str], shown(since=61)] = {}
    project_ids: list[str] = []

    def facts(self) -> FlavorFacts:
        return FlavorFacts(
            flavor_id=self.id,
            name=self.name,
            vcpus=self.vcpus,
            ram=self.ram,
            disk=self.disk,
            ephemeral=self.ephemeral,
            swap=self.swap,
            extra_specs=dict(self.extra_specs),
        )


class Keypair(Entity, kw_only=True, eq=False):
    """Belongs to a user, not to a project. `type` is `ssh` or `x509`."""

    name: str
    user_id: str
    serial: int
    public_key: str
    fingerprint: str
    created_at: float
    type: str = "ssh"


class ServerGroup(Entity, kw_only=True, eq=False):
    name: Annotated[str, shown()]
    project_id: Annotated[str, shown(since=13)]
    user_id: Annotated[str, shown(since=13)]
    policy: Annotated[str, shown(since=64)]
    rules: Annotated[dict[str, int], shown(since=64)] = {}


class Aggregate(Entity, kw_only=True, eq=False):
    """`id` is a number. What availability zone it makes up is said by its `metadata`."""

    name: Annotated[str, shown()]
    created_at: float
    updated_at: float | None = None
    uuid: str = msgspec.field(default_factory=new_uuid)
    hosts: list[str] = []
    metadata: dict[str, str] = {}


class ServerFault(msgspec.Struct, frozen=True, kw_only=True):
    message: str
    created_at: float
    code: int = 500


class ImageNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """What the image that a server was made from asks of its flavor; they outlive the image.

    `min_disk` in GiB, `min_ram` in MiB. As in Nova, a disk once made does not become smaller:
    the first flavor's disk counts as asked for.
    """

    min_disk: int
    min_ram: int


class NetworkRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One network interface that a server asked for: a port, or a network."""

    network_id: str | None = None
    port_id: str | None = None
    fixed_ip: str | None = None
    tag: str | None = None


class Server(Entity, kw_only=True, eq=False):
    """`owner_roles` are those of the caller who made it: compute asks its peers with them."""

    project_id: str
    user_id: str
    owner_roles: list[str]
    name: str
    number: int
    flavor: FlavorFacts
    created_at: float
    updated_at: float
    hostname: str
    reservation_id: str
    description: str | None = None
    vm_state: str = "building"
    task_state: str | None = "scheduling"
    power_state: int = 0
    image_id: str | None = None
    image_needs: ImageNeeds | None = None
    host: str | None = None
    availability_zone: str = ""
    pinned_zone: str | None = None
    launched_at: float | None = None
    terminated_at: float | None = None
    fault: ServerFault | None = None
    launch_index: int = 0
    key_name: str | None = None
    user_data: str | None = None
    config_drive: bool = False
    disk_config: str = "MANUAL"
    access_ipv4: str = ""
    access_ipv6: str = ""
    metadata: dict[str, str] = {}
    tags: list[str] = []
    hints: dict[str, Any] = {}
    group_id: str | None = None
    locked_by: str | None = None
    locked_reason: str | None = None
    networks: list[NetworkRequest] = []
    security_group_ids: list[str] = []
    interface_tags: dict[str, str] = {}
    previous_flavor: FlavorFacts | None = None
    previous_vm_state: str | None = None
    action_id: str | None = None


class DeletedServer(Entity, kw_only=True, eq=False):
    """A tombstone: lists with `changes-since` show what has gone."""

    server: Server
    project_id: str


class BlockDevice(Entity, kw_only=True, eq=False):
    """A disk of a server. `destination` is `volume` or `local`; sizes in GiB.

    `boot_index` 0 is the root disk. `attachment_id` is block storage's; a volume without one is
    not reserved yet.
    """

    server_id: str
    source: str
    destination: str
    device: str = ""
    boot_index: int | None = None
    image_id: str | None = None
    snapshot_id: str | None = None
    volume_id: str | None = None
    attachment_id: str | None = None
    size: int = 0
    volume_type: str | None = None
    delete_on_termination: bool = False
    tag: str | None = None
    is_swap: bool = False
    attached: bool = False


class ServerAction(Entity, kw_only=True, eq=False):
    """What was done with a server, by which request."""

    server_id: str
    action: str
    request_id: str
    user_id: str
    project_id: str
    started_at: float
    updated_at: float
    message: str | None = None
    event: str | None = None
    finished_at: float | None = None
    host: str | None = None
