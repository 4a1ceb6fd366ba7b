"""Virtual private networks: what leads from a router to a site elsewhere."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Life, Wish
from isotherm.localcloud.network import faults, routers, subnets
from isotherm.localcloud.network.dialect import NetworkKind
from isotherm.localcloud.network.guard_entities import (
    IkePolicy,
    IpsecPolicy,
    SiteConnection,
    VpnService,
)
from isotherm.localcloud.network.state import Networking

WORKING: Life[Networking, Any] = Life(creating="PENDING_CREATE", ready="ACTIVE", passing=True)
"""The life of what agents set up."""
TAKEN_DOWN: Life[Networking, Any] = replace(WORKING, deleting="PENDING_DELETE")
"""The life of what is gone only when an agent has taken it down."""


def _refuse_used(networking: Networking, kind: str, field: str, entity_id: str) -> None:
    for connection in CONNECTIONS.made(networking):
        if getattr(connection, field) == entity_id:
            raise faults.conflict(
                f"{kind}InUse", f"{kind} {entity_id} is in use by existing IPsecSiteConnection."
            )


def create_service(networking: Networking, call: Call, wish: Wish) -> VpnService:
    router = routers.KIND.find(networking, call.caller, wish["router_id"])
    if router.gateway_port_id is None:
        raise faults.invalid(
            "RouterIsNotExternal", f"Router {router.id} has no external network gateway set"
        )
    if wish["subnet_id"]:
        subnet = subnets.KIND.find(networking, call.caller, wish["subnet_id"])
        ports = routers.interfaces(networking, router)
        if not any(each.subnet_id == subnet.id for port in ports for each in port.fixed_ips):
            raise faults.invalid(
                "SubnetIsNotConnectedToRouter",
                f"Subnet {subnet.id} is not connected to Router {router.id}",
            )
    return networking.add(SERVICES.made(networking), VpnService(**wish))


def delete_service(networking: Networking, call: Call, service: VpnService) -> None:
    _refuse_used(networking, "VPNService", "vpnservice_id", service.id)


def delete_ike(networking: Networking, call: Call, policy: IkePolicy) -> None:
    _refuse_used(networking, "IKEPolicy", "ikepolicy_id", policy.id)


def delete_ipsec(networking: Networking, call: Call, policy: IpsecPolicy) -> None:
    _refuse_used(networking, "IPsecPolicy", "ipsecpolicy_id", policy.id)


def create_connection(networking: Networking, call: Call, wish: Wish) -> SiteConnection:
    IKE_POLICIES.find(networking, call.caller, wish["ikepolicy_id"])
    IPSEC_POLICIES.find(networking, call.caller, wish["ipsecpolicy_id"])
    SERVICES.find(networking, call.caller, wish["vpnservice_id"])
    return networking.add(CONNECTIONS.made(networking), SiteConnection(**wish))


IKE_POLICIES = NetworkKind[IkePolicy](
    name="ikepolicy",
    plural="ikepolicies",
    entity=IkePolicy,
    path="/vpn/ikepolicies",
    delete=delete_ike,
)
IPSEC_POLICIES = NetworkKind[IpsecPolicy](
    name="ipsecpolicy",
    plural="ipsecpolicies",
    entity=IpsecPolicy,
    path="/vpn/ipsecpolicies",
    delete=delete_ipsec,
)
SERVICES = NetworkKind[VpnService](
    name="vpnservice",
    entity=VpnService,
    path="/vpn/vpnservices",
    life=WORKING,
    create=create_service,
    delete=delete_service,
)
CONNECTIONS = NetworkKind[SiteConnection](
    name="ipsec_site_connection",
    entity=SiteConnection,
    path="/vpn/ipsec-site-connections",
    life=WORKING,
    create=create_connection,
)
