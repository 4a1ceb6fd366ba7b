"""Ports: made, changed, deleted."""

from dataclasses import replace

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Listing, Wish
from isotherm.localcloud.network import (
    faults,
    networks,
    qos,
    security_groups,
    sharing,
    trunk_ports,
)
from isotherm.localcloud.network.addresses import random_mac
from isotherm.localcloud.network.allocation import Choice
from isotherm.localcloud.network.dialect import BUILT, NetworkKind, computed
from isotherm.localcloud.network.entities import FixedIp, Network, Port
from isotherm.localcloud.network.port_view import MATCHERS, show_more
from isotherm.localcloud.network.state import Networking

ROUTER_INTERFACE = "network:router_interface"
ROUTER_GATEWAY = "network:router_gateway"
FLOATING_IP = "network:floatingip"
# Ports of these owners belong to a router or a floating IP and are handled by way of it.
_SERVED_OWNERS = (ROUTER_INTERFACE, ROUTER_GATEWAY, FLOATING_IP)

_OTHERS_OWNERS = ("compute:", "baremetal:", "manila:")
"""Owners whose ports members may not delete: something is still plugged there."""


def create(networking: Networking, call: Call, wish: Wish) -> Port:
    network = networks.KIND.find(networking, call.caller, wish["network_id"])
    if not _may_plug(networking, call.caller, network):
        raise faults.forbidden("rule:create_port")
    return make(networking, call.caller, network, wish)


def make(networking: Networking, caller: Caller, network: Network, wish: Wish) -> Port:
    """Check everything, take the addresses, store. Raises Fault 400, 404, 409."""
    project_id = wish["project_id"]
    security_groups.ensure_default(networking, project_id)
    if wish.get("qos_policy_id"):
        qos.KIND.find(networking, caller, wish["qos_policy_id"])
    wish["mac_address"] = _mac_address(networking, network, wish.get("mac_address"))
    _settle_security(networking, caller, network, wish)
    _settle_address_pairs(wish, wish["mac_address"])
    networking.require_quota(project_id, {"port": 1})
    wishes = wish.pop("fixed_ips", None)
    choice = choose(networking, network.id, wish["mac_address"])
    fixed_ips = choice.any() if wishes is None else choice.named(wishes, [])
    allocation = "none" if wishes == [] else "immediate"
    port = Port(
        **wish,
        fixed_ips=fixed_ips,
        ip_allocation=allocation,
    )
    _bind(port)
    return networking.add(networking.ports, port, revision=1)


def choose(networking: Networking, network_id: str, mac_address: str) -> Choice:
    subnets = networking.subnets.find(network_id=network_id)
    return Choice(networking.allocations, subnets, network_id, mac_address)


def change(networking: Networking, call: Call, port: Port, wish: Wish) -> None:
    if "fixed_ips" in wish and port.device_owner == ROUTER_INTERFACE:
        raise faults.bad_request("ports", f"IP updates for port {port.id} are not allowed")
    if wish.get("qos_policy_id"):
        qos.KIND.find(networking, call.caller, wish["qos_policy_id"])
    network = networking.networks.get(port.network_id)
    assert network is not None
    mac_address = wish.get("mac_address", port.mac_address)
    if mac_address != port.mac_address:
        wish["mac_address"] = _mac_address(networking, network, mac_address)
    if wish.keys() & {"security_groups", "port_security_enabled", "allowed_address_pairs"}:
        _settle_changed_security(networking, call.caller, port, wish)
    fixed_ips = wish.pop("fixed_ips", None)
    if fixed_ips is not None:
        wish["fixed_ips"] = readdress(networking, port, mac_address, fixed_ips)
    KIND.assign(networking, port, wish)
    _bind(port)
    networking.ports.save(port)


def readdress(
    networking: Networking, port: Port, mac_address: str, wishes: list[dict[str, str]]
) -> list[FixedIp]:
    """The port's new addresses, taken; the ones it loses are released. Raises Fault."""
    choice = choose(networking, port.network_id, mac_address)
    chosen = choice.named(wishes, port.fixed_ips)
    for before in port.fixed_ips:
        if before not in chosen:
            networking.allocations.release(before)
    _loose_floating_ips(networking, port, {each.ip_address for each in chosen})
    return chosen


def delete(networking: Networking, call: Call, port: Port) -> None:
    if port.device_owner.startswith(_OTHERS_OWNERS) and not call.caller.is_admin:
        raise faults.forbidden("rule:delete_port")
    if port.device_owner in _SERVED_OWNERS:
        raise faults.conflict(
            "ServicePortInUse",
            f"Port {port.id} cannot be deleted directly via the port API: has device owner "
            f"{port.device_owner}.",
        )
    trunk_ports.refuse_if_used(networking, port)


