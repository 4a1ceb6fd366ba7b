"""OS::Neutron::FloatingIP and its association: an outer address that leads to a port."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from isotherm.kit import (
    Candidate,
    Changes,
    Context,
    Gone,
    Outcome,
    Properties,
    Ready,
    Remote,
    Sibling,
    Started,
    Unknown,
    Value,
    attr,
    deprecated,
    hidden,
    prop,
    register,
)
from isotherm.kit.services.network import FLOATING_IP
from isotherm.resources.network.network_type import NetworkType, interfaces_of


class FloatingIpProperties(Properties):
    floating_network_id: str | None = prop(
        "Former name of 'floating_network'.",
        exists="neutron.network",
        renamed_to="floating_network",
        support=hidden("5.0.0", deprecated("2014.2")),
    )
    floating_network: str = prop(
        "Network to take the address from, by name or id.",
        finds="neutron.network",
        since="2014.2",
    )
    floating_subnet: str | None = prop(
        "Subnet to take the address from, by name or id.", finds="neutron.subnet", since="9.0.0"
    )
    value_specs: dict[str, Any] = prop("Anything else for the floating IP.", default_factory=dict)
    port_id: str | None = prop("Port that it leads to.", exists="neutron.port", update_allowed=True)
    fixed_ip_address: str | None = prop(
        "Address of the port to lead to.", exists="ip_addr", update_allowed=True
    )
    floating_ip_address: str | None = prop(
        "The address; by default one is chosen.", exists="ip_addr", since="5.0.0"
    )
    dns_name: str | None = prop(
        "Name in the domain.", exists="rel_dns_name", update_allowed=True, since="7.0.0"
    )
    dns_domain: str | None = prop(
        "Domain of the name.", exists="dns_domain", update_allowed=True, since="7.0.0"
    )


Here = Context[FloatingIpProperties]


@register("OS::Neutron::FloatingIP")
class FloatingIp(NetworkType[FloatingIpProperties]):
    """An outer address that can lead to a port.

    It has no name; its description takes the physical name, so that it can be found again.
    """

    entity = FLOATING_IP
    api_names: ClassVar = {
        "floating_network": "floating_network_id",
        "floating_subnet": "subnet_id",
    }
    apart = frozenset({"floating_network_id"})
    attributes = (
        attr("router_id", doc="Router that leads to the port."),
        attr("tenant_id", doc="Project that owns it."),
        attr("floating_network_id", doc="Network of the address."),
        attr("fixed_ip_address", doc="Address that it leads to.", volatile=True),
        attr("floating_ip_address", doc="The address."),
        attr("port_id", doc="Port that it leads to.", volatile=True),
    )

    def create_body(self, ctx: Here) -> Mapping[str, Any]:
        return {"description": ctx.physical_name, **self.body(ctx.props.given())}

    async def find(self, ctx: Here) -> Sequence[Candidate]:
        mark = self.create_body(ctx)["description"]
        found = await ctx.api.list(FLOATING_IP, description=mark)
        return [self.candidate(each) for each in found if each.get("description") == mark]

    def update_body(self, ctx: Here, changes: Changes) -> Mapping[str, Any]:
        body = dict(super().update_body(ctx, changes))
        if body.get("fixed_ip_address", 0) is None:
            del body["fixed_ip_address"]
        if {"port_id", "fixed_ip_address"} & changes.keys():
            body["port_id"] = ctx.props.port_id
        return body

    def implicit_dependencies(self, own: Sibling, others: Sequence[Sibling]) -> Iterable[str]:
        network = own.properties.get("floating_network") or own.properties.get(
            "floating_network_id"
        )
        yield from _routers_to(network, others)
        yield from _ways_to(own.properties.get("port_id"), others)


class AssociationProperties(Properties):
    floatingip_id: str = prop("Floating IP.", update_allowed=True)
    port_id: str = prop("Port that it is to lead to.", exists="neutron.port", update_allowed=True)
    fixed_ip_address: str | None = prop(
        "Address of the port to lead to.", exists="ip_addr", update_allowed=True
    )


There = Context[AssociationProperties]


@register("OS::Neutron::FloatingIPAssociation")
class FloatingIpAssociation(NetworkType[AssociationProperties]):
    """Lets a floating IP lead to a port; its physical id is the floating IP's."""

    entity = FLOATING_IP
    status_field = ""

    async def create(self, ctx: There) -> Outcome:
        body = {"port_id": ctx.props.port_id, "fixed_ip_address": ctx.props.fixed_ip_address}
        given = {name: value for name, value in body.items() if value is not None}
        remote = await ctx.api.update(FLOATING_IP, ctx.props.floatingip_id, given)
        return Started(ctx.props.floatingip_id, remote)

    async def find(self, ctx: There) -> Sequence[Candidate]:
        with suppress(Gone):
            remote = await ctx.api.show(FLOATING_IP, ctx.props.floatingip_id)
            if remote.get("port_id") == ctx.props.port_id:
                return (Candidate(ctx.props.floatingip_id, exclusive=False),)
        return ()

    async def update(self, ctx: There, changes: Changes) -> Outcome:
        if ctx.physical_id != ctx.props.floatingip_id:
            await self._part(ctx)
        return await self.create(ctx)

    async def delete(self, ctx: There) -> Outcome:
        if ctx.physical_id:
            await self._part(ctx)
        return Ready()

    async def _part(self, ctx: There) -> None:
        """Unless it leads elsewhere by now."""
        ours = {ctx.props.port_id, ctx.recorded.port_id if ctx.recorded else None}
        with suppress(Gone):
            remote = await ctx.api.show(FLOATING_IP, ctx.physical_id)
            if remote.get("port_id") in ours:
                await ctx.api.update(FLOATING_IP, ctx.physical_id, {"port_id": None})

    async def complete(self, ctx: There, remote: Remote) -> bool:
        return False

    def implicit_dependencies(self, own: Sibling, others: Sequence[Sibling]) -> Iterable[str]:
        return _ways_to(own.properties.get("port_id"), others)


def _routers_to(network: Value, others: Sequence[Sibling]) -> Iterable[str]:
    """The template's routers with a gateway in this network."""
    for other in others:
        if other.type == "OS::Neutron::Router" and network is not None:
            gateway = other.properties.get("external_gateway_info")
            if isinstance(gateway, Mapping) and gateway.get("network") == network:
                yield other.name


def _ways_to(port: Value, others: Sequence[Sibling]) -> Iterable[str]:
    """The template's router interfaces on the subnets of a port of the template."""
    if not isinstance(port, Unknown):
        return
    for other in others:
        if other.name == port.after and other.type == "OS::Neutron::Port":
            subnets = _subnets_named_by(other) or _subnets_of(_network(other), others)
            yield from interfaces_of(subnets, others)


def _subnets_named_by(port: Sibling) -> list[Value]:
    addresses = port.properties.get("fixed_ips")
    given = addresses if isinstance(addresses, list) else []
    named = [
        each.get("subnet") or each.get("subnet_id") for each in given if isinstance(each, Mapping)
    ]
    return [each for each in named if each is not None]


def _subnets_of(network: Value, others: Sequence[Sibling]) -> list[Value]:
    """The template's subnets of a network of the template; a port without subnets may get any."""
    if not isinstance(network, Unknown):
        return []
    return [
        Unknown(each.name)
        for each in others
        if each.type == "OS::Neutron::Subnet" and _network(each) == network
    ]


def _network(sibling: Sibling) -> Value:
    return sibling.properties.get("network") or sibling.properties.get("network_id")
