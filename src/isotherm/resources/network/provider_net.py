"""OS::Neutron::ProviderNet: a network on the operator's own wires."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Named, attr, prop, register, supported
from isotherm.kit.services.network import NETWORK, SEGMENT
from isotherm.resources.network.network_type import NetworkType

_TYPES = ("local", "vlan", "vxlan", "gre", "geneve", "flat")


class ProviderNetProperties(Named):
    network_type: str = prop("How it is carried.", sends="provider:network_type", allowed=_TYPES, update_allowed=True)
    physical_network: str | None = prop(
        "Physical network that carries it.", sends="provider:physical_network", update_allowed=True
    )
    segmentation_id: str | None = prop(
        "Number of the VLAN or tunnel.", sends="provider:segmentation_id", decodes=str, clears=KEEP, update_allowed=True
    )
    admin_state_up: bool = prop("Whether it is up.", default=True, update_allowed=True)
    shared: bool = prop("Whether all projects may use it.", default=True, update_allowed=True)
    port_security_enabled: bool | None = prop(
        "Whether its ports enforce addresses and groups.", clears=True, update_allowed=True, since="8.0.0"
    )
    router_external: bool = prop(
        "Whether it leads out, for routers and floating IPs.",
        sends="router:external",
        default=False,
        update_allowed=True,
        since="6.0.0",
    )
    tags: list[str] | None = prop("Tags.", sends=None, reads="tags", update_allowed=True, since="12.0.0")
    dns_domain: str | None = prop("DNS domain.", exists="dns_domain", clears="", update_allowed=True, since="15.0.0")
    availability_zone_hints: list[Any] | None = prop(
        "Zones to host it in; others take another network.", update_allowed=True, since="19.0.0"
    )
    tenant_id: str | None = prop("Project that owns it.", since="24.0.0")


@register("OS::Neutron::ProviderNet", support=supported("2014.1"))
class ProviderNet(NetworkType[ProviderNetProperties]):
    """A network on the operator's own wires; administrators only."""

    entity = NETWORK
    extension = "provider"
    where = (kit.Where("network_type", ("flat",), bars=("segmentation_id",)),)
    attributes = (
        attr("status", doc="Its state.", volatile=True),
        attr("subnets", list, "Ids of its subnets.", volatile=True),
        attr("segments", list, "Its segments.", fetched=True, since="16.0.0", volatile=True),
    )

    def replaces(self, changes: kit.Changes, recorded: ProviderNetProperties, desired: ProviderNetProperties) -> bool:
        """Where a network is hosted is settled when it is made."""
        return "availability_zone_hints" in changes

    async def fetch(self, ctx: kit.Context[ProviderNetProperties], attribute: str) -> kit.Value:
        found = await ctx.api.list(SEGMENT, network_id=ctx.physical_id)
        return [dict(each) for each in found]
