"""AWS::EC2::SecurityGroup: what may reach a port and what may leave it, in the words of AWS."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register
from isotherm.resources.network.security_group import SecurityGroup


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


class Ec2SecurityGroupProperties(Properties):
    description: str = prop("Description.", name="GroupDescription")
    vpc: str | None = prop("Not used: a group is its project's.", name="VpcId")
    ingress: list[Ec2Rule] | None = prop("What may come in.", name="SecurityGroupIngress", update_allowed=True)
    egress: list[Ec2Rule] | None = prop(
        "What may leave; by default everything.", name="SecurityGroupEgress", update_allowed=True
    )


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

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
        for name in ("SecurityGroupIngress", "SecurityGroupEgress"):
            for path, rule in kit.maps_in(properties, name):
                yield from _port_problems(rule, path)


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


def _port_problems(rule: kit.Values, path: str) -> kit.Problems:
    for name in ("FromPort", "ToPort"):
        port = rule.get(name)
        if isinstance(port, str) and port and not port.lstrip("-").isdigit():
            yield f"{path}.{name}", "must be a number"
