"""OS::Neutron::SecurityGroup and SecurityGroupRule, AWS::EC2::SecurityGroup: what may reach a port and leave it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Described, Properties, attr, changeable, prop, register, supported
from isotherm.kit.services.network import SECURITY_GROUP, SECURITY_GROUP_RULE
from isotherm.resources.network.network_type import NetworkType, OneOfAKind

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


class Rule(Properties):
    direction: str = prop("Which way.", default="ingress", allowed=("ingress", "egress"))
    ethertype: str = prop("Version of the addresses.", default="IPv4", allowed=("IPv4", "IPv6"))
    port_range_min: int | None = prop("First port.", ge=0, le=65535)
    port_range_max: int | None = prop("Last port.", ge=0, le=65535)
    protocol: str | None = prop("Protocol, by name or number.", allowed=PROTOCOLS)
    remote_mode: str = prop(
        "How the other side is named.",
        sends=None,
        default="remote_ip_prefix",
        allowed=("remote_ip_prefix", "remote_group_id"),
    )
    remote_group_id: str | None = prop("Group of the other side; by default this one.", exists="neutron.security_group")
    remote_ip_prefix: str | None = prop("Addresses of the other side.", exists="net_cidr")
    description: str | None = prop("Description.", since="27.0.0")


class SecurityGroupProperties(Described):
    rules: list[Rule] = changeable("What is let through.", default=[], sends=None)
    stateful: bool | None = changeable("Whether answers are let through.", clears=True, since="27.0.0")


@register("OS::Neutron::SecurityGroup", support=supported("2014.1"))
class SecurityGroup(NetworkType[SecurityGroupProperties]):
    """What may reach a port and what may leave it."""

    entity = SECURITY_GROUP
    extension = "security-group"
    completes = ("rules",)

    def problems(self, properties: kit.Values) -> kit.Problems:
        if properties.get("name") == "default":
            yield "name", "must not be default: each project has a group of that name"

    async def complete(self, ctx: kit.Context[SecurityGroupProperties], remote: kit.Remote) -> bool:
        """Make the group's rules those that are wanted, one call for each that differs."""
        if not (ctx.props.rules if ctx.recorded is None else "rules" in ctx.changed):
            return False
        wanted = {key(each): each for each in wanted_rules(ctx.props, ctx.physical_id)}
        present = {key(each): each for each in remote.get("security_group_rules") or ()}
        for each in present.keys() - wanted.keys():
            await ctx.api.drop(SECURITY_GROUP_RULE, str(present[each]["id"]))
        for each, rule in wanted.items():
            if each not in present:
                with suppress(kit.Exists):  # there already, in other words
                    await ctx.api.create(SECURITY_GROUP_RULE, rule)
        return True


def wanted_rules(props: SecurityGroupProperties, group: str) -> Iterator[dict[str, Any]]:
    """The rules given; where none says what may leave, everything may."""
    for rule in props.rules:
        yield {"security_group_id": group, **_body(rule, group)}
    if not any(rule.direction == "egress" for rule in props.rules):
        for ethertype in ("IPv4", "IPv6"):
            yield {"security_group_id": group, "direction": "egress", "ethertype": ethertype}


def _body(rule: Rule, group: str) -> dict[str, Any]:
    body = kit.create_fields(rule)
    if rule.remote_mode == "remote_group_id":
        body["remote_group_id"] = rule.remote_group_id or group
        body.pop("remote_ip_prefix", None)
    else:
        body.pop("remote_group_id", None)
    return body


class SecurityGroupRuleProperties(Properties):
    security_group: str = prop("Its group.", finds="neutron.security_group")
    description: str | None = prop("Description.")
    direction: str = prop("Which way.", default="ingress", allowed=("ingress", "egress"))
    ethertype: str = prop("Version of the addresses.", default="IPv4", allowed=("IPv4", "IPv6"))
    port_range_min: int | None = prop("First port.", ge=0, le=65535)
    port_range_max: int | None = prop("Last port.", ge=0, le=65535)
    protocol: str = prop("Protocol, by name or number.", default="tcp", allowed=PROTOCOLS)
    remote_group: str | None = prop("Group of the other side.", finds="neutron.security_group")
    remote_ip_prefix: str | None = prop("Addresses of the other side.", exists="net_cidr")


