"""Subnets: their prefix, gateway and allocation pools."""

from ipaddress import ip_address
from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Ties, Wish, said_only
from isotherm.localcloud.network import faults, networks, prefixes, segments
from isotherm.localcloud.network.addresses import (
    IpNetwork,
    Pool,
    address_number,
    address_text,
    default_gateway,
    default_pools,
    first_overlap,
    is_host_address,
    overlap,
    parse_network,
)
from isotherm.localcloud.network.checks import boolean, integer
from isotherm.localcloud.network.dialect import NetworkKind, computed
from isotherm.localcloud.network.entities import Network, Subnet
from isotherm.localcloud.network.state import Networking


def is_visible(networking: Networking, caller: Caller, subnet: Subnet) -> bool:
    if caller.sees(subnet.project_id):
        return True
    network = networking.networks.get(subnet.network_id)
    return network is not None and networks.is_visible(networking, caller, network)


def create(networking: Networking, call: Call, wish: Wish) -> Subnet:
    if wish["ip_version"] not in (4, 6):
        raise faults.invalid_value("ip_version", f"{wish['ip_version']} is not in valid_values")
    network = networking.networks.get(wish["network_id"])
    if network is None:
        raise faults.not_found("network", wish["network_id"])
    if not call.caller.sees(network.project_id):
        raise faults.forbidden("rule:create_subnet")
    pool_id = prefixes.requested_pool(networking, call.caller, wish)
    _check_ipv6_modes(wish)
    cidr = prefixes.choose(networking, call.caller, wish, pool_id)
    net = parse_network(cidr)
    if not pool_id:
        _check_prefix(networking, network, net, wish)
    gateway = _gateway(net, wish, from_pool=bool(pool_id))
    pools = _pools(net, gateway, wish.get("allocation_pools"))
    networking.require_quota(wish["project_id"], {"subnet": 1})
    made = {"cidr": cidr, "gateway_ip": gateway, "allocation_pools": pools}
    subnet = KIND.add(networking, call.caller, wish, **made, subnetpool_id=pool_id)
    networking.save(networking.networks, network)
    if subnet.is_automatic:
        _give_automatic_addresses(networking, subnet)
    return subnet


def change(networking: Networking, call: Call, subnet: Subnet, wish: Wish) -> None:
    net = parse_network(subnet.cidr)
    gateway = wish.get("gateway_ip", subnet.gateway_ip)
    if "gateway_ip" in wish and gateway != subnet.gateway_ip:
        _refuse_moving_gateway(networking, subnet)
    if wish.get("allocation_pools") is not None:
        wish["allocation_pools"] = _pools(net, gateway, wish["allocation_pools"])
    elif "gateway_ip" in wish and gateway:
        if gateway != subnet.gateway_ip:
            _check_gateway(net, gateway)
        _refuse_gateway_in_pool(gateway, subnet.allocation_pools)
    KIND.assign(networking, subnet, wish)
    if "allocation_pools" in wish:
        networking.allocations.change_pools(subnet)


def delete(networking: Networking, call: Call, subnet: Subnet) -> None:
    fading = ("network:dhcp", "network:distributed")
    ports = networking.allocations.in_use(subnet)
    if any(port.device_owner not in fading and not subnet.is_automatic for port in ports) or any(
        port.device_owner.startswith("network:router") for port in ports
    ):
        raise faults.conflict(
            "SubnetInUse",
            f"Unable to complete operation on subnet {subnet.id}: One or more ports have an IP "
            "allocation from this subnet.",
        )
    for port in ports:
        port.fixed_ips = [each for each in port.fixed_ips if each.subnet_id != subnet.id]
        networking.save(networking.ports, port)
    networking.allocations.forget(subnet)


def _check_ipv6_modes(wish: Wish) -> None:
    ra_mode, address_mode = wish["ipv6_ra_mode"], wish["ipv6_address_mode"]
    for name in ("ipv6_ra_mode", "ipv6_address_mode"):
        if wish[name] and wish["ip_version"] == 4:
            raise faults.invalid_input(f"{name} is not valid when ip_version is 4")
    if (ra_mode or address_mode) and not wish["enable_dhcp"]:
        raise faults.invalid_input(
            "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False"
        )
    if ra_mode and address_mode and ra_mode != address_mode:
        raise faults.invalid_input(
            f"ipv6_ra_mode set to '{ra_mode}' with ipv6_address_mode set to '{address_mode}' is "
            "not valid. If both attributes are set, they must be the same value"
        )


def _check_prefix(networking: Networking, network: Network, net: IpNetwork, wish: Wish) -> None:
    if net.version != wish["ip_version"]:
        raise faults.invalid_input(
            f"cidr '{wish['cidr']}' does not match the ip_version '{wish['ip_version']}'"
        )
    if wish["enable_dhcp"]:
        _check_dhcp(net)
    if "slaac" in (wish["ipv6_ra_mode"], wish["ipv6_address_mode"]) or "dhcpv6-stateless" in (
        wish["ipv6_ra_mode"],
        wish["ipv6_address_mode"],
    ):
        _require_eui64_prefix(net)
    for other in networking.subnets.find(network_id=network.id):
        if overlap(net, parse_network(other.cidr)):
            raise faults.invalid_input(
                f"Requested subnet with cidr: {net} for network: {network.id} overlaps with "
                "another subnet"
            )


