"""Floating IPs: addresses of an external network, pointed at ports behind a router."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Ties, Wish, said_only
from isotherm.localcloud.network import checks, faults, networks, ports, qos
from isotherm.localcloud.network.dialect import BUILT, NetworkKind, computed
from isotherm.localcloud.network.entities import ADMINS, FixedIp, FloatingIp, Network, Port
from isotherm.localcloud.network.state import Networking


def create(networking: Networking, call: Call, wish: Wish) -> FloatingIp:
    network = networks.KIND.find(networking, call.caller, wish["floating_network_id"])
    if not network.external:
        raise faults.bad_request(
            "floatingip", f"Network {network.id} is not a valid external network"
        )
    target = _target(networking, call.caller, network.id, wish)
    networking.require_quota(wish["project_id"], {"floatingip": 1})
    port = _take_address(networking, network, wish)
    address = next((each for each in port.fixed_ips if "." in each.ip_address), port.fixed_ips[0])
    floating_ip = KIND.add(
        networking,
        call.caller,
        {**wish, **target},
        floating_ip_address=address.ip_address,
        gateway_port_id=port.id,
        status="ACTIVE" if target["port_id"] else "DOWN",
    )
    port.device_id = floating_ip.id
    networking.ports.save(port)
    return floating_ip


def change(networking: Networking, call: Call, floating_ip: FloatingIp, wish: Wish) -> None:
    """A change that names no port takes the floating IP off its port."""
    wish.setdefault("port_id", None)
    target = _target(
        networking, call.caller, floating_ip.floating_network_id, wish, own_id=floating_ip.id
    )
    status = "ACTIVE" if target["port_id"] else "DOWN"
    KIND.assign(networking, floating_ip, {**wish, **target, "status": status})


def _remove(networking: Networking, floating_ip: FloatingIp) -> None:
    port = networking.ports.get(floating_ip.gateway_port_id)
    networking.floating_ips.remove(floating_ip.id)
    if port is not None:
        ports.remove(networking, port)
    for each in _forwardings(networking, floating_ip):
        networking.collections["port_forwarding"].remove(each.id)


def _take_address(networking: Networking, network: Network, wish: Wish) -> Port:
    """The port on the external network that holds the address. Raises Fault 400, 404, 409."""
    mac_address = ports.new_mac(networking, network)
    choice = ports.choose(networking, network.id, mac_address)
    named = {
        name: wish[given]
        for name, given in (("ip_address", "floating_ip_address"), ("subnet_id", "subnet_id"))
        if wish.get(given)
    }
    if not any(each.ip_version == 4 for each in networking.subnets.find(network_id=network.id)):
        raise faults.bad_request(
            "floatingip", f"Network {network.id} does not contain any IPv4 subnet"
        )
    port = Port(
        project_id="",
        network_id=network.id,
        mac_address=mac_address,
        fixed_ips=choice.named([named], []) if named else choice.any(),
        device_owner=ports.FLOATING_IP,
        port_security_enabled=False,
        status="N/A",
    )
    return networking.add(networking.ports, port, revision=1)


def _target(
    networking: Networking, caller: Caller, external_id: str, wish: Wish, own_id: str = ""
) -> dict[str, str | None]:
    """Port, fixed address and router of the association. Raises Fault 400, 404, 409."""
    port_id, address = wish.get("port_id"), wish.get("fixed_ip_address")
    if port_id is None:
        if address is not None:
            raise faults.bad_request(
                "floatingip", "fixed_ip_address cannot be specified without a port_id"
            )
        return {"port_id": None, "fixed_ip_address": None, "router_id": None}
    port = ports.KIND.find(networking, caller, port_id)
    fixed_ip = _fixed_ip(port, address)
    router_id = _router(networking, external_id, port, fixed_ip)
    for other in networking.floating_ips.find(port_id=port.id):
        same = other.fixed_ip_address == fixed_ip.ip_address
        if same and other.id != own_id and other.floating_network_id == external_id:
            raise faults.conflict(
                "FloatingIPPortAlreadyAssociated",
                f"Cannot associate floating IP {other.floating_ip_address} ({other.id}) with port "
                f"{port.id} using fixed IP {fixed_ip.ip_address}, as that fixed IP already has a "
                f"floating IP on external network {external_id}.",
            )
    return {
        "port_id": port.id,
        "fixed_ip_address": fixed_ip.ip_address,
        "router_id": router_id,
    }


def _fixed_ip(port: Port, address: str | None) -> FixedIp:
    if address is not None:
        for each in port.fixed_ips:
            if each.ip_address == address:
                return each
        raise faults.bad_request("floatingip", f"Port {port.id} does not have fixed ip {address}")
    candidates = [each for each in port.fixed_ips if "." in each.ip_address]
    if not candidates:
        raise faults.bad_request(
            "floatingip",
            f"Cannot add floating IP to port {port.id} that has no fixed IPv4 addresses",
        )
    if len(candidates) > 1:
        raise faults.bad_request(
            "floatingip",
            f"Port {port.id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 "
            "address when assigning a floating IP",
        )
    return candidates[0]


def _router(networking: Networking, external_id: str, port: Port, fixed_ip: FixedIp) -> str:
    """A router between the port's subnet and the external network; one at its gateway first."""
    subnet = networking.subnets.get(fixed_ip.subnet_id)
    found: list[tuple[bool, str]] = []
    for interface in networking.ports.find(network_id=port.network_id):
        if interface.device_owner != ports.ROUTER_INTERFACE:
            continue
        router = networking.routers.get(interface.device_id)
        if router is None or router.gateway_network_id != external_id:
            continue
        for each in interface.fixed_ips:
            if each.subnet_id == fixed_ip.subnet_id:
                is_gateway = subnet is not None and each.ip_address == subnet.gateway_ip
                found.append((not is_gateway, router.id))
    if found:
        return min(found)[1]
    raise faults.missing(
        "ExternalGatewayForFloatingIPNotFound",
        f"External network {external_id} is not reachable from subnet {fixed_ip.subnet_id}.  "
        f"Therefore, cannot associate Port {port.id} with a Floating IP.",
    )


