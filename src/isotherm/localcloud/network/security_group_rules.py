"""Rules of security groups."""

from ipaddress import ip_network
from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Life, Wish, said_only
from isotherm.localcloud.network import faults, sharing
from isotherm.localcloud.network.checks import or_none, uuid_text
from isotherm.localcloud.network.dialect import NetworkKind, computed
from isotherm.localcloud.network.entities import SecurityGroup, SecurityGroupRule
from isotherm.localcloud.network.protocols import number_of
from isotherm.localcloud.network.state import DEFAULT_GROUP, Networking

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


def is_visible(networking: Networking, caller: Caller, rule: SecurityGroupRule) -> bool:
    group = networking.security_groups.get(rule.security_group_id)
    return caller.sees(rule.project_id) or (
        group is not None and sharing.is_usable(networking, caller, group)
    )


def create(networking: Networking, call: Call, wish: Wish) -> SecurityGroupRule:
    group = _group(networking, call.caller, wish["security_group_id"])
    if not call.caller.sees(group.project_id):
        raise faults.forbidden("rule:create_security_group")
    if wish.pop("remote_address_group_id", None) is not None:
        raise faults.refused("Address groups are not there.")
    if wish["remote_group_id"] is not None:
        _group(networking, call.caller, wish["remote_group_id"])
    _check(wish)
    number = number_of(wish["protocol"])
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


def _group(networking: Networking, caller: Caller, group_id: str) -> SecurityGroup:
    """Raises Fault 404 for a group that the caller cannot use."""
    group = networking.security_groups.get(group_id)
    if group is None or not sharing.is_usable(networking, caller, group):
        raise faults.not_found("security_group", group_id)
    return group


def _refuse_repeated(wishes: list[Wish]) -> None:
    for position, wish in enumerate(wishes):
        if wish in wishes[:position]:
            raise faults.conflict(
                "DuplicateSecurityGroupRuleInPost", "Duplicate Security Group Rule in POST."
            )


def _remove(networking: Networking, rule: SecurityGroupRule) -> None:
    networking.security_group_rules.remove(rule.id)
    group = networking.security_groups.get(rule.security_group_id)
    if group is not None:
        networking.save(networking.security_groups, group)


def _check(wish: Wish) -> None:
    number = number_of(wish["protocol"])
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
        and number_of(one.protocol) == number_of(other.protocol)
        and _normalized(one) == _normalized(other)
    )


def _normalized(rule: SecurityGroupRule) -> str | None:
    prefix = rule.remote_ip_prefix
    return None if prefix is None else str(ip_network(prefix, strict=False))


def _more(networking: Networking, call: Call, rule: SecurityGroupRule, view: str) -> dict[str, Any]:
    group = networking.security_groups.get(rule.security_group_id)
    return {
        "remote_address_group_id": None,
        "normalized_cidr": _normalized(rule),
        "belongs_to_default_sg": group is not None and group.name == DEFAULT_GROUP,
    }


KIND = NetworkKind[SecurityGroupRule](
    name="security_group_rule",
    entity=SecurityGroupRule,
    path="/security-group-rules",
    also={
        "remote_address_group_id": said_only(or_none(uuid_text), update=False),
        **computed("normalized_cidr", "standard_attr_id", "belongs_to_default_sg"),
    },
    create=create,
    life=Life(removed=_remove),
    visible=is_visible,
    quota="security_group_rule",
    refuse_bulk=_refuse_repeated,
    more=_more,
)
