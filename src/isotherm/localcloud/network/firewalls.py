"""Firewalls, the policies that they follow, and the rules of those."""

from collections.abc import Iterable
from typing import Any

from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds import Wish
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


def _require_rules(
    networking: Networking, caller: Caller, rules: Iterable[str], own_id: str = ""
) -> None:
    for each in rules:
        policy = _policy_of(networking, RULES.find(networking, caller, each))
        if policy is not None and policy.id != own_id:
            raise faults.conflict("FirewallRuleInUse", f"Firewall rule {each} is being used.")


def create_policy(networking: Networking, call: Call, wish: Wish) -> FirewallPolicy:
    _require_rules(networking, call.caller, wish["firewall_rules"])
    return networking.add(POLICIES.made(networking), FirewallPolicy(**wish))


def change_policy(networking: Networking, call: Call, policy: FirewallPolicy, wish: Wish) -> None:
    _require_rules(networking, call.caller, wish.get("firewall_rules", ()), policy.id)
    networking.assign(POLICIES.made(networking), policy, wish)


def delete_policy(networking: Networking, call: Call, policy: FirewallPolicy) -> None:
    if any(each.firewall_policy_id == policy.id for each in FIREWALLS.made(networking)):
        message = f"Firewall policy {policy.id} is being used."
        raise faults.conflict("FirewallPolicyInUse", message)


POLICIES = NetworkKind[FirewallPolicy](
    name="firewall_policy",
    plural="firewall_policies",
    entity=FirewallPolicy,
    path="/fw/firewall_policies",
    create=create_policy,
    change=change_policy,
    delete=delete_policy,
    visible=_visible,
)


def create_firewall(networking: Networking, call: Call, wish: Wish) -> Firewall:
    POLICIES.find(networking, call.caller, wish["firewall_policy_id"])
    return networking.add(FIREWALLS.made(networking), Firewall(**wish))


def change_firewall(networking: Networking, call: Call, firewall: Firewall, wish: Wish) -> None:
    if "firewall_policy_id" in wish:
        POLICIES.find(networking, call.caller, wish["firewall_policy_id"])
    networking.assign(FIREWALLS.made(networking), firewall, wish)


FIREWALLS = NetworkKind[Firewall](
    name="firewall",
    entity=Firewall,
    path="/fw/firewalls",
    life=TAKEN_DOWN,
    create=create_firewall,
    change=change_firewall,
)
