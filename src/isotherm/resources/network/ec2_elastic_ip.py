"""AWS::EC2::EIP, OS::Nova::FloatingIP and their associations: an outer address of a server."""

from contextlib import suppress

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.network import FLOATING_IP, PORT
from isotherm.resources.amazon import external_network, port_of, router_of
from isotherm.resources.network.ec2_vpc import lead
from isotherm.resources.network.network_type import NetworkType, pointing_to

_NETWORK, _ADDRESS, _PORT = "network", "address", "port"


class EipProperties(Properties):
    domain: str | None = prop("Not used.", name="Domain", allowed=("vpc",), sends=None, support=deprecated("9.0.0"))
    server: str | None = changeable("Instance that it leads to.", name="InstanceId", exists="nova.server", sends=None)


Here = kit.Context[EipProperties]


@register("AWS::EC2::EIP")
class Eip(NetworkType[EipProperties]):
    """An outer address, from the external network of the cloud; it may lead to an instance.

    Its description takes the physical name, so that it can be found again.
    """

    service = "compute"
    entity = FLOATING_IP
    name_field = "description"
    claims = (kit.Claim("outer address of an instance", ("InstanceId",)),)
    always_completes = True
    attributes = (attr("AllocationId", doc="Its id.", source="id"),)

    async def create(self, ctx: Here) -> kit.Outcome:
        if _NETWORK not in ctx.data:
            ctx.data[_NETWORK] = await external_network(ctx.api)
            return kit.Pending(0, stage="looked")
        return await super().create(ctx)

    def create_body(self, ctx: Here) -> kit.Fields:
        return {**super().create_body(ctx), "floating_network_id": ctx.data.get(_NETWORK)}

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        ctx.data[_ADDRESS] = remote["floating_ip_address"]
        if ctx.recorded is None and not ctx.props.server:
            return False
        wanted = await port_of(ctx.api, ctx.props.server) if ctx.props.server else None
        if remote.get("port_id") == wanted:
            return False
        await self._point(ctx, wanted)
        return True

    async def make_way(self, ctx: Here) -> None:
        with suppress(kit.Gone):
            await self._point(ctx, None)

    async def take_back(self, ctx: Here) -> None:
        if ctx.props.server:
            await self._point(ctx, await port_of(ctx.api, ctx.props.server))

    async def _point(self, ctx: Here, port: str | None) -> None:
        await ctx.api.update(FLOATING_IP, ctx.physical_id, {"port_id": port})

    def reference(self, ctx: Here) -> kit.Value:
        return ctx.data.get(_ADDRESS) or ctx.resource

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        yield from _ways_to(own.properties.get("InstanceId"), others)


class EipAssociationProperties(Properties):
    server: str | None = changeable("Instance.", name="InstanceId", exists="nova.server")
    address: str | None = changeable("Address of an EIP.", name="EIP", exists="ip_addr")
    allocation: str | None = changeable("Id of an EIP.", name="AllocationId")
    interface: str | None = changeable("Network interface.", name="NetworkInterfaceId")


Joining = kit.Context[EipAssociationProperties]


