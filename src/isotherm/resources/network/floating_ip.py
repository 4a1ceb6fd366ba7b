"""OS::Neutron::FloatingIP, its association and FloatingIPPortForward: outer addresses that lead to ports."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Properties, attr, changeable, deprecated, former, hidden, prop, register, supported
from isotherm.kit.services.network import FLOATING_IP, PORT_FORWARDING
from isotherm.resources.network.network_type import NetworkType, interfaces_of, pointing_to
from isotherm.resources.networking import subnets_of

LEADS = "floating IP"
"""The link of a floating IP to a port."""


class FloatingIpProperties(Properties):
    floating_network_id: str | None = former(
        "floating_network", exists="neutron.network", support=hidden("5.0.0", deprecated("2014.2"))
    )
    floating_network: str = prop("Network to take the address from.", finds="neutron.network", since="2014.2")
    floating_subnet: str | None = prop("Its subnet.", finds="neutron.subnet", sends="subnet_id", since="9.0.0")
    value_specs: dict[str, Any] = prop("Anything else for the floating IP.", default={}, merges=True)
    port_id: str | None = changeable("Port that it leads to.", exists="neutron.port")
    fixed_ip_address: str | None = changeable("Address to lead to.", exists="ip_addr", clears=KEEP)
    floating_ip_address: str | None = prop("The address; by default one is chosen.", exists="ip_addr", since="5.0.0")
    dns_name: str | None = changeable("DNS name.", exists="rel_dns_name", clears="", since="7.0.0")
    dns_domain: str | None = changeable("DNS domain.", exists="dns_domain", clears="", since="7.0.0")


@register("OS::Neutron::FloatingIP")
class FloatingIp(NetworkType[FloatingIpProperties]):
    """An outer address that can lead to a port.

    It has no name; its description takes the physical name, so that it can be found again.
    """

    entity = FLOATING_IP
    name_field = "description"
    links = (kit.Link(LEADS, (kit.OWN, "port_id"), details=("fixed_ip_address",)),)
    claims = (kit.Claim("outer address of a port", ("port_id",)),)
    attributes = (
        attr("router_id", doc="Router that leads to the port.", volatile=True),
        attr("tenant_id", doc="Project that owns it."),
        attr("floating_network_id", doc="Network of the address."),
        attr("fixed_ip_address", doc="Address that it leads to.", volatile=True),
        attr("floating_ip_address", doc="The address."),
        attr("port_id", doc="Port that it leads to.", volatile=True),
    )

    def update_body(self, ctx: kit.Context[FloatingIpProperties], changes: kit.Changes) -> kit.Fields:
        body = super().update_body(ctx, changes)
        if changes.keys() & {"port_id", "fixed_ip_address"}:  # only together
            return {**body, "port_id": ctx.props.port_id or None}
        return body

    def joined(self, ctx: kit.Context[FloatingIpProperties], remote: kit.Remote) -> bool:
        return ctx.props.port_id in (None, remote.get("port_id"))

    async def make_way(self, ctx: kit.Context[FloatingIpProperties]) -> None:
        """An address of a port has one outer address in each network."""
        if ctx.props.port_id:
            with suppress(kit.Gone):
                await ctx.api.update(FLOATING_IP, ctx.physical_id, {"port_id": None})

    async def take_back(self, ctx: kit.Context[FloatingIpProperties]) -> None:
        lead = {"port_id": ctx.props.port_id, "fixed_ip_address": ctx.props.fixed_ip_address}
        body = {name: value for name, value in lead.items() if value is not None}
        await ctx.api.update(FLOATING_IP, ctx.physical_id, body)

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        yield from _routers_to(own.properties.get("floating_network"), others)
        yield from ways_to(own.properties.get("port_id"), others)


class AssociationProperties(Properties):
    floatingip_id: str = changeable("Floating IP.")
    port_id: str = changeable("Port that it is to lead to.", exists="neutron.port")
    fixed_ip_address: str | None = changeable("Address of the port to lead to.", exists="ip_addr")


@register("OS::Neutron::FloatingIPAssociation")
class FloatingIpAssociation(kit.AssociationType[AssociationProperties]):
    """Lets a floating IP lead to a port; its physical id is the floating IP's."""

    entity = FLOATING_IP
    links = (kit.Link(LEADS, ("floatingip_id", "port_id"), details=("fixed_ip_address",)),)

    def identity(self, props: AssociationProperties) -> str:
        return props.floatingip_id

    async def join(self, ctx: kit.Context[AssociationProperties]) -> None:
        body = kit.create_fields(ctx.props)
        await ctx.api.update(FLOATING_IP, str(body.pop("floatingip_id")), body)

    async def part(self, ctx: kit.Context[AssociationProperties]) -> None:
        await ctx.api.update(FLOATING_IP, ctx.physical_id, {"port_id": None})

    async def connection(self, ctx: kit.Context[AssociationProperties], identity: str) -> kit.Remote | None:
        """It may lead elsewhere by now; while it is changed, to the former port as well."""
        ours = [ctx.props.port_id, *([ctx.recorded.port_id] if ctx.recorded else ())]
        remote = await ctx.api.show(FLOATING_IP, identity)
        return remote if remote.get("port_id") in ours else None

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        return ways_to(own.properties.get("port_id"), others)


