"""How many addresses of a network are used."""

from typing import Any

from isotherm.localcloud.network.addresses import parse_network
from isotherm.localcloud.network.allocation import pools_of
from isotherm.localcloud.network.entities import Network, Subnet
from isotherm.localcloud.network.state import Networking


def show(networking: Networking, network: Network) -> dict[str, Any]:
    subnets = [
        _subnet(networking, subnet) for subnet in networking.subnets.find(network_id=network.id)
    ]
    return {
        "network_id": network.id,
        "network_name": network.name,
        "project_id": network.project_id,
        "tenant_id": network.project_id,
        "subnet_ip_availability": subnets,
        "used_ips": sum(each["used_ips"] for each in subnets),
        "total_ips": sum(each["total_ips"] for each in subnets),
    }


def _subnet(networking: Networking, subnet: Subnet) -> dict[str, Any]:
    net = parse_network(subnet.cidr)
    total = sum(pool.end - pool.start + 1 for pool in pools_of(subnet))
    used = sum(
        each.subnet_id == subnet.id
        for port in networking.allocations.in_use(subnet)
        for each in port.fixed_ips
    )
    return {
        "subnet_id": subnet.id,
        "subnet_name": subnet.name,
        "ip_version": subnet.ip_version,
        "cidr": subnet.cidr,
        "used_ips": used,
        "total_ips": total if subnet.allocation_pools else net.num_addresses,
    }
