"""What compute asks: ports for servers."""

from typing import TYPE_CHECKING

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.network import faults, networks, ports, security_groups, sharing
from isotherm.localcloud.network.entities import Network, Port
from isotherm.localcloud.peers import FixedAddress, PortFacts, PortWish, SecurityGroupFacts

if TYPE_CHECKING:
    from isotherm.localcloud.network.state import Networking

HOST = "localcloud"


def usable_network_ids(networking: "Networking", caller: Caller) -> list[str]:
    """Networks that a server without any network wish may get: the project's own, else shared."""
    if caller.project_id is None:
        return []
    own = [
        network.id
        for network in networking.networks.find(project_id=caller.project_id)
        if not network.external
    ]
    if own:
        return own
    return [
        network.id
        for network in networking.networks
        if sharing.is_open_to(networking, caller, network.id, sharing.SHARED)
    ]


def find_network(networking: "Networking", caller: Caller, network_id: str) -> str:
    network = networks.KIND.find(networking, caller, network_id)
    if not sharing.is_usable(networking, caller, network):
        raise faults.forbidden("rule:create_port")
    return network.id


def create_server_port(networking: "Networking", caller: Caller, wish: PortWish) -> PortFacts:
    find_network(networking, caller, wish.network_id)
    network = networking.networks.get(wish.network_id)
    assert network is not None
    if not networking.subnets.find(network_id=network.id):
        raise faults.invalid(
            "NetworkRequiresSubnet",
            f"Network {network.id} requires a subnet in order to boot instances on.",
        )
    groups = [
        security_groups.find_by_name_or_id(networking, caller, each).id
        for each in wish.security_groups
    ]
    given = {
        "network_id": network.id,
        "device_id": wish.device_id,
        "device_owner": f"compute:{wish.availability_zone}",
        **({"fixed_ips": [{"ip_address": wish.fixed_ip}]} if wish.fixed_ip else {}),
        **({"security_groups": groups} if groups and network.port_security_enabled else {}),
    }
    port = ports.make(networking, caller, network, ports.KIND.schema.read_new(given, caller))
    port.made_for_server = True
    port.host_id = HOST
    networking.ports.save(port)
    return _facts(networking, port)


def bind_port(networking: "Networking", caller: Caller, port_id: str, device_id: str) -> PortFacts:
    port = ports.KIND.find(networking, caller, port_id)
    if port.device_id and port.device_id != device_id:
        raise faults.port_in_use(port.id, port.network_id, port.device_id)
    port.device_id, port.device_owner, port.host_id = device_id, "compute:nova", HOST
    networking.save(networking.ports, port)
    return _facts(networking, port)


def activate_port(networking: "Networking", port_id: str) -> None:
    port = networking.ports.get(port_id)
    if port is not None and port.status != "ACTIVE":
        port.status = "ACTIVE"
        networking.save(networking.ports, port)


def release_port(networking: "Networking", port_id: str) -> None:
    port = networking.ports.get(port_id)
    if port is None:
        return
    if port.made_for_server:
        ports.remove(networking, port)
        return
    port.device_id = port.device_owner = port.host_id = ""
    port.status = "DOWN"
    networking.save(networking.ports, port)


def ports_of(networking: "Networking", device_id: str) -> list[PortFacts]:
    return [_facts(networking, port) for port in networking.ports.find(device_id=device_id)]


def find_port(networking: "Networking", caller: Caller, port_id: str) -> PortFacts:
    return _facts(networking, ports.KIND.find(networking, caller, port_id))


def security_groups_of(networking: "Networking", device_id: str) -> list[SecurityGroupFacts]:
    """The groups of all ports of a server, each once."""
    ids = dict.fromkeys(
        group_id
        for port in networking.ports.find(device_id=device_id)
        for group_id in port.security_groups
    )
    groups = [group for group in map(networking.security_groups.get, ids) if group is not None]
    return [
        SecurityGroupFacts(
            id=group.id,
            name=group.name,
            description=group.description or "",
            project_id=group.project_id,
        )
        for group in groups
    ]


def add_security_group(networking: "Networking", device_id: str, group_id: str) -> None:
    for port in networking.ports.find(device_id=device_id):
        if group_id not in port.security_groups and port.port_security_enabled:
            port.security_groups = [*port.security_groups, group_id]
            networking.save(networking.ports, port)


def remove_security_group(networking: "Networking", device_id: str, group_id: str) -> None:
    """Raises Fault 404 if no port of the server has the group."""
    having = [
        port
        for port in networking.ports.find(device_id=device_id)
        if group_id in port.security_groups
    ]
    if not having:
        raise faults.missing(
            "SecurityGroupNotFound",
            f"Security group {group_id} is not associated with the server {device_id}",
        )
    for port in having:
        port.security_groups = [each for each in port.security_groups if each != group_id]
        networking.save(networking.ports, port)


def _facts(networking: "Networking", port: Port) -> PortFacts:
    network = networking.networks.get(port.network_id)
    assert isinstance(network, Network)
    floating = {
        each.fixed_ip_address: each.floating_ip_address
        for each in networking.floating_ips.find(port_id=port.id)
    }
    groups = map(networking.security_groups.get, port.security_groups)
    return PortFacts(
        id=port.id,
        network_id=network.id,
        network_name=network.name,
        mac_address=port.mac_address,
        status=port.status,
        device_id=port.device_id,
        addresses=tuple(
            FixedAddress(
                address=each.ip_address,
                subnet_id=each.subnet_id,
                version=6 if ":" in each.ip_address else 4,
                floating_address=floating.get(each.ip_address),
            )
            for each in port.fixed_ips
        ),
        security_group_names=tuple(group.name for group in groups if group is not None),
    )
