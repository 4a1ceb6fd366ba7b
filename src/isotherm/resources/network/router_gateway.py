"""OS::Neutron::RouterGateway: the way out of a router, as a resource of its own."""

from isotherm import kit
from isotherm.kit import Properties, deprecated, former, hidden, prop, register
from isotherm.kit.services.network import ROUTER
from isotherm.resources.network.network_type import pointing_to
from isotherm.resources.networking import subnets_of


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
