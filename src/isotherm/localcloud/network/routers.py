"""Routers and their gateways to external networks."""

from ipaddress import ip_address
from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import Wish, said_only
from isotherm.localcloud.network import checks, faults, networks, ports, vpn_users
from isotherm.localcloud.network.addresses import parse_network
from isotherm.localcloud.network.dialect import BUILT, NetworkKind, computed
from isotherm.localcloud.network.entities import ADMINS, FixedIp, Network, Port, Router, Subnet
from isotherm.localcloud.network.state import Networking

_GATEWAY = checks.mapping(
    {"network_id": checks.uuid_text},
    {
        "enable_snat": checks.boolean,
        "external_fixed_ips": checks.list_of(
            checks.mapping({}, {"subnet_id": checks.uuid_text, "ip_address": checks.address})
        ),
        "qos_policy_id": checks.or_none(checks.uuid_text),
    },
)


def _gateway_info(value: Any) -> dict[str, Any] | None:
    if not value:
        return None
    if isinstance(value, dict) and "network_id" not in value:
        raise ValueError(
            "Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: "
            "{" + ", ".join(map(repr, value)) + "}"
        )
    checked: dict[str, Any] = _GATEWAY(value)
    return checked


def create(networking: Networking, call: Call, wish: Wish) -> Router:
    info = wish.pop("external_gateway_info", None)
    network = _checked_gateway(networking, call.caller, info, "create")
    networking.require_quota(wish["project_id"], {"router": 1})
    router = KIND.add(networking, call.caller, wish, revision_number=1)
    if network is not None:
        try:
            set_gateway(networking, router, network, info)
        except Fault:
            networking.routers.remove(router.id)
            raise
        networking.save(networking.routers, router)
    return router


def change(networking: Networking, call: Call, router: Router, wish: Wish) -> None:
    has_info, info = "external_gateway_info" in wish, wish.pop("external_gateway_info", None)
    network = _checked_gateway(networking, call.caller, info, "update")
    if "routes" in wish:
        check_routes(networking, router, wish["routes"])
    if has_info:
        _move_gateway(networking, router, network, info)
    KIND.assign(networking, router, wish)
    if has_info:
        networking.save(networking.routers, router)


def delete(networking: Networking, call: Call, router: Router) -> None:
    holding = interfaces(networking, router)
    if holding:
        raise faults.conflict(
            "RouterInUse",
            f"Router {router.id} has ports still attached: "
            f"{', '.join(port.id for port in holding)}",
        )
    vpn_users.refuse_router_in_use(networking, router)
    _clear_gateway(networking, router)


def interfaces(networking: Networking, router: Router) -> list[Port]:
    return [
        port
        for port in networking.ports.find(device_id=router.id)
        if port.device_owner == ports.ROUTER_INTERFACE
    ]


def check_routes(networking: Networking, router: Router, routes: list[dict[str, str]]) -> None:
    """Raises Fault 400: every next hop must be reachable and not the router itself."""
    limit = networking.quotas.limits(router.project_id)["router_route"]
    if 0 <= limit < len(routes):
        raise faults.invalid(
            "RoutesExhausted",
            f"Unable to complete operation for {router.id}. The number of routes exceeds the "
            f"maximum {limit}.",
        )
    addresses = [each for port in _all_ports(networking, router) for each in port.fixed_ips]
    connected = [networking.subnets.get(each.subnet_id) for each in addresses]
    nets = [parse_network(subnet.cidr) for subnet in connected if subnet is not None]
    for route in routes:
        hop = ip_address(route["nexthop"])
        if not any(hop in net for net in nets):
            raise _bad_routes(routes, "the nexthop is not connected with router")
        if any(each.ip_address == route["nexthop"] for each in addresses):
            raise _bad_routes(routes, "the nexthop is used by router")


def set_gateway(
    networking: Networking, router: Router, network: Network, info: dict[str, Any] | None
) -> None:
    """Give the router a port on the external network. Raises Fault 400, 404, 409."""
    info = info or {}
    mac_address = ports.new_mac(networking, network)
    choice = ports.choose(networking, network.id, mac_address)
    wishes = info.get("external_fixed_ips")
    fixed_ips = choice.named(wishes, []) if wishes else choice.any()
    port = serve(networking, router, network.id, mac_address, fixed_ips)
    port.device_owner = ports.ROUTER_GATEWAY
    port.project_id = ""
    networking.ports.save(port)
    router.gateway_port_id, router.gateway_network_id = port.id, network.id
    router.enable_snat = info.get("enable_snat", True)
    router.gateway_qos_policy_id = info.get("qos_policy_id")
    networking.routers.save(router)