def _require_eui64_prefix(net: IpNetwork) -> None:
    if net.prefixlen != 64:
        raise faults.invalid_input(
            f"Invalid CIDR {net} for IPv6 address mode. OpenStack uses the EUI-64 address format, "
            "which requires the prefix to be /64"
        )


def _check_dhcp(net: IpNetwork) -> None:
    if net.is_multicast:
        raise faults.invalid_input("Multicast IP subnet is not supported if enable_dhcp is True")
    if net.is_loopback:
        raise faults.invalid_input("Loopback IP subnet is not supported if enable_dhcp is True")
    if int(net.network_address) == 0:
        raise faults.invalid_input(
            f"First IP '{net.network_address}' of network is not supported if enable_dhcp is True."
        )
    if net.version == 4 and net.prefixlen > 30:
        raise faults.invalid_input(
            "Subnet has a prefix length that is incompatible with DHCP service enabled"
        )


def _gateway(net: IpNetwork, wish: Wish, *, from_pool: bool) -> str | None:
    if "gateway_ip" not in wish:
        # What comes from a pool leaves out the first address in any version.
        return str(net.network_address + 1 if from_pool else default_gateway(net))
    gateway: str | None = wish["gateway_ip"]
    if gateway is not None:
        _check_gateway(net, gateway)
    return gateway


def _check_gateway(net: IpNetwork, gateway: str) -> None:
    """A gateway outside of the subnet is allowed; the subnet's own special addresses are not."""
    parsed = ip_address(gateway)
    if parsed.version != net.version:
        raise faults.invalid_input(
            f"gateway_ip '{gateway}' does not match the ip_version '{net.version}'"
        )
    if parsed in net and not is_host_address(net, parsed):
        raise faults.invalid_input("Gateway is not valid on subnet")


def _pools(
    net: IpNetwork, gateway: str | None, given: list[dict[str, str]] | None
) -> list[dict[str, str]]:
    """The allocation pools to store. Raises Fault 400, 409."""
    if given is None:
        made = default_pools(net, ip_address(gateway) if gateway else None)
        return [_pool_text(each, net.version) for each in made]
    pools = [_checked_pool(net, each) for each in given]
    overlapping = first_overlap(pools)
    if overlapping is not None:
        one, other = (_pool_name(_pool_text(each, net.version)) for each in overlapping)
        raise faults.conflict(
            "OverlappingAllocationPools",
            f"Found overlapping allocation pools: {one} {other} for subnet {net}.",
        )
    if gateway is not None:
        _refuse_gateway_in_pool(gateway, given)
    return sorted(given, key=lambda each: address_number(each["start"]))


def _checked_pool(net: IpNetwork, given: dict[str, str]) -> Pool:
    start, end = ip_address(given["start"]), ip_address(given["end"])
    if start.version != net.version or end.version != net.version or int(start) > int(end):
        raise faults.invalid("InvalidAllocationPool", f"The allocation pool {given} is not valid.")
    if start not in net or end not in net or not is_host_address(net, start):
        raise faults.invalid(
            "OutOfBoundsAllocationPool",
            f"The allocation pool {_pool_name(given)} spans beyond the subnet cidr {net}.",
        )
    return Pool(int(start), int(end))


def _refuse_gateway_in_pool(gateway: str, pools: list[dict[str, str]]) -> None:
    for each in pools:
        if address_number(gateway) in Pool(
            address_number(each["start"]), address_number(each["end"])
        ):
            raise faults.conflict(
                "GatewayConflictWithAllocationPools",
                f"Gateway ip {gateway} conflicts with allocation pool {_pool_name(each)}.",
            )


def _refuse_moving_gateway(networking: Networking, subnet: Subnet) -> None:
    for port in networking.allocations.in_use(subnet):
        if port.device_owner.startswith("network:router_interface") and any(
            each.ip_address == subnet.gateway_ip for each in port.fixed_ips
        ):
            raise faults.conflict(
                "GatewayIpInUse",
                f"Current gateway ip {subnet.gateway_ip} already in use by port {port.id}. "
                "Unable to update.",
            )


def _pool_text(given: Pool, version: int) -> dict[str, str]:
    return {"start": address_text(given.start, version), "end": address_text(given.end, version)}


def _pool_name(given: dict[str, str]) -> str:
    return f"{given['start']}-{given['end']}"


def _give_automatic_addresses(networking: Networking, subnet: Subnet) -> None:
    """Ports that are there already find themselves in the new subnet, too."""
    for port in networking.ports.find(network_id=subnet.network_id):
        if not port.device_owner.startswith("network:router"):
            port.fixed_ips = [
                *port.fixed_ips,
                networking.allocations.take_automatic(subnet, port.mac_address),
            ]
            networking.save(networking.ports, port)


def _more(networking: Networking, call: Call, subnet: Subnet, view: str) -> dict[str, Any]:
    network = networking.networks.get(subnet.network_id)
    return {"router:external": network is not None and network.external}


KIND = NetworkKind[Subnet](
    name="subnet",
    entity=Subnet,
    also={
        "prefixlen": said_only(integer(0), update=False),
        "use_default_subnetpool": said_only(boolean, default=False, update=False),
        "dns_publish_fixed_ip": said_only(boolean),
        **computed("router:external"),
    },
    ties=Ties(names={"segment_id": segments.KIND}),
    create=create,
    change=change,
    delete=delete,
    visible=is_visible,
    quota="subnet",
    more=_more,
)
