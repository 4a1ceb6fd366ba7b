"""Checks of what is said about traffic: protocols and their numbers, ports, prefixes."""

from ipaddress import ip_network
from typing import Any

from isotherm.localcloud.network import faults
from isotherm.localcloud.network.checks import Unconvertible

_TABLE = """
ah:51 dccp:33 egp:8 esp:50 gre:47 hopopt:0 icmp:1 igmp:2 ip:0 ipip:4 ipv6-encap:41
ipv6-frag:44 ipv6-icmp:58 icmpv6:58 ipv6-nonxt:59 ipv6-opts:60 ipv6-route:43 ospf:89
pgm:113 rsvp:46 sctp:132 tcp:6 udp:17 udplite:136 vrrp:112
"""
NUMBERS = {name: int(number) for name, number in (each.split(":") for each in _TABLE.split())}


def protocol(value: Any) -> str | None:
    if value is None or str(value).lower() in ("", "any"):
        return None
    known = str(value).lower()
    if known in NUMBERS or (known.isascii() and known.isdigit() and int(known) <= 255):
        return known
    names = ", ".join(map(repr, NUMBERS))
    raise faults.invalid(
        "SecurityGroupRuleInvalidProtocol",
        f"Security group rule protocol {value} not supported. Only protocol values (None, 'any', "
        f"{names}) and integer representations [0 to 255] are supported.",
    )


def ethertype(value: Any) -> str:
    for known in ("IPv4", "IPv6"):
        if str(value).lower() == known.lower():
            return known
    raise faults.invalid(
        "SecurityGroupRuleInvalidEtherType",
        f"Security group rule for ethertype '{value}' not supported. Allowed values are "
        "['IPv4', 'IPv6'].",
    )


def port_number(value: Any) -> int | None:
    try:
        return None if value in (None, "") else int(value)
    except (TypeError, ValueError) as error:
        raise Unconvertible(f"'{value}' is not an integer") from error


def prefix(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        ip_network(value, strict=False)
    except ValueError as error:
        raise faults.invalid("InvalidCIDR", f"Invalid CIDR {value} given as IP prefix.") from error
    return value if "/" in value else str(ip_network(value))


def number_of(protocol: str | None) -> int | None:
    if protocol is None:
        return None
    return int(protocol) if protocol.isdigit() else NUMBERS[protocol]
