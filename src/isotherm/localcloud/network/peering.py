"""What other services ask of network; see `peers.NetworkPeer`."""

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.network import (
    faults,
    networks,
    ports,
    security_groups,
    seeds,
    sharing,
    subnets,
)
from isotherm.localcloud.network.entities import Network, Port
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.peers import FixedAddress, PortFacts, PortWish, SecurityGroupFacts, VipWish

HOST = "localcloud"
_ALL_PORTS = (1, 65535)


class PeeringNetworking(Networking):
    def seed(self) -> None:
        seeds.plant(self)

    def usable_network_ids(self, caller: Caller) -> list[str]:
        if caller.project_id is None:
            return []
        own = [
            network.id
            for network in self.networks.find(project_id=caller.project_id)
            if not network.external
        ]
        if own:
            return own
        return [network.id for network in self.networks if sharing.is_shared(self, caller, network)]

    def find_network(self, caller: Caller, network_id: str) -> str:
        network = networks.KIND.find(self, caller, network_id)
        if not sharing.is_usable(self, caller, network):
            raise faults.forbidden("rule:create_port")
        return network.id

    def create_server_port(self, caller: Caller, wish: PortWish) -> PortFacts:
        self.find_network(caller, wish.network_id)
        network = self.networks.get(wish.network_id)
        assert network is not None
        if not self.subnets.find(network_id=network.id):
            raise faults.invalid(
                "NetworkRequiresSubnet",
                f"Network {network.id} requires a subnet in order to boot instances on.",
            )
        groups = [
            security_groups.find_by_name_or_id(self, caller, each).id
            for each in wish.security_groups
        ]
        given = {
            "network_id": network.id,
            "device_id": wish.device_id,
            "device_owner": f"compute:{wish.availability_zone}",
            **({"fixed_ips": [{"ip_address": wish.fixed_ip}]} if wish.fixed_ip else {}),
            **({"security_groups": groups} if groups and network.port_security_enabled else {}),
        }
        port = ports.make(self, caller, network, ports.KIND.schema.read(caller, given, "create"))
        port.made_for_server = True
        port.host_id = HOST
        self.ports.save(port)
        return _facts(self, port)

    def create_vip_port(self, caller: Caller, wish: VipWish) -> PortFacts:
        network_id = wish.network_id
        if wish.subnet_id is not None:
            network_id = subnets.KIND.find(self, caller, wish.subnet_id).network_id
        network = networks.KIND.find(self, caller, network_id or "")
        place = {"subnet_id": wish.subnet_id, "ip_address": wish.address}
        fixed = {name: value for name, value in place.items() if value}
        given = {
            "network_id": network.id,
            "name": wish.name,
            "device_id": wish.device_id,
            "device_owner": "Octavia",
            "admin_state_up": False,
            **({"fixed_ips": [fixed]} if fixed else {}),
        }
        port = ports.make(self, caller, network, ports.KIND.schema.read(caller, given, "create"))
        port.made_for_server = True
        self.ports.save(port)
        return _facts(self, port)

    def bind_port(self, caller: Caller, port_id: str, device_id: str) -> PortFacts:
        port = ports.KIND.find(self, caller, port_id)
        if port.device_id and port.device_id != device_id:
            raise faults.port_in_use(port.id, port.network_id, port.device_id)
        port.device_id, port.device_owner, port.host_id = device_id, "compute:nova", HOST
        self.save(self.ports, port)
        return _facts(self, port)

    def activate_port(self, port_id: str) -> None:
        port = self.ports.get(port_id)
        if port is not None and port.status != "ACTIVE":
            port.status = "ACTIVE"
            self.save(self.ports, port)

    def release_port(self, port_id: str) -> None:
        port = self.ports.get(port_id)
        if port is None:
            return
        if port.made_for_server:
            ports.remove(self, port)
            return
        port.device_id = port.device_owner = port.host_id = ""
        port.status = "DOWN"
        self.save(self.ports, port)

    def ports_of(self, device_id: str) -> list[PortFacts]:
        return [_facts(self, port) for port in self.ports.find(device_id=device_id)]

    def find_port(self, caller: Caller, port_id: str) -> PortFacts:
        return _facts(self, ports.KIND.find(self, caller, port_id))

    def security_groups_of(self, device_id: str) -> list[SecurityGroupFacts]:
        ids = dict.fromkeys(
            group_id
            for port in self.ports.find(device_id=device_id)
            for group_id in port.security_groups
        )
        groups = [group for group in map(self.security_groups.get, ids) if group is not None]
        return [
            SecurityGroupFacts(
                id=group.id,
                name=group.name,
                description=group.description or "",
                project_id=group.project_id,
            )
            for group in groups
        ]

    def add_security_group(self, device_id: str, group_id: str) -> None:
        for port in self.ports.find(device_id=device_id):
            if group_id not in port.security_groups and port.port_security_enabled:
                port.security_groups = [*port.security_groups, group_id]
                self.save(self.ports, port)

    def remove_security_group(self, device_id: str, group_id: str) -> None:
        having = [
            port
            for port in self.ports.find(device_id=device_id)
            if group_id in port.security_groups
        ]
        if not having:
            raise faults.missing(
                "SecurityGroupNotFound",
                f"Security group {group_id} is not associated with the server {device_id}",
            )
        for port in having:
            port.security_groups = [each for each in port.security_groups if each != group_id]
            self.save(self.ports, port)

    def open_to_all(self, port_id: str) -> list[tuple[int, int]]:
        port = self.ports.get(port_id)
        if port is None:
            return []
        if not port.port_security_enabled:
            return [_ALL_PORTS]
        return [
            (rule.port_range_min or _ALL_PORTS[0], rule.port_range_max or _ALL_PORTS[1])
            for group_id in port.security_groups
            for rule in self.security_group_rules.find(security_group_id=group_id)
            if rule.direction == "ingress"
            and rule.protocol in (None, "tcp", "6")
            and rule.remote_group_id is None
            and rule.remote_ip_prefix in (None, "0.0.0.0/0")
        ]

    def find_security_group(self, caller: Caller, name_or_id: str) -> str:
        return security_groups.find_by_name_or_id(self, caller, name_or_id).id


def _cidr(networking: Networking, subnet_id: str) -> str:
    subnet = networking.subnets.get(subnet_id)
    return subnet.cidr if subnet is not None and subnet.cidr else ""


def _facts(networking: Networking, port: Port) -> PortFacts:
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
                cidr=_cidr(networking, each.subnet_id),
                floating_address=floating.get(each.ip_address),
            )
            for each in port.fixed_ips
        ),
        security_group_names=tuple(group.name for group in groups if group is not None),
    )
