"""Rules of security groups, as groups and single rules share them."""

from collections.abc import Mapping
from typing import Any

PROTOCOLS = (
    *range(256),
    "ah", "dccp", "egp", "esp", "gre", "icmp", "icmpv6", "igmp", "ipv6-encap", "ipv6-frag",
    "ipv6-icmp", "ipv6-nonxt", "ipv6-opts", "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp",
    "udp", "udplite", "vrrp",
)  # fmt: skip
"""Protocols by number and by name."""

_COMPARED = (
    "direction",
    "ethertype",
    "protocol",
    "port_range_min",
    "port_range_max",
    "remote_group_id",
    "remote_ip_prefix",
)


def key(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes two rules of a group the same to the network service."""
    return tuple("" if rule.get(name) is None else str(rule[name]) for name in _COMPARED)
