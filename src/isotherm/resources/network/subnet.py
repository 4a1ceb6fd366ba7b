"""OS::Neutron::Subnet: a range of addresses in a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from isotherm.kit import (
    Properties,
    Value,
    attr,
    given,
    prop,
    register,
    supported,
    surely_given,
)
from isotherm.kit.services.network import SUBNET
from isotherm.resources.network.network_type import InNetwork, NetworkType

MODES = ("dhcpv6-stateful", "dhcpv6-stateless", "slaac")


class AllocationPool(Properties):
    start: str = prop("First address.", exists="ip_addr")
    end: str = prop("Last address.", exists="ip_addr")


class HostRoute(Properties):
    destination: str = prop("Where the route leads.", exists="net_cidr")
    nexthop: str = prop("The next router on the way.", exists="ip_addr")


class SubnetProperties(InNetwork):
    subnetpool: str | None = prop(
        "Pool to take the range from, by name or id.", finds="neutron.subnetpool", since="6.0.0"
    )
    prefixlen: int | None = prop("Prefix length of a range from the pool.", ge=0, since="6.0.0")
    cidr: str | None = prop("The range.", exists="net_cidr")
    value_specs: dict[str, Any] = prop(
        "Anything else for the subnet.", default_factory=dict, update_allowed=True
    )
    name: str | None = prop("Name; by default one is made up.", update_allowed=True)
    ip_version: int = prop("4 or 6.", default=4, allowed=(4, 6))
    dns_nameservers: list[Any] = prop("Name servers.", default_factory=list, update_allowed=True)
    gateway_ip: str | None = prop(
        "The gateway; by default the first address, empty for none.", update_allowed=True
    )
    enable_dhcp: bool = prop("Whether addresses are served.", default=True, update_allowed=True)
    allocation_pools: list[AllocationPool] | None = prop(
        "Addresses to give to ports; by default all.", update_allowed=True
    )
    tenant_id: str | None = prop("Project that owns it; administrators only.")
    host_routes: list[HostRoute] | None = prop("Routes told to servers.", update_allowed=True)
    ipv6_ra_mode: str | None = prop("How routers announce it.", allowed=MODES, since="2015.1")
    ipv6_address_mode: str | None = prop(
        "How servers get addresses.", allowed=MODES, since="2015.1"
    )
    segment: str | None = prop(
        "Segment it lies on, by name or id.",
        finds="neutron.segment",
        update_allowed=True,
        support=supported("11.0.0", supported("9.0.0")),
    )
    tags: list[str] | None = prop("Tags.", items=prop("A tag."), update_allowed=True, since="9.0.0")


@register("OS::Neutron::Subnet")
class Subnet(NetworkType[SubnetProperties]):
    """A range of addresses in a network."""

    entity = SUBNET
    status_field = ""
    api_names: ClassVar = {
        "network": "network_id",
        "subnetpool": "subnetpool_id",
        "segment": "segment_id",
    }
    apart = frozenset({"network_id"})
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

    def body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        body = super().body(values)
        if body.get("gateway_ip") == "":
            body["gateway_ip"] = None
        for name in ("allocation_pools", "host_routes", "dns_nameservers"):
            if name in body and body[name] is None:
                body[name] = []
        return body

    def validate(self, properties: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
        sure = surely_given(properties)
        if not given(properties) & {"cidr", "subnetpool"}:
            yield "cidr", "must be given unless a subnetpool is"
        if {"cidr", "prefixlen"} <= sure:
            yield "prefixlen", "cannot be used together with cidr"
        if {"ipv6_ra_mode", "ipv6_address_mode"} & sure and properties.get("ip_version", 4) == 4:
            yield "ip_version", "must be 6 for ipv6_ra_mode and ipv6_address_mode"
