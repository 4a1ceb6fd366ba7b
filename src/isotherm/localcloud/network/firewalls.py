"""Firewalls, the policies that they follow, and the rules of those."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Ties, Wish
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.dialect import NetworkKind, computed
from isotherm.localcloud.network.guard_entities import Firewall, FirewallPolicy, FirewallRule
from isotherm.localcloud.network.private_networks import TAKEN_DOWN
from isotherm.localcloud.network.state import Networking


def _policy_of(networking: Networking, rule: FirewallRule) -> FirewallPolicy | None:
    policies = POLICIES.made(networking)
    return next((each for each in policies if rule.id in each.firewall_rules), None)


def delete_rule(networking: Networking, call: Call, rule: FirewallRule) -> None:
    if _policy_of(networking, rule) is not None:
        raise faults.conflict("FirewallRuleInUse", f"Firewall rule {rule.id} is being used.")


def _more(networking: Networking, call: Call, rule: FirewallRule, view: str) -> dict[str, Any]:
    policy = _policy_of(networking, rule)
    position = policy.firewall_rules.index(rule.id) + 1 if policy else None
    return {"firewall_policy_id": policy.id if policy else None, "position": position}


def _visible(networking: Networking, caller: Caller, each: Any) -> bool:
    return each.shared or caller.sees(each.project_id)


RULES = NetworkKind[FirewallRule](
    name="firewall_rule",
    entity=FirewallRule,
    path="/fw/firewall_rules",
    also=computed("firewall_policy_id", "position"),
    delete=delete_rule,
    visible=_visible,
    more=_more,
)


def _check_policy(
    networking: Networking, call: Call, wish: Wish, there: FirewallPolicy | None
) -> None:
    for each in wish.get("firewall_rules", ()):
        policy = _policy_of(networking, RULES.find(networking, call.caller, each))
        if policy not in (None, there):
            raise faults.conflict("FirewallRuleInUse", f"Firewall rule {each} is being used.")


POLICIES = NetworkKind[FirewallPolicy](
    name="firewall_policy",
    plural="firewall_policies",
    entity=FirewallPolicy,
    path="/fw/firewall_policies",
    ties=Ties(
        users={"firewall": "firewall_policy_id"},
        used=lambda policy: faults.conflict(
            "FirewallPolicyInUse", f"Firewall policy {policy.id} is being used."
        ),
    ),
    check=_check_policy,
    visible=_visible,
)


FIREWALLS = NetworkKind[Firewall](
    name="firewall",
    entity=Firewall,
    path="/fw/firewalls",
    life=TAKEN_DOWN,
    ties=Ties(names={"firewall_policy_id": POLICIES}),
)