def serve(
    networking: Networking,
    router: Router,
    network_id: str,
    mac_address: str,
    fixed_ips: list[FixedIp],
) -> Port:
    """A port of the router; its addresses are taken already."""
    port = Port(
        project_id=router.project_id,
        network_id=network_id,
        mac_address=mac_address,
        fixed_ips=fixed_ips,
        device_id=router.id,
        device_owner=ports.ROUTER_INTERFACE,
        port_security_enabled=False,
    )
    return networking.add(networking.ports, port, revision=1)


def attach_subnet(networking: Networking, router: Router, subnet: Subnet) -> Port:
    """A new port at the subnet's gateway address, which must be free."""
    assert subnet.gateway_ip is not None
    network = networking.networks.get(subnet.network_id)
    assert network is not None
    fixed_ip = FixedIp(subnet.id, subnet.gateway_ip)
    networking.allocations.take(fixed_ip)
    mac_address = ports.new_mac(networking, network)
    return serve(networking, router, network.id, mac_address, [fixed_ip])


def _checked_gateway(
    networking: Networking, caller: Caller, info: dict[str, Any] | None, verb: str
) -> Network | None:
    if info is None:
        return None
    privileged = [name for name in ("enable_snat", "external_fixed_ips") if name in info]
    if privileged and not caller.is_admin:
        rule = f"rule:{verb}_router"
        info_rule = f"{rule}:external_gateway_info"
        inner = f"{info_rule}:network_id"
        for name in privileged:
            inner = f"({inner} and {info_rule}:{name})"
        raise faults.forbidden(f"({rule} and ({info_rule} and {inner}))")
    network = networks.KIND.find(networking, caller, info["network_id"])
    if not network.external:
        raise faults.bad_request("router", f"Network {network.id} is not an external network")
    return network


def _move_gateway(
    networking: Networking, router: Router, network: Network | None, info: Wish | None
) -> None:
    if network is None:
        _refuse_losing_gateway(networking, router)
        _clear_gateway(networking, router)
        return
    if router.gateway_network_id == network.id and router.gateway_port_id is not None:
        _adjust_gateway(networking, router, info or {})
        return
    _refuse_losing_gateway(networking, router)
    _clear_gateway(networking, router)
    set_gateway(networking, router, network, info)


def _adjust_gateway(networking: Networking, router: Router, info: Wish) -> None:
    port = networking.ports.get(router.gateway_port_id or "")
    if port is not None and info.get("external_fixed_ips"):
        port.fixed_ips = ports.readdress(
            networking, port, port.mac_address, info["external_fixed_ips"]
        )
        networking.save(networking.ports, port)
    router.enable_snat = info.get("enable_snat", True)
    router.gateway_qos_policy_id = info.get("qos_policy_id", router.gateway_qos_policy_id)


def _clear_gateway(networking: Networking, router: Router) -> None:
    port = networking.ports.get(router.gateway_port_id or "")
    if port is not None:
        ports.remove(networking, port)
    router.gateway_port_id = router.gateway_network_id = router.gateway_qos_policy_id = None
    router.enable_snat = True


def _refuse_losing_gateway(networking: Networking, router: Router) -> None:
    vpn_users.refuse_router_in_use(networking, router)
    if router.gateway_network_id and networking.floating_ips.find(router_id=router.id):
        raise faults.conflict(
            "RouterExternalGatewayInUseByFloatingIp",
            f"Gateway cannot be updated for router {router.id}, since a gateway to external "
            f"network {router.gateway_network_id} is required by one or more floating IPs.",
        )


def _all_ports(networking: Networking, router: Router) -> list[Port]:
    return networking.ports.find(device_id=router.id)


def _bad_routes(routes: list[dict[str, str]], reason: str) -> Fault:
    return faults.invalid("InvalidRoutes", f"Invalid format for routes: {routes}, {reason}")


def gateway_info(networking: Networking, router: Router) -> dict[str, Any] | None:
    port = networking.ports.get(router.gateway_port_id or "")
    if port is None:
        return None
    info: dict[str, Any] = {
        "network_id": port.network_id,
        "external_fixed_ips": port.fixed_ips,
        "enable_snat": router.enable_snat,
    }
    if router.gateway_qos_policy_id is not None:
        info["qos_policy_id"] = router.gateway_qos_policy_id
    return info


def _more(networking: Networking, call: Call, router: Router, view: str) -> dict[str, Any]:
    return {
        "external_gateway_info": gateway_info(networking, router),
        "availability_zones": [],
    }


KIND = NetworkKind[Router](
    name="router",
    entity=Router,
    also={
        "external_gateway_info": said_only(_gateway_info),
        "enable_default_route_ecmp": said_only(checks.boolean, admins=ADMINS),
        "enable_default_route_bfd": said_only(checks.boolean, admins=ADMINS),
        **computed("availability_zones"),
    },
    life=BUILT,
    create=create,
    change=change,
    delete=delete,
    quota="router",
    more=_more,
)
