"""OS::Neutron::Net: a network."""

from typing import Any

from isotherm import kit
from isotherm.kit import Named, attr, prop, register
from isotherm.kit.services.network import NETWORK, SEGMENT
from isotherm.resources.network.network_type import Extensible, NetworkType, Tagged, schedule


class NetProperties(Named, Extensible, Tagged):
    admin_state_up: bool = prop("Whether it is up.", default=True, update_allowed=True)
    tenant_id: str | None = prop("Project that owns it; administrators only.")
    shared: bool = prop("Whether all projects may use it.", default=False, update_allowed=True)
    dhcp_agent_ids: list[Any] | None = prop("DHCP agents that serve it.", sends=None, update_allowed=True)
    port_security_enabled: bool | None = prop(
        "Whether its ports enforce addresses and groups.", clears=True, update_allowed=True, since="5.0.0"
    )
    qos_policy: str | None = prop("QoS policy.", finds="neutron.qos_policy", update_allowed=True, since="6.0.0")
    dns_domain: str | None = prop("DNS domain.", exists="dns_domain", clears="", update_allowed=True, since="7.0.0")
    availability_zone_hints: list[Any] | None = prop("Zones to host it in.", since="19.0.0")


@register("OS::Neutron::Net")
class Net(NetworkType[NetProperties]):
    """A network."""

    entity = NETWORK
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

    async def fetch(self, ctx: kit.Context[NetProperties], attribute: str) -> kit.Value:
        found = await ctx.api.list(SEGMENT, network_id=ctx.physical_id)
        return [dict(each) for each in found]
