"""The compute service: its collections, how to find things in them, what its peers ask."""

from collections.abc import Sequence

from isotherm.localcloud.compute.entities import (
    Aggregate,
    BlockDevice,
    DeletedServer,
    Flavor,
    Keypair,
    Server,
    ServerAction,
    ServerGroup,
)
from isotherm.localcloud.compute.faults import not_found
from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.machines import ServerFacts
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service, Transitions

QUOTAS = {
    "cores": 20,
    "instances": 10,
    "key_pairs": 100,
    "metadata_items": 128,
    "ram": 51200,
    "server_group_members": 10,
    "server_groups": 10,
    # Not enforced here any more; old microversions show them.
    "fixed_ips": -1,
    "floating_ips": -1,
    "injected_file_content_bytes": 10240,
    "injected_file_path_bytes": 255,
    "injected_files": 5,
    "security_group_rules": -1,
    "security_groups": -1,
}
_SEEDS = (
    ("1", "m1.tiny", 1, 512, 1),
    ("2", "m1.small", 1, 2048, 20),
    ("3", "m1.medium", 2, 4096, 40),
)
_KEPT_DELETED = 1000
RUNNING_STATES = ("active", "resized", "rescued")
_SHUT_DOWN = 4


class Compute(Service):
    service_type = "compute"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.servers = self.collection(
            "server", Server, index=("project_id", "group_id", "image_id")
        )
        self.devices = self.collection(
            "block_device", BlockDevice, index=("server_id", "volume_id"), listed=False
        )
        self.flavors = self.collection("flavor", Flavor, index=("name",))
        self.keypairs = self.collection("keypair", Keypair, index=("user_id", "name"))
        self.groups = self.collection("server_group", ServerGroup, index=("project_id",))
        self.aggregates = self.collection("aggregate", Aggregate)
        self.actions = self.collection(
            "server_action", ServerAction, index=("server_id", "request_id"), listed=False
        )
        self.deleted = self.collection(
            "deleted_server", DeletedServer, index=("project_id",), listed=False
        )
        self.quotas = Quotas(self, QUOTAS)

    def seed(self) -> None:
        for serial, name, vcpus, ram, disk in _SEEDS:
            self.flavors.add(
                Flavor(
                    id=serial,
                    serial=int(serial),
                    name=name,
                    vcpus=vcpus,
                    ram=ram,
                    disk=disk,
                    created_at=self.now(),
                )
            )

    # What peers ask.

    def server_exists(self, server_id: str) -> bool:
        return server_id in self.servers

    def server_facts(self, server_id: str) -> ServerFacts | None:
        server = self.servers.get(server_id)
        if server is None:
            return None
        keys = self.keypairs.find(user_id=server.user_id, name=server.key_name)
        return ServerFacts(
            id=server.id,
            number=server.number,
            name=server.name,
            hostname=server.hostname,
            project_id=server.project_id,
            memory=server.flavor.ram,
            disk=server.flavor.disk,
            flavor=server.flavor.name,
            availability_zone=server.availability_zone,
            launch_index=server.launch_index,
            reservation_id=server.reservation_id,
            image_id=server.image_id or "",
            config_drive=server.config_drive,
            user_data=server.user_data,
            metadata=server.metadata,
            public_keys={key.name: key.public_key for key in keys},
        )

    def running_servers(self) -> list[str]:
        return [server.id for server in self.servers if server.vm_state in RUNNING_STATES]

    def server_ended(self, server_id: str) -> None:
        server = self.servers.get(server_id)
        if server is not None and server.vm_state in RUNNING_STATES:
            states = {"vm_state": "stopped", "power_state": _SHUT_DOWN}
            self.schedule("server.reach", server, after=0, **states)
            self.frame.deliveries.settle()

    # Finding.

    def find_server(self, caller: Caller, server_id: str) -> Server:
        """Raises Fault 404, also for servers of other projects."""
        server = self.servers.get(server_id)
        if server is None or not caller.sees(server.project_id):
            raise not_found("Instance", server_id)
        return server

    def server_of(self, call: Call) -> Server:
        """The server that the path names. Raises Fault 404."""
        return self.find_server(call.caller, call.params["server_id"])

    def find_flavor(self, caller: Caller, flavor_id: str) -> Flavor:
        """Raises Fault 404, also for private flavors of others."""
        flavor = self.flavors.get(flavor_id)
        if flavor is None or not self.may_use_flavor(caller, flavor):
            raise not_found("Flavor", flavor_id)
        return flavor

    @staticmethod
    def may_use_flavor(caller: Caller, flavor: Flavor) -> bool:
        return flavor.is_public or caller.is_admin or caller.project_id in flavor.project_ids

    def devices_of(self, server: Server) -> Sequence[BlockDevice]:
        """In the order in which they were asked for."""
        return self.devices.find(server_id=server.id)

    def volume_devices(self, server: Server) -> list[BlockDevice]:
        return [each for each in self.devices_of(server) if each.volume_id is not None]

    def owner(self, server: Server) -> Caller:
        """Whom compute acts for when the request is long over."""
        return Caller(
            token_id="",
            user_id=server.user_id,
            user_name="",
            roles=frozenset(server.owner_roles),
            project_id=server.project_id,
        )

    # Bookkeeping.

    def touch(self, server: Server) -> None:
        """Save the server as changed now."""
        server.updated_at = self.now()
        self.servers.save(server)

    def bury(self, server: Server) -> None:
        """Remove the server and keep its tombstone."""
        for device in self.devices_of(server):
            self.devices.remove(device.id)
        self.servers.remove(server.id)
        if server.id not in self.deleted:
            self.deleted.add(
                DeletedServer(id=server.id, project_id=server.project_id, server=server)
            )
        if len(self.deleted) > _KEPT_DELETED:
            oldest = next(iter(self.deleted))
            self.deleted.remove(oldest.id)
            for action in self.actions.find(server_id=oldest.id):
                self.actions.remove(action.id)

    def next_number(self) -> int:
        """What makes `instance-0000002a` of the next server."""
        tombs = [tomb.server.number for tomb in self.deleted]
        return max([server.number for server in self.servers] + tombs, default=0) + 1


transitions = Transitions[Compute]()
