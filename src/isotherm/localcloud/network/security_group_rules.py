"""Rules of security groups."""

from ipaddress import ip_network
from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.network import faults, security_groups, sharing
from isotherm.localcloud.network.attributes import (
    REQUIRED,
    Attribute,
    Schema,
    Wish,
    read_only,
)
from isotherm.localcloud.network.checks import (
    Unconvertible,
    one_of,
    or_none,
    text,
    uuid_text,
)
from isotherm.localcloud.network.entities import SecurityGroupRule
from isotherm.localcloud.network.kinds import Kind
from isotherm.localcloud.network.showing import common
from isotherm.localcloud.network.state import Networking

_NUMBERS = {
    "ah": 51,
    "dccp": 33,
    "egp": 8,
    "esp": 50,
    "gre": 47,
    "hopopt": 0,
    "icmp": 1,
    "igmp": 2,
    "ip": 0,
    "ipip": 4,
    "ipv6-encap": 41,
    "ipv6-frag": 44,
    "ipv6-icmp": 58,
    "icmpv6": 58,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "ipv6-route": 43,
    "ospf": 89,
    "pgm": 113,
    "rsvp": 46,
    "sctp": 132,
    "tcp": 6,
    "udp": 17,
    "udplite": 136,
    "vrrp": 112,
}
_WITH_PORTS = (6, 17, 33, 132, 136)
_ICMP = (1, 58)
_IPV6_ONLY = (41, 43, 44, 58, 59, 60)
_COMPARED = (
    "direction",
    "ethertype",
    "port_range_min",
    "port_range_max",
    "remote_group_id",
)


def _protocol(value: Any) -> str | None:
    if value is None or str(value).lower() in ("", "any"):
        return None
    known = str(value).lower()
    if known in _NUMBERS or (known.isascii() and known.isdigit() and int(known) <= 255):
        return known
    names = ", ".join(map(repr, _NUMBERS))
    raise faults.invalid(
        "SecurityGroupRuleInvalidProtocol",
        f"Security group rule protocol {value} not supported. Only protocol values (None, 'any', "
        f"{names}) and integer representations [0 to 255] are supported.",
    )


def _ethertype(value: Any) -> str:
    for known in ("IPv4", "IPv6"):
        if str(value).lower() == known.lower():
            return known
    raise faults.invalid(
        "SecurityGroupRuleInvalidEtherType",
        f"Security group rule for ethertype '{value}' not supported. Allowed values are "
        "['IPv4', 'IPv6'].",
    )


def _port_number(value: Any) -> int | None:
    try:
        return None if value in (None, "") else int(value)
    except (TypeError, ValueError) as error:
        raise Unconvertible(f"'{value}' is not an integer") from error


