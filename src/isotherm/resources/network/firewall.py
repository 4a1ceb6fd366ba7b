"""OS::Neutron::Firewall, FirewallPolicy and FirewallRule: what routers let through."""

from typing import Any

from isotherm import kit
from isotherm.kit import Described, attr, prop, register, supported, unsupported
from isotherm.kit.services.network import FIREWALL, FIREWALL_POLICY, FIREWALL_RULE
from isotherm.resources.network.network_type import OWNER, STATUS
from isotherm.resources.network.private_network import GuardType


class FirewallRuleProperties(Described):
    shared: bool = prop("Whether all projects may use it.", default=False, update_allowed=True)
    protocol: str = prop(
        "Protocol.",
        default="any",
        allowed=("tcp", "udp", "icmp", "any"),
        encodes=lambda protocol: None if protocol == "any" else protocol,
        update_allowed=True,
    )
    ip_version: str = prop(
        "Version of the addresses.", default="4", allowed=("4", "6"), encodes=int, decodes=str, update_allowed=True
    )
    source_ip_address: str | None = prop("Addresses that it comes from.", exists="net_cidr", update_allowed=True)
    destination_ip_address: str | None = prop("Addresses that it goes to.", exists="net_cidr", update_allowed=True)
    source_port: str | None = prop("Port numbers it comes from, one or a range.", update_allowed=True)
    destination_port: str | None = prop("Port numbers it goes to, one or a range.", update_allowed=True)
    action: str = prop("What becomes of it.", default="deny", allowed=("allow", "deny"), update_allowed=True)
    enabled: bool = prop("Whether it counts.", default=True, update_allowed=True)


@register("OS::Neutron::FirewallRule")
class FirewallRule(GuardType[FirewallRuleProperties]):
    """What becomes of some traffic."""

    entity = FIREWALL_RULE
    extension = "fwaas"
    attributes = (
        *kit.shown(FirewallRuleProperties, *FirewallRuleProperties.schema),
        attr("firewall_policy_id", doc="Policy that it is part of."),
        attr("position", doc="Its place in the policy."),
        OWNER,
    )


class FirewallPolicyProperties(Described):
    shared: bool = prop("Whether all projects may use it.", default=False, update_allowed=True)
    audited: bool = prop("Whether somebody has looked at it since it changed.", default=False, update_allowed=True)
    firewall_rules: list[Any] | None = prop("Rules, in this order.", clears=[], update_allowed=True)


@register("OS::Neutron::FirewallPolicy")
class FirewallPolicy(GuardType[FirewallPolicyProperties]):
    """Rules, in an order."""

    entity = FIREWALL_POLICY
    extension = "fwaas"
    attributes = (*kit.shown(FirewallPolicyProperties, *FirewallPolicyProperties.schema, firewall_rules=list), OWNER)


class FirewallProperties(Described):
    admin_state_up: bool = prop("Whether it is up.", default=True, update_allowed=True)
    firewall_policy_id: str = prop("Policy that it follows.", update_allowed=True)
    shared: bool | None = prop(
        "Whether all projects may use it.",
        clears=False,
        update_allowed=True,
        support=unsupported("6.0.0", supported("2015.1")),
    )
    value_specs: dict[str, Any] = prop(
        "Anything else it takes.", default={}, merges=True, update_allowed=True, since="5.0.0"
    )


@register("OS::Neutron::Firewall")
class Firewall(GuardType[FirewallProperties]):
    """What the routers of a project let through."""

    entity = FIREWALL
    extension = "fwaas"
    attributes = (
        *kit.shown(FirewallProperties, "name", "description", "admin_state_up", "firewall_policy_id"),
        STATUS,
        OWNER,
        attr("shared", doc="Whether all projects may use it.", support=unsupported("6.0.0")),
    )