def router_of(
    networking: Networking, floating: FloatingIp, port_id: str, address: str
) -> str | None:
    """The router that leads from the address outside to one of a port."""
    port = networking.ports.get(port_id)
    if port is None:
        return None
    return _router(networking, floating.floating_network_id, port, _fixed_ip(port, address))


def behind(networking: Networking, router_id: str, subnet_id: str) -> list[FloatingIp]:
    """Floating IPs that need the router's interface on the subnet."""
    found = []
    for floating_ip in networking.floating_ips.find(router_id=router_id):
        port = networking.ports.get(floating_ip.port_id or "")
        if port is not None and FixedIp(subnet_id, floating_ip.fixed_ip_address or "") in (
            port.fixed_ips
        ):
            found.append(floating_ip)
    return found


def _more(networking: Networking, call: Call, floating_ip: FloatingIp, view: str) -> dict[str, Any]:
    port = networking.ports.get(floating_ip.port_id or "")
    details = None if port is None else _port_details(port)
    shown = ("protocol", "internal_ip_address", "internal_port", "external_port")
    forwardings = [
        {name: getattr(each, name) for name in shown}
        for each in _forwardings(networking, floating_ip)
    ]
    return {"port_details": details, "port_forwardings": forwardings}


def _forwardings(networking: Networking, floating_ip: FloatingIp) -> list[Any]:
    made = networking.collections["port_forwarding"]
    return [each for each in made if each.floatingip_id == floating_ip.id]


def _port_details(port: Port) -> dict[str, Any]:
    names = ("name", "network_id", "mac_address", "admin_state_up", "status")
    details = {name: getattr(port, name) for name in names}
    return {**details, "device_id": port.device_id, "device_owner": port.device_owner}


KIND = NetworkKind[FloatingIp](
    name="floatingip",
    entity=FloatingIp,
    also={
        "subnet_id": said_only(checks.or_none(checks.uuid_text), update=False),
        "distributed": said_only(checks.boolean, admins=ADMINS),
        **computed("port_details", "port_forwardings"),
    },
    life=replace(BUILT, removed=_remove),
    create=create,
    change=change,
    ties=Ties(names={"floating_network_id": networks.KIND, "qos_policy_id": qos.KIND}),
    quota="floatingip",
    more=_more,
)