def _prefix(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        ip_network(value, strict=False)
    except ValueError as error:
        raise faults.invalid("InvalidCIDR", f"Invalid CIDR {value} given as IP prefix.") from error
    return value if "/" in value else str(ip_network(value))


SCHEMA = Schema(
    "security_group_rule",
    (
        *read_only("normalized_cidr", "standard_attr_id", "belongs_to_default_sg"),
        Attribute("description", or_none(text()), ""),
        Attribute("security_group_id", uuid_text, REQUIRED, put=False),
        Attribute("direction", one_of("ingress", "egress"), REQUIRED, put=False),
        Attribute("ethertype", _ethertype, "IPv4", put=False),
        Attribute("protocol", _protocol, put=False),
        Attribute("port_range_min", _port_number, put=False),
        Attribute("port_range_max", _port_number, put=False),
        Attribute("remote_ip_prefix", _prefix, put=False),
        Attribute("remote_group_id", or_none(uuid_text), put=False),
        Attribute("remote_address_group_id", or_none(uuid_text), put=False),
    ),
)


def is_visible(networking: Networking, caller: Caller, rule: SecurityGroupRule) -> bool:
    group = networking.security_groups.get(rule.security_group_id)
    return caller.sees(rule.project_id) or (
        group is not None and sharing.is_usable(networking, caller, group)
    )


def create(networking: Networking, call: Call, wish: Wish) -> SecurityGroupRule:
    group = security_groups.KIND.find_own(
        networking, call.caller, wish["security_group_id"], "create"
    )
    if wish.pop("remote_address_group_id") is not None:
        raise faults.refused("Address groups are not there.")
    if wish["remote_group_id"] is not None:
        security_groups.KIND.find(networking, call.caller, wish["remote_group_id"])
    _check(wish)
    number = _number(wish["protocol"])
    if number in _ICMP and wish["ethertype"] == "IPv6":
        wish["protocol"] = "ipv6-icmp"
    if number in _WITH_PORTS and (wish["port_range_min"], wish["port_range_max"]) == (1, 65535):
        wish["port_range_min"] = wish["port_range_max"] = None
    rule = SecurityGroupRule(**{**wish, "project_id": group.project_id})
    for other in networking.security_group_rules.find(security_group_id=group.id):
        if _say_the_same(rule, other):
            raise faults.conflict(
                "SecurityGroupRuleExists",
                f"Security group rule already exists. Rule id is {other.id}.",
            )
    networking.require_quota(wish["project_id"], {"security_group_rule": 1})
    networking.save(networking.security_groups, group)
    return networking.add(networking.security_group_rules, rule)


def _refuse_repeated(wishes: list[Wish]) -> None:
    for position, wish in enumerate(wishes):
        if wish in wishes[:position]:
            raise faults.conflict(
                "DuplicateSecurityGroupRuleInPost", "Duplicate Security Group Rule in POST."
            )


def change(networking: Networking, call: Call, rule: SecurityGroupRule, wish: Wish) -> None:
    networking.assign(networking.security_group_rules, rule, wish)


def delete(networking: Networking, call: Call, rule: SecurityGroupRule) -> None:
    networking.security_group_rules.remove(rule.id)
    group = networking.security_groups.get(rule.security_group_id)
    if group is not None:
        networking.save(networking.security_groups, group)


def _number(protocol: str | None) -> int | None:
    if protocol is None:
        return None
    return int(protocol) if protocol.isdigit() else _NUMBERS[protocol]


def _check(wish: Wish) -> None:
    number = _number(wish["protocol"])
    if number in _IPV6_ONLY and wish["ethertype"] == "IPv4":
        raise faults.invalid(
            "SecurityGroupEthertypeConflictWithProtocol",
            f"Invalid ethertype IPv4 for protocol {wish['protocol']}.",
        )
    _check_ports(number, wish["port_range_min"], wish["port_range_max"])
    prefix = wish["remote_ip_prefix"]
    if prefix is not None and wish["remote_group_id"] is not None:
        raise faults.invalid(
            "SecurityGroupMultipleRemoteEntites",
            "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be "
            "provided.",
        )
    if prefix is not None:
        version = ip_network(prefix, strict=False).version
        if wish["ethertype"] != f"IPv{version}":
            raise faults.invalid(
                "SecurityGroupRuleParameterConflict",
                f"Conflicting value ethertype {wish['ethertype']} for CIDR {prefix}",
            )


def _check_ports(number: int | None, low: int | None, high: int | None) -> None:
    if low is None and high is None:
        return
    if number is None:
        raise faults.invalid(
            "SecurityGroupProtocolRequiredWithPorts",
            "Must also specify protocol if port range is given.",
        )
    if number in _ICMP:
        _check_icmp(low, high)
    elif number in _WITH_PORTS:
        _check_port_range(low, high)
    else:
        raise faults.invalid(
            "SecurityGroupInvalidProtocolForPort",
            f"Ports cannot be specified for protocol {number}. Ports are only supported for "
            "DCCP, SCTP, TCP, UDP, UDPLITE.",
        )


def _check_port_range(low: int | None, high: int | None) -> None:
    for value in (high, low):
        if value is not None and not 1 <= value <= 65535:
            raise faults.invalid("SecurityGroupInvalidPortValue", f"Invalid value for port {value}")
    if low is None or high is None or low > high:
        raise faults.invalid(
            "SecurityGroupInvalidPortRange",
            "For TCP/UDP protocols, port_range_min must be <= port_range_max",
        )


def _check_icmp(type_: int | None, code: int | None) -> None:
    for attribute, field, value in (
        ("port_range_min", "type", type_),
        ("port_range_max", "code", code),
    ):
        if value is not None and not 0 <= value <= 255:
            raise faults.invalid(
                "SecurityGroupInvalidIcmpValue",
                f"Invalid value for ICMP {field} ({attribute}) {value}. It must be 0 to 255.",
            )
    if type_ is None:
        raise faults.invalid(
            "SecurityGroupMissingIcmpType",
            f"ICMP code (port-range-max) {code} is provided but ICMP type (port-range-min) is "
            "missing.",
        )


def _say_the_same(one: SecurityGroupRule, other: SecurityGroupRule) -> bool:
    return (
        all(getattr(one, name) == getattr(other, name) for name in _COMPARED)
        and _number(one.protocol) == _number(other.protocol)
        and _normalized(one) == _normalized(other)
    )


def _normalized(rule: SecurityGroupRule) -> str | None:
    prefix = rule.remote_ip_prefix
    return None if prefix is None else str(ip_network(prefix, strict=False))


def show(networking: Networking, rule: SecurityGroupRule, caller: Caller) -> dict[str, Any]:
    group = networking.security_groups.get(rule.security_group_id)
    shown = common(rule) | {
        "security_group_id": rule.security_group_id,
        "direction": rule.direction,
        "ethertype": rule.ethertype,
        "protocol": rule.protocol,
        "port_range_min": rule.port_range_min,
        "port_range_max": rule.port_range_max,
        "remote_ip_prefix": rule.remote_ip_prefix,
        "remote_group_id": rule.remote_group_id,
        "remote_address_group_id": None,
        "normalized_cidr": _normalized(rule),
        "belongs_to_default_sg": group is not None and group.name == security_groups.DEFAULT,
    }
    del shown["name"]
    return shown


def _show_new(networking: Networking, rule: SecurityGroupRule, caller: Caller) -> dict[str, Any]:
    shown = show(networking, rule, caller)
    del shown["tags"]
    return shown


KIND = Kind[SecurityGroupRule](
    name="security_group_rule",
    plural="security_group_rules",
    path="/security-group-rules",
    schema=SCHEMA,
    collection=lambda networking: networking.security_group_rules,
    show=show,
    show_new=_show_new,
    create=create,
    change=change,
    delete=delete,
    visible=is_visible,
    quota="security_group_rule",
    refuse_bulk=_refuse_repeated,
)
