"""OS::Neutron::RouterInterface: connects a router to a subnet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from isotherm.kit import (
    Candidate,
    Context,
    Gone,
    Outcome,
    Properties,
    Remote,
    Started,
    Value,
    deprecated,
    given,
    hidden,
    prop,
    register,
    supported,
    surely_given,
)
from isotherm.kit.services.network import PORT, ROUTER
from isotherm.resources.network.network_type import NetworkType


class RouterInterfaceProperties(Properties):
    router: str = prop("Router, by name or id.", finds="neutron.router")
    router_id: str | None = prop(
        "Former name of 'router'.",
        exists="neutron.router",
        renamed_to="router",
        support=hidden("6.0.0", deprecated("2015.1", supported("2013.1"))),
    )
    subnet_id: str | None = prop(
        "Former name of 'subnet'.",
        exists="neutron.subnet",
        renamed_to="subnet",
        support=hidden("5.0.0", deprecated("2014.2")),
    )
    subnet: str | None = prop("Subnet, by name or id.", finds="neutron.subnet")
    port_id: str | None = prop(
        "Former name of 'port'.",
        exists="neutron.port",
        renamed_to="port",
        support=hidden("6.0.0", deprecated("2015.1", supported("2014.1"))),
    )
    port: str | None = prop("Port, by name or id.", finds="neutron.port", since="2015.1")


Here = Context[RouterInterfaceProperties]


@register("OS::Neutron::RouterInterface")
class RouterInterface(NetworkType[RouterInterfaceProperties]):
    """Connects a router to a subnet.

    The physical id is ``ROUTER:subnet_id=SUBNET`` or ``ROUTER:port_id=PORT``; what is
    observed is the router's port.
    """

    entity = ROUTER
    status_field = ""

    async def create(self, ctx: Here) -> Outcome:
        identity = _identity(ctx.props)
        router, what = _parts(identity)
        await ctx.api.call("network", "PUT", f"/routers/{router}/add_router_interface", what)
        return Started(identity)

    async def observe(self, ctx: Here) -> Remote | None:
        return await self._port(ctx, ctx.physical_id)

    async def find(self, ctx: Here) -> Sequence[Candidate]:
        identity = _identity(ctx.props)
        port = await self._port(ctx, identity)
        return (Candidate(identity),) if port is not None else ()

    async def _port(self, ctx: Here, identity: str) -> Remote | None:
        router, what = _parts(identity)
        for port in await ctx.api.list(PORT, device_id=router):
            subnets = {each.get("subnet_id") for each in port.get("fixed_ips") or ()}
            if port["id"] == what.get("port_id") or what.get("subnet_id") in subnets:
                return port
        return None

    async def remove(self, ctx: Here) -> None:
        router, what = _parts(ctx.physical_id)
        with suppress(Gone):
            await ctx.api.call("network", "PUT", f"/routers/{router}/remove_router_interface", what)

    def validate(self, properties: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
        sure = surely_given(properties)
        if not given(properties) & {"subnet", "subnet_id", "port", "port_id"}:
            yield "subnet", "must be given unless a port is"
        if sure & {"subnet", "subnet_id"} and sure & {"port", "port_id"}:
            yield "port", "cannot be used together with a subnet"


def _identity(props: RouterInterfaceProperties) -> str:
    what = f"subnet_id={props.subnet}" if props.subnet else f"port_id={props.port}"
    return f"{props.router}:{what}"


def _parts(identity: str) -> tuple[str, dict[str, str]]:
    router, _, what = identity.partition(":")
    name, _, value = what.partition("=")
    return router, {name: value}
