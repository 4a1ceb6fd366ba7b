"""OS::Neutron::SubnetPool and AddressScope: prefixes that subnets take theirs from."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Named, changeable, prop, register, supported
from isotherm.kit.services.network import ADDRESS_SCOPE, SUBNET_POOL
from isotherm.resources.network.network_type import NetworkType, Tagged


class AddressScopeProperties(Named):
    shared: bool = changeable("Whether all projects may use it.", default=False)
    tenant_id: str | None = prop(
        "Project that owns it; administrators only.", finds="keystone.project", sends="tenant_id"
    )
    ip_version: int = prop("Version of its addresses.", default=4, allowed=(4, 6))


@register("OS::Neutron::AddressScope", support=supported("6.0.0"))
class AddressScope(NetworkType[AddressScopeProperties]):
    """Subnet pools whose addresses do not overlap."""

    entity = ADDRESS_SCOPE
    extension = "address-scope"


Networks = Sequence[Any]


class SubnetPoolProperties(Named, Tagged):
    prefixes: list[str] = changeable("What it hands out.", items=prop(exists="net_cidr"), min_length=1, by_call=True)
    address_scope: str | None = changeable("Scope it belongs to.", finds="neutron.address_scope")
    default_quota: int | None = changeable(
        "How much of it one project can have, in addresses or, of version 6, /64 networks; 0 for any.", ge=0, clears=0
    )
    default_prefixlen: int | None = changeable(
        "Prefix length of subnets that name none.", ge=0, clears=KEEP, decodes=int
    )
    min_prefixlen: int | None = changeable("Prefix length of the largest subnet.", ge=0, clears=KEEP, decodes=int)
    max_prefixlen: int | None = changeable("Prefix length of the smallest subnet.", ge=0, clears=KEEP, decodes=int)
    is_default: bool = changeable("Whether it serves subnets that name no pool; administrators only.", default=False)
    tenant_id: str | None = prop("Project that owns it; administrators only.")
    shared: bool = prop("Whether all projects may use it.", default=False)


Here = kit.Context[SubnetPoolProperties]


@register("OS::Neutron::SubnetPool", support=supported("6.0.0"))
class SubnetPool(NetworkType[SubnetPoolProperties]):
    """Prefixes that subnets take theirs from."""

    entity = SUBNET_POOL
    extension = "subnet_allocation"
    claims = (kit.Claim("prefix in an address scope", ("address_scope", "prefixes")),)
    rising = (("min_prefixlen", "default_prefixlen", "max_prefixlen"),)

    async def defaults(self, ctx: Here, changes: kit.Changes) -> kit.Fields:
        """The lengths that the service gives to pools of this version."""
        least, most = (64, 128) if ":" in ctx.props.prefixes[0] else (8, 32)
        usual = {"min_prefixlen": least, "max_prefixlen": most, "default_prefixlen": ctx.props.min_prefixlen or least}
        touched = {*changes, *(("default_prefixlen",) if "min_prefixlen" in changes else ())}
        return {name: usual[name] for name in kit.not_given(ctx.props, touched) if name in usual}

    async def complete(self, ctx: Here, remote: kit.Remote) -> bool:
        """Prefixes come and go by calls of their own; the object itself would only take more of them."""
        moved = False
        if ctx.changes("prefixes"):
            present, wanted = _networks(remote["prefixes"]), _networks(ctx.props.prefixes)
            for verb, prefixes in (("add", _outside(wanted, present)), ("remove", _outside(present, wanted))):
                if prefixes:
                    moved = True
                    path = f"/subnetpools/{ctx.physical_id}/{verb}_prefixes"
                    await ctx.api.call("network", "PUT", path, {"prefixes": prefixes})
        return await super().complete(ctx, remote) or moved

    async def remove(self, ctx: Here) -> None:
        """Subnets go a little later than we are told; the service calls that a bad request."""
        try:
            await super().remove(ctx)
        except kit.Refused as error:
            if "existing allocations" not in error.message:
                raise
            raise kit.Conflict(error.message, status=error.status, request_id=error.request_id) from error

    async def make_way(self, ctx: Here) -> None:
        """Pools of one scope have no prefix in common."""
        if ctx.props.address_scope:
            await ctx.api.update(SUBNET_POOL, ctx.physical_id, {"address_scope_id": None})

    async def take_back(self, ctx: Here) -> None:
        if ctx.props.address_scope:
            await ctx.api.update(SUBNET_POOL, ctx.physical_id, {"address_scope_id": ctx.props.address_scope})


def _networks(prefixes: Iterable[str]) -> Networks:
    return [ip_network(each, strict=False) for each in prefixes]


def _outside(networks: Networks, others: Networks) -> list[str]:
    """What belongs to none of the others: services join prefixes that adjoin."""
    for other in others:
        networks = [part for each in networks for part in _without(each, other)]
    return [str(each) for each in networks]


def _without(network: Any, other: Any) -> Networks:
    if network.version != other.version:
        return [network]
    if network.subnet_of(other):
        return []
    return list(network.address_exclude(other)) if other.subnet_of(network) else [network]
