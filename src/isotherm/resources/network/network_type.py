"""What all types of the network service have in common."""

from collections.abc import Awaitable, Iterable
from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, attr, changeable, deprecated, former, hidden, prop

OWNER = attr("tenant_id", doc="Project that owns it.", source="project_id")
STATUS = attr("status", doc="Its state.")


class Tagged(Properties):
    tags: list[str] | None = changeable("Tags.", sends=None, reads="tags", since="9.0.0")


class Extensible(Properties):
    value_specs: dict[str, Any] = changeable("Anything else it takes.", default={}, merges=True)


class InNetwork(Properties):
    """What belongs to a network."""

    network_id: str | None = former("network", exists="neutron.network", support=hidden("5.0.0", deprecated("2014.2")))
    network: str = prop("Network that it belongs to.", finds="neutron.network", since="2014.2")


class NetworkType(kit.EntityType[P]):
    """A delete waits for what still uses the object: ports go a little later than their servers."""

    status_field = "status"
    ready_statuses = frozenset({"ACTIVE", "DOWN"})
    failed_statuses = frozenset({"ERROR"})
    goes_at_once = True
    patience = 60.0

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        """Objects without a status are ready when they exist."""
        return super().judge(remote) if self.status_field in remote else kit.Ready(remote)


class UndatedNetworkType(NetworkType[P], kit.UndatedType[P]):
    """Objects of extensions, which do not tell when they were made."""

    unique_names = False


class OneOfAKind(NetworkType[P], kit.UniqueType[P]):
    """There can be no two objects alike."""


async def schedule(ctx: kit.Context[Any], agents: tuple[kit.Names, kit.Names], below: str, key: str) -> bool:
    """Host the object on the agents wanted instead of those before; whether a call was made."""

    def call(method: str, path: str, body: Any = None) -> Awaitable[Any]:
        return ctx.api.call("network", method, path, body)

    return await kit.exchange(
        *agents,
        add=lambda agent: call("POST", f"/agents/{agent}/{below}", {key: ctx.physical_id}),
        remove=lambda agent: call("DELETE", f"/agents/{agent}/{below}/{ctx.physical_id}"),
    )


def interfaces_of(subnets: Iterable[Any], others: kit.Siblings) -> kit.Names:
    """The template's router interfaces on any of these subnets."""
    wanted = [each for each in subnets if each is not None]
    for other in others:
        if other.type == "OS::Neutron::RouterInterface":
            subnet = other.properties.get("subnet")
            if subnet is not None and subnet in wanted:
                yield other.name


def pointing_to(target: kit.Value, type_name: str, by: str, others: kit.Siblings) -> kit.Names:
    """The template's resources of a type that name this object by that property."""
    for other in others:
        if other.type == type_name and target is not None and other.properties.get(by) == target:
            yield other.name
