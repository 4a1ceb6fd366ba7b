"""OS::Neutron::Subnet: a range of addresses in a network."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.network import SUBNET
from isotherm.resources.network.addresses import all_addresses, first_address, is_address
from isotherm.resources.network.network_type import Extensible, InNetwork, NetworkType, Tagged

NO_GATEWAY = ("", "~")
MODES = ("dhcpv6-stateful", "dhcpv6-stateless", "slaac")


class AllocationPool(Properties):
    start: str = prop("First address.", exists="ip_addr")
    end: str = prop("Last address.", exists="ip_addr")


class HostRoute(Properties):
    destination: str = prop("Where the route leads.", exists="net_cidr")
    nexthop: str = prop("The next router on the way.", exists="ip_addr")


class SubnetProperties(InNetwork, Extensible, Tagged):
    subnetpool: str | None = prop("Pool to take the range from.", finds="neutron.subnetpool", since="6.0.0")
    prefixlen: int | None = prop("Prefix length of a range from the pool.", ge=0, since="6.0.0")
    cidr: str | None = prop("The range.", exists="net_cidr")
    name: str | None = changeable("Name; by default one is made up.")
    ip_version: int = prop("4 or 6.", default=4, allowed=(4, 6))
    dns_nameservers: list[Any] = changeable("Name servers.", default=[])
    gateway_ip: str | None = changeable("By default the first address, '' for none.", clears=KEEP)
    enable_dhcp: bool = changeable("Whether addresses are served.", default=True)
    allocation_pools: list[AllocationPool] | None = changeable(
        "Addresses to give to ports; by default all.", clears=KEEP
    )
    tenant_id: str | None = prop("Project that owns it; administrators only.")
    host_routes: list[HostRoute] | None = changeable("Routes told to servers.", clears=[])
    ipv6_ra_mode: str | None = prop("How routers announce it.", allowed=MODES, since="2015.1")
    ipv6_address_mode: str | None = prop("How servers get addresses.", allowed=MODES, since="2015.1")
    segment: str | None = changeable(
        "Its segment.", finds="neutron.segment", support=supported("11.0.0", supported("9.0.0"))
    )


@register("OS::Neutron::Subnet")
class Subnet(NetworkType[SubnetProperties]):
    """A range of addresses in a network."""

    entity = SUBNET
    exclusive = (("cidr", "prefixlen"),)
    one_of = (("cidr", "subnetpool"),)
    attributes = (
        attr("name", doc="Its name."),
        attr("network_id", doc="Network that it belongs to."),
        attr("tenant_id", doc="Project that owns it."),
        attr("allocation_pools", list, "Addresses given to ports."),
        attr("gateway_ip", doc="The gateway."),
        attr("host_routes", list, "Routes told to servers."),
        attr("ip_version", doc="4 or 6."),
        attr("cidr", doc="The range."),
        attr("dns_nameservers", list, "Name servers."),
        attr("enable_dhcp", doc="Whether addresses are served."),
    )

    def create_body(self, ctx: kit.Context[SubnetProperties]) -> kit.Fields:
        body = super().create_body(ctx)
        return {**body, "gateway_ip": None} if ctx.props.gateway_ip in NO_GATEWAY else body

    def update_body(self, ctx: kit.Context[SubnetProperties], changes: kit.Changes) -> kit.Fields:
        body = super().update_body(ctx, changes)
        without = "gateway_ip" in changes and ctx.props.gateway_ip in NO_GATEWAY
        return {**body, "gateway_ip": None} if without else body

    async def defaults(self, ctx: kit.Context[SubnetProperties], changes: kit.Changes) -> kit.Fields:
        """Another gateway may lie amidst the addresses that are given to ports by default."""
        if not kit.not_given(ctx.props, changes) & {"gateway_ip", "allocation_pools"}:
            return {}
        remote = await ctx.api.show(SUBNET, ctx.physical_id)
        chosen: dict[str, Any] = {}
        gateway = ctx.props.gateway_ip
        if gateway is None:
            gateway = chosen["gateway_ip"] = first_address(remote["cidr"])
        if not ctx.props.allocation_pools:
            chosen["allocation_pools"] = all_addresses(remote["cidr"], but="" if gateway in NO_GATEWAY else gateway)
        return chosen

    def problems(self, properties: kit.Values) -> kit.Problems:
        modes = {"ipv6_ra_mode", "ipv6_address_mode"} & kit.surely_given(properties)
        if modes and properties.get("ip_version", 4) == 4:
            yield "ip_version", "must be 6 for ipv6_ra_mode and ipv6_address_mode"
        if len(modes) > 1 and len({properties[each] for each in modes} & {*MODES}) > 1:
            yield "ipv6_address_mode", "must be the same as ipv6_ra_mode"
        gateway = properties.get("gateway_ip")
        if isinstance(gateway, str) and gateway not in NO_GATEWAY and not is_address(gateway):
            yield "gateway_ip", "must be an address, or '' for none"
