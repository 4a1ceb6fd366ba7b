"""OS::Neutron::Firewall, FirewallPolicy and FirewallRule: what routers let through."""

from typing import Any

from isotherm import kit
from isotherm.kit import Described, attr, changeable, register, supported, unsupported
from isotherm.kit.services.network import FIREWALL, FIREWALL_POLICY, FIREWALL_RULE
from isotherm.resources.network.network_type import OWNER, STATUS
from isotherm.resources.network.private_network import GuardType


class FirewallRuleProperties(Described):
    shared: bool = changeable("Whether all projects may use it.", default=False)
    protocol: str = changeable(
        "Protocol.",
        default="any",
        allowed=("tcp", "udp", "icmp", "any"),
        encodes=lambda protocol: None if protocol == "any" else protocol,
    )
    ip_version: str = changeable("Version of the addresses.", default="4", allowed=("4", "6"), encodes=int, decodes=str)
    source_ip_address: str | None = changeable("Addresses that it comes from.", exists="net_cidr")
    destination_ip_address: str | None = changeable("Addresses that it goes to.", exists="net_cidr")
    source_port: str | None = changeable("Port numbers it comes from, one or a range.")
    destination_port: str | None = changeable("Port numbers it goes to, one or a range.")
    action: str = changeable("What becomes of it.", default="deny", allowed=("allow", "deny"))
    enabled: bool = changeable("Whether it counts.", default=True)


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
    shared: bool = changeable("Whether all projects may use it.", default=False)
    audited: bool = changeable("Whether somebody has looked at it since it changed.", default=False)
    firewall_rules: list[Any] | None = changeable("Rules, in this order.", clears=[])


@register("OS::Neutron::FirewallPolicy")
class FirewallPolicy(GuardType[FirewallPolicyProperties]):
    """Rules, in an order."""

    entity = FIREWALL_POLICY
    extension = "fwaas"
    attributes = (*kit.shown(FirewallPolicyProperties, *FirewallPolicyProperties.schema, firewall_rules=list), OWNER)


class FirewallProperties(Described):
    admin_state_up: bool = changeable("Whether it is up.", default=True)
    firewall_policy_id: str = changeable("Policy that it follows.")
    shared: bool | None = changeable(
        "Whether all projects may use it.", clears=False, support=unsupported("6.0.0", supported("2015.1"))
    )
    value_specs: dict[str, Any] = changeable("Anything else it takes.", default={}, merges=True, since="5.0.0")


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
