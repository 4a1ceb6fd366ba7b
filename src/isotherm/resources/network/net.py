"""OS::Neutron::Net, ProviderNet and Segment: networks, and what they are made of below."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Named, P, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.network import NETWORK, SEGMENT
from isotherm.resources.network.network_type import Extensible, NetworkType, Tagged, schedule


class SegmentedType(NetworkType[P]):
    """Networks, which are made of segments."""

    entity = NETWORK

    async def fetch(self, ctx: kit.Context[P], attribute: str) -> kit.Value:
        found = await ctx.api.list(SEGMENT, network_id=ctx.physical_id)
        return [dict(each) for each in found]


class NetProperties(Named, Extensible, Tagged):
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    tenant_id: str | None = prop("Project that owns it; administrators only.")
    shared: bool = changeable("Whether all projects may use it.", default=False)
    dhcp_agent_ids: list[Any] | None = changeable("DHCP agents that serve it.", sends=None)
    port_security_enabled: bool | None = changeable(
        "Whether its ports enforce addresses and groups.", clears=True, since="5.0.0"
    )
    qos_policy: str | None = changeable("QoS policy.", finds="neutron.qos_policy", since="6.0.0")
    dns_domain: str | None = changeable("DNS domain.", exists="dns_domain", clears="", since="7.0.0")
    availability_zone_hints: list[Any] | None = prop("Zones to host it in.", since="19.0.0")


@register("OS::Neutron::Net")
class Net(SegmentedType[NetProperties]):
    """A network."""

    completes = ("dhcp_agent_ids",)
    attributes = (
        attr("status", doc="Its state.", volatile=True),
        attr("name", doc="Its name."),
        attr("subnets", list, "Ids of its subnets.", volatile=True),
        attr("admin_state_up", doc="Whether it is up."),
        attr("tenant_id", doc="Project that owns it."),
        attr("port_security_enabled", bool, "Whether its ports enforce rules.", since="5.0.0"),
        attr("mtu", int, "Largest packet in bytes.", since="5.0.0"),
        attr("qos_policy_id", doc="Its quality of service policy.", since="6.0.0"),
        attr("l2_adjacency", bool, "Whether it is one segment everywhere.", since="9.0.0"),
        attr("segments", list, "Its segments.", fetched=True, since="11.0.0", volatile=True),
    )

    async def complete(self, ctx: kit.Context[NetProperties], remote: kit.Remote) -> bool:
        before = (ctx.recorded and ctx.recorded.dhcp_agent_ids) or ()
        agents = (before, ctx.props.dhcp_agent_ids or ())
        moved = await schedule(ctx, agents, "dhcp-networks", "network_id")
        return await super().complete(ctx, remote) or moved


_TYPES = ("local", "vlan", "vxlan", "gre", "geneve", "flat")


class ProviderNetProperties(Named):
    network_type: str = changeable("How it is carried.", sends="provider:network_type", allowed=_TYPES)
    physical_network: str | None = changeable("Physical network that carries it.", sends="provider:physical_network")
    segmentation_id: str | None = changeable(
        "Number of the VLAN or tunnel.", sends="provider:segmentation_id", decodes=str, clears=KEEP
    )
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    shared: bool = changeable("Whether all projects may use it.", default=True)
    port_security_enabled: bool | None = changeable(
        "Whether its ports enforce addresses and groups.", clears=True, since="8.0.0"
    )
    router_external: bool = changeable(
        "Whether it leads out, for routers and floating IPs.", sends="router:external", default=False, since="6.0.0"
    )
    tags: list[str] | None = changeable("Tags.", sends=None, reads="tags", since="12.0.0")
    dns_domain: str | None = changeable("DNS domain.", exists="dns_domain", clears="", since="15.0.0")
    availability_zone_hints: list[Any] | None = changeable(
        "Zones to host it in; others take another network.", since="19.0.0"
    )
    tenant_id: str | None = prop("Project that owns it.", since="24.0.0")


@register("OS::Neutron::ProviderNet", support=supported("2014.1"))
class ProviderNet(SegmentedType[ProviderNetProperties]):
    """A network on the operator's own wires; administrators only."""

    extension = "provider"
    renewed_by = ("availability_zone_hints",)
    where = (kit.Where("network_type", ("flat",), bars=("segmentation_id",)),)
    attributes = (
        attr("status", doc="Its state.", volatile=True),
        attr("subnets", list, "Ids of its subnets.", volatile=True),
        attr("segments", list, "Its segments.", fetched=True, since="16.0.0", volatile=True),
    )


_PHYSICAL, _TUNNELS = ("flat", "vlan"), ("vxlan", "gre", "geneve")
_LAST_VLAN = 4094


class SegmentProperties(Properties):
    network: str = prop("Network that it is a part of.", finds="neutron.network")
    network_type: str = prop("Technique.", allowed=("local", "vlan", *_TUNNELS, "flat"))
    physical_network: str | None = prop("Physical network, for flat and vlan.")
    segmentation_id: int | None = prop("Its number there.", ge=1)
    name: str | None = changeable("Name; by default one is made up.")
    description: str | None = changeable("Description.", clears="")


@register("OS::Neutron::Segment", support=supported("9.0.0"))
class Segment(NetworkType[SegmentProperties]):
    """A part that a network is made of below; for administrators."""

    entity = SEGMENT
    extension = "segment"
    where = (
        kit.Where("network_type", _PHYSICAL, needs=("physical_network",)),
        kit.Where("network_type", ("local", *_TUNNELS), bars=("physical_network",)),
        kit.Where("network_type", ("local", "flat"), bars=("segmentation_id",)),
    )

    def problems(self, properties: kit.Values) -> kit.Problems:
        number = properties.get("segmentation_id")
        if properties.get("network_type") == "vlan" and isinstance(number, int) and number > _LAST_VLAN:
            yield "segmentation_id", f"must be at most {_LAST_VLAN} for a segment of type vlan"