def remove(networking: Networking, port: Port) -> None:
    """Delete the port, whoever owns it: its addresses are free again."""
    _loose_floating_ips(networking, port, set())
    for fixed_ip in port.fixed_ips:
        networking.allocations.release(fixed_ip)
    networking.ports.remove(port.id)


def _loose_floating_ips(networking: Networking, port: Port, kept: set[str]) -> None:
    """Floating IPs of addresses that the port no longer has point nowhere."""
    for floating_ip in networking.floating_ips.find(port_id=port.id):
        if floating_ip.fixed_ip_address not in kept:
            floating_ip.port_id = floating_ip.fixed_ip_address = floating_ip.router_id = None
            floating_ip.status = "DOWN"
            networking.save(networking.floating_ips, floating_ip)


def _may_plug(networking: Networking, caller: Caller, network: Network) -> bool:
    return sharing.is_usable(networking, caller, network)


def new_mac(networking: Networking, network: Network) -> str:
    """A MAC address that no port of the network has."""
    while True:
        made = random_mac()
        if not networking.ports.find(mac_address=made, network_id=network.id):
            return made


def _mac_address(networking: Networking, network: Network, wanted: str | None) -> str:
    if wanted is None:
        return new_mac(networking, network)
    if networking.ports.find(mac_address=wanted, network_id=network.id):
        raise faults.conflict(
            "MacAddressInUse",
            f"Unable to complete operation for network {network.id}. The mac address {wanted} is "
            "in use.",
        )
    return wanted


def _settle_security(networking: Networking, caller: Caller, network: Network, wish: Wish) -> None:
    """Fill in port security and security groups as the network and the owner have it."""
    is_network_device = wish["device_owner"].startswith("network:")
    enabled = wish.get("port_security_enabled")
    if enabled is None:
        enabled = network.port_security_enabled and not is_network_device
    wish["port_security_enabled"] = enabled
    groups = wish.get("security_groups")
    if groups is None:
        if enabled and not is_network_device:
            groups = [security_groups.ensure_default(networking, wish["project_id"]).id]
        else:
            groups = []
    _check_security(networking, caller, groups, enabled=enabled)
    wish["security_groups"] = groups
    if wish["allowed_address_pairs"] and not enabled:
        raise _pairs_need_security()


def _settle_changed_security(
    networking: Networking, caller: Caller, port: Port, wish: Wish
) -> None:
    enabled = wish.get("port_security_enabled", port.port_security_enabled)
    if wish.get("security_groups", 0) is None:
        wish["security_groups"] = []
    groups = wish.get("security_groups", port.security_groups)
    _check_security(networking, caller, groups, enabled=enabled)
    pairs = wish.get("allowed_address_pairs", port.allowed_address_pairs)
    if pairs and not enabled:
        raise _pairs_need_security()
    if "allowed_address_pairs" in wish:
        _settle_address_pairs(wish, wish.get("mac_address", port.mac_address))


def _check_security(
    networking: Networking, caller: Caller, groups: list[str], *, enabled: bool
) -> None:
    for group_id in groups:
        security_groups.KIND.find(networking, caller, group_id)
    if groups and not enabled:
        raise faults.conflict(
            "PortSecurityAndIPRequiredForSecurityGroups",
            "Port security must be enabled and port must have an IP address in order to use "
            "security groups.",
        )


def _pairs_need_security() -> Fault:
    return faults.conflict(
        "AddressPairAndPortSecurityRequired",
        "Port Security must be enabled in order to have allowed address pairs on a port.",
    )


def _settle_address_pairs(wish: Wish, mac_address: str) -> None:
    pairs = wish.get("allowed_address_pairs") or []
    wish["allowed_address_pairs"] = sorted(
        (
            {"mac_address": pair.get("mac_address") or mac_address, **_only_address(pair)}
            for pair in pairs
        ),
        key=lambda pair: (pair["mac_address"], pair["ip_address"]),
    )


def _only_address(pair: dict[str, str]) -> dict[str, str]:
    return {"ip_address": pair["ip_address"]}


def _bind(port: Port) -> None:
    """A port with a host is in service, one without is not."""
    if port.device_owner.startswith("network:") or port.status not in ("ACTIVE", "DOWN"):
        return
    port.status = "ACTIVE" if port.host_id else "DOWN"


KIND = NetworkKind[Port](
    name="port",
    entity=Port,
    also=computed(
        *("binding:vif_type", "binding:vif_details", "dns_assignment"),
        *("qos_network_policy_id", "resource_request", "trunk_details"),
    ),
    life=replace(BUILT, removed=remove),
    create=create,
    change=change,
    delete=delete,
    quota="port",
    more=show_more,
    listing=Listing(matchers=MATCHERS),
)
