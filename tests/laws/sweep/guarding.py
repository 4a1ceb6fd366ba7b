"""Samples of virtual private networks and firewalls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.laws.sweep.samples import INTERFACE, NET, ROUTER, Sample, made, ref

SERVICE = {"router": ref("router"), "subnet": ref("subnet")}
PLACE = {**NET, **ROUTER, **INTERFACE}
ENDS = {
    **PLACE,
    "service": made("OS::Neutron::VPNService", **SERVICE),
    "ike": made("OS::Neutron::IKEPolicy"),
    "ipsec": made("OS::Neutron::IPsecPolicy"),
}
CONNECTION: dict[str, Any] = {
    "peer_address": "203.0.113.9",
    "peer_id": "203.0.113.9",
    "peer_cidrs": ["10.99.0.0/24"],
    "psk": "hush",
    "ikepolicy_id": ref("ike"),
    "ipsecpolicy_id": ref("ipsec"),
    "vpnservice_id": ref("service"),
}
RULES = {name: made("OS::Neutron::FirewallRule") for name in ("rule", "rule2")}
POLICIES = {name: made("OS::Neutron::FirewallPolicy") for name in ("policy", "policy2")}

SAMPLES: Mapping[str, Sample] = {
    # It cannot be changed as long as no connection leads out of it.
    "OS::Neutron::VPNService": Sample({**SERVICE, "description": "d"}, around=PLACE),
    "OS::Neutron::IKEPolicy": Sample(
        {"lifetime": {"value": 600}},
        {"name": "new", "description": "d", "pfs": "group14", "ike_version": "v2"},
        {"name": "stack-other", "phase1_negotiation_mode": "main"},
    ),
    "OS::Neutron::IPsecPolicy": Sample(
        {}, {"name": "new", "description": "d"}, {"pfs": "group14", "lifetime": {"value": 600}}
    ),
    "OS::Neutron::IPsecSiteConnection": Sample(
        CONNECTION,
        {**CONNECTION, "name": "new", "admin_state_up": False},
        {**CONNECTION, "mtu": 1400, "dpd": {"actions": "restart"}},
        ENDS,
    ),
    "OS::Neutron::FirewallRule": Sample(
        {"protocol": "tcp", "destination_port": "80"},
        {"name": "new", "action": "allow", "source_ip_address": "10.0.0.0/8", "ip_version": "4"},
        None,
    ),
    "OS::Neutron::FirewallPolicy": Sample(
        {"firewall_rules": [ref("rule")]},
        {"firewall_rules": [ref("rule2"), ref("rule")], "audited": True, "description": "d"},
        None,
        RULES,
    ),
    "OS::Neutron::Firewall": Sample(
        {"firewall_policy_id": ref("policy")},
        {"firewall_policy_id": ref("policy2"), "name": "new", "admin_state_up": False},
        None,
        POLICIES,
    ),
}
