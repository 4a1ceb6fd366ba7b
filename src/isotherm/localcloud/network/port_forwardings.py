"""Port forwardings: one address outside that leads to several inside, by port."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Wish
from isotherm.localcloud.network import faults, floating_ips, ports
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.entities import FloatingIp
from isotherm.localcloud.network.extension_entities import PortForwarding
from isotherm.localcloud.network.state import Networking


def create(networking: Networking, call: Call, wish: Wish) -> PortForwarding:
    floating = floating_ips.KIND.find_own(
        networking, call.caller, call.params["floatingip_id"], "update"
    )
    if floating.port_id is not None:
        raise faults.conflict(
            "FipInUseByPort",
            f"Floating IP {floating.id} in use by port {floating.port_id}, "
            "so it cannot be used for port forwarding.",
        )
    if wish.get("internal_port") is None:
        raise faults.broken()
    wish |= {"floatingip_id": floating.id, "project_id": floating.project_id}
    wish["internal_ip_address"] = _inner_address(networking, call, wish)
    _refuse_twins(networking, floating, wish)
    return KIND.add(networking, call.caller, wish)


def change(networking: Networking, call: Call, present: PortForwarding, wish: Wish) -> None:
    if "internal_port" in wish and wish["internal_port"] is None:
        raise faults.broken()
    names = ("internal_port_id", "internal_ip_address", "external_port", "protocol")
    after = {**{name: getattr(present, name) for name in names}, **wish}
    if "internal_port_id" in wish and "internal_ip_address" not in wish:
        after["internal_ip_address"] = None
    wish["internal_ip_address"] = _inner_address(networking, call, after)
    floating = networking.floating_ips.get(present.floatingip_id)
    assert floating is not None
    _refuse_twins(networking, floating, after, present.id)
    KIND.assign(networking, present, wish)


def _inner_address(networking: Networking, call: Call, wish: Wish) -> str:
    port = ports.KIND.find(networking, call.caller, wish["internal_port_id"])
    addresses = [each.ip_address for each in port.fixed_ips]
    wanted = wish.get("internal_ip_address") or next(iter(addresses), None)
    if wanted is None or wanted not in addresses:
        raise faults.bad_request(
            "port_forwarding",
            f"Requested internal IP address {wanted} does not correspond to any existing IP of "
            f"port {port.id}",
        )
    return wanted


def _refuse_twins(
    networking: Networking, floating: FloatingIp, wish: Wish, own_id: str = ""
) -> None:
    for other in KIND.made(networking):
        same = (other.protocol, other.external_port) == (wish["protocol"], wish["external_port"])
        if other.floatingip_id == floating.id and same and other.id != own_id:
            raise faults.bad_request(
                "port_forwarding",
                "A duplicate port forwarding entry with same attributes already exists, "
                f"conflicting values are external_port {other.external_port}",
            )


KIND = NetworkKind[PortForwarding](
    name="port_forwarding",
    entity=PortForwarding,
    path="/floatingips/{floatingip_id}/port_forwardings",
    parent=floating_ips.KIND,
    create=create,
    change=change,
)
