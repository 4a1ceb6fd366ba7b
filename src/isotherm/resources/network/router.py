"""OS::Neutron::Router: leads between networks."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Named, Properties, attr, deprecated, hidden, prop, register, supported
from isotherm.kit.services.network import ROUTER
from isotherm.resources.network.network_type import Extensible, NetworkType, Tagged, schedule
from isotherm.resources.networking import subnets_of


class ExternalFixedIp(Properties):
    ip_address: str | None = prop("Address.", exists="ip_addr")
    subnet: str | None = prop("Subnet.", finds="neutron.subnet")


class ExternalGateway(Properties):
    network: str = prop("External network.", resolves="neutron.network", update_allowed=True)
    enable_snat: bool | None = prop("Whether inner addresses are translated.", update_allowed=True)
    external_fixed_ips: list[ExternalFixedIp] | None = prop("Addresses there.", update_allowed=True, since="6.0.0")


class RouterProperties(Named, Extensible, Tagged):
    external_gateway_info: ExternalGateway | None = prop("The way out.", clears={}, update_allowed=True)
    admin_state_up: bool = prop("Whether it is up.", default=True, update_allowed=True)
    l3_agent_id: str | None = prop(
        "Former form of 'l3_agent_ids'.",
        sends=None,
        update_allowed=True,
        support=hidden("6.0.0", deprecated("2015.1", supported("2014.1"))),
    )
    l3_agent_ids: list[str] | None = prop(
        "Agents that host it.", items=prop("An agent."), sends=None, update_allowed=True, since="2015.1"
    )
    distributed: bool | None = prop("Whether every host routes by itself.", since="2015.1")
    ha: bool | None = prop("Whether a second one stands by.", since="2015.1")
    availability_zone_hints: list[Any] | None = prop("Zones to use.", clears=[], update_allowed=True, since="19.0.0")
    tenant_id: str | None = prop("Project that owns it; administrators only.", since="24.0.0")


@register("OS::Neutron::Router")
class Router(NetworkType[RouterProperties]):
    """Leads between networks, and out."""

    entity = ROUTER
    extension = "router"
    attributes = (
        attr("status", doc="Its state.", volatile=True),
        attr("external_gateway_info", dict, "The way out.", volatile=True),
        attr("name", doc="Its name."),
        attr("admin_state_up", doc="Whether it is up."),
        attr("tenant_id", doc="Project that owns it."),
    )

    def unfinished(self, ctx: kit.Context[RouterProperties]) -> bool:
        return bool(_agents(ctx.props)) or super().unfinished(ctx)

    async def complete(self, ctx: kit.Context[RouterProperties], remote: kit.Remote) -> bool:
        agents = (_agents(ctx.recorded), _agents(ctx.props))
        moved = await schedule(ctx, agents, "l3-routers", "router_id")
        return await super().complete(ctx, remote) or moved

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        gateway = own.properties.get("external_gateway_info")
        network = gateway.get("network") if isinstance(gateway, Mapping) else None
        return subnets_of(network, others)

    def validate(self, properties: kit.Values) -> kit.Problems:
        agents = {name for name in kit.surely_given(properties) if properties[name]}
        if {"l3_agent_id", "l3_agent_ids"} <= agents:
            yield "l3_agent_id", "cannot be used together with l3_agent_ids"
        if properties.get("ha") is True and properties.get("distributed") is True:
            yield "distributed", "cannot be used together with ha"
        if properties.get("distributed") is True and (own := agents & {"l3_agent_id", "l3_agent_ids"}):
            yield "distributed", f"cannot be used together with {min(own)}"


def _agents(props: RouterProperties | None) -> Sequence[str]:
    if props is None:
        return ()
    return props.l3_agent_ids or ([props.l3_agent_id] if props.l3_agent_id else ())
