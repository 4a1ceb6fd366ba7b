"""OS::Neutron::ExtraRoute and ExtraRouteSet: where a router leads to beyond its own networks."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, changeable, prop, register, supported, unsupported
from isotherm.kit.services.network import ROUTER
from isotherm.resources.network.network_type import NetworkType, pointing_to

Routes = list[dict[str, Any]]


class ExtraRouteProperties(Properties):
    router_id: str = prop("Router.", exists="neutron.router")
    destination: str = prop("Addresses that it leads to.")
    nexthop: str = prop("Address of the next router.")


@register("OS::Neutron::ExtraRoute", support=unsupported())
class ExtraRoute(kit.AssociationType[ExtraRouteProperties]):
    """One route of a router: use OS::Neutron::ExtraRouteSet instead.

    The physical id is ``ROUTER:DESTINATION:NEXTHOP``; what is observed is the router.
    """

    entity = ROUTER
    extension = "extraroute"
    patience = 60.0
    links = (kit.Link("route", ("router_id", "destination", "nexthop")),)

    def identity(self, props: ExtraRouteProperties) -> str:
        return f"{props.router_id}:{props.destination}:{props.nexthop}"

    async def join(self, ctx: kit.Context[ExtraRouteProperties]) -> None:
        await _change(ctx, "add", ctx.props.router_id, [_route(ctx.props)])

    async def part(self, ctx: kit.Context[ExtraRouteProperties]) -> None:
        await _change(ctx, "remove", ctx.props.router_id, [_route(ctx.props)])

    async def connection(self, ctx: kit.Context[ExtraRouteProperties], identity: str) -> kit.Remote | None:
        remote = await ctx.api.show(ROUTER, ctx.props.router_id)
        return remote if _route(ctx.props) in _present(remote) else None

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        return _ways_of(own.properties.get("router_id"), others)


class Route(Properties):
    destination: str = prop("Addresses that it leads to.", exists="net_cidr")
    nexthop: str = prop("Address of the next router.", exists="ip_addr")


class ExtraRouteSetProperties(Properties):
    router: str = prop("Router.", finds="neutron.router", sends=None)
    routes: list[Route] = changeable("Routes.", default=[], sends=None)


There = kit.Context[ExtraRouteSetProperties]


@register("OS::Neutron::ExtraRouteSet", support=supported("14.0.0"))
class ExtraRouteSet(NetworkType[ExtraRouteSetProperties]):
    """Routes of a router, beside those of other sets.

    A set has no id, so the physical id is the physical name; what is observed is the router.
    """

    entity = ROUTER
    extension = "extraroute-atomic"
    name_field = ""
    links = (kit.Link("routes", ("router",), also=("routes",)),)

    async def create(self, ctx: There) -> kit.Outcome:
        await _change(ctx, "add", ctx.props.router, _routes(ctx.props))
        return kit.Started(ctx.physical_name)

    async def update(self, ctx: There, changes: kit.Changes) -> kit.Outcome:
        before, wanted = _routes(ctx.recorded), _routes(ctx.props)
        await _change(ctx, "remove", ctx.props.router, [each for each in before if each not in wanted])
        await _change(ctx, "add", ctx.props.router, [each for each in wanted if each not in before])
        return kit.Pending(0)

    async def delete(self, ctx: There) -> kit.Outcome:
        if ctx.physical_id:
            await _change(ctx, "remove", ctx.props.router, _routes(ctx.props))
        return kit.Ready()

    async def observe(self, ctx: There) -> kit.Remote | None:
        return await ctx.api.look(ROUTER, ctx.props.router)

    async def find(self, ctx: There) -> kit.Candidates:
        remote = await self.observe(ctx)
        there = remote is not None and any(each in _present(remote) for each in _routes(ctx.props))
        return (kit.Candidate(ctx.physical_name, exclusive=False),) if there else ()

    def joined(self, ctx: There, remote: kit.Remote) -> bool:
        return all(each in _present(remote) for each in _routes(ctx.props))

    def reference(self, ctx: There) -> kit.Value:
        return ctx.props.router

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        return _ways_of(own.properties.get("router"), others)


def _route(props: ExtraRouteProperties) -> dict[str, Any]:
    return {"destination": props.destination, "nexthop": props.nexthop}


def _routes(props: ExtraRouteSetProperties | None) -> Routes:
    return [kit.create_fields(each) for each in props.routes] if props else []


def _present(remote: kit.Remote) -> Routes:
    return remote.get("routes") or []


async def _change(ctx: kit.Context[Any], verb: str, router: str, routes: Routes) -> None:
    """One call that touches no other routes; those that are there, or gone, already are fine."""
    if routes:
        path = f"/routers/{router}/{verb}_extraroutes"
        await ctx.api.call("network", "PUT", path, {"router": {"routes": routes}})


def _ways_of(router: kit.Value, others: kit.Siblings) -> kit.Names:
    """The template's connections of a router: what comes next must be reached through one."""
    yield from pointing_to(router, "OS::Neutron::RouterInterface", "router", others)
    yield from pointing_to(router, "OS::Neutron::RouterGateway", "router_id", others)