@register("AWS::EC2::EIPAssociation")
class EipAssociation(kit.AssociationType[EipAssociationProperties]):
    """Lets an outer address lead to an instance or a network interface.

    The physical id is that of the address, by its id or as it is; what is observed is the
    floating IP.
    """

    refers_by = "physical_name"
    service = "compute"
    entity = FLOATING_IP
    patience = 60.0
    exclusive = (("EIP", "AllocationId"),)
    one_of = (("EIP", "AllocationId"),)
    needs = (("EIP", "InstanceId"), ("AllocationId", "InstanceId", "NetworkInterfaceId"))
    links = (
        kit.Link("elastic IP", ("EIP", "InstanceId")),
        kit.Link("elastic IP", ("AllocationId", "InstanceId")),
        kit.Link("elastic IP", ("AllocationId", "NetworkInterfaceId")),
    )

    def identity(self, props: EipAssociationProperties) -> str:
        return str(props.allocation or props.address)

    async def join(self, ctx: Joining) -> None:
        floating = await self._floating_ip(ctx, self.identity(ctx.props))
        port = ctx.props.interface or await port_of(ctx.api, str(ctx.props.server))
        if ctx.props.allocation:
            await _lead_out(ctx.api, port, str(floating["floating_network_id"]))
        ctx.data[_PORT] = port
        if floating.get("port_id") != port:
            await ctx.api.update(FLOATING_IP, str(floating["id"]), {"port_id": port})

    async def part(self, ctx: Joining) -> None:
        floating = await self._floating_ip(ctx, ctx.physical_id)
        await ctx.api.update(FLOATING_IP, str(floating["id"]), {"port_id": None})

    async def connection(self, ctx: Joining, identity: str) -> kit.Remote | None:
        """One that leads elsewhere by now is somebody else's."""
        floating = await self._floating_ip(ctx, identity)
        port = floating.get("port_id")
        return floating if port and port == ctx.data.get(_PORT, port) else None

    async def find(self, ctx: Joining) -> kit.Candidates:
        floating = await self._floating_ip(ctx, self.identity(ctx.props))
        data = {_PORT: floating.get("port_id")}
        identity = self.identity(ctx.props)
        return [kit.Candidate(identity, exclusive=False, data=data)] if data[_PORT] else []

    async def _floating_ip(self, ctx: Joining, identity: str) -> kit.Remote:
        """Raises Gone."""
        return await ctx.api.show(FLOATING_IP, await ctx.api.find("neutron.floating_ip", identity))

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        for inside in ("InstanceId", "NetworkInterfaceId"):
            yield from _ways_to(own.properties.get(inside), others)


def _ways_to(inside: kit.Value, others: kit.Siblings) -> kit.Names:
    """What connects the subnet of an instance or interface of the template with the outside: while
    that changes hands, no address can lead in."""
    if not isinstance(inside, kit.Unknown):
        return
    for subnet in [each.properties.get("SubnetId") for each in others if each.name == inside.after]:
        yield from pointing_to(subnet, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId", others)
        for each in others:
            if isinstance(subnet, kit.Unknown) and each.name == subnet.after:
                vpc = each.properties.get("VpcId")
                yield from pointing_to(vpc, "AWS::EC2::VPCGatewayAttachment", "VpcId", others)


async def _lead_out(api: kit.CloudApi, port: str, network: str) -> None:
    """The router of the VPC gets a way to the network of the address."""
    inner = str((await api.show(PORT, port))["network_id"])
    router = await router_of(api, inner)
    if router is not None and not router.get("external_gateway_info"):
        await lead(api, str(router["id"]), network)


_HIDDEN = hidden("11.0.0", deprecated("9.0.0", supported("2014.1")))


class NovaFloatingIpProperties(Properties):
    pool: str | None = prop("External network, by name or id; by default the only one.", sends=None)


@register("OS::Nova::FloatingIP", support=_HIDDEN)
class NovaFloatingIp(NetworkType[NovaFloatingIpProperties]):
    """An outer address: use OS::Neutron::FloatingIP instead.

    Its description takes the physical name, so that it can be found again.
    """

    service = ""
    entity = FLOATING_IP
    name_field = "description"
    attributes = (
        attr(
            "pool", doc="External network.", reads=lambda ctx, remote: ctx.props.pool or remote["floating_network_id"]
        ),
        attr("ip", doc="The address.", source="floating_ip_address"),
    )

    async def create(self, ctx: kit.Context[NovaFloatingIpProperties]) -> kit.Outcome:
        if _NETWORK not in ctx.data:
            pool = ctx.props.pool
            found = await ctx.api.find("neutron.network", pool) if pool else await external_network(ctx.api)
            ctx.data[_NETWORK] = found
            return kit.Pending(0, stage="looked")
        return await super().create(ctx)

    def create_body(self, ctx: kit.Context[NovaFloatingIpProperties]) -> kit.Fields:
        return {**super().create_body(ctx), "floating_network_id": ctx.data.get(_NETWORK)}


class NovaFloatingIpAssociationProperties(Properties):
    server_id: str = changeable("Server.", exists="nova.server", sends="InstanceId")
    floating_ip: str = changeable("Id of the floating IP.", sends="EIP")


@register("OS::Nova::FloatingIPAssociation", support=_HIDDEN)
class NovaFloatingIpAssociation(kit.TranslatedType[NovaFloatingIpAssociationProperties]):
    """Lets an outer address lead to a server: use OS::Neutron::FloatingIPAssociation instead."""

    refers_by = "physical_name"
    target = EipAssociation()
    links = (kit.Link("elastic IP", ("floating_ip", "server_id")),)
