"""Where a new subnet gets its prefix: from the request, or from a subnet pool."""

from isotherm.localcloud.exchange import Caller, Fault
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, subnet_pools
from isotherm.localcloud.network.addresses import free_prefix, overlap, parse_network
from isotherm.localcloud.network.entities import SubnetPool
from isotherm.localcloud.network.state import Networking


def requested_pool(networking: Networking, caller: Caller, wish: Wish) -> str | None:
    """The id of the pool to take from; None for a prefix of one's own. Raises Fault."""
    has_cidr, has_length = wish.get("cidr") is not None, "prefixlen" in wish
    if has_cidr and has_length:
        raise faults.bad_request("subnets", "cidr and prefixlen must not be supplied together")
    pool_id: str | None = wish["subnetpool_id"]
    if wish["use_default_subnetpool"]:
        if pool_id:
            raise faults.bad_request(
                "subnets",
                "subnetpool_id and use_default_subnetpool cannot both be specified",
            )
        pool_id = _default_pool(networking, wish["ip_version"])
    if pool_id is None and not has_cidr:
        raise faults.bad_request(
            "subnets", "a subnetpool must be specified in the absence of a cidr"
        )
    if pool_id is not None:
        subnet_pools.KIND.find(networking, caller, pool_id)
    return pool_id


def choose(networking: Networking, caller: Caller, wish: Wish, pool_id: str | None) -> str:
    """The subnet's prefix. Raises Fault 400, 404, 500."""
    if pool_id is None:
        _check_affinity(networking, wish["network_id"], wish["ip_version"], None)
        return str(wish["cidr"])
    pool = subnet_pools.KIND.find(networking, caller, pool_id)
    if pool.ip_version != wish["ip_version"]:
        raise faults.bad_request(
            "subnets",
            f"Cannot allocate IPv{wish['ip_version']} subnet from IPv{pool.ip_version} subnet pool",
        )
    allocated = [each.cidr for each in subnet_pools.subnets_of(networking, pool)]
    if wish.get("cidr") is not None:
        taken = _take(pool, allocated, wish["cidr"])
        _check_affinity(networking, wish["network_id"], wish["ip_version"], pool_id)
        return taken
    length = wish.get("prefixlen", pool.default_prefixlen)
    _check_length(pool, length)
    found = free_prefix(pool.prefixes, allocated, length)
    if found is None:
        raise _no_allocation(f"Insufficient prefix space to allocate subnet size /{length}")
    _check_affinity(networking, wish["network_id"], wish["ip_version"], pool_id)
    return str(found)


def _take(pool: SubnetPool, allocated: list[str], cidr: str) -> str:
    wanted = parse_network(cidr)
    _check_length(pool, wanted.prefixlen)
    inside = any(
        overlap(wanted, prefix) and prefix.prefixlen <= wanted.prefixlen
        for prefix in map(parse_network, pool.prefixes)
    )
    if not inside or any(overlap(wanted, parse_network(each)) for each in allocated):
        raise _no_allocation("Cannot allocate requested subnet from the available set of prefixes")
    return cidr


def _check_length(pool: SubnetPool, length: int) -> None:
    if length < pool.min_prefixlen:
        raise faults.invalid(
            "MinPrefixSubnetAllocationError",
            f"Unable to allocate subnet with prefix length {length}, minimum allowed prefix is "
            f"{pool.min_prefixlen}.",
        )
    if length > pool.max_prefixlen:
        raise faults.invalid(
            "MaxPrefixSubnetAllocationError",
            f"Unable to allocate subnet with prefix length {length}, maximum allowed prefix is "
            f"{pool.max_prefixlen}.",
        )


def _no_allocation(reason: str) -> Fault:
    return Fault(500, f"Failed to allocate subnet: {reason}.", kind="SubnetAllocationError")


def _default_pool(networking: Networking, version: int) -> str:
    for pool in networking.subnet_pools:
        if pool.is_default and pool.ip_version == version:
            return pool.id
    raise faults.bad_request("subnets", f"No default subnetpool found for IPv{version}")


def _check_affinity(
    networking: Networking, network_id: str, version: int, pool_id: str | None
) -> None:
    for other in networking.subnets.find(network_id=network_id):
        if other.ip_version == version and other.subnetpool_id != pool_id:
            raise faults.invalid(
                "NetworkSubnetPoolAffinityError",
                "Subnets hosted on the same network must be allocated from the same subnet pool.",
            )
