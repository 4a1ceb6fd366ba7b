"""OS::Neutron::RouterInterface: connects a router to a subnet."""

from isotherm import kit
from isotherm.kit import Properties, deprecated, former, hidden, prop, register, supported
from isotherm.kit.services.network import PORT


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
