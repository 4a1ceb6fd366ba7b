"""What virtual private networks and firewalls remember, and what of it goes over the wire."""

from typing import Annotated, Any

from isotherm.localcloud.kinds import said, shown
from isotherm.localcloud.network.checks import (
    boolean,
    integer,
    items_of,
    list_of,
    one_of,
    or_none,
    settings,
    subnet,
    text,
    uuid_text,
)
from isotherm.localcloud.network.entities import Bare, once

_TEXT = or_none(text())
_SIZES = ("aes-128", "aes-192", "aes-256")
_CIPHER = one_of(
    *("3des", *_SIZES, *(f"{size}-ctr" for size in _SIZES)),
    *(f"{size}-{way}-{bits}" for way in ("ccm", "gcm") for bits in (8, 12, 16) for size in _SIZES),
)
_HASH = one_of("sha1", "sha256", "sha384", "sha512", "aes-xcbc", "aes-cmac")
_GROUP = one_of("group2", "group5", *(f"group{number}" for number in range(14, 32)))
_LIFETIME = settings({"units": one_of("seconds"), "value": integer(60)})
_DETECTION = settings(
    {
        "action": one_of("clear", "disabled", "hold", "restart", "restart-by-peer"),
        "interval": integer(0),
        "timeout": integer(0),
    }
)
Pairs = dict[str, Any]


LIFETIME: Pairs = {"units": "seconds", "value": 3600}
DETECTION: Pairs = {"action": "hold", "interval": 30, "timeout": 120}
"""What holds of them where nobody says otherwise."""


class Guard(Bare, kw_only=True, eq=False):
    description: Annotated[str | None, said(text())] = ""


class Policy(Guard, kw_only=True, eq=False):
    auth_algorithm: Annotated[str, said(_HASH)] = "sha1"
    encryption_algorithm: Annotated[str, said(_CIPHER)] = "aes-128"
    lifetime: Annotated[Pairs, said(_LIFETIME)] = {}
    pfs: Annotated[str, said(_GROUP)] = "group5"


class IkePolicy(Policy, kw_only=True, eq=False):
    phase1_negotiation_mode: Annotated[str, said(one_of("main", "aggressive"))] = "main"
    ike_version: Annotated[str, said(one_of("v1", "v2"))] = "v1"


class IpsecPolicy(Policy, kw_only=True, eq=False):
    transform_protocol: Annotated[str, said(one_of("esp", "ah", "ah-esp"))] = "esp"
    encapsulation_mode: Annotated[str, said(one_of("tunnel", "transport"))] = "tunnel"


class EndpointGroup(Guard, kw_only=True, eq=False):
    type: Annotated[str, once(one_of("subnet", "cidr"), required=True)]
    endpoints: Annotated[list[str], once(items_of(text()))] = []


class Working(Guard, kw_only=True, eq=False):
    admin_state_up: Annotated[bool, said(boolean)] = True
    status: Annotated[str, shown()] = "ACTIVE"


class VpnService(Working, kw_only=True, eq=False):
    router_id: Annotated[str, once(uuid_text, required=True)]
    subnet_id: Annotated[str | None, once(or_none(uuid_text))] = None
    flavor_id: Annotated[str | None, once(or_none(uuid_text))] = None


class SiteConnection(Working, kw_only=True, eq=False):
    peer_address: Annotated[str, said(text(), required=True)]
    peer_id: Annotated[str, said(text(), required=True)]
    local_id: Annotated[str, said(text())] = ""
    peer_cidrs: Annotated[list[str], said(items_of(subnet))] = []
    local_ep_group_id: Annotated[str | None, said(or_none(uuid_text))] = None
    peer_ep_group_id: Annotated[str | None, said(or_none(uuid_text))] = None
    route_mode: Annotated[str, shown()] = "static"
    mtu: Annotated[int, said(integer(0))] = 1500
    auth_mode: Annotated[str, shown()] = "psk"
    psk: Annotated[str, said(text(), required=True)]
    initiator: Annotated[str, said(one_of("bi-directional", "response-only"))] = "bi-directional"
    dpd: Annotated[Pairs, said(_DETECTION)] = {}
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
