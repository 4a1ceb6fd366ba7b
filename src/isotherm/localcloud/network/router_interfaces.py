"""Interfaces of routers: plugged in by subnet or by port, and unplugged."""

from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.network import faults, floating_ips, ports, routers, subnets, vpn_users
from isotherm.localcloud.network.addresses import overlap, parse_network
from isotherm.localcloud.network.checks import is_uuid
from isotherm.localcloud.network.entities import Port, Router, Subnet
from isotherm.localcloud.network.state import Networking


def add(
    networking: Networking, caller: Caller, router: Router, wish: dict[str, Any]
) -> dict[str, Any]:
    """Raises Fault 400, 404, 409."""
    port_id, subnet_id = _target(wish)
    if port_id and subnet_id:
        raise faults.bad_request("router", "Cannot specify both subnet-id and port-id")
    if port_id:
        port = _add_port(networking, caller, router, port_id)
    else:
        port = _add_subnet(networking, caller, router, subnet_id)
    networking.save(networking.routers, router)
    return _told(router, port, port.fixed_ips[0].subnet_id)


def remove(
    networking: Networking, caller: Caller, router: Router, wish: dict[str, Any]
) -> dict[str, Any]:
    """Raises Fault 400, 404, 409. The port goes with the interface."""
    port_id, subnet_id = _target(wish)
    port = (
        _interface_by_port(networking, router, port_id, subnet_id)
        if port_id
        else _interface_by_subnet(networking, caller, router, subnet_id)
    )
    told = _told(router, port, subnet_id or port.fixed_ips[0].subnet_id)
    for fixed_ip in port.fixed_ips:
        _refuse_if_needed(networking, router, fixed_ip.subnet_id)
    ports.remove(networking, port)
    networking.save(networking.routers, router)
    return told


def _target(wish: dict[str, Any]) -> tuple[str, str]:
    port_id, subnet_id = wish.get("port_id"), wish.get("subnet_id")
    if not port_id and not subnet_id:
        raise faults.bad_request("router", "Either subnet_id or port_id must be specified")
    for value in (port_id, subnet_id):
        if value and not is_uuid(value):
            raise faults.bad_request("router", f"'{value}' is not a valid UUID")
    return port_id or "", subnet_id or ""


def _add_port(networking: Networking, caller: Caller, router: Router, port_id: str) -> Port:
    port = ports.KIND.find(networking, caller, port_id)
    if port.device_id:
        raise faults.port_in_use(port.id, port.network_id, port.device_id)
    if not port.fixed_ips:
        raise faults.bad_request("router", "Router port must have at least one fixed IP")
    for fixed_ip in port.fixed_ips:
        subnet = networking.subnets.get(fixed_ip.subnet_id)
        assert subnet is not None
        _check_subnet(networking, router, subnet)
    if sum("." in each.ip_address for each in port.fixed_ips) > 1:
        raise faults.bad_request("router", "Cannot have multiple IPv4 subnets on router port")
    port.device_id, port.device_owner = router.id, ports.ROUTER_INTERFACE
    networking.save(networking.ports, port)
    return port


def _add_subnet(networking: Networking, caller: Caller, router: Router, subnet_id: str) -> Port:
    subnet = subnets.KIND.find(networking, caller, subnet_id)
    if subnet.gateway_ip is None:
        raise faults.bad_request("router", "Subnet for router interface must have a gateway IP")
    _check_subnet(networking, router, subnet)
    if networking.allocations.is_taken(subnet, subnet.gateway_ip):
        raise faults.conflict(
            "IpAddressAlreadyAllocated",
            f"IP address {subnet.gateway_ip} already allocated in subnet {subnet.id}",
        )
    networking.require_quota(router.project_id, {"port": 1})
    return routers.attach_subnet(networking, router, subnet)


def _check_subnet(networking: Networking, router: Router, subnet: Subnet) -> None:
    """No two interfaces, the gateway's included, may overlap."""
    net = parse_network(subnet.cidr)
    for port in networking.ports.find(device_id=router.id):
        for fixed_ip in port.fixed_ips:
            if fixed_ip.subnet_id == subnet.id:
                raise faults.bad_request(
                    "router", f"Router already has a port on subnet {subnet.id}"
                )
            other = networking.subnets.get(fixed_ip.subnet_id)
            if other is not None and overlap(net, parse_network(other.cidr)):
                raise faults.bad_request(
                    "router",
                    f"Cidr {subnet.cidr} of subnet {subnet.id} overlaps with cidr {other.cidr} of "
                    f"subnet {other.id}",
                )


def _interface_by_port(
    networking: Networking, router: Router, port_id: str, subnet_id: str
) -> Port:
    port = networking.ports.get(port_id)
    if port is None or port not in routers.interfaces(networking, router):
        raise faults.missing(
            "RouterInterfaceNotFound",
            f"Router {router.id} does not have an interface with id {port_id}",
        )
    if subnet_id and subnet_id not in {each.subnet_id for each in port.fixed_ips}:
        raise faults.invalid(
            "SubnetMismatchForPort",
            f"Subnet on port {port.id} does not match the requested subnet {subnet_id}.",
        )
    return port


def _interface_by_subnet(
    networking: Networking, caller: Caller, router: Router, subnet_id: str
) -> Port:
    subnet = subnets.KIND.find(networking, caller, subnet_id)
    for port in routers.interfaces(networking, router):
        if any(each.subnet_id == subnet.id for each in port.fixed_ips):
            return port
    raise faults.missing(
        "RouterInterfaceNotFoundForSubnet",
        f"Router {router.id} has no interface on subnet {subnet.id}",
    )


def _refuse_if_needed(networking: Networking, router: Router, subnet_id: str) -> None:
    subnet = networking.subnets.get(subnet_id)
    assert subnet is not None
    net = parse_network(subnet.cidr)
    if any(parse_network(route["nexthop"]).network_address in net for route in router.routes):
        raise faults.conflict(
            "RouterInterfaceInUseByRoute",
            f"Router interface for subnet {subnet_id} on router {router.id} cannot be deleted, as "
            "it is required by one or more routes.",
        )
    if floating_ips.behind(networking, router.id, subnet_id):
        raise faults.conflict(
            "RouterInterfaceInUseByFloatingIP",
            f"Router interface for subnet {subnet_id} on router {router.id} cannot be deleted, as "
            "it is required by one or more floating IPs.",
        )
    vpn_users.refuse_subnet_in_use(networking, router, subnet_id)


def _told(router: Router, port: Port, subnet_id: str) -> dict[str, Any]:
    return {
        "id": router.id,
        "project_id": router.project_id,
        "port_id": port.id,
        "network_id": port.network_id,
        "subnet_id": subnet_id,
        "subnet_ids": [each.subnet_id for each in port.fixed_ips],
    }