def _routers_to(network: kit.Value, others: kit.Siblings) -> kit.Names:
    """The template's routers with a gateway in this network, and gateways by themselves."""
    for other in others:
        if other.type == "OS::Neutron::Router" and network is not None:
            gateway = other.properties.get("external_gateway_info")
            if isinstance(gateway, Mapping) and gateway.get("network") == network:
                yield other.name
    yield from pointing_to(network, "OS::Neutron::RouterGateway", "network", others)


def ways_to(port: kit.Value, others: kit.Siblings) -> kit.Names:
    """The template's router interfaces on the subnets of a port of the template."""
    if not isinstance(port, kit.Unknown):
        return
    for other in others:
        if other.name == port.after and other.type == "OS::Neutron::Port":
            yield from interfaces_of(_subnets_of(other, others), others)


def _subnets_of(port: kit.Sibling, others: kit.Siblings) -> list[kit.Value]:
    """Those that it names; otherwise it may get an address of any that its network has."""
    entries, network = port.properties.get("fixed_ips"), port.properties.get("network")
    named = (
        [each.get("subnet") for each in entries or () if isinstance(each, Mapping)] if isinstance(entries, list) else []
    )
    if any(named) or not isinstance(network, kit.Unknown):
        return named
    return [kit.Unknown(each) for each in subnets_of(network, others)]


class PortForwardingProperties(Properties):
    internal_ip_address: str = changeable("Address to lead to.", exists="ip_addr")
    internal_port_number: int | None = changeable(
        "Port number there.", ge=1, le=65535, sends="internal_port", clears=KEEP
    )
    external_port: int = changeable("Port number of the floating IP.", ge=1, le=65535)
    internal_port: str = changeable("Port to lead to.", finds="neutron.port", sends="internal_port_id")
    protocol: str = changeable("Protocol.", allowed=("tcp", "udp", "icmp", "icmp6", "sctp", "dccp"))
    floating_ip: str = prop("Floating IP.", resolves="neutron.floating_ip", sends=None)


@register("OS::Neutron::FloatingIPPortForward", support=supported("19.0.0"))
class PortForwarding(NetworkType[PortForwardingProperties]):
    """A port of a floating IP that leads to one inside."""

    entity = PORT_FORWARDING
    extension = "floating-ip-port-forwarding"
    parent_property = "floating_ip"
    name_field = ""
    alike = ("external_port", "protocol")
    sends_whole = True
    links = (
        kit.Link(
            "port forwarding",
            ("floating_ip", "protocol"),
            also=("external_port",),
            details=("internal_ip_address", "internal_port_number", "internal_port"),
        ),
    )

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        yield from ways_to(own.properties.get("internal_port"), others)