@register("OS::Neutron::SecurityGroupRule", support=supported("7.0.0"))
class SecurityGroupRule(OneOfAKind[SecurityGroupRuleProperties]):
    """One rule of a security group."""

    entity = SECURITY_GROUP_RULE
    extension = "security-group"
    name_field = ""
    exclusive = (("remote_group", "remote_ip_prefix"),)
    rising = (("port_range_min", "port_range_max"),)
    links = (
        kit.Link(
            "security group rule",
            ("security_group", "direction", "ethertype", "protocol"),
            also=("port_range_min", "port_range_max", "remote_group", "remote_ip_prefix"),
            details=("description",),
        ),
    )

    async def find(self, ctx: kit.Context[SecurityGroupRuleProperties]) -> kit.Candidates:
        """A group has no two rules alike."""
        body = self.create_body(ctx)
        rules = await ctx.api.list(SECURITY_GROUP_RULE, security_group_id=ctx.props.security_group)
        return [self.candidate(each) for each in rules if key(each) == key(body)]


class Ec2Rule(Properties):
    cidr: str | None = prop("Addresses of the other side.", name="CidrIp")
    from_port: str | None = prop("First port.", name="FromPort")
    to_port: str | None = prop("Last port.", name="ToPort")
    protocol: str | None = prop("Protocol, by name or number; -1 for any.", name="IpProtocol")
    group_id: str | None = prop("Group of the other side.", name="SourceSecurityGroupId")
    group: str | None = prop(
        "Group of the other side.", name="SourceSecurityGroupName", resolves="neutron.security_group"
    )
    owner: str | None = prop("Not used.", name="SourceSecurityGroupOwnerId", implemented=False)

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        for name in ("FromPort", "ToPort"):
            port = given.get(name)
            if isinstance(port, str) and port and not port.lstrip("-").isdigit():
                yield name, "must be a number"


class Ec2SecurityGroupProperties(Properties):
    description: str = prop("Description.", name="GroupDescription")
    vpc: str | None = prop("Not used: a group is its project's.", name="VpcId")
    ingress: list[Ec2Rule] | None = changeable("What may come in.", name="SecurityGroupIngress")
    egress: list[Ec2Rule] | None = changeable("What may leave; by default everything.", name="SecurityGroupEgress")


@register("AWS::EC2::SecurityGroup")
class Ec2SecurityGroup(kit.TranslatedType[Ec2SecurityGroupProperties]):
    """What may reach a port and what may leave it, in the words of AWS."""

    target = SecurityGroup()
    service = ""
    extension = ""
    attributes = (attr("GroupId", doc="Its id.", source="id"),)

    def words(self, props: Ec2SecurityGroupProperties, data: kit.Values) -> kit.Fields:
        ingress = [_rule(each, "ingress") for each in props.ingress or ()]
        egress = [_rule(each, "egress") for each in props.egress or ()]
        return {"description": props.description, "rules": ingress + egress}


def _rule(rule: Ec2Rule, direction: str) -> dict[str, Any]:
    first, last, group = _port(rule.from_port), _port(rule.to_port), rule.group_id or rule.group
    return {
        "direction": direction,
        "protocol": None if rule.protocol in (None, "", "-1") else rule.protocol,
        "port_range_min": 0 if first is None and last is not None else first,
        "port_range_max": last,
        "remote_ip_prefix": None if group else rule.cidr or None,
        "remote_mode": "remote_group_id" if group else "remote_ip_prefix",
        "remote_group_id": group or None,
    }


def _port(port: str | None) -> int | None:
    """None for any: negative numbers mean that, too."""
    number = int(port) if port else -1
    return number if number >= 0 else None
