"""Port forwardings: one address outside that leads to several inside, by port."""

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Field, Wish
from isotherm.localcloud.network import faults, floating_ips, ports
from isotherm.localcloud.network.checks import text
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
    if wish.get("internal_port") is None and wish.get("internal_port_range") is None:
        raise faults.broken()
    wish |= {"floatingip_id": floating.id, "project_id": floating.project_id, **_ranges(wish)}
    _check_ranges(wish)
    wish["internal_ip_address"] = _inner_address(networking, call, wish)
    _refuse_twins(networking, floating, wish)
    floating.router_id = _router(networking, floating, wish)
    networking.floating_ips.save(floating)
    return KIND.add(networking, call.caller, wish)


def _router(networking: Networking, floating: FloatingIp, wish: Wish) -> str | None:
    """Raises Fault 400 where none leads from the address to the port."""
    try:
        return floating_ips.router_of(
            networking, floating, wish["internal_port_id"], wish["internal_ip_address"]
        )
    except Fault as fault:
        way, _, _ = fault.message.partition(".  ")
        raise faults.bad_request(
            "port_forwarding",
            f"{way}. Cannot set Port forwarding for port {wish['internal_port_id']} with "
            f"Floating IP {floating.id}",
        ) from fault


def _ranges(wish: Wish) -> Wish:
    """Ports and ranges, each by what is said of the other; a port counts first."""
    found: Wish = {}
    for side in ("external", "internal"):
        port, span = wish.get(f"{side}_port"), wish.get(f"{side}_port_range")
        if port is not None:
            found[f"{side}_port_range"] = f"{port}:{port}"
        elif span is not None:
            first, last = span.split(":")
            found[f"{side}_port"] = int(first) if first == last else None
    return found


def _check_ranges(wish: Wish) -> None:
    """Raises Fault 400."""
    outer, inner = (_size(wish.get(f"{side}_port_range")) for side in ("external", "internal"))
    if inner not in (1, outer):
        raise faults.bad_request(
            "port_forwarding",
            "Invalid ranges of internal and/or external ports. The relation between internal and "
            "external ports must be N-N or 1-N",
        )


def _size(span: str | None) -> int:
    first, _, last = (span or "1:1").partition(":")
    return int(last) - int(first) + 1


def change(networking: Networking, call: Call, present: PortForwarding, wish: Wish) -> None:
    if wish.get("internal_port", 0) is None and wish.get("internal_port_range") is None:
        raise faults.broken()
    wish |= _ranges(wish)
    names = (
        *("internal_port_id", "internal_ip_address", "protocol"),
        *("external_port", "external_port_range", "internal_port_range"),
    )
    after = {**{name: getattr(present, name) for name in names}, **wish}
    _check_ranges(after)
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
    wanted = wish["external_port_range"]
    for other in KIND.made(networking):
        mine = other.floatingip_id == floating.id and other.protocol == wish["protocol"]
        taken = _shown_ranges(other)["external_port_range"]
        if mine and other.id != own_id and _overlap(taken, wanted):
            raise faults.bad_request(
                "port_forwarding",
                "There is a port collision with the external_port_range. The following ranges "
                f"collide: {taken} and {wanted}",
            )


def _overlap(one: str, other: str) -> bool:
    first, last = map(int, one.split(":"))
    from_, to = map(int, other.split(":"))
    return first <= to and from_ <= last


def _shown_ranges(forwarding: PortForwarding) -> dict[str, str]:
    """Those of folders of older versions have ports alone."""
    sides = ("external", "internal")
    stored = {f"{side}_port_range": getattr(forwarding, f"{side}_port_range") for side in sides}
    ports_ = {f"{side}_port_range": getattr(forwarding, f"{side}_port") for side in sides}
    return {name: span or f"{ports_[name]}:{ports_[name]}" for name, span in stored.items()}


def _more(
    networking: Networking, call: Call, forwarding: PortForwarding, view: str
) -> dict[str, str]:
    return _shown_ranges(forwarding)


def _let_go(networking: Networking, call: Call, forwarding: PortForwarding) -> None:
    """With its last forwarding an address is no router's any more."""
    floating = networking.floating_ips.get(forwarding.floatingip_id)
    others = [each for each in KIND.made(networking) if each.id != forwarding.id]
    if floating and not any(each.floatingip_id == floating.id for each in others):
        floating.router_id = None
        networking.floating_ips.save(floating)


KIND = NetworkKind[PortForwarding](
    name="port_forwarding",
    entity=PortForwarding,
    path="/floatingips/{floatingip_id}/port_forwardings",
    parent=floating_ips.KIND,
    also={"tenant_id": Field(check=text(), attribute="project_id", create=True, shown=False)},
    create=create,
    change=change,
    delete=_let_go,
    more=_more,
)
