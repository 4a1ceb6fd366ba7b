"""OS::Neutron::SecurityGroup: what may reach a port and what may leave it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import Described, Properties, prop, register, supported
from isotherm.kit.services.network import SECURITY_GROUP, SECURITY_GROUP_RULE
from isotherm.resources.network.network_type import NetworkType
from isotherm.resources.network.rules import PROTOCOLS, key


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
    rules: list[Rule] = prop("What is let through.", default=[], sends=None, update_allowed=True)
    stateful: bool | None = prop("Whether answers are let through.", clears=True, update_allowed=True, since="27.0.0")


@register("OS::Neutron::SecurityGroup", support=supported("2014.1"))
class SecurityGroup(NetworkType[SecurityGroupProperties]):
    """What may reach a port and what may leave it."""

    entity = SECURITY_GROUP
    extension = "security-group"
    status_field = ""
    completes = ("rules",)

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from super().validate(properties)
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
