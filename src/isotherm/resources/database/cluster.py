"""OS::Trove::Cluster: instances that are one database together."""

from typing import ClassVar

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.database import DATABASE_CLUSTER
from isotherm.resources.database.database_network import Network, datastore
from isotherm.resources.networking import network_problems


class Member(Properties):
    flavor: str = prop("Flavor.", finds="trove.flavor", sends="flavorRef")
    volume_size: int = prop("Size of its volume in GiB.", ge=1, le=150, sends="volume.size")
    networks: list[Network] = prop("Where it is connected.", default=[], sends="nics", since="10.0.0")
    availability_zone: str | None = prop("Zone to run in.", since="14.0.0")


class ClusterProperties(Properties):
    name: str | None = prop("Name; by default one is made up.", max_length=255)
    datastore_type: str = prop("Kind of database.", max_length=255, sends=None, reads="datastore.type")
    datastore_version: str = prop("Version of it.", max_length=255, sends=None, reads="datastore.version")
    instances: list[Member] = prop("Its instances.", reads=None)


def members_of(_: kit.Context[ClusterProperties], remote: kit.Remote) -> kit.Value:
    return [each["id"] for each in remote.get("instances") or ()]


@register("OS::Trove::Cluster", support=supported("2015.1"))
class Cluster(kit.EntityType[ClusterProperties]):
    """Instances that are one database together."""

    entity = DATABASE_CLUSTER
    found_among: ClassVar = {}
    created_field = "created"
    poll_after = 2.0
    attributes = (
        attr(
            "instances", list, "Ids of its instances.", reads=lambda _, it: [e["id"] for e in it.get("instances") or ()]
        ),
        attr("ip", list, "Their addresses."),
    )

    def create_body(self, ctx: kit.Context[ClusterProperties]) -> kit.Fields:
        return {**super().create_body(ctx), **datastore(ctx.props)}

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        """By the states of its instances, once nothing is done with it."""
        states = {str(each.get("status")) for each in remote.get("instances") or ()}
        if states & {"ERROR", "FAILED"}:
            return kit.Failed(f'Went to status {min(states)} due to "Unknown"')
        busy = (remote.get("task") or {}).get("name") != "NONE" or states - {"ACTIVE", "HEALTHY"}
        return kit.Pending(self.poll_after) if busy else kit.Ready(remote)

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        return kit.Pending(self.poll_after)

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        for path, each in kit.maps_in(properties, "instances"):
            yield from network_problems(each, f"{path}.")
