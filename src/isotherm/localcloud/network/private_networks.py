"""Virtual private networks: policies, what leads from a router to a site elsewhere, its ends."""

from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Life, Ties, Wish
from isotherm.localcloud.network import faults, routers
from isotherm.localcloud.network.checks import is_uuid
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.entities import Router
from isotherm.localcloud.network.guard_entities import (
    LIFETIME,
    EndpointGroup,
    IkePolicy,
    IpsecPolicy,
    Policy,
    VpnService,
)
from isotherm.localcloud.network.state import Networking

WORKING: Life[Networking, Any] = Life(creating="PENDING_CREATE", ready="ACTIVE", passing=True)
"""The life of what agents set up."""
TAKEN_DOWN: Life[Networking, Any] = replace(WORKING, deleting="PENDING_DELETE")
"""The life of what is gone only when an agent has taken it down."""


def refuse_pending(there: Any) -> None:
    """What an agent still sets up stays as it is. Raises Fault 400."""
    if there is not None and there.status.startswith("PENDING"):
        raise faults.invalid(
            "VPNStateInvalidToUpdate",
            f"Invalid state {there.status} of vpnaas resource {there.id} for updating",
        )


def _policies(entity: type[Any], noun: str, path: str) -> NetworkKind[Any]:
    name = noun.lower()
    ties: Ties[Any] = Ties(
        users={"ipsec_site_connection": f"{name}_id"},
        used=lambda policy: faults.conflict(
            f"{noun}InUse",
            f"{noun} {policy.id} is in use by existing IPsecSiteConnection and can't be updated "
            "or deleted",
        ),
    )

    def check(networking: Networking, call: Call, wish: Wish, there: Policy | None) -> None:
        if there is not None:
            ties.refuse_used(networking, there)
        if there is None or "lifetime" in wish:
            wish["lifetime"] = {**(there.lifetime if there else LIFETIME), **wish["lifetime"]}

    return NetworkKind[Any](
        name=name, plural=path, entity=entity, path=f"/vpn/{path}", ties=ties, check=check
    )


IKE_POLICIES = _policies(IkePolicy, "IKEPolicy", "ikepolicies")
IPSEC_POLICIES = _policies(IpsecPolicy, "IPsecPolicy", "ipsecpolicies")


def _check_group(networking: Networking, call: Call, wish: Wish, there: Any) -> None:
    if there is None and not wish["endpoints"]:
        raise faults.invalid(
            "MissingEndpointForEndpointGroup", f"No endpoints specified for endpoint group '{wish}'"
        )
    for each in wish.get("endpoints", ()):
        if wish["type"] == "cidr" and not _is_network(each):
            raise _bad_endpoint(each, "cidr", "Invalid CIDR")
        if wish["type"] == "subnet" and not is_uuid(each):
            raise _bad_endpoint(each, "subnet", "Invalid UUID")
        if wish["type"] == "subnet" and networking.subnets.get(each) is None:
            raise faults.invalid(
                "NonExistingSubnetInEndpointGroup",
                f"Subnet {each} in endpoint group does not exist",
            )


def _bad_endpoint(endpoint: str, type_: str, why: str) -> Fault:
    return faults.invalid(
        "InvalidEndpointInEndpointGroup",
        f"Endpoint '{endpoint}' is invalid for group type '{type_}': {why}",
    )


def _is_network(value: str) -> bool:
    try:
        return "/" in value and bool(ip_network(value))
    except ValueError:
        return False


def _group_in_use(networking: Networking, call: Call, group: EndpointGroup) -> None:
    for each in networking.collections["ipsec_site_connection"]:
        if group.id in (each.local_ep_group_id, each.peer_ep_group_id):
            raise faults.invalid(
                "EndpointGroupInUse", f"Endpoint group {group.id} is in use and cannot be deleted"
            )


ENDPOINT_GROUPS = NetworkKind[EndpointGroup](
    name="endpoint_group",
    entity=EndpointGroup,
    path="/vpn/endpoint-groups",
    check=_check_group,
    delete=_group_in_use,
)


def create_service(networking: Networking, call: Call, wish: Wish) -> VpnService:
    """It works only once a connection leads out of it."""
    router = routers.KIND.find(networking, call.caller, wish["router_id"])
    if router.gateway_port_id is None:
        raise faults.invalid(
            "RouterIsNotExternal", f"Router {router.id} has no external network gateway set"
        )
    if wish["subnet_id"]:
        require_attached(networking, router, wish["subnet_id"])
    return SERVICES.add(networking, call.caller, wish, status="PENDING_CREATE")


def require_attached(networking: Networking, router: Router, subnet_id: str) -> None:
    """Raises Fault 400."""
    ports = routers.interfaces(networking, router)
    if not any(each.subnet_id == subnet_id for port in ports for each in port.fixed_ips):
        raise faults.invalid(
            "SubnetIsNotConnectedToRouter",
            f"Subnet {subnet_id} is not connected to Router {router.id}",
        )


def _check_service(networking: Networking, call: Call, wish: Wish, there: Any) -> None:
    refuse_pending(there)


def outside(networking: Networking, service: VpnService) -> dict[int, str]:
    """The addresses of its router outside, by IP version."""
    router = networking.routers.get(service.router_id)
    gateway = networking.ports.get(router.gateway_port_id or "") if router else None
    addresses = [each.ip_address for each in gateway.fixed_ips] if gateway else []
    return {ip_address(each).version: each for each in reversed(addresses)}


def _outside(
    networking: Networking, call: Call, service: VpnService, view: str
) -> dict[str, str | None]:
    known = outside(networking, service)
    return {f"external_v{version}_ip": known.get(version) for version in (4, 6)}


SERVICES = NetworkKind[VpnService](
    name="vpnservice",
    entity=VpnService,
    path="/vpn/vpnservices",
    ties=Ties(
        users={"ipsec_site_connection": "vpnservice_id"},
        used=lambda service: faults.conflict(
            "VPNServiceInUse", f"VPNService {service.id} is still in use"
        ),
    ),
    create=create_service,
    check=_check_service,
    more=_outside,
)
