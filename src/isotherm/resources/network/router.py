"""OS::Neutron::Router, RouterInterface and RouterGateway: leads between networks, and out."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Named, Properties, attr, changeable, deprecated, former, hidden, prop, register, supported
from isotherm.kit.services.network import PORT, ROUTER
from isotherm.resources.network.network_type import Extensible, NetworkType, Tagged, pointing_to, schedule
from isotherm.resources.networking import subnets_of


class ExternalFixedIp(Properties):
    ip_address: str | None = prop("Address.", exists="ip_addr")
    subnet: str | None = prop("Subnet.", finds="neutron.subnet")


class ExternalGateway(Properties):
    network: str = changeable("External network.", resolves="neutron.network")
    enable_snat: bool | None = changeable("Whether inner addresses are translated.")
    external_fixed_ips: list[ExternalFixedIp] | None = changeable("Addresses there.", since="6.0.0")


class RouterProperties(Named, Extensible, Tagged):
    external_gateway_info: ExternalGateway | None = changeable("The way out.", clears={})
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    l3_agent_id: str | None = changeable(
        "Former form of 'l3_agent_ids'.", sends=None, support=hidden("6.0.0", deprecated("2015.1", supported("2014.1")))
    )
    l3_agent_ids: list[str] | None = changeable(
        "Agents that host it.", items=prop("An agent."), sends=None, since="2015.1"
    )
    distributed: bool | None = prop("Whether every host routes by itself.", since="2015.1")
    ha: bool | None = prop("Whether a second one stands by.", since="2015.1")
    availability_zone_hints: list[Any] | None = changeable("Zones to use.", clears=[], since="19.0.0")
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

    def problems(self, properties: kit.Values) -> kit.Problems:
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


class RouterInterfaceProperties(Properties):
    router: str = prop("Router.", finds="neutron.router")
    router_id: str | None = former(
        "router", exists="neutron.router", support=hidden("6.0.0", deprecated("2015.1", supported("2013.1")))
    )
    subnet_id: str | None = former("subnet", exists="neutron.subnet", support=hidden("5.0.0", deprecated("2014.2")))
    subnet: str | None = prop("Subnet.", finds="neutron.subnet")
    port_id: str | None = former(
        "port", exists="neutron.port", support=hidden("6.0.0", deprecated("2015.1", supported("2014.1")))
    )
    port: str | None = prop("Port.", finds="neutron.port", since="2015.1")


@register("OS::Neutron::RouterInterface")
class RouterInterface(kit.AssociationType[RouterInterfaceProperties]):
    """Connects a router to a subnet.

    The physical id is ``ROUTER:subnet_id=SUBNET`` or ``ROUTER:port_id=PORT``; what is
    observed is the router's port.
    """

    entity = PORT
    extension = "router"
    patience = 60.0
    exclusive = one_of = (("subnet", "port"),)
    links = (kit.Link("router interface", ("router", "subnet")), kit.Link("router interface", ("router", "port")))
    claims = (kit.Claim("gateway of a subnet", ("subnet",)), kit.Claim("port of a router", ("port",)))

    def identity(self, props: RouterInterfaceProperties) -> str:
        what = f"subnet_id={props.subnet}" if props.subnet else f"port_id={props.port}"
        return f"{props.router}:{what}"

    async def join(self, ctx: kit.Context[RouterInterfaceProperties]) -> None:
        await _call(ctx, "add", self.identity(ctx.props))

    async def part(self, ctx: kit.Context[RouterInterfaceProperties]) -> None:
        await _call(ctx, "remove", ctx.physical_id)

    async def connection(self, ctx: kit.Context[RouterInterfaceProperties], identity: str) -> kit.Remote | None:
        router, what = _parts(identity)
        for port in await ctx.api.list(PORT, device_id=router):
            subnets = {each.get("subnet_id") for each in port.get("fixed_ips") or ()}
            if port["id"] == what.get("port_id") or what.get("subnet_id") in subnets:
                return port
        return None


async def _call(ctx: kit.Context[RouterInterfaceProperties], verb: str, identity: str) -> None:
    router, what = _parts(identity)
    await ctx.api.call("network", "PUT", f"/routers/{router}/{verb}_router_interface", what)


def _parts(identity: str) -> tuple[str, dict[str, str]]:
    router, _, what = identity.partition(":")
    name, _, value = what.partition("=")
    return router, {name: value}


class RouterGatewayProperties(Properties):
    router_id: str = prop("Router.", exists="neutron.router")
    network_id: str | None = former("network", exists="neutron.network", support=hidden("9.0.0", deprecated("2014.2")))
    network: str | None = prop("External network.", finds="neutron.network")


@register("OS::Neutron::RouterGateway", support=hidden("5.0.0", deprecated("2014.1")))
class RouterGateway(kit.AssociationType[RouterGatewayProperties]):
    """The way out of a router: use external_gateway_info of OS::Neutron::Router instead.

    The physical id is ``ROUTER:NETWORK``; what is observed is the router.
    """

    entity = ROUTER
    patience = 60.0
    one_of = (("network",),)
    links = (kit.Link("router gateway", ("router_id", "network")),)
    claims = (kit.Claim("way out of a router", ("router_id",)),)

    def identity(self, props: RouterGatewayProperties) -> str:
        return f"{props.router_id}:{props.network}"

    async def join(self, ctx: kit.Context[RouterGatewayProperties]) -> None:
        await _set(ctx, ctx.props.router_id, {"network_id": ctx.props.network})

    async def part(self, ctx: kit.Context[RouterGatewayProperties]) -> None:
        await _set(ctx, ctx.physical_id.partition(":")[0], {})

    async def connection(self, ctx: kit.Context[RouterGatewayProperties], identity: str) -> kit.Remote | None:
        router, _, network = identity.partition(":")
        remote = await ctx.api.show(ROUTER, router)
        gateway = remote.get("external_gateway_info") or {}
        return remote if gateway.get("network_id") == network else None

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        router = own.properties.get("router_id")
        yield from pointing_to(router, "OS::Neutron::RouterInterface", "router", others)
        yield from subnets_of(own.properties.get("network"), others)


async def _set(ctx: kit.Context[RouterGatewayProperties], router: str, gateway: kit.Remote) -> None:
    await ctx.api.update(ROUTER, router, {"external_gateway_info": gateway})
