"""OS::Nova::FloatingIP and its association: outer addresses, from when compute had them."""

from isotherm import kit
from isotherm.kit import Properties, attr, deprecated, hidden, prop, register, supported
from isotherm.kit.services.network import FLOATING_IP
from isotherm.resources.amazon import external_network
from isotherm.resources.network.ec2_elastic_ip import EipAssociation
from isotherm.resources.network.network_type import NetworkType

_NETWORK = "network"
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
    server_id: str = prop("Server.", exists="nova.server", update_allowed=True)
    floating_ip: str = prop("Id of the floating IP.", update_allowed=True)


@register("OS::Nova::FloatingIPAssociation", support=_HIDDEN)
class NovaFloatingIpAssociation(kit.TranslatedType[NovaFloatingIpAssociationProperties]):
    """Lets an outer address lead to a server: use OS::Neutron::FloatingIPAssociation instead."""

    target = EipAssociation()
    links = (kit.Link("elastic IP", ("floating_ip", "server_id")),)

    def words(self, props: NovaFloatingIpAssociationProperties, data: kit.Values) -> kit.Fields:
        return {"EIP": props.floating_ip, "InstanceId": props.server_id}

    def reference(self, ctx: kit.Context[NovaFloatingIpAssociationProperties]) -> kit.Value:
        return ctx.physical_name
