"""OS::Neutron::SecurityGroupRule: one rule of a security group."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.network import SECURITY_GROUP_RULE
from isotherm.resources.network.network_type import OneOfAKind
from isotherm.resources.network.rules import PROTOCOLS, key


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
    status_field = ""
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
