"""OS::Ironic::Port: a network card of a node."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, register, supported
from isotherm.kit.services.bare_metal import PORT


class PortProperties(Properties):
    node: str = changeable("Node.", finds="ironic.node", sends="node_uuid")
    address: str = changeable("MAC address.")
    portgroup: str | None = changeable("Group that it is in.", finds="ironic.portgroup", sends="portgroup_uuid")
    local_link_connection: dict[str, Any] | None = changeable("Where its cable ends.", clears={})
    pxe_enabled: bool | None = changeable("Whether the node boots by it.", clears=True)
    physical_network: str | None = changeable("Physical network that it is in.")
    extra: dict[str, Any] | None = changeable("Anything else.", clears={})
    is_smartnic: bool | None = changeable("Whether it is a smart card.", clears=False)


@register("OS::Ironic::Port", support=supported("13.0.0"))
class Port(kit.EntityType[PortProperties]):
    """A network card of a node; for administrators."""

    entity = PORT
    name_field = ""
    claims = (kit.Claim("MAC address of a node", ("address",)),)
    attributes = (
        *kit.shown(PortProperties, "address", "physical_network", local_link_connection=dict, extra=dict),
        *kit.shown(PortProperties, pxe_enabled=bool, is_smartnic=bool),
        attr("node_uuid", doc="Node."),
        attr("portgroup_uuid", doc="Group that it is in."),
        attr("internal_info", dict, "What bare metal notes of it."),
    )

    async def find(self, ctx: kit.Context[PortProperties]) -> kit.Candidates:
        """No two ports have one address."""
        wanted = ctx.props.address.lower()
        found = await ctx.api.list(PORT, address=wanted)
        return [self.candidate(each) for each in found if str(each["address"]).lower() == wanted]
