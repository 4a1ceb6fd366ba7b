"""OS::Neutron::Port and AWS::EC2::NetworkInterface: where something is connected to a network."""

from typing import Any

from isotherm import kit
from isotherm.kit import (
    KEEP,
    Named,
    Properties,
    attr,
    changeable,
    deprecated,
    former,
    hidden,
    prop,
    register,
    supported,
)
from isotherm.kit.services.network import NETWORK, PORT, SUBNET
from isotherm.resources.amazon import Tags
from isotherm.resources.network.network_type import InNetwork, NetworkType, Tagged
from isotherm.resources.networking import PortDetails, default_groups, subnets_of


class FixedIp(Properties):
    # The space is what the facts, and so the clients, have.
    subnet_id: str | None = former("subnet", exists="neutron.subnet", support=hidden("5.0.0", deprecated("2014.2 ")))
    subnet: str | None = prop("Subnet.", finds="neutron.subnet", since="2014.2")
    ip_address: str | None = prop("Address.", exists="ip_addr")


class PortProperties(Named, InNetwork, PortDetails, Tagged):
    device_id: str = changeable("What uses it.", default="", clears="")
    device_owner: str = changeable("Kind of what uses it.", default="", clears="")
    fixed_ips: list[FixedIp] | None = changeable("Addresses; by default one is chosen.", clears=KEEP)
    security_groups: list[Any] | None = changeable(
        "Security groups; by default the project's.", items=prop(resolves="neutron.security_group"), clears=KEEP
    )
    replacement_policy: str = changeable(
        "Whether every update replaces it.",
        sends=None,
        default="AUTO",
        allowed=("REPLACE_ALWAYS", "AUTO"),
        support=hidden("9.0.0", deprecated("6.0.0", supported("2014.2"))),
    )
    dns_name: str | None = changeable("DNS name.", exists="dns_name", clears="", since="7.0.0")


Here = kit.Context[PortProperties]


@register("OS::Neutron::Port")
class Port(NetworkType[PortProperties]):
    """Where something is connected to a network."""

    entity = PORT
    claims = (kit.Claim("address", ("fixed_ips.ip_address",)),)
    attributes = (
        attr("admin_state_up", doc="Whether it is up."),
        attr("device_id", doc="What uses it.", volatile=True),
        attr("device_owner", doc="Kind of what uses it.", volatile=True),
        attr("fixed_ips", list, "Its addresses.", volatile=True),
        attr("mac_address", doc="Its MAC address."),
        attr("name", doc="Its name."),
        attr("network_id", doc="Network that it belongs to."),
        attr("security_groups", list, "Its security groups."),
        attr("status", doc="Its state.", volatile=True),
        attr("tenant_id", doc="Project that owns it."),
        attr("allowed_address_pairs", list, "Further addresses it may send from."),
        attr("subnets", list, "The subnets of its addresses.", fetched=True, volatile=True),
        attr("port_security_enabled", bool, "Whether rules are enforced.", since="5.0.0"),
        attr("qos_policy_id", doc="Its quality of service policy.", since="6.0.0"),
        attr("dns_assignment", dict, "Its names.", since="7.0.0", volatile=True),
        attr("network", dict, "Its network.", fetched=True, since="11.0.0"),
        attr("propagate_uplink_status", bool, "Whether the uplink's state is passed on.", since="15.0.0"),
    )

    def problems(self, properties: kit.Values) -> kit.Problems:
        if properties.get("no_fixed_ips") is True and properties.get("fixed_ips"):
            yield "no_fixed_ips", "cannot be used together with fixed_ips"

    def create_body(self, ctx: Here) -> kit.Fields:
        """An empty list of addresses is no wish: to have none is said by ``no_fixed_ips``."""
        body = {**super().create_body(ctx), "fixed_ips": _wanted_addresses(ctx.props)}
        return body if body["fixed_ips"] is not None else _without(body, "fixed_ips")

    def update_body(self, ctx: Here, changes: kit.Changes) -> kit.Fields:
        """Unless some are asked for, the addresses it has are as good as any."""
        body = _without(super().update_body(ctx, changes), "fixed_ips")
        wanted = _wanted_addresses(ctx.props)
        if wanted is None or not changes.keys() & {"fixed_ips", "no_fixed_ips"}:
            return body
        return {**body, "fixed_ips": wanted}

    def live(self, remote: kit.Remote) -> kit.Values:
        """What a server or a router writes of itself into a port that it has is no change of it."""
        found = super().live(remote)
        return found if not remote.get("device_id") else _without(found, "device_id", "device_owner", "dns_name")

    async def defaults(self, ctx: Here, changes: kit.Changes) -> kit.Fields:
        chosen: dict[str, Any] = {}
        unset = kit.not_given(ctx.props, changes)
        if unset & {"port_security_enabled", "security_groups"} or (
            "port_security_enabled" in changes and ctx.props.security_groups is None
        ):
            chosen |= await self._default_security(ctx, unset)
        if "no_fixed_ips" in changes and _wanted_addresses(ctx.props) is None:
            chosen["fixed_ips"] = await _any_addresses(ctx)
        return chosen

    async def _default_security(self, ctx: Here, unset: frozenset[str]) -> kit.Fields:
        """As the network has it; ports that are secured are in the project's default group."""
        chosen: dict[str, Any] = {}
        secured = ctx.props.port_security_enabled
        if secured is None:
            network = await ctx.api.show(NETWORK, ctx.props.network)
            secured = network.get("port_security_enabled", True)
        if "port_security_enabled" in unset:
            chosen["port_security_enabled"] = secured
        if ctx.props.security_groups is None:
            chosen["security_groups"] = await default_groups(ctx) if secured else []
        return chosen

    def replaces(self, changes: kit.Changes, recorded: PortProperties, desired: PortProperties) -> bool:
        return desired.replacement_policy == "REPLACE_ALWAYS"

    async def make_way(self, ctx: Here) -> None:
        """Gives up the addresses that it asked for, so that its successor can have them."""
        if any(each.ip_address for each in ctx.props.fixed_ips or ()):
            await ctx.api.update(PORT, ctx.physical_id, {"fixed_ips": []})

    async def take_back(self, ctx: Here) -> None:
        if addresses := _wanted_addresses(ctx.props):
            await ctx.api.update(PORT, ctx.physical_id, {"fixed_ips": addresses})

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        return subnets_of(own.properties.get("network"), others)

    async def fetch(self, ctx: Here, attribute: str) -> kit.Value:
        remote = await ctx.api.show(PORT, ctx.physical_id)
        if attribute == "network":
            return dict(await ctx.api.show(NETWORK, str(remote["network_id"])))
        subnets = [each["subnet_id"] for each in remote.get("fixed_ips") or ()]
        return [dict(await ctx.api.show(SUBNET, each)) for each in dict.fromkeys(subnets)]


