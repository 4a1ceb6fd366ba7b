"""How ports are shown and searched."""

from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.entities import Port
from isotherm.localcloud.network.state import Networking

DNS_DOMAIN = "openstacklocal."


def show_more(networking: Networking, call: Call, port: Port, view: str) -> dict[str, Any]:
    network = networking.networks.get(port.network_id)
    shown: dict[str, Any] = {
        "qos_network_policy_id": network.qos_policy_id if network else None,
        "dns_assignment": _dns_assignment(port),
    }
    trunks = networking.trunks.find(port_id=port.id)
    if trunks:
        shown["trunk_details"] = _trunk_details(networking, trunks[0].id)
    if call.caller.is_admin:
        shown |= {
            "binding:vif_type": "ovs" if port.host_id else "unbound",
            "binding:vif_details": {"port_filter": True} if port.host_id else {},
            "resource_request": None,
        }
    return shown


def _dns_assignment(port: Port) -> list[dict[str, str]]:
    assigned = []
    for fixed_ip in port.fixed_ips:
        dashed = fixed_ip.ip_address.replace(".", "-").replace(":", "-")
        host = port.dns_name or f"host-{dashed}"
        fqdn = host if host.endswith(".") else f"{host}.{DNS_DOMAIN}"
        assigned.append({"ip_address": fixed_ip.ip_address, "hostname": host, "fqdn": fqdn})
    return assigned


def _trunk_details(networking: Networking, trunk_id: str) -> dict[str, Any]:
    trunk = networking.trunks.get(trunk_id)
    assert trunk is not None
    sub_ports = []
    for each in trunk.sub_ports:
        port = networking.ports.get(each["port_id"])
        sub_ports.append({**each, "mac_address": port.mac_address if port else None})
    return {"trunk_id": trunk.id, "sub_ports": sub_ports}


def _has_fixed_ip(networking: Networking, port: Port, wanted: str) -> bool:
    """`wanted` is `ip_address=A`, `subnet_id=S` or `ip_address_substr=PART`."""
    name, equals, value = wanted.partition("=")
    if not equals:
        raise faults.invalid_input(f"'{wanted}' is not of the form <key>=[value]")
    if name == "subnet_id":
        return any(each.subnet_id == value for each in port.fixed_ips)
    if name == "ip_address_substr":
        return any(value in each.ip_address for each in port.fixed_ips)
    return any(each.ip_address == value for each in port.fixed_ips)


def _has_security_group(networking: Networking, port: Port, wanted: str) -> bool:
    return wanted in port.security_groups


MATCHERS = {
    "fixed_ips": _has_fixed_ip,
    "security_groups": _has_security_group,
    "security_group_ids": _has_security_group,
}
