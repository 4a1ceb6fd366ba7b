"""What virtual private networks and firewalls remember, and what of it goes over the wire."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.kinds import said, shown
from isotherm.localcloud.network.checks import (
    boolean,
    integer,
    list_of,
    mapping,
    one_of,
    or_none,
    text,
    uuid_text,
)
from isotherm.localcloud.network.entities import Bare, once

_TEXT = or_none(text())
_LIFETIME = mapping({}, {"units": one_of("seconds", "kilobytes"), "value": integer(60)})
_DETECTION = mapping(
    {},
    {
        "action": one_of("clear", "disabled", "hold", "restart", "restart-by-peer"),
        "interval": integer(1),
        "timeout": integer(1),
    },
)
Pairs = dict[str, Any]


class Guard(Bare, kw_only=True, eq=False):
    description: Annotated[str | None, said(_TEXT)] = ""


def _lifetime() -> Pairs:
    return {"units": "seconds", "value": 3600}


class IkePolicy(Guard, kw_only=True, eq=False):
    auth_algorithm: Annotated[str, said(text())] = "sha1"
    encryption_algorithm: Annotated[str, said(text())] = "aes-128"
    phase1_negotiation_mode: Annotated[str, said(one_of("main", "aggressive"))] = "main"
    lifetime: Annotated[Pairs, said(_LIFETIME)] = msgspec.field(default_factory=_lifetime)
    pfs: Annotated[str, said(text())] = "group5"
    ike_version: Annotated[str, said(one_of("v1", "v2"))] = "v1"


class IpsecPolicy(Guard, kw_only=True, eq=False):
    transform_protocol: Annotated[str, said(one_of("esp", "ah", "ah-esp"))] = "esp"
    encapsulation_mode: Annotated[str, said(one_of("tunnel", "transport"))] = "tunnel"
    auth_algorithm: Annotated[str, said(text())] = "sha1"
    encryption_algorithm: Annotated[str, said(text())] = "aes-128"
    lifetime: Annotated[Pairs, said(_LIFETIME)] = msgspec.field(default_factory=_lifetime)
    pfs: Annotated[str, said(text())] = "group5"


class Working(Guard, kw_only=True, eq=False):
    admin_state_up: Annotated[bool, said(boolean)] = True
    status: Annotated[str, shown()] = "ACTIVE"


class VpnService(Working, kw_only=True, eq=False):
    subnet_id: Annotated[str | None, once(or_none(uuid_text))] = None
    router_id: Annotated[str, once(uuid_text, required=True)]


def _detection() -> Pairs:
    return {"action": "hold", "interval": 30, "timeout": 120}


class SiteConnection(Working, kw_only=True, eq=False):
    peer_address: Annotated[str, said(text(), required=True)]
    peer_id: Annotated[str, said(text(), required=True)]
    peer_cidrs: Annotated[list[str], said(list_of(text()))] = []
    route_mode: Annotated[str, shown()] = "static"
    mtu: Annotated[int, said(integer(68))] = 1500
    auth_mode: Annotated[str, shown()] = "psk"
    psk: Annotated[str, said(text(), required=True)]
    initiator: Annotated[str, said(one_of("bi-directional", "response-only"))] = "bi-directional"
    dpd: Annotated[Pairs, said(_DETECTION)] = msgspec.field(default_factory=_detection)
    ikepolicy_id: Annotated[str, once(uuid_text, required=True)]
    ipsecpolicy_id: Annotated[str, once(uuid_text, required=True)]
    vpnservice_id: Annotated[str, once(uuid_text, required=True)]


class FirewallRule(Guard, kw_only=True, eq=False):
    shared: Annotated[bool, said(boolean)] = False
    protocol: Annotated[str | None, said(or_none(one_of("tcp", "udp", "icmp")))] = None
    ip_version: Annotated[int, said(integer(4, 6))] = 4
    source_ip_address: Annotated[str | None, said(_TEXT)] = None
    destination_ip_address: Annotated[str | None, said(_TEXT)] = None
    source_port: Annotated[str | None, said(_TEXT)] = None
    destination_port: Annotated[str | None, said(_TEXT)] = None
    action: Annotated[str, said(one_of("allow", "deny", "reject"))] = "deny"
    enabled: Annotated[bool, said(boolean)] = True


class FirewallPolicy(Guard, kw_only=True, eq=False):
    shared: Annotated[bool, said(boolean)] = False
    audited: Annotated[bool, said(boolean)] = False
    firewall_rules: Annotated[list[str], said(list_of(uuid_text))] = []


class Firewall(Working, kw_only=True, eq=False):
    firewall_policy_id: Annotated[str, said(uuid_text, required=True)]
    shared: Annotated[bool, said(boolean)] = False