def _wanted_addresses(props: PortProperties) -> list[dict[str, Any]] | None:
    """None leaves the choice to the network."""
    if props.no_fixed_ips:
        return []
    return [kit.create_fields(each) for each in props.fixed_ips or ()] or None


async def _any_addresses(ctx: Here) -> list[dict[str, Any]]:
    """One address of each kind, as a new port gets them."""
    subnets = await ctx.api.list(SUBNET, network_id=ctx.props.network)
    by_version = {each["ip_version"]: each["id"] for each in reversed(subnets)}
    return [{"subnet_id": each} for _, each in sorted(by_version.items())]


def _without(body: kit.Fields, *fields: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in fields}


_NETWORK = "network"


class NetworkInterfaceProperties(Tags):
    description: str | None = prop("Description.", name="Description")
    groups: list[Any] | None = changeable("Security groups, by id.", name="GroupSet")
    address: str | None = prop("Address to have; by default one is chosen.", name="PrivateIpAddress")
    source_dest_check: bool | None = prop("Not used.", name="SourceDestCheck", implemented=False)
    subnet: str = prop("Subnet.", name="SubnetId", finds="neutron.subnet")


def address_of(_: kit.Context[NetworkInterfaceProperties], remote: kit.Remote) -> kit.Value:
    return next((each["ip_address"] for each in remote.get("fixed_ips") or ()), None)


@register("AWS::EC2::NetworkInterface")
class NetworkInterface(kit.TranslatedType[NetworkInterfaceProperties]):
    """A port, in the words of AWS."""

    target = Port()
    claims = (kit.Claim("address", ("PrivateIpAddress",)),)
    attributes = (attr("PrivateIpAddress", doc="Its address.", reads=address_of),)

    def words(self, props: NetworkInterfaceProperties, data: kit.Values) -> kit.Fields:
        place = {"subnet": props.subnet, **({"ip_address": props.address} if props.address else {})}
        return {
            "network": data.get(_NETWORK),
            "fixed_ips": [place],
            "security_groups": props.groups or None,
            "value_specs": {"description": props.description} if props.description else None,
        }

    async def create(self, ctx: kit.Context[NetworkInterfaceProperties]) -> kit.Outcome:
        if _NETWORK not in ctx.data:
            ctx.data[_NETWORK] = (await ctx.api.show(SUBNET, ctx.props.subnet))["network_id"]
            return kit.Pending(0, stage="looked")
        return await super().create(ctx)
