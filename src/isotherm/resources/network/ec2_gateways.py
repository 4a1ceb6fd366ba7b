"""AWS::EC2::InternetGateway and VPCGatewayAttachment: the way out of a VPC."""

from contextlib import suppress

from isotherm import kit
from isotherm.kit import prop, register
from isotherm.kit.services.network import ROUTER
from isotherm.resources.amazon import Tags, external_network
from isotherm.resources.network.ec2_vpc import lead, tables_of
from isotherm.resources.network.network_type import pointing_to


class InternetGatewayProperties(Tags):
    """Tags alone."""


@register("AWS::EC2::InternetGateway")
class InternetGateway(kit.NamedType[InternetGatewayProperties]):
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

    def reference(self, ctx: kit.Context[VpcGatewayAttachmentProperties]) -> kit.Value:
        return ctx.resource

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        yield from pointing_to(own.properties.get("VpcId"), "AWS::EC2::RouteTable", "VpcId", others)
