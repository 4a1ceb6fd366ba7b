"""AWS::EC2::VPC and what lies in it: a network of its own, with routers between its subnets, and ways out."""

from contextlib import suppress

from isotherm import kit
from isotherm.kit import Told, attr, prop, register, supported
from isotherm.kit.services.network import NETWORK, PORT, ROUTER, SUBNET
from isotherm.resources.amazon import Tags, external_network, router_of
from isotherm.resources.network.network_type import NetworkType, pointing_to

OWNER = "network:router_interface"


class VpcProperties(Tags):
    cidr: str | None = prop("Not used: subnets have addresses.", name="CidrBlock", sends=None)
    tenancy: str = prop(
        "Not used.",
        name="InstanceTenancy",
        default="default",
        allowed=("default", "dedicated"),
        implemented=False,
        sends=None,
    )
    dns: bool | None = prop(
        "Its networks have name servers: true is what is so anyway.",
        name="EnableDnsSupport",
        told=Told.NOT_AT_ALL,
        sends=None,
    )
    host_names: bool | None = prop(
        "Servers have names there: true is what is so anyway.",
        name="EnableDnsHostnames",
        told=Told.NOT_AT_ALL,
        sends=None,
    )


@register("AWS::EC2::VPC")
class Vpc(NetworkType[VpcProperties]):
    """A network, and a router of the same name that its subnets are connected to."""

    entity = NETWORK
    always_completes = True

    def problems(self, properties: kit.Values) -> kit.Problems:
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if properties.get(name) is False:
                yield name, "false is not supported yet: networks have name servers that know their servers"

    async def complete(self, ctx: kit.Context[VpcProperties], remote: kit.Remote) -> bool:
        if await router_of(ctx.api, ctx.physical_id) is not None:
            return False
        await ctx.api.create(ROUTER, {"name": str(remote["name"])})
        return True

    async def remove(self, ctx: kit.Context[VpcProperties]) -> None:
        router = await router_of(ctx.api, ctx.physical_id)
        if router is not None:
            await ctx.api.drop(ROUTER, str(router["id"]))
        await super().remove(ctx)


class Ec2SubnetProperties(Tags):
    zone: str | None = prop("Told by the attribute; networks are in all zones.", name="AvailabilityZone", sends=None)
    cidr: str = prop("Its addresses.", name="CidrBlock", sends="cidr")
    vpc: str = prop("Its VPC.", name="VpcId", sends="network_id")


@register("AWS::EC2::Subnet")
class Ec2Subnet(NetworkType[Ec2SubnetProperties]):
    """A range of addresses, connected to the router of its VPC."""

    entity = SUBNET
    always_completes = True
    attributes = (
        attr("AvailabilityZone", doc="The zone that was asked for.", reads=lambda ctx, _: ctx.props.zone or ""),
    )

    def create_body(self, ctx: kit.Context[Ec2SubnetProperties]) -> kit.Fields:
        return {**super().create_body(ctx), "ip_version": 4}

    async def complete(self, ctx: kit.Context[Ec2SubnetProperties], remote: kit.Remote) -> bool:
        router = await router_of(ctx.api, ctx.props.vpc)
        if router is None or await interface_of(ctx.api, ctx.physical_id) is not None:
            return False
        await plug(ctx.api, str(router["id"]), ctx.physical_id)
        return True

    async def remove(self, ctx: kit.Context[Ec2SubnetProperties]) -> None:
        interface = await interface_of(ctx.api, ctx.physical_id)
        if interface is not None:
            await unplug(ctx.api, str(interface["device_id"]), ctx.physical_id)
        await super().remove(ctx)


class RouteTableProperties(Tags):
    vpc: str = prop("Its VPC.", name="VpcId", sends=None)


