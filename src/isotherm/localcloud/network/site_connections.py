"""Connections of virtual private networks to sites elsewhere."""

from ipaddress import ip_address, ip_network
from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Life, Ties, Wish, merged
from isotherm.localcloud.network import faults, routers
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.guard_entities import (
    DETECTION,
    IpsecPolicy,
    SiteConnection,
    VpnService,
)
from isotherm.localcloud.network.private_networks import (
    ENDPOINT_GROUPS,
    IKE_POLICIES,
    IPSEC_POLICIES,
    SERVICES,
    WORKING,
    outside,
    refuse_pending,
    require_attached,
)
from isotherm.localcloud.network.state import Networking

_LEAST_MTU = {4: 68, 6: 1280}


def _check(networking: Networking, call: Call, wish: Wish, there: SiteConnection | None) -> None:
    service_id, policy_id = merged(wish, there, "vpnservice_id", "ipsecpolicy_id")
    service = SERVICES.made(networking).get(service_id)
    if service is None:
        raise faults.broken()
    _refuse_protocol(IPSEC_POLICIES.made(networking).get(policy_id))
    cidrs, *groups = merged(wish, there, "peer_cidrs", "local_ep_group_id", "peer_ep_group_id")
    _check_ends(service, cidrs, groups)
    if service.subnet_id is None:
        here, cidrs = _grouped_ends(networking, call, service, groups)
    else:
        here = [service.subnet_id]
    subnets = [networking.subnets.get(each) for each in here]
    versions = [{each.ip_version for each in subnets if each}, {*map(_version, cidrs)}]
    _check_numbers(wish, there, _common(versions, groups, grouped=service.subnet_id is None))
    if "peer_address" in wish:
        _check_peer(networking, service, wish["peer_address"])
    refuse_pending(there)


def _refuse_protocol(policy: IpsecPolicy | None) -> None:
    if policy is not None and policy.transform_protocol == "ah-esp":
        raise faults.invalid(
            "IpsecValidationFailure",
            "IPSec does not support IPsec Policy attribute transform_protocol with value 'ah-esp'",
        )


def _check_ends(service: VpnService, cidrs: list[str], groups: list[str | None]) -> None:
    """A service with a subnet names networks, one without names groups of ends."""
    if service.subnet_id is not None:
        if not cidrs:
            raise faults.invalid(
                "MissingPeerCidrs", "Missing peer CIDRs for IPsec site-to-site connection"
            )
        if any(groups):
            named = _named(groups, given=True)
            raise faults.invalid(
                "InvalidEndpointGroup",
                f"Endpoint {named} cannot be specified, when VPN Service has subnet specified",
            )
    elif cidrs:
        raise faults.invalid(
            "PeerCidrsInvalid", "Peer CIDRs cannot be specified, when using endpoint groups"
        )
    elif not all(groups):
        raise faults.invalid(
            "MissingRequiredEndpointGroup",
            f"Missing endpoint {_named(groups, given=False)} for IPSec site-to-site connection",
        )


def _named(groups: list[str | None], *, given: bool) -> str:
    found = [n for n, each in zip(("local", "peer"), groups, strict=True) if bool(each) == given]
    return f"group{'s' if len(found) > 1 else ''} {' and '.join(found)}"


def _grouped_ends(
    networking: Networking, call: Call, service: VpnService, groups: list[str]
) -> tuple[list[str], list[str]]:
    """The subnets on this side, the networks on the other."""
    ends = [ENDPOINT_GROUPS.find(networking, call.caller, each) for each in groups]
    for group, wanted in zip(ends, ("subnet", "cidr"), strict=True):
        if group.type != wanted:
            raise faults.invalid(
                "WrongEndpointGroupType",
                f"Endpoint group {group.id} type is '{group.type}' and should be '{wanted}'",
            )
    router = routers.KIND.find(networking, call.caller, service.router_id)
    for each in ends[0].endpoints:
        require_attached(networking, router, each)
    return ends[0].endpoints, ends[1].endpoints


def _version(cidr: str) -> int:
    return ip_network(cidr).version


def _common(versions: list[set[int]], groups: list[str], *, grouped: bool) -> int:
    """The IP version of both sides. Raises Fault 400."""
    needed = "do not have the same IP version, as required for IPSec site-to-site connection"
    for side, found in enumerate(versions):
        if len(found) > 1 and grouped:
            raise faults.invalid(
                "MixedIPVersionsForIPSecEndpoints", f"Endpoints in group {groups[side]} {needed}"
            )
        if len(found) > 1:
            raise faults.invalid("MixedIPVersionsForPeerCidrs", f"Peer CIDRs {needed}")
    if versions[0] != versions[1]:
        raise faults.invalid(
            "MixedIPVersionsForIPSecConnection",
            "IP versions are not compatible between peer and local endpoints",
        )
    return versions[0].pop()


def _check_numbers(wish: Wish, there: SiteConnection | None, version: int) -> None:
    if there is None or "dpd" in wish:
        wish["dpd"] = {**(there.dpd if there else DETECTION), **wish["dpd"]}
        if wish["dpd"]["timeout"] <= wish["dpd"]["interval"]:
            raise faults.invalid(
                "IPsecSiteConnectionDpdIntervalValueError",
                "ipsec_site_connection dpd_timeout is equal to or less than dpd_interval",
            )
    if 0 < wish.get("mtu", 0) < _LEAST_MTU[version]:
        raise faults.invalid(
            "IPsecSiteConnectionMtuError",
            f"ipsec_site_connection MTU {wish['mtu']} is too small for ipv{version}",
        )


def _check_peer(networking: Networking, service: VpnService, address: str) -> None:
    """No name of another site is known here; the router must have an address of its kind."""
    try:
        version = ip_address(address).version
    except ValueError as error:
        raise faults.invalid(
            "VPNPeerAddressNotResolved", f"Peer address {address} cannot be resolved"
        ) from error
    if version not in outside(networking, service):
        raise faults.invalid(
            "ExternalNetworkHasNoSubnet",
            f"Router's {service.router_id} external network has no IPv{version} subnet",
        )


def _begin_service(networking: Networking, site: SiteConnection, details: Any = None) -> None:
    """With its first connection a service works."""
    service = SERVICES.made(networking).get(site.vpnservice_id)
    if service is not None and service.status != "ACTIVE":
        service.status = "ACTIVE"
        SERVICES.made(networking).save(service)


def _create(networking: Networking, call: Call, wish: Wish) -> SiteConnection:
    site = CONNECTIONS.add(networking, call.caller, wish)
    if networking.frame.timings.of(call.operation, 0.0) <= 0:
        _begin_service(networking, site)
    return site


CONNECTIONS = NetworkKind[SiteConnection](
    name="ipsec_site_connection",
    entity=SiteConnection,
    path="/vpn/ipsec-site-connections",
    life=Life(
        creating=WORKING.creating, ready=WORKING.ready, passing=True, completed=_begin_service
    ),
    ties=Ties(names={"ikepolicy_id": IKE_POLICIES, "ipsecpolicy_id": IPSEC_POLICIES}),
    check=_check,
    create=_create,
)
