"""Subnet pools and the address scopes that they belong to."""

from dataclasses import replace

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import CHANGED, Wish
from isotherm.localcloud.network import address_scopes, faults, sharing
from isotherm.localcloud.network.addresses import overlap, parse_network
from isotherm.localcloud.network.dialect import SHARED, NetworkKind
from isotherm.localcloud.network.entities import Subnet, SubnetPool
from isotherm.localcloud.network.state import Networking

_LENGTHS = ("min_prefixlen", "default_prefixlen", "max_prefixlen")


def subnets_of(networking: Networking, pool: SubnetPool) -> list[Subnet]:
    return [subnet for subnet in networking.subnets if subnet.subnetpool_id == pool.id]


def create(networking: Networking, call: Call, wish: Wish) -> SubnetPool:
    prefixes = wish.pop("prefixes")
    version = _version(prefixes)
    most = 32 if version == 4 else 128
    lengths = {
        "min_prefixlen": wish.pop("min_prefixlen", 8 if version == 4 else 64),
        "max_prefixlen": wish.pop("max_prefixlen", most),
    }
    if not lengths["min_prefixlen"] and "default_prefixlen" not in wish:
        raise faults.broken()
    lengths["default_prefixlen"] = wish.pop("default_prefixlen", lengths["min_prefixlen"])
    _check_lengths(lengths)
    values = {**KIND.stored(wish), **lengths, "prefixes": _sorted(prefixes)}
    pool = SubnetPool(**values, ip_version=version)
    _check_scope(networking, call.caller, pool)
    if wish["shared"]:
        sharing.refuse_strangers(networking, pool, sharing.EVERYONE)
    if pool.is_default:
        _check_default(networking, version)
    networking.require_quota(pool.project_id, {"subnetpool": 1})
    return networking.add(networking.subnet_pools, pool)


def change(networking: Networking, call: Call, pool: SubnetPool, wish: Wish) -> None:
    lengths = {name: wish.get(name, getattr(pool, name)) for name in _LENGTHS}
    _check_lengths(lengths)
    if "prefixes" in wish:
        _version([*wish["prefixes"], pool.prefixes[0]])
        wish["prefixes"] = _sorted(wish["prefixes"])
        _check_shrinking(pool.prefixes, wish["prefixes"])
    if wish.get("address_scope_id"):
        after = SubnetPool(
            id=pool.id,
            project_id=pool.project_id,
            prefixes=wish.get("prefixes", pool.prefixes),
            ip_version=pool.ip_version,
            address_scope_id=wish["address_scope_id"],
            **lengths,
        )
        _check_scope(networking, call.caller, after)
    if wish.get("is_default") and not pool.is_default:
        _check_default(networking, pool.ip_version)
    KIND.assign(networking, pool, wish)


def delete(networking: Networking, call: Call, pool: SubnetPool) -> None:
    if subnets_of(networking, pool):
        raise faults.invalid(
            "SubnetPoolDeleteError",
            "Unable to delete subnet pool: Subnet pool has existing allocations.",
        )


def add_prefixes(networking: Networking, pool: SubnetPool, more: list[str]) -> list[str]:
    _version([*more, pool.prefixes[0]])
    pool.prefixes = _sorted([*pool.prefixes, *more])
    networking.save(networking.subnet_pools, pool)
    return pool.prefixes


def remove_prefixes(networking: Networking, pool: SubnetPool, gone: list[str]) -> list[str]:
    """Raises Fault 400 where a subnet lies in one of them."""
    for subnet in subnets_of(networking, pool):
        if any(overlap(parse_network(subnet.cidr), parse_network(each)) for each in gone):
            raise faults.invalid(
                "IllegalSubnetPoolPrefixUpdate",
                "Illegal update to prefixes: One or more of the prefixes to be removed is in use "
                "by a subnet.",
            )
    pool.prefixes = [each for each in pool.prefixes if each not in gone]
    networking.save(networking.subnet_pools, pool)
    return pool.prefixes


def _version(prefixes: list[str]) -> int:
    versions = {parse_network(each).version for each in prefixes}
    if not versions:
        raise faults.invalid("EmptySubnetPoolPrefixList", "Empty subnet pool prefix list.")
    if len(versions) > 1:
        raise faults.invalid(
            "PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool."
        )
    return versions.pop()


def _sorted(prefixes: list[str]) -> list[str]:
    distinct = {parse_network(each) for each in prefixes}
    kept = [
        each
        for each in distinct
        if not any(
            other != each and each.prefixlen > other.prefixlen and overlap(each, other)
            for other in distinct
        )
    ]
    return [str(each) for each in sorted(kept, key=lambda each: int(each.network_address))]


def _check_lengths(lengths: dict[str, int]) -> None:
    for low, high, named in (
        ("min_prefixlen", "max_prefixlen", ("min_prefixlen", "max_prefixlen")),
        ("default_prefixlen", "max_prefixlen", ("default_prefixlen", "max_prefixlen")),
        ("min_prefixlen", "default_prefixlen", ("default_prefixlen", "min_prefixlen")),
    ):
        if lengths[low] > lengths[high]:
            raise faults.invalid(
                "IllegalSubnetPoolPrefixBounds",
                "Illegal prefix bounds: "
                f"{named[0]}={lengths[named[0]]}, {named[1]}={lengths[named[1]]}.",
            )


def _check_shrinking(before: list[str], after: list[str]) -> None:
    for old in map(parse_network, before):
        if not any(
            overlap(old, new) and new.prefixlen <= old.prefixlen
            for new in map(parse_network, after)
        ):
            raise faults.invalid(
                "IllegalSubnetPoolPrefixUpdate",
                "Illegal update to prefixes: Existing prefixes must be a subset of the new "
                "prefixes.",
            )


def _check_scope(networking: Networking, caller: Caller, pool: SubnetPool) -> None:
    if pool.address_scope_id is None:
        return
    scope = address_scopes.KIND.find(networking, caller, pool.address_scope_id)
    if scope.ip_version != pool.ip_version:
        raise faults.invalid(
            "IllegalSubnetPoolIpVersionAssociationToAddressScope",
            f"Illegal subnetpool association: subnetpool {pool.id} cannot associate with address "
            f"scope {scope.id} because subnetpool ip_version is not {scope.ip_version}.",
        )
    for other in networking.subnet_pools:
        if other.address_scope_id == scope.id and other.id != pool.id:
            for one in map(parse_network, pool.prefixes):
                if any(overlap(one, parse_network(each)) for each in other.prefixes):
                    raise faults.conflict(
                        "AddressScopePrefixConflict",
                        "Failed to associate address scope: subnetpools within an address scope "
                        "must have unique prefixes.",
                    )


def _check_default(networking: Networking, version: int) -> None:
    for pool in networking.subnet_pools:
        if pool.is_default and pool.ip_version == version:
            raise faults.invalid_input(
                "A default subnetpool for this IP family has already been set. Only one default "
                "may exist per IP family"
            )


def _more(networking: Networking, call: Call, pool: SubnetPool, view: str) -> dict[str, int]:
    """Lengths are numbers in the answer to a change, text everywhere else."""
    names = ("default_prefixlen", "min_prefixlen", "max_prefixlen")
    return {name: getattr(pool, name) for name in names} if view == CHANGED else {}


KIND = NetworkKind[SubnetPool](
    name="subnetpool",
    entity=SubnetPool,
    also={"shared": replace(SHARED, update=False)},
    shared_as="subnetpool",
    create=create,
    change=change,
    delete=delete,
    quota="subnetpool",
    more=_more,
)