@register("AWS::EC2::RouteTable", support=supported("2014.1"))
class RouteTable(NetworkType[RouteTableProperties]):
    """A router for some of the subnets of a VPC; its description tells which."""

    entity = ROUTER
    always_completes = True

    def create_body(self, ctx: kit.Context[RouteTableProperties]) -> kit.Fields:
        return {**super().create_body(ctx), "description": described(ctx.props.vpc)}

    async def complete(self, ctx: kit.Context[RouteTableProperties], remote: kit.Remote) -> bool:
        """The same way out that the other routers of the VPC have."""
        own = await router_of(ctx.api, ctx.props.vpc)
        others = [*([own] if own else []), *await tables_of(ctx.api, ctx.props.vpc)]
        ways = [each["external_gateway_info"] for each in others if each.get("external_gateway_info")]
        if not ways or remote.get("external_gateway_info"):
            return False
        await lead(ctx.api, ctx.physical_id, ways[0]["network_id"])
        return True


class SubnetRouteTableAssociationProperties(kit.Properties):
    table: str = prop("Route table.", name="RouteTableId")
    subnet: str = prop("Subnet.", name="SubnetId", finds="neutron.subnet")


_HALFWAY: kit.Remote = {}
"""What shows a subnet between two routers."""
Moving = kit.Context[SubnetRouteTableAssociationProperties]


@register("AWS::EC2::SubnetRouteTableAssociation")
class SubnetRouteTableAssociation(kit.AssociationType[SubnetRouteTableAssociationProperties]):
    """Takes a subnet from the router of its VPC to that of a route table.

    The physical id is ``ROUTER:SUBNET``; what is observed is the router's port.
    """

    refers_by = "resource"
    entity = PORT
    patience = 60.0
    links = (kit.Link("router interface", ("RouteTableId", "SubnetId")),)
    claims = (kit.Claim("gateway of a subnet", ("SubnetId",)),)

    def identity(self, props: SubnetRouteTableAssociationProperties) -> str:
        return f"{props.table}:{props.subnet}"

    async def join(self, ctx: Moving) -> None:
        interface = await interface_of(ctx.api, ctx.props.subnet)
        if interface is not None and interface["device_id"] != ctx.props.table:
            await unplug(ctx.api, str(interface["device_id"]), ctx.props.subnet)
        if interface is None or interface["device_id"] != ctx.props.table:
            await plug(ctx.api, ctx.props.table, ctx.props.subnet)

    async def part(self, ctx: Moving) -> None:
        """Back to the router of the VPC."""
        table, _, subnet = ctx.physical_id.partition(":")
        await unplug(ctx.api, table, subnet)
        if (router := await _router_around(ctx.api, subnet)) is not None:
            await plug(ctx.api, router, subnet)

    async def connection(self, ctx: Moving, identity: str) -> kit.Remote | None:
        """A subnet that is connected to nothing has yet to go back to the router of the VPC."""
        table, _, subnet = identity.partition(":")
        interface = await interface_of(ctx.api, subnet)
        if interface is None:
            return _HALFWAY if await _router_around(ctx.api, subnet) else None
        return interface if interface["device_id"] == table else None

    async def advance_delete(self, ctx: Moving, remote: kit.Remote) -> kit.Outcome:
        return await self.delete(ctx) if remote == _HALFWAY else await super().advance_delete(ctx, remote)

    def joined(self, ctx: Moving, remote: kit.Remote) -> bool:
        return remote != _HALFWAY

    async def find(self, ctx: Moving) -> kit.Candidates:
        interface = await interface_of(ctx.api, ctx.props.subnet)
        there = interface is not None and interface["device_id"] == ctx.props.table
        return [kit.Candidate(self.identity(ctx.props), exclusive=False)] if there else []


async def _router_around(api: kit.CloudApi, subnet: str) -> str | None:
    """The router of the VPC that the subnet lies in. Raises Gone."""
    router = await router_of(api, str((await api.show(SUBNET, subnet))["network_id"]))
    return None if router is None else str(router["id"])


