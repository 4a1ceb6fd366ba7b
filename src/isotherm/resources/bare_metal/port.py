"""OS::Ironic::Port: a network card of a node."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.bare_metal import PORT


class PortProperties(Properties):
    node: str = prop("Node.", finds="ironic.node", sends="node_uuid", update_allowed=True)
    address: str = prop("MAC address.", update_allowed=True)
    portgroup: str | None = prop(
        "Group that it is in.", finds="ironic.portgroup", sends="portgroup_uuid", update_allowed=True
    )
    local_link_connection: dict[str, Any] | None = prop("Where its cable ends.", clears={}, update_allowed=True)
    pxe_enabled: bool | None = prop("Whether the node boots by it.", clears=True, update_allowed=True)
    physical_network: str | None = prop("Physical network that it is in.", update_allowed=True)
    extra: dict[str, Any] | None = prop("Anything else.", clears={}, update_allowed=True)
    is_smartnic: bool | None = prop("Whether it is a smart card.", clears=False, update_allowed=True)


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
