"""Virtual private networks: what leads from a router to a site elsewhere."""

from dataclasses import replace
from typing import Any

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Life, Ties, Wish
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


def _used_by(field: str, noun: str) -> Ties[Any]:
    return Ties(
        users={"ipsec_site_connection": field},
        used=lambda entity: faults.conflict(
            f"{noun}InUse", f"{noun} {entity.id} is in use by existing IPsecSiteConnection."
        ),
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
    return SERVICES.add(networking, call.caller, wish)


IKE_POLICIES = NetworkKind[IkePolicy](
    name="ikepolicy",
    plural="ikepolicies",
    entity=IkePolicy,
    path="/vpn/ikepolicies",
    ties=_used_by("ikepolicy_id", "IKEPolicy"),
)
IPSEC_POLICIES = NetworkKind[IpsecPolicy](
    name="ipsecpolicy",
    plural="ipsecpolicies",
    entity=IpsecPolicy,
    path="/vpn/ipsecpolicies",
    ties=_used_by("ipsecpolicy_id", "IPsecPolicy"),
)
SERVICES = NetworkKind[VpnService](
    name="vpnservice",
    entity=VpnService,
    path="/vpn/vpnservices",
    life=WORKING,
    ties=_used_by("vpnservice_id", "VPNService"),
    create=create_service,
)
CONNECTIONS = NetworkKind[SiteConnection](
    name="ipsec_site_connection",
    entity=SiteConnection,
    path="/vpn/ipsec-site-connections",
    life=WORKING,
    ties=Ties(
        names={
            "ikepolicy_id": IKE_POLICIES,
            "ipsecpolicy_id": IPSEC_POLICIES,
            "vpnservice_id": SERVICES,
        }
    ),
)