async def interface_of(api: kit.CloudApi, subnet: str) -> kit.Remote | None:
    """The port by which a router is connected to the subnet."""
    for port in await api.list(PORT, device_owner=OWNER):
        if any(each.get("subnet_id") == subnet for each in port.get("fixed_ips") or ()):
            return port
    return None


async def plug(api: kit.CloudApi, router: str, subnet: str) -> None:
    await api.call("network", "PUT", f"/routers/{router}/add_router_interface", {"subnet_id": subnet})


async def unplug(api: kit.CloudApi, router: str, subnet: str) -> None:
    """Fine where it is gone already."""
    with suppress(kit.Gone):
        await api.call("network", "PUT", f"/routers/{router}/remove_router_interface", {"subnet_id": subnet})


async def lead(api: kit.CloudApi, router: str, network: str | None) -> None:
    """Give a router a way out; None takes it away."""
    gateway = {"network_id": network} if network else {}
    await api.update(ROUTER, router, {"external_gateway_info": gateway})


def described(vpc: str) -> str:
    """The description of a route table."""
    return f"Route table of VPC {vpc}"


async def tables_of(api: kit.CloudApi, vpc: str) -> list[kit.Remote]:
    """The routers that are route tables of a VPC."""
    wanted = described(vpc)
    return [each for each in await api.list(ROUTER, description=wanted) if each.get("description") == wanted]


@register("AWS::EC2::InternetGateway")
class InternetGateway(kit.NamedType[Tags]):
    """Stands for the external network of the cloud; there is nothing to make."""


class VpcGatewayAttachmentProperties(kit.Properties):
    vpc: str = prop("VPC.", name="VpcId")
    gateway: str | None = prop("Stands for the external network.", name="InternetGatewayId")
    vpn: str | None = prop("Not used.", name="VpnGatewayId", implemented=False)


@register("AWS::EC2::VPCGatewayAttachment")
class VpcGatewayAttachment(kit.AssociationType[VpcGatewayAttachmentProperties]):
    """Gives all route tables of a VPC a way out.

    The physical id is the VPC's; what is observed are its route tables.
    """

    refers_by = "resource"
    entity = ROUTER
    patience = 60.0
    links = (kit.Link("way out of a VPC", ("VpcId",)),)

    def identity(self, props: VpcGatewayAttachmentProperties) -> str:
        return props.vpc

    async def join(self, ctx: kit.Context[VpcGatewayAttachmentProperties]) -> None:
        network = await external_network(ctx.api)
        for table in await tables_of(ctx.api, ctx.props.vpc):
            if not table.get("external_gateway_info"):
                await lead(ctx.api, str(table["id"]), network)

    async def part(self, ctx: kit.Context[VpcGatewayAttachmentProperties]) -> None:
        for table in await tables_of(ctx.api, ctx.physical_id):
            with suppress(kit.Gone):
                await lead(ctx.api, str(table["id"]), None)

    async def connection(self, ctx: kit.Context[VpcGatewayAttachmentProperties], identity: str) -> kit.Remote | None:
        """A VPC without route tables has nothing to be led out."""
        tables = await tables_of(ctx.api, identity)
        led = [str(each["id"]) for each in tables if each.get("external_gateway_info")]
        return {"routers": led, "whole": len(led) == len(tables)} if led or not tables else None

    async def advance(self, ctx: kit.Context[VpcGatewayAttachmentProperties], remote: kit.Remote) -> kit.Outcome:
        """Where an attempt has come to an end in the middle, the others are led out, too."""
        if remote["whole"]:
            return await super().advance(ctx, remote)
        await self.join(ctx)
        return kit.Pending(0)

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        # Without route tables there is nothing that could end.
        return kit.Pending(self.poll_after) if remote["routers"] else kit.Ready()

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        yield from pointing_to(own.properties.get("VpcId"), "AWS::EC2::RouteTable", "VpcId", others)
